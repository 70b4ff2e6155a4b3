"""Bookings that are not settled: their rows are the queue."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from booking.delivery import Delivery
from booking.directory import Directory
from db import bookings
from db.bookings import LeasedRow
from db.database import Database
from server.backoff import Backoff

LEASE: Final = timedelta(seconds=60)
"""Longer than one booking takes at Cal.com's worst; after a crash the booking is due again."""

_AGAIN: Final = Backoff(timedelta(seconds=5), timedelta(minutes=10))
"""A promise was made to a caller: it is never given up here, and an old one is flagged."""


class DueBookings:
    """Settles bookings whose writer died, or could not know what came of its request."""

    name = "bookings"

    def __init__(
        self,
        *,
        database: Database,
        leasing: Database,
        directory: Directory,
        delivery: Delivery,
        clock: Callable[[], datetime],
    ) -> None:
        """`leasing` is connected as the worker's role."""
        self._db = database
        self._leasing = leasing
        self._directory = directory
        self._delivery = delivery
        self._clock = clock

    async def take(self, at_most: int) -> Sequence[LeasedRow]:
        """Lease bookings of any business."""
        async with self._leasing.registry() as tx:
            return await bookings.lease_due(tx, now=self._clock(), lease=LEASE, at_most=at_most)

    async def work(self, item: LeasedRow) -> None:
        """Settle one. That of a disabled business waits until it is served again."""
        access = await self._directory.access_of(item.business_id)
        if access is None:
            await self._put_off(item, self._clock() + _AGAIN.longest)
            return
        async with self._db.single(item.business_id) as tx:
            booking = await bookings.get(tx, id=item.id)
        if booking:
            await self._delivery.resume(access.business, booking, now=self._clock())

    async def put_off(self, item: LeasedRow, error: Exception | None) -> None:
        """Come back later and later."""
        if error is None:
            await self._put_off(item, self._clock())
            return
        async with self._db.single(item.business_id) as tx:
            booking = await bookings.get(tx, id=item.id)
        if booking:
            await self._put_off(item, self._clock() + _AGAIN.after(booking.attempts))

    async def _put_off(self, item: LeasedRow, due_at: datetime) -> None:
        async with self._db.single(item.business_id) as tx:
            await bookings.postpone(tx, id=item.id, due_at=due_at)
