"""What happened on the phone."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Double, Index, Numeric, UniqueConstraint, text
from sqlmodel import Field

from db.states import (
    CallState,
    Channel,
    Direction,
    Ending,
    FlagLabel,
    FlagState,
    RecordingState,
    Role,
    Severity,
)
from db.tables.base import (
    TENANT,
    Owned,
    closed_set,
    instant,
    integer,
    json_is,
    of_business,
    one_of,
    parent_key,
    structure,
    within,
    words,
)
from db.tables.people import of_user


class Call(Owned, table=True):
    """One call from ring to hang-up, under the id that its platform gave it."""

    __tablename__ = "call"
    __table_args__: ClassVar[Any] = (
        of_business(),
        parent_key(),
        within("line", "line_id"),
        UniqueConstraint("business_id", "platform", "platform_call_id"),
        Index(None, "business_id", "started_at"),
        closed_set("direction", Direction),
        closed_set("state", CallState),
        closed_set("ending", Ending),
        CheckConstraint("ended_at >= started_at", name="ends_after_start"),
        json_is("memory"),
        json_is("latency"),
        Index(
            "ix_call_ongoing",
            "business_id",
            "updated_at",
            postgresql_where=text("state = 'ongoing'"),
        ),
        {"info": TENANT},
    )

    platform: str = words()
    platform_call_id: str = words()
    line_id: UUID | None = None
    caller_number: str | None = words(optional=True)
    direction: Direction = one_of(Direction, default=Direction.INBOUND)
    language: str = words()
    state: CallState = one_of(CallState, default=CallState.ONGOING)
    outcome: str | None = words(optional=True)
    started_at: datetime = instant()
    ended_at: datetime | None = instant(optional=True)
    memory: dict[str, Any] = structure()
    """What was said once and is known for the rest of the call."""
    ending: Ending | None = one_of(Ending, optional=True)
    end_reason: str | None = words(optional=True)
    summary: str | None = words(optional=True)
    sentiment: str | None = words(optional=True)
    latency: dict[str, Any] = structure()
    """The platform's own figures, in milliseconds."""
    cost_amount: Decimal | None = Field(default=None, sa_type=Numeric)
    cost_currency: str | None = words(optional=True)
    created_at: datetime = instant()
    updated_at: datetime = instant()


class Turn(Owned, table=True):
    """One thing said; times are milliseconds since the call started."""

    __tablename__ = "turn"
    __table_args__: ClassVar[Any] = (
        within("call", "call_id"),
        UniqueConstraint("business_id", "call_id", "position"),
        closed_set("role", Role),
        {"info": TENANT},
    )

    call_id: UUID
    position: int
    role: Role = one_of(Role)
    text: str = words()
    starts_at_ms: int | None = None
    ends_at_ms: int | None = None


class Recording(Owned, table=True):
    """What can be heard of a call. A link that expires, until it has been fetched."""

    __tablename__ = "recording"
    __table_args__: ClassVar[Any] = (
        of_business(),
        within("call", "call_id"),
        UniqueConstraint("business_id", "call_id", "channel"),
        closed_set("channel", Channel),
        closed_set("state", RecordingState),
        CheckConstraint("state <> 'stored' OR stored_as IS NOT NULL", name="stored_somewhere"),
        Index("ix_recording_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        {"info": TENANT},
    )

    call_id: UUID
    channel: Channel = one_of(Channel)
    state: RecordingState = one_of(RecordingState, default=RecordingState.DUE)
    source_url: str | None = words(optional=True)
    expires_at: datetime | None = instant(optional=True)
    stored_as: str | None = words(optional=True)
    media_type: str | None = words(optional=True)
    size_bytes: int | None = Field(default=None, sa_type=BigInteger)
    due_at: datetime | None = instant(optional=True)
    attempts: int = integer(default=0)
    error: str | None = words(optional=True)
    created_at: datetime = instant()
    updated_at: datetime = instant()


class ToolCall(Owned, table=True):
    """A request of the model and our reply. Its statuses are the tools', who are a floor above."""

    __tablename__ = "tool_call"
    __table_args__: ClassVar[Any] = (
        of_business(),
        within("call", "call_id"),
        Index(
            "uq_tool_call_request",
            "business_id",
            "call_id",
            "request_id",
            unique=True,
            postgresql_where=text("request_id IS NOT NULL"),
        ),
        Index(None, "business_id", "call_id", "started_at"),
        Index(None, "business_id", "started_at"),
        json_is("arguments"),
        json_is("reply"),
        {"info": TENANT},
    )

    call_id: UUID | None = None
    request_id: str | None = words(optional=True)
    tool: str = words()
    arguments: dict[str, Any] = structure()
    status: str = words()
    ok: bool
    reply: dict[str, Any] = structure(default=None)
    started_at: datetime = instant()
    duration_ms: float = Field(sa_type=Double)


class Flag(Owned, table=True):
    """A human should look; the same thing is flagged once. `at_ms` counts from the call's start."""

    __tablename__ = "flag"
    __table_args__: ClassVar[Any] = (
        of_business(),
        within("call", "call_id"),
        within("booking", "booking_id"),
        UniqueConstraint(
            "business_id", "kind", "call_id", "booking_id", postgresql_nulls_not_distinct=True
        ),
        Index(
            "ix_flag_open",
            "business_id",
            "created_at",
            postgresql_where=text("state = 'open'"),
        ),
        Index(None, "business_id", "call_id"),
        of_user("assigned_to"),
        of_user("resolved_by"),
        closed_set("severity", Severity),
        closed_set("state", FlagState),
        closed_set("label", FlagLabel),
        {"info": TENANT},
    )

    call_id: UUID | None = None
    booking_id: UUID | None = None
    kind: str = words()
    severity: Severity = one_of(Severity)
    at_ms: int | None = None
    note: str | None = words(optional=True)
    state: FlagState = one_of(FlagState, default=FlagState.OPEN)
    assigned_to: UUID | None = None
    created_at: datetime = instant()
    resolved_at: datetime | None = instant(optional=True)
    resolved_by: UUID | None = None
    label: FlagLabel | None = one_of(FlagLabel, optional=True)
    """What it turned out to be."""
