"""Finding calls."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from db.states import CallState, Ending
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A call in a list."""

    id: UUID
    caller_number: str | None = field(repr=False)
    customer_name: str | None = field(repr=False)
    started_at: datetime
    ended_at: datetime | None
    state: CallState
    ending: Ending | None
    platform: str
    language: str
    tools: int
    slowest_ms: float | None
    failed: int
    statuses: Sequence[str]
    """What its tool calls changed: `booked`, `moved`, ..."""
    open_flags: int


async def calls(
    tx: Transaction,
    *,
    name: str | None = None,
    digits: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    tool: str | None = None,
    status: str | None = None,
    slower_than_ms: float | None = None,
    failed: bool = False,
    flagged: bool = False,
    before: tuple[datetime, UUID] | None = None,
    at_most: int = 50,
) -> list[FoundRow]:
    """Calls that are all of this, newest first.

    Args:
        tx: Where.
        name: Part of the name of somebody on the caller's number, or of an attendee.
        digits: Part of the caller's number.
        since: Begun then or later.
        until: Begun before.
        tool: That used this tool.
        status: That heard this from a tool.
        slower_than_ms: With a tool call that took longer.
        failed: With a tool call that failed.
        flagged: With an open flag.
        before: The last one of the page before: start and id.
        at_most: How many.
    """
    return await tx.all(
        """
        WITH found AS (
            SELECT call.* FROM call
            WHERE (%(since)s::timestamptz IS NULL OR call.started_at >= %(since)s)
                AND (%(until)s::timestamptz IS NULL OR call.started_at < %(until)s)
                AND (%(before_at)s::timestamptz IS NULL
                    OR (call.started_at, call.id) < (%(before_at)s, %(before_id)s::uuid))
                AND (%(digits)s::text IS NULL
                    OR call.caller_number LIKE '%%' || %(digits)s || '%%')
                AND (%(name)s::text IS NULL
                    OR EXISTS (
                        SELECT FROM customer_number
                        JOIN customer ON customer.id = customer_number.customer_id
                        WHERE customer_number.number = call.caller_number
                            AND strpos(lower(customer.name), lower(%(name)s)) > 0)
                    OR EXISTS (
                        SELECT FROM booking
                        WHERE booking.call_id = call.id
                            AND strpos(lower(booking.attendee_name), lower(%(name)s)) > 0))
                AND (%(tool)s::text IS NULL AND %(status)s::text IS NULL
                        AND %(slower_than_ms)s::float IS NULL AND NOT %(failed)s
                    OR EXISTS (
                        SELECT FROM tool_call
                        WHERE tool_call.call_id = call.id
                            AND (%(tool)s::text IS NULL OR tool = %(tool)s)
                            AND (%(status)s::text IS NULL OR status = %(status)s)
                            AND (%(slower_than_ms)s::float IS NULL
                                OR duration_ms > %(slower_than_ms)s)
                            AND (NOT %(failed)s OR NOT ok)))
                AND (NOT %(flagged)s OR EXISTS (
                    SELECT FROM flag WHERE flag.call_id = call.id AND flag.state = 'open'))
            ORDER BY call.started_at DESC, call.id DESC LIMIT %(at_most)s
        )
        SELECT found.*, customer.name AS customer_name, used.*,
            (SELECT count(*) FROM flag
                WHERE flag.call_id = found.id AND flag.state = 'open') AS open_flags
        FROM found
        LEFT JOIN customer_number AS owned
            ON owned.number = found.caller_number AND owned.is_owner
        LEFT JOIN customer ON customer.id = owned.customer_id
        CROSS JOIN LATERAL (
            SELECT count(*) AS tools, max(duration_ms) AS slowest_ms,
                count(*) FILTER (WHERE NOT ok) AS failed,
                coalesce(array_agg(DISTINCT status) FILTER (WHERE status IN (
                    'booked', 'requested', 'moved', 'cancelled', 'callback_created')), '{}')
                    AS statuses
            FROM tool_call WHERE tool_call.call_id = found.id) AS used
        ORDER BY found.started_at DESC, found.id DESC
        """,
        {
            "name": name,
            "digits": digits,
            "since": since,
            "until": until,
            "tool": tool,
            "status": status,
            "slower_than_ms": slower_than_ms,
            "failed": failed,
            "flagged": flagged,
            "before_at": before[0] if before else None,
            "before_id": before[1] if before else None,
            "at_most": at_most,
        },
        into=FoundRow,
    )
