"""Looks over all rows of a business, whatever queues and events say: what fell through is found."""

from datetime import datetime
from uuid import uuid4

from db.states import Severity
from db.transaction import Transaction


async def wake_overdue(tx: Transaction, *, before: datetime, now: datetime) -> int:
    """Flag bookings that have waited for Cal.com since `before`, and queue them if they are not.

    A change counts as old once workers have tried it several times: each attempt touches the row.
    What waits for its host waits for a human, and is none of these.

    Returns:
        How many there are.
    """
    return await tx.only(
        """
        WITH overdue AS (
            SELECT id, call_id FROM booking
            WHERE state IN ('pending', 'queued') AND created_at <= %(before)s
                OR state IN ('moving', 'cancelling')
                    AND (updated_at <= %(before)s OR attempts >= 8)
        ), woken AS (
            UPDATE booking SET due_at = %(now)s
            FROM overdue WHERE booking.id = overdue.id AND booking.due_at IS NULL
        ), flagged AS (
            INSERT INTO flag (
                id, business_id, call_id, booking_id, kind, severity, created_at)
            SELECT gen_random_uuid(), %(business_id)s, call_id, id, 'overdue', %(severity)s, %(now)s
            FROM overdue
            ON CONFLICT (business_id, kind, call_id, booking_id) DO NOTHING
        )
        SELECT count(*) FROM overdue
        """,
        {"before": before, "now": now, "severity": Severity.WARNING},
        into=int,
    )


async def flag_silence(
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
