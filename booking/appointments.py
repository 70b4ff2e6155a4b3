"""What the desk must know about appointments before it changes any."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from booking.bookings import Booking, BookingState, span_of
from booking.errors import AlreadyBooked
from booking.slots import Slot, Span
from db import bookings
from db.database import Database
from db.transaction import Transaction

POLL_SECONDS: Final = 0.05
"""Between two looks at a row that somebody else is changing."""

_IN_FLIGHT: Final = frozenset({BookingState.PENDING, BookingState.MOVING, BookingState.CANCELLING})
"""States in which somebody is waiting for Cal.com right now, or has died waiting."""


async def settled(
    database: Database, business_id: UUID, booking_id: UUID, *, answer_by: float
) -> Booking:
    """A booking that another request is changing, once it is settled or time is up.

    Args:
        database: Where.
        business_id: Whose it is.
        booking_id: Ours.
        answer_by: On the event loop's clock, in seconds.
    """
    while True:
        async with database.single(business_id) as tx:
            booking = await bookings.get(tx, id=booking_id)
        if booking is None:
            raise LookupError(f"there is no booking {booking_id}")
        if booking.state not in _IN_FLIGHT or is_past(answer_by):
            return booking
        await asyncio.sleep(POLL_SECONDS)


def is_past(moment: float) -> bool:
    """Whether a moment on the event loop's clock is over."""
    return asyncio.get_running_loop().time() >= moment


def holder_of(booking: Booking) -> UUID:
    """Whose claims a booking's are: all phases of a group share theirs."""
    return booking.group_id or booking.id


async def refuse_second(
    tx: Transaction, customer_id: UUID, slot: Slot, *, wish: UUID, now: datetime
) -> None:
    """Nobody can be in two places: another appointment at that time is named instead.

    Raises:
        AlreadyBooked: There is one, other than this wish itself.
    """
    own = await bookings.upcoming_of_customer(tx, customer_id=customer_id, now=now)
    wished = Span(slot.start, slot.end)
    others: Sequence[Booking] = [
        booking for booking in own if booking.wish_id != wish and wished.overlaps(span_of(booking))
    ]
    if others:
        raise AlreadyBooked(others)
