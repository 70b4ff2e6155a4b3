"""Customers and their numbers. A number has one owner; others who use it are linked to it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from db.states import CustomerOrigin
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A person; `is_owner` of the number that was asked for."""

    id: UUID
    name: str = field(repr=False)
    name_normalised: str = field(repr=False)
    """Empty while the name is unknown."""
    salutation: str | None
    language: str | None
    email: str | None = field(repr=False)
    is_owner: bool
    created_at: datetime


async def on_number(tx: Transaction, *, number: str) -> list[CustomerRow]:
    """Who uses this number (E.164), its owner first, then as they came."""
    return await tx.all(
        """
        SELECT customer.*, customer_number.is_owner
        FROM customer_number
        JOIN customer ON customer.id = customer_number.customer_id
        WHERE customer_number.number = %(number)s
        ORDER BY customer_number.is_owner DESC, customer_number.created_at, customer.id
        """,
        {"number": number},
        into=CustomerRow,
    )


async def add_contact(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    number: str | None,
    name: str,
    name_normalised: str,
    language: str | None,
    origin: CustomerOrigin,
    now: datetime,
    salutation: str | None = None,
    email: str | None = None,
) -> UUID:
    """The customer of this name on this number, made now if there is none.

    However many do this at once, they end up with one record, and a new number with one owner.
    Who gives no name is the number's owner. A nameless record is adopted by the first name.
    Without a number (hidden, or none) a customer is known by `id` only.

    Args:
        tx: Where.
        id: Of the record, if it must be made. The same one again changes nothing.
        number: E.164.
        name: As it is written.
        name_normalised: As it is compared; empty if the name is unknown.
        language: `de`, `en` or unknown.
        origin: Who told us.
        now: When.
        salutation: As in "Frau".
        email: Their own, never one that we made up.

    Returns:
        The record's id: the given one, or that of the record that was there first.
    """
    params = {
        "id": id,
        "number": number,
        "name": name,
        "name_normalised": name_normalised,
        "language": language,
        "origin": origin,
        "now": now,
        "salutation": salutation,
        "email": email,
    }
    if number is None:
        await tx.run(_ADD_PERSON, params)
        return id
    return await tx.only(_ADD_CONTACT, params, into=UUID)


async def rename(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    name: str,
    name_normalised: str,
    now: datetime,
) -> None:
    """Correct a name; the numbers follow.

    Raises:
        AlreadyExists: On one of these numbers there is another customer of that name.
    """
    await tx.run(
        """
        UPDATE customer
        SET name = %(name)s, name_normalised = %(name_normalised)s, updated_at = %(now)s
        WHERE id = %(id)s
        """,
        {"id": id, "name": name, "name_normalised": name_normalised, "now": now},
    )


async def email_of(tx: Transaction, *, id: UUID) -> str | None:  # noqa: A002
    """A person's own e-mail address, if we have been told one."""
    return await tx.one("SELECT email FROM customer WHERE id = %(id)s", {"id": id}, into=str)


_ADD_PERSON = """
INSERT INTO customer (
    id, business_id, name, name_normalised, salutation, language, email, origin,
    created_at, updated_at)
VALUES (
    %(id)s, %(business_id)s, %(name)s, %(name_normalised)s, %(salutation)s, %(language)s,
    %(email)s, %(origin)s, %(now)s, %(now)s)
ON CONFLICT DO NOTHING
"""

# Contacts on one number come one after another, each seeing what the one before has left: the lock
# and the statement are one message, but each has a snapshot of its own. The unique indexes would
# refuse two records of one name, but not a nameless one beside that of the same person's name.
_ADD_CONTACT = """
SELECT pg_advisory_xact_lock(hashtextextended(%(business_id)s || '/' || %(number)s, 0));
WITH known AS (
    SELECT customer_id, name_normalised, is_owner FROM customer_number WHERE number = %(number)s
), same AS (
    SELECT customer_id FROM known
    WHERE name_normalised = %(name_normalised)s OR (%(name_normalised)s = '' AND is_owner)
    UNION ALL
    SELECT id FROM customer WHERE id = %(id)s AND name_normalised = %(name_normalised)s
    LIMIT 1
), adopted AS (
    UPDATE customer SET
        name = %(name)s, name_normalised = %(name_normalised)s, updated_at = %(now)s,
        salutation = coalesce(%(salutation)s, salutation),
        language = coalesce(language, %(language)s), email = coalesce(email, %(email)s)
    WHERE id IN (SELECT customer_id FROM known WHERE name_normalised = '')
        AND %(name_normalised)s <> '' AND NOT EXISTS (SELECT FROM same)
    RETURNING id
), person AS (
    INSERT INTO customer (
        id, business_id, name, name_normalised, salutation, language, email, origin,
        created_at, updated_at)
    SELECT
        %(id)s, %(business_id)s::uuid, %(name)s, %(name_normalised)s, %(salutation)s, %(language)s,
        %(email)s, %(origin)s, %(now)s, %(now)s
    WHERE NOT EXISTS (SELECT FROM same) AND NOT EXISTS (SELECT FROM adopted)
    RETURNING id
), contact AS (
    SELECT customer_id AS id FROM same
    UNION ALL SELECT id FROM adopted
    UNION ALL SELECT id FROM person
), reached AS (
    INSERT INTO customer_number (
        business_id, customer_id, number, name_normalised, is_owner, created_at)
    SELECT
        %(business_id)s::uuid, id, %(number)s, %(name_normalised)s,
        NOT EXISTS (SELECT FROM known WHERE is_owner), %(now)s
    FROM contact WHERE id NOT IN (SELECT customer_id FROM known)
)
SELECT id FROM contact
"""
