"""Whether the house allows a change: its rules, asked about a booking as it stands."""

from datetime import datetime
from uuid import UUID

from booking.bookings import Booking
from booking.business import Business, Line
from booking.policy import (
    GRACE,
    Policy,
    Standing,
    Verdict,
    may_cancel,
    may_move,
    policy_for,
    within_grace,
)
from db import bookings
from db.database import Database


class Weighing:
    """Asks the rules. It reads something only where a quota wants to know what was done before."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def may_move(
        self, business: Business, line: Line, booking: Booking, *, call_id: UUID, now: datetime
    ) -> Verdict:
        """Whether this call may move a booking now, wherever to, and for which fee."""
        policy = _policy(business, line, booking)
        quota = policy.moves_per_booking is not None
        standing = await self._standing(booking, call_id=call_id, now=now, quota=quota)
        return may_move(policy, standing, now=now)

    async def may_cancel(
        self, business: Business, line: Line, booking: Booking, *, call_id: UUID, now: datetime
    ) -> Verdict:
        """Whether this call may cancel a booking now, and for which fee."""
        policy = _policy(business, line, booking)
        quota = policy.cancellations is not None
        standing = await self._standing(booking, call_id=call_id, now=now, quota=quota)
        return may_cancel(policy, standing, now=now)

    async def _standing(
        self, booking: Booking, *, call_id: UUID, now: datetime, quota: bool
    ) -> Standing:
        of_this_call = booking.call_id == call_id
        standing = Standing(booking.start_at, booking.created_at, of_this_call)
        if not quota or within_grace(standing, now=now):
            return standing
        async with self._db.single(booking.business_id) as tx:
            before = await bookings.changes(
                tx, id=booking.id, customer_id=booking.customer_id, after=GRACE
            )
        return Standing(
            booking.start_at,
            booking.created_at,
            of_this_call,
            moves=before.moves,
            cancelled_at=tuple(before.cancelled_at),
        )


def _policy(business: Business, line: Line, booking: Booking) -> Policy:
    service = next((each for each in business.services if each.id == booking.service_id), None)
    staff = next((each for each in business.staff if each.id == booking.staff_id), None)
    return policy_for(business, line, service, staff)
