"""Calls, and the tool calls in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter

from db.states import CallState, Direction, Ending
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call from ring to hang-up."""

    id: UUID
    platform: str
    platform_call_id: str
    line_id: UUID | None
    caller_number: str | None = field(repr=False)
    direction: Direction
    language: str
    state: CallState
    outcome: str | None
    started_at: datetime
    ended_at: datetime | None
    ending: Ending | None
    sentiment: str | None
    memory: Mapping[str, Any] = field(repr=False)
    """What an earlier tool call left there, if one did; with a `lease` while one may change it."""


@dataclass(frozen=True, slots=True)
class ToolCallRow:
    """What a model asked and what it was told. Masking is for logs: staff may read this."""

    id: UUID
    call_id: UUID | None
    request_id: str | None
    tool: str
    arguments: Mapping[str, Any] = field(repr=False)
    status: str
    ok: bool
    reply: str = field(repr=False)
    """The reply envelope as the model got it: JSON."""
    started_at: datetime
    duration_ms: float


_TOOL_CALLS: Final = TypeAdapter(list[ToolCallRow])


@dataclass(frozen=True, slots=True)
class LeasedMemory:
    """What is known in a call, for whoever may change it now."""

    memory: Mapping[str, Any] = field(repr=False)


async def ensure(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    platform: str,
    platform_call_id: str,
    line_id: UUID | None,
    caller_number: str | None,
    language: str,
    direction: Direction = Direction.INBOUND,
    now: datetime,
) -> CallRow:
    """The record of a call, made now if this is the first that we hear of it.

    Whatever arrives first, and however often, there is one record; what the first arrival did not
    know, a later one adds.
    """
    return await tx.only(
        _ENSURE,
        {
            "id": id,
            "platform": platform,
            "platform_call_id": platform_call_id,
            "line_id": line_id,
            "caller_number": caller_number,
            "language": language,
            "direction": direction,
            "now": now,
        },
        into=CallRow,
    )


@dataclass(frozen=True, slots=True)
class Used:
    """A platform from which a line has been called."""

    platform: str
    line_id: UUID | None


async def platforms_since(tx: Transaction, *, since: datetime) -> list[Used]:
    """Where calls came from that began since then, once for each line."""
    return await tx.all(
        "SELECT DISTINCT platform, line_id FROM call WHERE started_at >= %(since)s",
        {"since": since},
        into=Used,
    )


async def get(tx: Transaction, *, id: UUID) -> CallRow | None:  # noqa: A002
    """A call by our own id."""
    return await tx.one("SELECT * FROM call WHERE id = %(id)s", {"id": id}, into=CallRow)


async def told_at(tx: Transaction, *, at: datetime) -> list[str]:
    """What the tool calls of an instant were answered with: a request has an instant of its own.

    Empty until they have been written, which is done behind the reply.
    """
    return await tx.all(
        "SELECT status FROM tool_call WHERE started_at = %(at)s", {"at": at}, into=str
    )


async def tool_calls_of(tx: Transaction, *, call_id: UUID) -> list[ToolCallRow]:
    """What the model asked in a call and was answered, oldest first."""
    return await tx.all(
        """
        SELECT
            id, call_id, request_id, tool, arguments, status, ok, reply::text AS reply, started_at,
            duration_ms
        FROM tool_call WHERE call_id = %(call_id)s ORDER BY started_at, id
        """,
        {"call_id": call_id},
        into=ToolCallRow,
    )


async def lease_memory(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    token: str,
    seconds: float,
) -> LeasedMemory | None:
    """Take a call's memory for one tool call, or `None` while another one has it.

    `keep` ends the lease, as it replaces the memory that carries it; so does `let_go`, and time.
    """
    return await tx.one(
        """
        UPDATE call SET memory = memory || jsonb_build_object('lease', jsonb_build_object(
            'token', %(token)s::text,
            'until', extract(epoch FROM clock_timestamp()) + %(seconds)s::float))
        WHERE id = %(id)s AND NOT (
            coalesce((memory -> 'lease' ->> 'until')::float, 0)
                > extract(epoch FROM clock_timestamp()))
        RETURNING memory - 'lease' AS memory
        """,
        {"id": id, "token": token, "seconds": seconds},
        into=LeasedMemory,
    )


