"""Who the business knows on a number. Identity comes from the number, never from a name alone."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from booking.bookings import Booking
from booking.introducing import Changes, Outcome, Person, Record, Register
from db import bookings, customers, introductions
from db.customers import CustomerRow as Customer
from db.database import Database
from db.introductions import Entry, Link
from db.states import CustomerOrigin
from db.transaction import Transaction

__all__ = ["Customer", "Customers"]


class Customers:
    """Looks customers up within one business; a number known elsewhere is unknown here."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def on_number(self, business_id: UUID, number: str | None) -> list[Customer]:
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

    async def introduce(
        self,
        business_id: UUID,
        people: Sequence[Person],
        register: Register,
        *,
        origin: CustomerOrigin,
        now: datetime,
        dry_run: bool = False,
    ) -> list[Outcome]:
        """Make a few hundred people of a list known, all at once or none.

        Args:
            business_id: To whom.
            people: The next ones of the list.
            register: The same for the whole list: it knows those before.
            origin: Where the list comes from.
            now: When.
            dry_run: Only tell what would become of each.

        Raises:
            DatabaseError: None of these was added; those before them are.
        """
        numbers = sorted({number for person in people for number in person.numbers})
        async with self._db.transaction(business_id) as tx:
            register.learn(await introductions.on_numbers(tx, numbers=numbers))
            outcomes = [register.introduce(person) for person in people]
            changes = register.changes()
            if not dry_run:
                await _write(tx, changes, origin=origin, now=now)
        return outcomes


async def _write(
    tx: Transaction, changes: Changes, *, origin: CustomerOrigin, now: datetime
) -> None:
    if changes.new or changes.completed or changes.links:
        await introductions.write(
            tx,
            new=_entries(changes.new.values()),
            completed=_entries(changes.completed.values()),
            links=[
                Link(each.customer_id, each.number, each.name_normalised, each.is_owner)
                for each in changes.links
            ],
            origin=origin,
            now=now,
        )


def _entries(records: Iterable[Record]) -> list[Entry]:
    return [
        Entry(each.id, each.name, each.name_normalised, each.salutation, each.email, each.language)
        for each in records
    ]
