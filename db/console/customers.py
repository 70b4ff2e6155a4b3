"""Customers as people look them up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from db.states import BookingState, CustomerOrigin
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class CustomerListRow:
    """Somebody who is known."""

    id: UUID
    name: str = field(repr=False)
    salutation: str | None
    email: str | None = field(repr=False)
    language: str | None
    origin: CustomerOrigin
    numbers: Sequence[str] = field(repr=False)
    """Their own first, then those that they share."""
    bookings: int
    next_at: datetime | None
    last_call_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """One appointment of a customer's."""

    id: UUID
    call_id: UUID | None
    service_id: UUID
    staff_id: UUID | None
    state: BookingState
    start_at: datetime


@dataclass(frozen=True, slots=True)
class CustomerCallRow:
    """One call from a number of a customer's."""

    id: UUID
    started_at: datetime
    ended_at: datetime | None
    open_flags: int


_LIST = """
    SELECT customer.*,
        ARRAY(SELECT number FROM customer_number WHERE customer_id = customer.id
            ORDER BY is_owner DESC, created_at) AS numbers,
        (SELECT count(*) FROM booking WHERE booking.customer_id = customer.id
            AND coalesce(group_id, booking.id) = booking.id) AS bookings,
        (SELECT min(start_at) FROM booking WHERE booking.customer_id = customer.id
            AND start_at > %(now)s AND state NOT IN ('cancelled', 'failed')) AS next_at,
        (SELECT max(started_at) FROM call WHERE caller_number IN (
            SELECT number FROM customer_number WHERE customer_id = customer.id)) AS last_call_at
    FROM customer
"""


async def find(
    tx: Transaction, *, name: str | None, digits: str | None, now: datetime, at_most: int = 50
) -> list[CustomerListRow]:
    """Customers by part of their name or number, by name; those who came last if neither."""
    return await tx.all(
        _LIST
        + """
        WHERE (%(name)s::text IS NULL OR strpos(lower(name), lower(%(name)s)) > 0)
            AND (%(digits)s::text IS NULL OR EXISTS (
                SELECT FROM customer_number WHERE customer_id = customer.id
                    AND number LIKE '%%' || %(digits)s || '%%'))
        ORDER BY
            CASE WHEN %(name)s::text IS NULL AND %(digits)s::text IS NULL THEN created_at END DESC,
            name, id
        LIMIT %(at_most)s
        """,
        {"name": name, "digits": digits, "now": now, "at_most": at_most},
        into=CustomerListRow,
    )


async def get(tx: Transaction, *, id: UUID, now: datetime) -> CustomerListRow | None:  # noqa: A002
    """A customer."""
    return await tx.one(
        _LIST + " WHERE customer.id = %(id)s", {"id": id, "now": now}, into=CustomerListRow
    )


async def appointments(tx: Transaction, *, customer_id: UUID) -> list[AppointmentRow]:
    """A customer's appointments, newest first; a group by its first phase."""
    return await tx.all(
        """
        SELECT * FROM booking
        WHERE customer_id = %(customer_id)s AND coalesce(group_id, id) = id
        ORDER BY start_at DESC, id LIMIT 100
        """,
        {"customer_id": customer_id},
        into=AppointmentRow,
    )


async def calls(tx: Transaction, *, customer_id: UUID) -> list[CustomerCallRow]:
    """Calls from a customer's numbers, newest first."""
    return await tx.all(
        """
        SELECT call.*, (SELECT count(*) FROM flag
            WHERE flag.call_id = call.id AND flag.state = 'open') AS open_flags
        FROM call WHERE caller_number IN (
            SELECT number FROM customer_number WHERE customer_id = %(customer_id)s)
        ORDER BY started_at DESC, id LIMIT 100
        """,
        {"customer_id": customer_id},
        into=CustomerCallRow,
    )


async def twins(tx: Transaction, *, id: UUID, now: datetime) -> list[CustomerListRow]:  # noqa: A002
    """Who may be the same person: on a number of theirs, or of the same name."""
    return await tx.all(
        _LIST
        + """
        WHERE customer.id <> %(id)s AND (
            name_normalised <> '' AND name_normalised = (
                SELECT name_normalised FROM customer WHERE id = %(id)s)
            OR EXISTS (
                SELECT FROM customer_number AS other
                JOIN customer_number AS own ON own.number = other.number
                WHERE other.customer_id = customer.id AND own.customer_id = %(id)s))
        ORDER BY name, id LIMIT 20
        """,
        {"id": id, "now": now},
        into=CustomerListRow,
    )
