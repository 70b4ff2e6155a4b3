"""Making a database say what a business file says: in one transaction, and twice is once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID, uuid4

from booking.names import normalised
from booking.vault import Vault
from db import businesses, customers
from db.database import Database
from db.states import BusinessStatus, CustomerOrigin
from db.transaction import Transaction
from slotline.business_file.changes import Change, Effect
from slotline.business_file.credentials import GRACE, Replacement
from slotline.business_file.planning import Plan, plan
from slotline.business_file.schema import BusinessFile, Customer
from slotline.business_file.sheet import Entry, Fields


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
        database: Connected as the owner of the tables (`role=None`), who may become the
            application's role.
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
        found = await plan(tx, file, row, vault=vault, now=now)
        if not dry_run:
            status = row.status if row else BusinessStatus.ACTIVE
            await _write_offer(tx, found, status=status, now=now)
            for credential in found.credentials:
                await _store(tx, credential, vault=vault, now=now)
            for customer in found.strangers:
                await _introduce(tx, customer, now=now)
    return Changes(file.slug, business_id, found.changes)


async def _write_offer(
    tx: Transaction, found: Plan, *, status: BusinessStatus, now: datetime
) -> None:
    """Write what differs; parents come first in a sheet."""
    for change in found.offer:
        kind, key = entry = change.entry
        if change.effect is Effect.REMOVED:
            await tx.run(_RETIRE[kind], {"key": key})
        elif kind == "business":
            fields = found.sheet[entry]
            await businesses.put_business(tx, slug=key, status=status, now=now, **fields)
        else:
            found.ids[entry] = await _put(tx, entry, found.sheet[entry], found.ids)


async def _put(tx: Transaction, entry: Entry, fields: Fields, ids: Mapping[Entry, UUID]) -> UUID:
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
            service, staff, hosts = rest.pop("service"), rest.pop("staff"), rest.pop("hosts")
            return await businesses.put_event_type(
                tx,
                id=uuid4(),
                calcom_id=int(key),
                service_id=ids["service", service],
                staff_id=ids["staff", staff] if staff else None,
                host_ids=[ids["staff", host] for host in hosts],
                **rest,
            )


# The business is named in each: the owner may be above row-level security.
_RETIRE: Mapping[str, LiteralString] = {
    "line": """
        UPDATE line SET active = false
        WHERE business_id = %(business_id)s AND number = %(key)s""",
    "staff": """
        UPDATE staff SET active = false
        WHERE business_id = %(business_id)s AND slug = %(key)s""",
    "service": """
        UPDATE service SET active = false
        WHERE business_id = %(business_id)s AND slug = %(key)s""",
    "event type": """
        UPDATE event_type SET active = false
        WHERE business_id = %(business_id)s AND calcom_id = %(key)s::bigint""",
}


async def _store(tx: Transaction, credential: Replacement, *, vault: Vault, now: datetime) -> None:
    for replaced in credential.replaces:
        await businesses.retire_credential(tx, id=replaced, at=now + GRACE)
    sealed = vault.seal(credential.secret)
    await businesses.put_credential(
        tx, id=uuid4(), name=credential.name, secret_encrypted=sealed, now=now
    )


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
