"""The row is the queue: what is due, who has taken it, when it comes again."""

from datetime import datetime, timedelta
from uuid import UUID

from db.bookings.rows import LeasedRow
from db.transaction import Transaction


async def lease_due(
    tx: Transaction, *, now: datetime, lease: timedelta, at_most: int
) -> list[LeasedRow]:
    """Take bookings of any business that are due, longest first, and hide them for `lease`.

    Two workers never take the same one; one that dies leaves its bookings to fall due again.
    For the worker's role, in `registry`.
    """
    return await tx.all(
        """
        WITH due AS (
            SELECT id, business_id FROM booking
            WHERE due_at <= %(now)s ORDER BY due_at LIMIT %(at_most)s
            FOR UPDATE SKIP LOCKED
        )
        UPDATE booking SET due_at = %(until)s, attempts = attempts + 1
        FROM due WHERE booking.id = due.id
        RETURNING booking.id, booking.business_id
        """,
        {"now": now, "until": now + lease, "at_most": at_most},
        into=LeasedRow,
    )


async def asking(tx: Transaction, *, id: UUID, now: datetime) -> bool:  # noqa: A002
    """Note that Cal.com is about to be asked once more; false if there is nothing to ask for."""
    touched = await tx.run(
        """
        UPDATE booking SET asked_at = %(now)s, updated_at = %(now)s
        WHERE id = %(id)s AND due_at IS NOT NULL
        """,
        {"id": id, "now": now},
    )
    return touched == 1


async def postpone(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    due_at: datetime,
    not_asked: bool = False,
    not_tried: bool = False,
    needs_attention: bool = False,
) -> bool:
    """Let a worker look at it later; false if it has been settled in the meantime.

    Args:
        tx: Where.
        id: Of the booking.
        due_at: When.
        not_asked: Nothing has reached Cal.com, so nothing can arrive late.
        not_tried: This does not count as an attempt.
        needs_attention: A human should look as well.
    """
    touched = await tx.run(
        """
        UPDATE booking SET
            due_at = %(due_at)s,
            asked_at = CASE WHEN NOT %(not_asked)s THEN asked_at END,
            attempts = greatest(attempts - %(not_tried)s::int, 0),
            needs_attention = needs_attention OR %(needs_attention)s
        WHERE id = %(id)s AND due_at IS NOT NULL
        """,
        {
            "id": id,
            "due_at": due_at,
            "not_asked": not_asked,
            "not_tried": not_tried,
            "needs_attention": needs_attention,
        },
    )
    return touched == 1
