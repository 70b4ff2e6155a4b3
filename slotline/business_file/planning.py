"""What a business file would change in a database: looked at, and nothing written."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from booking.names import normalised
from booking.vault import Vault
from db import businesses, customers
from db.businesses import BusinessRow
from db.transaction import Transaction
from slotline.business_file.changes import Change, Effect, differences
from slotline.business_file.credentials import Replacement, replacements
from slotline.business_file.schema import BusinessFile, Customer
from slotline.business_file.sheet import Entry, Sheet, Stored, as_followed, present, wanted


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that differs, and what is needed to write it."""

    offer: Sequence[Change]
    sheet: Sheet
    ids: dict[Entry, UUID]
    """Of what is there already."""
    credentials: Sequence[Replacement] = field(repr=False)
    strangers: Sequence[Customer] = field(repr=False)

    @property
    def changes(self) -> list[Change]:
        """All of it, in lines for people."""
        return [
            *self.offer,
            *(each.change for each in self.credentials),
            *(Change(Effect.ADDED, ("customer", each.number)) for each in self.strangers),
        ]


async def plan(
    tx: Transaction, file: BusinessFile, row: BusinessRow | None, *, vault: Vault, now: datetime
) -> Plan:
    """Compare a file with the business that `tx` is in.

    Args:
        tx: As the owner of the tables.
        file: What is wanted.
        row: What is there; `None` for a new business.
        vault: Opens the credentials that are there.
        now: Aware UTC; decides which of them have retired.

    Raises:
        SecretKeyWrong: They were sealed with another key.
    """
    async with _behind_the_wall(tx):
        stored = await present(tx, row) if row else Stored()
        credentials = await businesses.credentials(tx)
        strangers = [each for each in file.customers if not await _is_known(tx, each)]
    sheet = as_followed(wanted(file), stored)
    return Plan(
        offer=list(differences(stored.sheet, sheet)),
        sheet=sheet,
        ids=stored.ids,
        credentials=list(replacements(file, credentials, vault=vault, now=now)),
        strangers=strangers,
    )


@asynccontextmanager
async def _behind_the_wall(tx: Transaction) -> AsyncIterator[None]:
    """Read as the application: the owner may be above row-level security and see every business."""
    await tx.run("SET LOCAL ROLE slotline_app")
    yield
    await tx.run("SET LOCAL ROLE NONE")


async def _is_known(tx: Transaction, customer: Customer) -> bool:
    name = normalised(customer.name)
    on_number = await customers.on_number(tx, number=customer.number)
    return any(row.name_normalised == name for row in on_number)
