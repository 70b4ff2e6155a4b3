"""What happened, whom it was told, and what somebody must do because of it."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from db.states import DomainEventKind, Means, TaskKind, TaskReason, TaskState, Urgency
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


def _of_event(**options: Any) -> ForeignKeyConstraint:
    return within("domain_event", "event_id", ondelete="CASCADE", **options)


class DomainEvent(Table, table=True):
    """Something that happened, recorded with the change. Ids ascend within a booking.

    `facts` hold ids, states and times, never names, numbers or what somebody said.
    """

    __tablename__ = "domain_event"
    __table_args__: ClassVar[Any] = (
        of_business(),
        parent_key(),
        within("booking", "booking_id", ondelete="CASCADE"),
        within("call", "call_id", ondelete="CASCADE"),
        Index(None, "business_id", "booking_id"),
        Index(None, "business_id", "call_id"),
        closed_set("kind", DomainEventKind),
        json_is("facts"),
        {"info": TENANT},
    )

    id: int = Field(sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    business_id: UUID
    kind: DomainEventKind = one_of(DomainEventKind)
    booking_id: UUID | None = None
    call_id: UUID | None = None
    facts: dict[str, Any] = structure()
    recorded_at: datetime = instant()


class EventOutbox(Table, table=True):
    """An event that no worker has parcelled out to its listeners yet."""

    __tablename__ = "event_outbox"
    __table_args__: ClassVar[Any] = (
        _of_event(),
        Index(None, "business_id", "booking_id"),
        closed_set("kind", DomainEventKind),
        {"info": TENANT},
    )

    event_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    business_id: UUID
    kind: DomainEventKind = one_of(DomainEventKind)
    booking_id: UUID | None = None
    recorded_at: datetime = instant()


class EventDelivery(Table, table=True):
    """An event on its way to one listener: due, delivered, or given up (neither)."""

    __tablename__ = "event_delivery"
    __table_args__: ClassVar[Any] = (
        _of_event(),
        Index("ix_event_delivery_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index(
            "ix_event_delivery_in_order",
            "business_id",
            "booking_id",
            "listener",
            "event_id",
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        {"info": TENANT},
    )

    event_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    listener: str = Field(sa_column=Column(Text, primary_key=True))
    business_id: UUID
    booking_id: UUID | None = None
    due_at: datetime | None = instant(optional=True)
    attempts: int = integer(default=0)
    delivered_at: datetime | None = instant(optional=True)
    error: str | None = words(optional=True)


class Task(Owned, table=True):
    """Somebody must call back or tell the caller something.

    A message is sent by a worker: it sets `sent_key` first and sends then. An open task with a key
    was perhaps sent, and is shown to staff instead of being sent again.
    """

    __tablename__ = "task"
    __table_args__: ClassVar[Any] = (
        of_business(),
        within("call", "call_id", ondelete="CASCADE"),
        within("booking", "booking_id", ondelete="CASCADE"),
        _of_event(),
        Index(
            "uq_task_of_event",
            "business_id",
            "event_id",
            "kind",
            "recipient",
            unique=True,
            postgresql_where=text("event_id IS NOT NULL"),
            postgresql_nulls_not_distinct=True,
        ),
        Index(
            "uq_task_callback_of_call",
            "business_id",
            "call_id",
            unique=True,
            postgresql_where=text("kind = 'callback' AND state = 'open' AND call_id IS NOT NULL"),
        ),
        UniqueConstraint("sent_key"),
        Index(
            "ix_task_open",
            "business_id",
            "due_at",
            postgresql_where=text("state = 'open'"),
        ),
        closed_set("kind", TaskKind),
        closed_set("reason", TaskReason),
        closed_set("urgency", Urgency),
        closed_set("state", TaskState),
        closed_set("sent_by", Means),
        Index("ix_task_to_send", "send_at", postgresql_where=text("send_at IS NOT NULL")),
        CheckConstraint("(state = 'open') = (done_at IS NULL)", name="done_when_closed"),
        {"info": TENANT},
    )

    kind: TaskKind = one_of(TaskKind)
    reason: TaskReason = one_of(TaskReason)
    note: str | None = words(optional=True)
    call_id: UUID | None = None
    booking_id: UUID | None = None
    event_id: int | None = Field(default=None, sa_type=BigInteger)
    recipient: str | None = words(optional=True)
    """A number (E.164); `None` if the caller hid theirs."""
    due_at: datetime = instant()
    urgency: Urgency = one_of(Urgency, default=Urgency.NORMAL)
    state: TaskState = one_of(TaskState, default=TaskState.OPEN)
    send_at: datetime | None = instant(optional=True)
    """When a worker shall send it; `None` if none shall."""
    attempts: int = integer(default=0)
    """How often a worker has taken it."""
    sent_key: UUID | None = None
    sent_by: Means | None = one_of(Means, optional=True)
    heard: bool = switch(default=False)
    """The caller was told in the call: if it cannot be sent, nobody needs to call."""
    created_at: datetime = instant()
    done_at: datetime | None = instant(optional=True)
