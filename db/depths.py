"""How much waits in each queue. For the worker's role, in `registry`."""

from dataclasses import dataclass
from datetime import datetime

from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class DepthRow:
    """What is due in one queue, of all businesses together."""

    queue: str
    due: int
    oldest_seconds: float
    """How long the first of it has been due; 0 if nothing is."""


async def depths(tx: Transaction, *, now: datetime) -> list[DepthRow]:
    """What workers should have taken by now; what they have leased is not due."""
    return await tx.all(
        """
        WITH due (queue, at) AS (
            SELECT 'bookings', due_at FROM booking WHERE due_at <= %(now)s
            UNION ALL SELECT 'stored_events', due_at FROM inbox_event WHERE due_at <= %(now)s
            UNION ALL SELECT 'recordings', due_at FROM recording WHERE due_at <= %(now)s
            UNION ALL SELECT 'messages', send_at FROM task WHERE send_at <= %(now)s
            UNION ALL SELECT 'events', recorded_at FROM event_outbox
            UNION ALL SELECT 'events', due_at FROM event_delivery WHERE due_at <= %(now)s
            UNION ALL SELECT 'jobs', due_at FROM periodic_job WHERE due_at <= %(now)s
        )
        SELECT
            queue, count(at) AS due,
            coalesce(greatest(extract(epoch FROM %(now)s - min(at)), 0), 0)::float
                AS oldest_seconds
        FROM unnest(ARRAY[
            'bookings', 'stored_events', 'recordings', 'messages', 'events', 'jobs'
        ]) AS queue LEFT JOIN due USING (queue)
        GROUP BY queue ORDER BY queue
        """,
        {"now": now},
        into=DepthRow,
    )
