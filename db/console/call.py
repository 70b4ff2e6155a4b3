"""One call with everything that happened in it and because of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from db.states import (
    CallState,
    Channel,
    Direction,
    Ending,
    RecordingState,
    TaskKind,
    TaskReason,
    TaskState,
    Urgency,
)
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class CallPageRow:
    """A call as people look at it."""

    id: UUID
    platform: str
    platform_call_id: str
    line_id: UUID | None
    line_name: str | None
    caller_number: str | None = field(repr=False)
    direction: Direction
    language: str
    state: CallState
    outcome: str | None
    started_at: datetime
    ended_at: datetime | None
    ending: Ending | None
    end_reason: str | None
    summary: str | None = field(repr=False)
    sentiment: str | None
    latency: Mapping[str, Any]
    """The platform's own figures, in milliseconds: part, then measure."""
    cost_amount: Decimal | None
    cost_currency: str | None


@dataclass(frozen=True, slots=True)
class AskedRow:
    """What a model asked in a call, and what it was told."""

    id: UUID
    tool: str
    arguments: Mapping[str, Any] = field(repr=False)
    status: str
    ok: bool
    reply: Mapping[str, Any] = field(repr=False)
    started_at: datetime
    duration_ms: float


@dataclass(frozen=True, slots=True)
class HeardRow:
    """What can be heard of a call."""

    id: UUID
    call_id: UUID
    channel: Channel
    state: RecordingState
    stored_as: str | None = field(repr=False)
    media_type: str | None
    size_bytes: int | None
    error: str | None


@dataclass(frozen=True, slots=True)
class CommentRow:
    """What somebody noted."""

    id: UUID
    user_id: UUID
    user_name: str
    text: str = field(repr=False)
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TaskOfCallRow:
    """What somebody must do because of a call, or has done."""

    id: UUID
    kind: TaskKind
    reason: TaskReason
    note: str | None = field(repr=False)
    recipient: str | None = field(repr=False)
    due_at: datetime
    urgency: Urgency
    state: TaskState
    done_at: datetime | None


async def call(tx: Transaction, *, id: UUID) -> CallPageRow | None:  # noqa: A002
    """A call."""
    return await tx.one(
        """
        SELECT call.*, line.name AS line_name
        FROM call LEFT JOIN line ON line.id = call.line_id
        WHERE call.id = %(id)s
        """,
        {"id": id},
        into=CallPageRow,
    )


async def asked(tx: Transaction, *, call_id: UUID) -> list[AskedRow]:
    """The tool calls of a call, in order."""
    return await tx.all(
        "SELECT * FROM tool_call WHERE call_id = %(call_id)s ORDER BY started_at, id",
        {"call_id": call_id},
        into=AskedRow,
    )


async def heard(tx: Transaction, *, call_id: UUID) -> list[HeardRow]:
    """The recordings of a call; what both can be heard in comes first."""
    return await tx.all(
        """
        SELECT * FROM recording WHERE call_id = %(call_id)s
        ORDER BY array_position(ARRAY['mixed', 'separate', 'caller', 'agent'], channel)
        """,
        {"call_id": call_id},
        into=HeardRow,
    )


async def comments(tx: Transaction, *, call_id: UUID) -> list[CommentRow]:
    """What people noted about a call, in order."""
    return await tx.all(
        """
        SELECT call_comment.*, user_account.name AS user_name
        FROM call_comment JOIN user_account ON user_account.id = call_comment.user_id
        WHERE call_id = %(call_id)s ORDER BY call_comment.created_at, call_comment.id
        """,
        {"call_id": call_id},
        into=CommentRow,
    )


async def tasks(tx: Transaction, *, call_id: UUID) -> list[TaskOfCallRow]:
    """What must be done because of a call, or has been; what is open first."""
    return await tx.all(
        """
        SELECT * FROM task WHERE call_id = %(call_id)s
        ORDER BY state = 'open' DESC, due_at, id
        """,
        {"call_id": call_id},
        into=TaskOfCallRow,
    )


async def comment(
    tx: Transaction, *, call_id: UUID, user_id: UUID, text: str, now: datetime
) -> None:
    """Note something about a call."""
    await tx.run(
        """
        INSERT INTO call_comment (id, business_id, call_id, user_id, text, created_at)
        VALUES (%(id)s, %(business_id)s, %(call_id)s, %(user_id)s, %(text)s, %(now)s)
        """,
        {"id": uuid4(), "call_id": call_id, "user_id": user_id, "text": text, "now": now},
    )


async def listened(tx: Transaction, *, user_id: UUID, recording_id: UUID, since: datetime) -> bool:
    """Whether it is written down already that somebody listens: a player asks many times."""
    return await tx.only(
        """
        SELECT EXISTS (
            SELECT FROM audit_entry
            WHERE user_id = %(user_id)s AND action = 'listened'
                AND facts ->> 'recording' = %(recording_id)s::text AND recorded_at > %(since)s)
        """,
        {"user_id": user_id, "recording_id": recording_id, "since": since},
        into=bool,
    )
