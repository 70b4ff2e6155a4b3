"""A business and what it offers: set by `slotline business apply`, read by everything else."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlmodel import Field

from db.states import BusinessStatus, EventKind, Unlinked
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
    word_list,
    words,
)


class Business(Table, table=True):
    """A tenant. The one table without row-level security: a request names its business by slug."""

    __tablename__ = "business"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("slug"),
        CheckConstraint("slug ~ '^[a-z0-9][a-z0-9-]*$'", name="slug_fits_a_path"),
        closed_set("status", BusinessStatus),
        json_is("calcom_versions"),
        json_is("policies"),
    )

    id: UUID = Field(primary_key=True)
    slug: str = words()
    name: str = words()
    timezone: str = words()
    language: str = words()
    status: BusinessStatus = one_of(BusinessStatus, default=BusinessStatus.ACTIVE)
    attendee_email_domain: str = words()
    calcom_base_url: str | None = words(optional=True)
    calcom_versions: dict[str, Any] = structure()
    transfer_number: str | None = words(optional=True)
    policies: dict[str, Any] = structure()
    created_at: datetime = instant()
    updated_at: datetime = instant()


class Credential(Owned, table=True):
    """A secret of a business, encrypted; during a rotation two of one name are valid."""

    __tablename__ = "credential"
    __table_args__: ClassVar[Any] = (
        of_business(),
        Index(None, "business_id", "name"),
        {"info": TENANT},
    )

    name: str = words()
    secret_encrypted: bytes
    created_at: datetime = instant()
    retires_at: datetime | None = instant(optional=True)


class Line(Owned, table=True):
    """A number that callers dial; a retired one is kept for the calls that came in on it."""

    __tablename__ = "line"
    __table_args__: ClassVar[Any] = (
        of_business(),
        parent_key(),
        UniqueConstraint("business_id", "number"),
        json_is("opening_hours"),
        json_is("closures", "array"),
        json_is("policies"),
        {"info": TENANT},
    )

    number: str = words()
    name: str = words()
    timezone: str = words()
    language: str = words()
    opening_hours: dict[str, Any] | None = structure(optional=True)
    holidays: str | None = words(optional=True)
    """The region whose public holidays it keeps."""
    closures: list[Any] = structure(default="[]")
    policies: dict[str, Any] = structure()
    active: bool = switch(default=True)


class Staff(Owned, table=True):
    """A person who performs services; a host at Cal.com."""

    __tablename__ = "staff"
    __table_args__: ClassVar[Any] = (
        of_business(),
        parent_key(),
        UniqueConstraint("business_id", "slug"),
        json_is("policies"),
        {"info": TENANT},
    )

    slug: str = words()
    name: str = words()
    calcom_user_id: int | None = Field(default=None, sa_type=BigInteger)
    policies: dict[str, Any] = structure()
    active: bool = switch(default=True)


class Service(Owned, table=True):
    """What callers ask for, in their order; `phases` where it is active work with gaps."""

    __tablename__ = "service"
    __table_args__: ClassVar[Any] = (
        of_business(),
        parent_key(),
        UniqueConstraint("business_id", "slug"),
        json_is("phases", "array"),
        json_is("policies"),
        {"info": TENANT},
    )

    slug: str = words()
    name: str = words()
    synonyms: list[str] = word_list()
    phases: list[Any] | None = structure(optional=True)
    policies: dict[str, Any] = structure()
    position: int = integer(default=0)
    active: bool = switch(default=True)


class EventType(Owned, table=True):
    """What Cal.com books for a service; lengths, buffers and notice are minutes."""

    __tablename__ = "event_type"
    __table_args__: ClassVar[Any] = (
        parent_key(),
        within("service", "service_id"),
        within("staff", "staff_id"),
        UniqueConstraint("business_id", "calcom_id"),
        Index(None, "business_id", "service_id"),
        closed_set("kind", EventKind),
        CheckConstraint("kind <> 'fixed' OR staff_id IS NOT NULL", name="fixed_has_host"),
        CheckConstraint("length_minutes > 0", name="length_is_positive"),
        CheckConstraint(
            "least(before_buffer_minutes, after_buffer_minutes, minimum_notice_minutes) >= 0",
            name="minutes_are_not_negative",
        ),
        closed_set("unlinked_because", Unlinked),
        CheckConstraint(
            "(unlinked_because IS NULL) = (unlinked_since IS NULL)", name="unlinked_since"
        ),
        json_is("working_hours"),
        {"info": TENANT},
    )

    service_id: UUID
    calcom_id: int = Field(sa_type=BigInteger)
    kind: EventKind = one_of(EventKind)
    staff_id: UUID | None = None
    length_minutes: int
    before_buffer_minutes: int = integer(default=0)
    after_buffer_minutes: int = integer(default=0)
    minimum_notice_minutes: int = integer(default=0)
    booking_window_days: int | None = None
    slot_interval_minutes: int | None = None
    seats: int | None = None
    host_ids: list[UUID] = Field(
        sa_column=Column(ARRAY(Uuid), nullable=False, server_default=text("'{}'"))
    )
    """Among whom Cal.com chooses, of kind `round_robin`; none named: everybody."""
    requires_confirmation: bool = switch(default=False)
    required_fields: list[str] = word_list()
    """What Cal.com wants to know with each booking."""
    working_hours: dict[str, Any] | None = structure(optional=True)
    """The schedule that its host had at Cal.com when it was last looked at."""
    unlinked_because: Unlinked | None = one_of(Unlinked, optional=True)
    unlinked_since: datetime | None = instant(optional=True)
    synced_at: datetime | None = instant(optional=True)
    """When Cal.com was first followed; `None` if the owner's own figures still stand."""
    active: bool = switch(default=True)
