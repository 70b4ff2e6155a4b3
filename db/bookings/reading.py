"""Finding bookings."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from db.bookings.rows import BookingRow, ChangesRow
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


async def whole(tx: Transaction, *, id: UUID, lock: bool = False) -> list[BookingRow]:  # noqa: A002
    """A booking, or all phases of a composite one, first one first.

    Args:
        tx: Where.
        id: Of the booking, or of the first phase.
        lock: They are to change together.
    """
    query = "SELECT * FROM booking WHERE id = %(id)s OR group_id = %(id)s ORDER BY start_at, id"
    return await tx.all(query + " FOR UPDATE" if lock else query, {"id": id}, into=BookingRow)


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


async def of_caller(
    tx: Transaction,
    *,
    call_id: UUID,
    customer_id: UUID | None,
    number: str | None,
    spoken_of: Collection[UUID] = (),
    now: datetime,
) -> list[BookingRow]:
    """What a caller may see and change, next one first; a group by its first phase.

    Args:
        tx: Where.
        call_id: The call: what was wished for in it is the caller's, whoever that is.
        customer_id: Who is calling, as far as that is known.
        number: E.164, if everybody's bookings who use it are the caller's business.
        spoken_of: These also if they are over or do not stand any more.
        now: When.
    """
    return await tx.all(
        """
        SELECT * FROM booking
        WHERE (call_id = %(call_id)s OR attendee_number = %(number)s
                OR customer_id = ANY (%(customer_id)s::uuid || ARRAY(
                    SELECT customer_id FROM customer_number WHERE number = %(number)s)))
            AND (id = ANY (%(spoken_of)s) OR coalesce(group_end_at, end_at) > %(now)s
                AND state NOT IN ('cancelled', 'failed'))
            AND coalesce(group_id, id) = id
        ORDER BY start_at, id
        """,
        {
            "call_id": call_id,
            "customer_id": customer_id,
            "number": number,
            "spoken_of": list(spoken_of),
            "now": now,
        },
        into=BookingRow,
    )


async def changes(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    customer_id: UUID | None,
    after: timedelta,
) -> ChangesRow:
    """How often callers moved a booking, and when its customer cancelled any.

    What the business changed in its calendar does not count, nor what a caller corrected `after`
    a booking was made or sooner.
    """
    return await tx.only(
        """
        SELECT (
            SELECT count(*)
            FROM domain_event AS event JOIN booking ON booking.id = event.booking_id
            WHERE event.booking_id = %(id)s AND event.kind = 'Moved'
                AND event.facts ->> 'from' = 'moving'
                AND event.recorded_at - booking.created_at > %(after)s
        ) AS moves, ARRAY(
            SELECT event.recorded_at
            FROM booking JOIN domain_event AS event
                ON event.business_id = booking.business_id AND event.booking_id = booking.id
            WHERE booking.customer_id = %(customer_id)s AND event.kind = 'Cancelled'
                AND coalesce(booking.group_id, booking.id) = booking.id
                AND event.facts ->> 'from' = 'cancelling'
                AND event.recorded_at - booking.created_at > %(after)s
        ) AS cancelled_at
        """,
        {"id": id, "customer_id": customer_id, "after": after},
        into=ChangesRow,
    )
