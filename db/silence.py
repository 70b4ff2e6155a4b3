"""The stream of events from outside, and when its silence means that it is interrupted."""

from datetime import datetime
from uuid import uuid4

from db.states import Severity
from db.transaction import Transaction


async def flag(
    tx: Transaction, *, source: str, bookings: int, before: datetime, now: datetime
) -> bool:
    """Flag a business whose events have stopped, and take the flag down once they are back.

    Every booking that we make comes back to us as an event. A business that has never had one has
    not subscribed, and is not silent.

    Args:
        tx: Where.
        source: Of the events.
        bookings: Made since the last event: from that many on it is silence.
        before: Younger bookings do not count yet.
        now: When.

    Returns:
        Whether it is silent.
    """
    return await tx.only(
        """
        WITH heard AS (
            SELECT max(received_at) AS at FROM inbox_event WHERE source = %(source)s
        ), judged AS (
            SELECT heard.at, heard.at IS NOT NULL AND count(booking.id) >= %(bookings)s AS is_silent
            FROM heard LEFT JOIN booking ON booking.origin = 'phone'
                AND booking.state = 'confirmed'
                AND booking.settled_at > heard.at AND booking.settled_at <= %(before)s
            GROUP BY heard.at
        ), ended AS (
            UPDATE flag SET state = 'resolved', resolved_at = %(now)s
            FROM judged
            WHERE flag.kind = 'calendar_silent' AND flag.state = 'open' AND NOT judged.is_silent
        ), raised AS (
            INSERT INTO flag (id, business_id, kind, severity, created_at)
            SELECT %(id)s, %(business_id)s::uuid, 'calendar_silent', %(severity)s, %(now)s
            FROM judged WHERE is_silent
            ON CONFLICT (business_id, kind, call_id, booking_id) DO UPDATE SET
                state = 'open', created_at = excluded.created_at, resolved_at = NULL
            WHERE flag.state = 'resolved' AND flag.resolved_at < (SELECT at FROM heard)
        )
        SELECT is_silent FROM judged
        """,
        {
            "id": uuid4(),
            "source": source,
            "bookings": bookings,
            "before": before,
            "now": now,
            "severity": Severity.CRITICAL,
        },
        into=bool,
    )
