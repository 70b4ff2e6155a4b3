"""Customers by the hundred, as lists of them are taken over. One by one is `db.customers`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from db.states import CustomerOrigin
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A customer on a number."""

    customer_id: UUID
    number: str = field(repr=False)
    is_owner: bool
    name_normalised: str = field(repr=False)
    salutation: str | None
    email: str | None = field(repr=False)
    language: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A customer to be made or completed; `None` says nothing."""

    id: UUID
    name: str | None = field(repr=False)
    name_normalised: str = field(repr=False)
    salutation: str | None
    email: str | None = field(repr=False)
    language: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """A number that a customer gets."""

    customer_id: UUID
    number: str = field(repr=False)
    name_normalised: str = field(repr=False)
    is_owner: bool


async def on_numbers(tx: Transaction, *, numbers: Collection[str]) -> list[NumberRow]:
    """Who uses any of these numbers; until the transaction ends nobody else gets one of them.

    The locks are those of `db.customers.add_contact`, taken in the order of the numbers.
    """
    return await tx.all(
        """
        SELECT pg_advisory_xact_lock(hashtextextended(%(business_id)s || '/' || number, 0))
        FROM (SELECT DISTINCT unnest(%(numbers)s::text[]) AS number ORDER BY 1) AS wanted;
        SELECT
            customer_id, number, is_owner, customer.name_normalised, salutation, email, language
        FROM customer_number JOIN customer ON customer.id = customer_number.customer_id
        WHERE number = ANY (%(numbers)s::text[])
        ORDER BY number, is_owner DESC, customer_number.created_at, customer_id
        """,
        {"numbers": list(numbers)},
        into=NumberRow,
    )


async def write(
    tx: Transaction,
    *,
    new: Sequence[Entry],
    completed: Sequence[Entry],
    links: Sequence[Link],
    origin: CustomerOrigin,
    now: datetime,
) -> None:
    """Make customers, fill in what was not known of others, and link numbers to both."""
    await tx.run(_ADD, {**_columns(new), "origin": origin, "now": now})
    await tx.run(_COMPLETE, {**_columns(completed), "now": now})
    await tx.run(
        _LINK,
        {
            "ids": [link.customer_id for link in links],
            "numbers": [link.number for link in links],
            "names": [link.name_normalised for link in links],
            "owners": [link.is_owner for link in links],
            "now": now,
        },
    )


def _columns(entries: Sequence[Entry]) -> dict[str, object]:
    return {
        "ids": [entry.id for entry in entries],
        "names": [entry.name for entry in entries],
        "normalised": [entry.name_normalised for entry in entries],
        "salutations": [entry.salutation for entry in entries],
        "emails": [entry.email for entry in entries],
        "languages": [entry.language for entry in entries],
    }


_ADD = """
INSERT INTO customer (
    id, business_id, name, name_normalised, salutation, email, language, origin,
    created_at, updated_at)
SELECT
    id, %(business_id)s::uuid, name, name_normalised, salutation, email, language, %(origin)s,
    %(now)s, %(now)s
FROM unnest(
    %(ids)s::uuid[], %(names)s::text[], %(normalised)s::text[], %(salutations)s::text[],
    %(emails)s::text[], %(languages)s::text[]
) AS entry (id, name, name_normalised, salutation, email, language)
"""

_COMPLETE = """
UPDATE customer SET
    name = coalesce(entry.name, customer.name), name_normalised = entry.name_normalised,
    salutation = coalesce(customer.salutation, entry.salutation),
    email = coalesce(customer.email, entry.email),
    language = coalesce(customer.language, entry.language),
    updated_at = %(now)s
FROM unnest(
    %(ids)s::uuid[], %(names)s::text[], %(normalised)s::text[], %(salutations)s::text[],
    %(emails)s::text[], %(languages)s::text[]
) AS entry (id, name, name_normalised, salutation, email, language)
WHERE customer.id = entry.id
"""

_LINK = """
INSERT INTO customer_number (
    business_id, customer_id, number, name_normalised, is_owner, created_at)
SELECT %(business_id)s::uuid, customer_id, number, name_normalised, is_owner, %(now)s
FROM unnest(%(ids)s::uuid[], %(numbers)s::text[], %(names)s::text[], %(owners)s::boolean[])
    AS link (customer_id, number, name_normalised, is_owner)
"""