async def let_go(tx: Transaction, *, id: UUID, token: str) -> None:  # noqa: A002
    """End the lease of a memory that did not change."""
    await tx.run(
        """
        UPDATE call SET memory = memory - 'lease'
        WHERE id = %(id)s AND memory -> 'lease' ->> 'token' = %(token)s
        """,
        {"id": id, "token": token},
    )


async def keep(
    tx: Transaction,
    *,
    memories: Mapping[UUID, str | bytes],
    tool_calls: Sequence[ToolCallRow],
) -> None:
    """Keep many tool calls and what their calls remember, in one statement.

    Args:
        tx: Where.
        memories: JSON objects by call, each with a number `version`: a copy that comes late
            replaces none that is newer.
        tool_calls: The same request of the same call is kept once.
    """
    await tx.run(
        _KEEP,
        {
            "calls": list(memories),
            "memories": [_as_text(memory) for memory in memories.values()],
            "tool_calls": _TOOL_CALLS.dump_json(list(tool_calls)).decode(),
        },
    )


def _as_text(json: str | bytes) -> str:
    return json.decode() if isinstance(json, bytes) else json


_KEEP = """
WITH kept AS (
    UPDATE call SET memory = given.memory
    FROM unnest(%(calls)s::uuid[], %(memories)s::jsonb[]) AS given (id, memory)
    WHERE call.id = given.id
        AND coalesce((call.memory ->> 'version')::int, 0) < (given.memory ->> 'version')::int
)
INSERT INTO tool_call (
    id, business_id, call_id, request_id, tool, arguments, status, ok, reply, started_at,
    duration_ms)
SELECT
    id, %(business_id)s::uuid, call_id, request_id, tool, arguments, status, ok, reply::jsonb,
    started_at, duration_ms
FROM jsonb_to_recordset(%(tool_calls)s::jsonb) AS given (
    id uuid, call_id uuid, request_id text, tool text, arguments jsonb, status text, ok boolean,
    reply text, started_at timestamptz, duration_ms double precision)
ON CONFLICT DO NOTHING
"""

# The usual case, a call that is there and complete, only reads. The update after a conflict is for
# two first arrivals at once: the later one gets the row that its snapshot cannot see.
_ENSURE = """
WITH known AS (
    SELECT * FROM call
    WHERE platform = %(platform)s AND platform_call_id = %(platform_call_id)s
), completed AS (
    UPDATE call SET
        line_id = coalesce(call.line_id, %(line_id)s),
        caller_number = coalesce(call.caller_number, %(caller_number)s),
        updated_at = %(now)s
    FROM known
    WHERE call.id = known.id
        AND (known.line_id IS NULL AND %(line_id)s::uuid IS NOT NULL
            OR known.caller_number IS NULL AND %(caller_number)s::text IS NOT NULL)
    RETURNING call.*
), made AS (
    INSERT INTO call (
        id, business_id, platform, platform_call_id, line_id, caller_number, direction, language,
        started_at, created_at, updated_at)
    SELECT
        %(id)s, %(business_id)s::uuid, %(platform)s, %(platform_call_id)s, %(line_id)s::uuid,
        %(caller_number)s, %(direction)s, %(language)s, %(now)s, %(now)s, %(now)s
    WHERE NOT EXISTS (SELECT FROM known)
    ON CONFLICT (business_id, platform, platform_call_id)
        DO UPDATE SET updated_at = excluded.updated_at
    RETURNING *
)
SELECT * FROM completed UNION ALL SELECT * FROM made
UNION ALL SELECT * FROM known WHERE NOT EXISTS (SELECT FROM completed)
"""
