"""Wishes to book, our claims on hosts' time, and what Cal.com told us."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint
from sqlmodel import Field

from db.states import DEAD, BookingOrigin, BookingState
from db.tables.base import (
    TENANT,
    Owned,
    Table,
    closed_set,
    instant,
    integer,
    json_is,
    of_business,
    one_of,
    parent_key,
    structure,
    switch,
    within,
    words,
)

_LIVE = f"state NOT IN ({', '.join(repr(state.value) for state in sorted(DEAD))})"


class Booking(Owned, table=True):
    """What a caller wished for and what became of it. The row is the queue of its delivery."""

    __tablename__ = "booking"
    __table_args__: ClassVar[Any] = (
        parent_key(),
        within("call", "call_id"),
        within("customer", "customer_id"),
        within("service", "service_id"),
        within("event_type", "event_type_id"),
        within("staff", "staff_id"),
        within("event_type", "wished_event_type_id"),
        Index(
            "uq_booking_calcom_uid",
            "business_id",
            "calcom_uid",
            unique=True,
            postgresql_where=text("seat_uid IS NULL"),
        ),
        Index(
            "uq_booking_calcom_seat",
            "business_id",
            "calcom_uid",
            "seat_uid",
            unique=True,
            postgresql_where=text("seat_uid IS NOT NULL"),
        ),
        Index(
            "ix_booking_group",
            "business_id",
            "group_id",
            postgresql_where=text("group_id IS NOT NULL"),
        ),
        Index(
            "uq_booking_live_wish",
            "business_id",
            "wish_id",
            unique=True,
            postgresql_where=text(_LIVE),
        ),
        Index("ix_booking_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index(None, "business_id", "start_at"),
        Index(None, "business_id", "call_id"),
        Index(None, "business_id", "customer_id", "start_at"),
        Index(None, "business_id", "attendee_number", "start_at"),
        closed_set("state", BookingState),
        closed_set("origin", BookingOrigin),
        CheckConstraint("end_at > start_at", name="ends_after_start"),
        CheckConstraint("state <> 'confirmed' OR calcom_uid IS NOT NULL", name="confirmed_has_uid"),
        CheckConstraint(
            "state <> 'moving' OR wished_end_at > wished_start_at", name="moving_has_wish"
        ),
        CheckConstraint(
            "state <> 'cancelling' OR cancel_reason <> ''", name="cancelling_has_reason"
        ),
        {"info": TENANT},
    )

    call_id: UUID | None = None
    customer_id: UUID | None = None
    service_id: UUID
    event_type_id: UUID
    staff_id: UUID | None = None
    state: BookingState = one_of(BookingState, default=BookingState.PENDING)
    start_at: datetime = instant()
    end_at: datetime = instant()
    attendee_name: str = words()
    attendee_email: str = words()
    attendee_number: str | None = words(optional=True)
    attendee_language: str = words()
    attendee_timezone: str = words()
    note: str | None = words(optional=True)
    wish_id: UUID
    """One per business, attendee, event type and start: the same wish has one live booking."""
    calcom_uid: str | None = words(optional=True)
    """A secret of Cal.com's: never spoken, logged or shown to a model."""
    seat_uid: str | None = words(optional=True)
    """As secret: the seat in a booking at Cal.com that several of ours share."""
    wished_start_at: datetime | None = instant(optional=True)
    """While it is moved: where to."""
    wished_end_at: datetime | None = instant(optional=True)
    wished_event_type_id: UUID | None = None
    cancel_reason: str | None = words(optional=True)
    """For the host; Cal.com insists on one."""
    group_id: UUID | None = None
    """Of a service with several phases: the booking of its first phase, in all of them."""
    group_end_at: datetime | None = instant(optional=True)
    """When its last phase ends."""
    due_at: datetime | None = instant(optional=True)
    """When a worker should look at it; pushed forward by whoever has leased it."""
    attempts: int = integer(default=0)
    asked_at: datetime | None = instant(optional=True)
    """When Cal.com was last asked to change something."""
    failure: str | None = words(optional=True)
    needs_attention: bool = switch(default=False)
    origin: BookingOrigin = one_of(BookingOrigin, default=BookingOrigin.PHONE)
    created_at: datetime = instant()
    updated_at: datetime = instant()
    settled_at: datetime | None = instant(optional=True)


