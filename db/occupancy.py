"""What is taken in a span of time: every claim, and when customers are expected."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class OccupiedRow:
    """Time of a host or a seat, buffers included, or of a customer; end exclusive."""

    id: UUID
    staff_id: UUID | None
    event_type_id: UUID
    number: int | None
    """Of the seat, where seats are claimed."""
    starts_at: datetime
    starts: datetime
    ends: datetime
    holder: UUID
    call_id: UUID | None
    booking_id: UUID | None
    expires_at: datetime | None
    """`None` unless it is a hold."""
    customer_id: UUID | None
    """Who is expected then: a row with a customer claims nothing."""


async def between(tx: Transaction, *, start: datetime, end: datetime) -> list[OccupiedRow]:
    """All that overlaps a span, in one statement; holds that have expired too."""
    return await tx.all(
        """
        SELECT id, staff_id, event_type_id, number, starts_at, lower(during) AS starts,
            upper(during) AS ends, holder, call_id, booking_id, expires_at,
            NULL::uuid AS customer_id
        FROM claim
        WHERE during && tstzrange(%(start)s, %(end)s)
        UNION ALL
        SELECT id, staff_id, event_type_id, NULL, start_at, start_at,
            coalesce(group_end_at, end_at), coalesce(group_id, id), call_id, id, NULL, customer_id
        FROM booking
        WHERE start_at > %(start)s::timestamptz - interval '1 day' AND start_at < %(end)s
            AND coalesce(group_end_at, end_at) > %(start)s AND customer_id IS NOT NULL
            AND state NOT IN ('cancelled', 'failed') AND coalesce(group_id, id) = id
        ORDER BY starts, staff_id
        """,
        {"start": start, "end": end},
        into=OccupiedRow,
    )
