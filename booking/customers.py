"""Who the business knows on a number. Identity comes from the number, never from a name alone."""

from datetime import datetime
from uuid import UUID

from booking.bookings import Booking
from db import bookings, customers
from db.customers import CustomerRow
from db.database import Database


class Customers:
    """Looks customers up within one business; a number known elsewhere is unknown here."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def on_number(self, business_id: UUID, number: str | None) -> list[CustomerRow]:
        """The customers on a number (E.164), its owner first; nobody on a hidden one."""
        if number is None:
            return []
        async with self._db.single(business_id) as tx:
            return await customers.on_number(tx, number=number)

    async def upcoming(
        self, business_id: UUID, number: str | None, *, now: datetime
    ) -> list[Booking]:
        """What the people on a number are expected for, next first; nothing on a hidden one."""
        if number is None:
            return []
        async with self._db.single(business_id) as tx:
            return await bookings.upcoming_of_number(tx, number=number, now=now)
