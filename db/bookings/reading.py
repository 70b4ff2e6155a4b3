"""Finding bookings."""

from datetime import datetime
from uuid import UUID

from db.bookings.rows import BookingRow
from db.transaction import Transaction


async def get(tx: Transaction, *, id: UUID) -> BookingRow | None:  # noqa: A002
    """A booking by our own id."""
    return await tx.one("SELECT * FROM booking WHERE id = %(id)s", {"id": id}, into=BookingRow)


async def live_by_wish(tx: Transaction, *, wish_id: UUID) -> BookingRow | None:
    """The booking that this wish has led to and that has not come to nothing."""
    return await tx.one(
        """
        SELECT * FROM booking
        WHERE wish_id = %(wish_id)s AND state NOT IN ('cancelled', 'failed')
        """,
        {"wish_id": wish_id},
        into=BookingRow,
    )


async def of_group(tx: Transaction, *, group_id: UUID, lock: bool = False) -> list[BookingRow]:
    """The phases of a composite booking, first one first; locked if they are to change together."""
    query = "SELECT * FROM booking WHERE group_id = %(group_id)s ORDER BY start_at, id"
    return await tx.all(
        query + " FOR UPDATE" if lock else query, {"group_id": group_id}, into=BookingRow
    )


async def of_call(tx: Transaction, *, call_id: UUID) -> list[BookingRow]:
    """What was wished for in a call, in that order, whatever became of it."""
    return await tx.all(
        "SELECT * FROM booking WHERE call_id = %(call_id)s ORDER BY created_at, id",
        {"call_id": call_id},
        into=BookingRow,
    )


async def upcoming_of_customer(
    tx: Transaction, *, customer_id: UUID, now: datetime
) -> list[BookingRow]:
    """A customer's live bookings that are not over, next one first; a group by its first phase."""
    return await tx.all(
        """
        SELECT * FROM booking
        WHERE customer_id = %(customer_id)s AND coalesce(group_end_at, end_at) > %(now)s
            AND state NOT IN ('cancelled', 'failed') AND coalesce(group_id, id) = id
        ORDER BY start_at, id
        """,
        {"customer_id": customer_id, "now": now},
        into=BookingRow,
    )


async def upcoming_of_number(tx: Transaction, *, number: str, now: datetime) -> list[BookingRow]:
    """The same of everybody who uses a number (E.164)."""
    return await tx.all(
        """
        SELECT * FROM booking
        WHERE (attendee_number = %(number)s OR customer_id IN (
                SELECT customer_id FROM customer_number WHERE number = %(number)s))
            AND coalesce(group_end_at, end_at) > %(now)s
            AND state NOT IN ('cancelled', 'failed') AND coalesce(group_id, id) = id
        ORDER BY start_at, id
        """,
        {"number": number, "now": now},
        into=BookingRow,
    )
