"""Accepting what awaits its host, in the host's name."""

from contextlib import suppress
from datetime import datetime

from booking.bookings import Booking, BookingState
from booking.business import Business
from booking.calendars import Calendars
from booking.errors import NotBookable
from booking.mirror import Mirror
from calcom.errors import NotPending
from db import bookings
from db.database import Database


class Accepting:
    """Tells Cal.com that the host agrees, and follows what it says then. Built once."""

    def __init__(self, *, database: Database, calendars: Calendars, mirror: Mirror) -> None:
        self._db = database
        self._calendars = calendars
        self._mirror = mirror

    async def accept(self, business: Business, booking: Booking, *, now: datetime) -> Booking:
        """Accept a booking at Cal.com. Twice is once.

        Returns:
            The booking: confirmed, unless somebody has changed it meanwhile.

        Raises:
            NotBookable: It does not await its host.
            CalcomError: Cal.com cannot be asked, or refuses.
            ServiceUnavailable: The business has no key.
        """
        if booking.state is not BookingState.AWAITING_HOST or booking.calcom_uid is None:
            raise NotBookable("not_awaiting_host")
        client = await self._calendars.of(business)
        with suppress(NotPending):  # the host was faster
            await client.confirm(booking.calcom_uid)
        await self._mirror.bring(business, booking.calcom_uid, our_id=booking.id, now=now)
        async with self._db.single(business.id) as tx:
            return await bookings.get(tx, id=booking.id) or booking
