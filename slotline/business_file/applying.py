"""Making a database say what a business file says: in one transaction, and twice is once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from booking.names import normalised
from booking.vault import Vault
from db import businesses, customers
from db.database import Database
from db.states import BusinessStatus, CustomerOrigin
from db.transaction import Transaction
from slotline.business_file.changes import Change, Effect, differences
from slotline.business_file.credentials import GRACE, Replacement, replacements
from slotline.business_file.schema import BusinessFile, Customer
from slotline.business_file.sheet import Entry, Fields, Sheet, Stored, present, wanted


@dataclass(frozen=True, slots=True)
class Changes:
    """What applying a file changed, or would change; empty if nothing."""

    slug: str
    business_id: UUID
    lines: Sequence[Change]

    def __bool__(self) -> bool:
        return bool(self.lines)


async def apply(
    file: BusinessFile, *, database: Database, vault: Vault, now: datetime, dry_run: bool = False
) -> Changes:
    """Make the database say what the file says.

    Entries that the file no longer names are no longer offered, but kept for what was booked.
    Credentials and customers are added or replaced, never removed; a disabled business stays so.

    Args:
        file: As read.
        database: Connected as the owner of the tables (`role=None`).
        vault: Seals the credentials.
        now: Aware UTC.
        dry_run: Write nothing.

    Raises:
        DatabaseError: See `db.errors`; nothing was written.
        SecretKeyWrong: What is stored was sealed with another key; nothing was written.
    """
    async with database.registry() as registry:
        row = await businesses.by_slug(registry, slug=file.slug)
    business_id = row.id if row else uuid4()
    async with database.transaction(business_id) as tx:
        stored = await present(tx, row) if row else Stored()
        sheet = wanted(file)
        changes = list(differences(stored.sheet, sheet))
        secrets = list(replacements(file, await businesses.credentials(tx), vault=vault, now=now))
        strangers = [each for each in file.customers if not await _is_known(tx, each)]
        if not dry_run:
            status = row.status if row else BusinessStatus.ACTIVE
            await _write(tx, changes, sheet, stored.ids, status=status, now=now)
            for each in secrets:
                await _store(tx, each, vault=vault, now=now)
            for customer in strangers:
                await _introduce(tx, customer, now=now)
    return Changes(
        file.slug,
        business_id,
        [
            *changes,
            *(each.change for each in secrets),
            *(Change(Effect.ADDED, ("customer", each.number)) for each in strangers),
        ],
    )


async def _write(
    tx: Transaction,
    changes: Sequence[Change],
    sheet: Sheet,
    ids: dict[Entry, UUID],
    *,
    status: BusinessStatus,
    now: datetime,
) -> None:
    """Write what differs, parents first, as a sheet has them."""
    for change in changes:
        if change.effect is not Effect.REMOVED:
            entry = change.entry
            if entry[0] == "business":
                slug = entry[1]
                await businesses.put_business(tx, slug=slug, status=status, now=now, **sheet[entry])
            else:
                ids[entry] = await _put(tx, entry, sheet[entry], ids)
    if any(change.effect is Effect.REMOVED for change in changes):
        await businesses.retire_absent(
            tx,
            line_numbers=_keys(sheet, "line"),
            staff_slugs=_keys(sheet, "staff"),
            service_slugs=_keys(sheet, "service"),
            calcom_ids=[int(key) for key in _keys(sheet, "event type")],
        )


async def _put(tx: Transaction, entry: Entry, fields: Fields, ids: dict[Entry, UUID]) -> UUID:
    kind, key = entry
    match kind:
        case "line":
            return await businesses.put_line(tx, id=uuid4(), number=key, **fields)
        case "staff":
            return await businesses.put_staff(tx, id=uuid4(), slug=key, **fields)
        case "service":
            return await businesses.put_service(tx, id=uuid4(), slug=key, **fields)
        case _:
            rest = dict(fields)
            service, staff = rest.pop("service"), rest.pop("staff")
            return await businesses.put_event_type(
                tx,
                id=uuid4(),
                calcom_id=int(key),
                service_id=ids["service", service],
                staff_id=ids["staff", staff] if staff else None,
                **rest,
            )


def _keys(sheet: Sheet, kind: str) -> list[str]:
    return [key for of_kind, key in sheet if of_kind == kind]


async def _store(tx: Transaction, new: Replacement, *, vault: Vault, now: datetime) -> None:
    for replaced in new.replaces:
        await businesses.retire_credential(tx, id=replaced, at=now + GRACE)
    sealed = vault.seal(new.secret)
    await businesses.put_credential(tx, id=uuid4(), name=new.name, secret_encrypted=sealed, now=now)


async def _is_known(tx: Transaction, customer: Customer) -> bool:
    name = normalised(customer.name)
    on_number = await customers.on_number(tx, number=customer.number)
    return any(row.name_normalised == name for row in on_number)


async def _introduce(tx: Transaction, customer: Customer, *, now: datetime) -> None:
    await customers.add_contact(
        tx,
        id=uuid4(),
        number=customer.number,
        name=customer.name,
        name_normalised=normalised(customer.name),
        salutation=customer.salutation,
        language=customer.language,
        origin=CustomerOrigin.IMPORT,
        now=now,
    )