class BookingUid(Table, table=True):
    """Every uid that a booking has had at Cal.com, where each move makes a new one."""

    __tablename__ = "booking_uid"
    __table_args__: ClassVar[Any] = (
        within("booking", "booking_id", ondelete="CASCADE"),
        Index(None, "business_id", "booking_id"),
        {"info": TENANT},
    )

    business_id: UUID = Field(primary_key=True)
    calcom_uid: str = Field(primary_key=True, sa_type=Text)
    booking_id: UUID = Field(primary_key=True)
    since: datetime = instant()


class Reservation(Table, table=True):
    """A hold of ours that is mirrored at Cal.com, where it is to be deleted again."""

    __tablename__ = "reservation"
    __table_args__: ClassVar[Any] = (
        within("call", "call_id", ondelete="CASCADE"),
        {"info": TENANT},
    )

    business_id: UUID = Field(primary_key=True)
    call_id: UUID = Field(primary_key=True)
    reservation_uid: str = Field(primary_key=True, sa_type=Text)
    expires_at: datetime = instant()


class Claim(Owned, table=True):
    """Our own hold on time at Cal.com, so that of overlapping wishes one goes there.

    A host is claimed by time range, buffers included: the fixed one, or one of a round robin's.
    Seats are claimed by number. What expires is a hold for a call.
    """

    __tablename__ = "claim"
    __table_args__: ClassVar[Any] = (
        within("event_type", "event_type_id"),
        within("call", "call_id"),
        within("booking", "booking_id"),
        within("staff", "staff_id"),
        ExcludeConstraint(
            ("business_id", "="),
            ("staff_id", "="),
            ("during", "&&"),
            ("holder", "<>"),
            where=text("staff_id IS NOT NULL"),
            using="gist",
            name="ex_claim_host_time",
        ),
        Index(
            "uq_claim_number",
            "business_id",
            "event_type_id",
            "starts_at",
            "number",
            unique=True,
            postgresql_where=text("number IS NOT NULL"),
        ),
        Index(
            "ix_claim_held_for_call",
            "business_id",
            "call_id",
            postgresql_where=text("expires_at IS NOT NULL"),
        ),
        Index(None, "business_id", "booking_id"),
        CheckConstraint("booking_id IS NOT NULL OR expires_at IS NOT NULL", name="a_hold_expires"),
        CheckConstraint("staff_id IS NOT NULL OR number IS NOT NULL", name="names_what_is_claimed"),
        CheckConstraint("NOT isempty(during)", name="claims_some_time"),
        {"info": TENANT},
    )

    call_id: UUID | None = None
    booking_id: UUID | None = None
    staff_id: UUID | None = None
    event_type_id: UUID
    during: Any = Field(sa_column=Column(TSTZRANGE, nullable=False))
    number: int | None = None
    holder: UUID = Field(sa_column_kwargs={"server_default": text("gen_random_uuid()")})
    """Claims of one holder may overlap: the booking, the call, or all seats of one course."""
    starts_at: datetime = instant()
    expires_at: datetime | None = instant(optional=True)
    created_at: datetime = instant()


class InboxEvent(Owned, table=True):
    """What somebody else told us, as it came, stored before it is acknowledged."""

    __tablename__ = "inbox_event"
    __table_args__: ClassVar[Any] = (
        of_business(),
        UniqueConstraint("business_id", "source", "dedupe_key"),
        Index("ix_inbox_event_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        json_is("headers"),
        {"info": TENANT},
    )

    source: str = words()
    dedupe_key: str = words()
    kind: str = words()
    headers: dict[str, Any] = structure()
    body: bytes
    received_at: datetime = instant()
    applied_at: datetime | None = instant(optional=True)
    due_at: datetime | None = instant(optional=True)
    attempts: int = integer(default=0)
    error: str | None = words(optional=True)
