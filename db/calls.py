"""Calls, and the tool calls in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from db.states import CallState, Direction
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
    memory: Mapping[str, Any] = field(repr=False)
    """What an earlier tool call left there; empty if none did."""


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


async def get(tx: Transaction, *, id: UUID) -> CallRow | None:  # noqa: A002
    """A call by our own id."""
    return await tx.one("SELECT * FROM call WHERE id = %(id)s", {"id": id}, into=CallRow)


async def keep_memory(
    tx: Transaction, *, call_id: UUID, memory: Mapping[str, Any], now: datetime | None = None
) -> None:
    """Keep what is known in a call, in place of what was kept before."""
    await tx.run(
        """
        UPDATE call SET memory = %(memory)s, updated_at = coalesce(%(now)s, updated_at)
        WHERE id = %(call_id)s
        """,
        {"call_id": call_id, "memory": Jsonb(dict(memory)), "now": now},
    )


async def add_tool_call(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    call_id: UUID | None,
    request_id: str | None,
    tool: str,
    arguments: Mapping[str, Any],
    status: str,
    ok: bool,
    reply: str,
    started_at: datetime,
    duration_ms: float,
) -> bool:
    """Keep one tool call; the same request of the same call is kept once.

    Args:
        tx: Where.
        id: Of the record.
        call_id: Ours; `None` for a request that named no call.
        request_id: The platform's, if it has one.
        tool: Its name.
        arguments: As the model gave them.
        status: A status of the reply envelope.
        ok: Whether the tool worked, technically.
        reply: The reply envelope as it was sent: a JSON object.
        started_at: When.
        duration_ms: How long the platform waited.

    Returns:
        Whether it was new.
    """
    added = await tx.run(
        """
        INSERT INTO tool_call (
            id, business_id, call_id, request_id, tool, arguments, status, ok, reply,
            started_at, duration_ms)
        VALUES (
            %(id)s, %(business_id)s, %(call_id)s, %(request_id)s, %(tool)s, %(arguments)s,
            %(status)s, %(ok)s, %(reply)s::jsonb, %(started_at)s, %(duration_ms)s)
        ON CONFLICT (business_id, call_id, request_id) WHERE request_id IS NOT NULL DO NOTHING
        """,
        {
            "id": id,
            "call_id": call_id,
            "request_id": request_id,
            "tool": tool,
            "arguments": Jsonb(dict(arguments)),
            "status": status,
            "ok": ok,
            "reply": reply,
            "started_at": started_at,
            "duration_ms": duration_ms,
        },
    )
    return added == 1


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
