"""What platforms tell of calls, added to what is known of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from db.states import Direction, Ending, Role
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One thing said; times are milliseconds since the call started."""

    position: int
    role: Role
    text: str = field(repr=False)
    starts_at_ms: int | None
    ends_at_ms: int | None


async def complete(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    direction: Direction | None,
    started_at: datetime | None,
    ended_at: datetime | None,
    is_over: bool,
    ending: Ending | None,
    end_reason: str | None,
    summary: str | None,
    sentiment: str | None,
    latency: Mapping[str, Mapping[str, float]],
    cost_amount: Decimal | None,
    cost_currency: str | None,
    now: datetime,
) -> None:
    """Add to a call's record what an event says of it; what it does not say stays.

    A call that is over stays over, whatever arrives late.
    """
    await tx.run(
        """
        UPDATE call SET
            direction = coalesce(%(direction)s, direction),
            started_at = coalesce(%(started_at)s, started_at),
            ended_at = CASE WHEN %(is_over)s OR state = 'ended' THEN greatest(
                coalesce(%(ended_at)s, ended_at, %(now)s), coalesce(%(started_at)s, started_at))
            END,
            state = CASE WHEN %(is_over)s THEN 'ended' ELSE state END,
            ending = coalesce(%(ending)s, ending),
            end_reason = coalesce(%(end_reason)s, end_reason),
            summary = coalesce(%(summary)s, summary),
            sentiment = coalesce(%(sentiment)s, sentiment),
            latency = latency || %(latency)s,
            cost_amount = coalesce(%(cost_amount)s, cost_amount),
            cost_currency = coalesce(%(cost_currency)s, cost_currency),
            updated_at = %(now)s
        WHERE id = %(id)s
        """,
        {
            "id": id,
            "direction": direction,
            "started_at": started_at,
            "ended_at": ended_at,
            "is_over": is_over,
            "ending": ending,
            "end_reason": end_reason,
            "summary": summary,
            "sentiment": sentiment,
            "latency": Jsonb({part: dict(figures) for part, figures in latency.items()}),
            "cost_amount": cost_amount,
            "cost_currency": cost_currency,
            "now": now,
        },
    )


async def replace_turns(
    tx: Transaction, *, call_id: UUID, turns: Sequence[Mapping[str, Any]], is_all: bool
) -> None:
    """Keep what was said, unless more is known already: events overtake each other.

    Args:
        tx: Where.
        call_id: In which call.
        turns: Rows of `turn` but for the call, in order.
        is_all: Whether the call is over, so that nothing will be added: this then counts.
    """
    await tx.run(
        """
        WITH told AS (
            SELECT * FROM jsonb_to_recordset(%(turns)s::jsonb) AS told (
                id uuid, position integer, role text, text text, starts_at_ms integer,
                ends_at_ms integer)
        ), known AS (
            SELECT count(*) AS turns FROM turn WHERE call_id = %(call_id)s
        ), counts AS (
            SELECT FROM call, known WHERE call.id = %(call_id)s AND (
                %(is_all)s
                OR call.state = 'ongoing' AND known.turns <= (SELECT count(*) FROM told))
        ), shortened AS (
            DELETE FROM turn WHERE call_id = %(call_id)s AND EXISTS (SELECT FROM counts)
                AND position >= (SELECT count(*) FROM told)
        )
        INSERT INTO turn (
            id, business_id, call_id, position, role, text, starts_at_ms, ends_at_ms)
        SELECT
            told.id, %(business_id)s::uuid, %(call_id)s, position, role, text, starts_at_ms,
            ends_at_ms
        FROM told WHERE EXISTS (SELECT FROM counts)
        ON CONFLICT (business_id, call_id, position) DO UPDATE SET
            role = excluded.role, text = excluded.text, starts_at_ms = excluded.starts_at_ms,
            ends_at_ms = excluded.ends_at_ms
        """,
        {
            "call_id": call_id,
            "turns": json.dumps(list(turns), ensure_ascii=False),
            "is_all": is_all,
        },
    )


async def turns_of(tx: Transaction, *, call_id: UUID) -> list[TurnRow]:
    """What was said in a call, in order."""
    return await tx.all(
        "SELECT * FROM turn WHERE call_id = %(call_id)s ORDER BY position",
        {"call_id": call_id},
        into=TurnRow,
    )


async def end_silent(tx: Transaction, *, before: datetime, now: datetime) -> int:
    """End calls that nobody has told anything of since `before`: not every platform says so.

    Returns:
        How many.
    """
    return await tx.run(
        """
        UPDATE call SET
            state = 'ended', ended_at = greatest(updated_at, started_at), ending = 'silence',
            updated_at = %(now)s
        WHERE state = 'ongoing' AND updated_at < %(before)s AND NOT EXISTS (
            SELECT FROM tool_call
            WHERE tool_call.call_id = call.id AND tool_call.started_at >= %(before)s)
        """,
        {"before": before, "now": now},
    )
