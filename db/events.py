"""Domain events: recorded with a change, told to listeners after its commit.

What happens to rows (bookings, calls, webhooks, sync failures) is recorded by triggers in migration
0004, whatever else happens by `record`.
An event first lies in the outbox. A worker parcels it out: one row for each listener that wants it,
which then has its own attempts and its own due time.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from db.states import DomainEventKind
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something that happened. The facts are ids, states and times."""

    id: int
    business_id: UUID
    kind: DomainEventKind
    booking_id: UUID | None
    call_id: UUID | None
    facts: Mapping[str, Any]
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a listener is to be told."""

    listener: str
    kinds: Collection[DomainEventKind]


@dataclass(frozen=True, slots=True)
class LeasedDelivery:
    """An event that a worker must tell a listener, and whose it is."""

    event_id: int
    business_id: UUID
    listener: str
    attempts: int
    """This one included."""


async def record(
    tx: Transaction,
    *,
    kind: DomainEventKind,
    now: datetime,
    booking_id: UUID | None = None,
    call_id: UUID | None = None,
    facts: Mapping[str, Any] | None = None,
) -> int:
    """Record what happened, in the transaction in which it does.

    Args:
        tx: Where.
        kind: What happened.
        now: When.
        booking_id: To which booking; events of one are told in their order.
        call_id: In which call.
        facts: Ids, states and times, never names, numbers or what somebody said.

    Returns:
        The event's id.
    """
    return await tx.only(
        """
        INSERT INTO domain_event (business_id, kind, booking_id, call_id, facts, recorded_at)
        VALUES (%(business_id)s, %(kind)s, %(booking_id)s, %(call_id)s, %(facts)s, %(now)s)
        RETURNING id
        """,
        {
            "kind": kind,
            "booking_id": booking_id,
            "call_id": call_id,
            "facts": Jsonb(dict(facts or {})),
            "now": now,
        },
        into=int,
    )


async def parcel_out(
    tx: Transaction, subscriptions: Sequence[Subscription], *, at_most: int
) -> int:
    """Move events from the outbox to those who want them, in one statement.

    Of one booking's events a later one stays in the outbox for as long as an earlier one is seen
    there. So it never gets ahead of one that another worker is parcelling out at this moment.
    For the worker's role, in `registry`.

    Returns:
        How many events were taken from the outbox.
    """
    return await tx.only(
        """
        WITH wanted AS (
            SELECT * FROM unnest(%(listeners)s::text[], %(kinds)s::text[]) AS w (listener, kind)
        ), posted AS (
            SELECT event_id FROM event_outbox AS posted
            WHERE NOT EXISTS (
                SELECT FROM event_outbox AS earlier
                WHERE earlier.business_id = posted.business_id
                    AND earlier.booking_id = posted.booking_id
                    AND earlier.event_id < posted.event_id)
            ORDER BY event_id LIMIT %(at_most)s
            FOR UPDATE SKIP LOCKED
        ), taken AS (
            DELETE FROM event_outbox WHERE event_id IN (SELECT event_id FROM posted) RETURNING *
        ), parcelled AS (
            INSERT INTO event_delivery (event_id, listener, business_id, booking_id, due_at)
            SELECT event_id, listener, business_id, booking_id, recorded_at
            FROM taken JOIN wanted USING (kind)
        )
        SELECT count(*) FROM taken
        """,
        {
            "listeners": [s.listener for s in subscriptions for _ in s.kinds],
            "kinds": [kind.value for s in subscriptions for kind in s.kinds],
            "at_most": at_most,
        },
        into=int,
    )


async def lease_due(
    tx: Transaction,
    *,
    listeners: Collection[str],
    now: datetime,
    lease: timedelta,
    at_most: int,
) -> list[LeasedDelivery]:
    """Take deliveries of any business that are due, longest first, and hide them for `lease`.

    A listener hears of a booking in order: while an earlier event waits for it, whether being told
    or put off, a later one is not taken. Other listeners and other bookings do not wait.
    For the worker's role, in `registry`.
    """
    return await tx.all(
        """
        WITH due AS (
            SELECT event_id, listener FROM event_delivery AS delivery
            WHERE due_at <= %(now)s AND listener = ANY (%(listeners)s)
                AND NOT EXISTS (
                    SELECT FROM event_delivery AS earlier
                    WHERE earlier.business_id = delivery.business_id
                        AND earlier.booking_id = delivery.booking_id
                        AND earlier.listener = delivery.listener
                        AND earlier.event_id < delivery.event_id
                        AND earlier.due_at IS NOT NULL)
            ORDER BY due_at, event_id LIMIT %(at_most)s
            FOR UPDATE SKIP LOCKED
        )
        UPDATE event_delivery AS delivery SET due_at = %(until)s, attempts = attempts + 1
        FROM due
        WHERE delivery.event_id = due.event_id AND delivery.listener = due.listener
        RETURNING delivery.event_id, delivery.business_id, delivery.listener, delivery.attempts
        """,
        {"listeners": list(listeners), "now": now, "until": now + lease, "at_most": at_most},
        into=LeasedDelivery,
    )


async def get(tx: Transaction, *, id: int) -> EventRow | None:  # noqa: A002
    """An event by its id."""
    return await tx.one("SELECT * FROM domain_event WHERE id = %(id)s", {"id": id}, into=EventRow)


async def of_booking(tx: Transaction, *, booking_id: UUID) -> list[EventRow]:
    """What happened to a booking, in that order."""
    return await tx.all(
        "SELECT * FROM domain_event WHERE booking_id = %(booking_id)s ORDER BY id",
        {"booking_id": booking_id},
        into=EventRow,
    )


async def delivered(tx: Transaction, *, id: int, listener: str, now: datetime) -> None:  # noqa: A002
    """Note that a listener has been told."""
    await tx.run(
        """
        UPDATE event_delivery SET delivered_at = %(now)s, due_at = NULL, error = NULL
        WHERE event_id = %(id)s AND listener = %(listener)s AND delivered_at IS NULL
        """,
        {"id": id, "listener": listener, "now": now},
    )


async def put_off(
    tx: Transaction,
    *,
    id: int,  # noqa: A002
    listener: str,
    due_at: datetime | None,
    error: str | None,
) -> None:
    """Tell a listener later.

    Args:
        tx: Where.
        id: Of the event.
        listener: Who.
        due_at: When; `None` gives it up, and later events of the booking need wait no longer.
        error: Why it could not be told now; without one this was no attempt.
    """
    await tx.run(
        """
        UPDATE event_delivery SET
            due_at = %(due_at)s,
            error = coalesce(%(error)s, error),
            attempts = attempts - CASE WHEN %(error)s::text IS NULL THEN 1 ELSE 0 END
        WHERE event_id = %(id)s AND listener = %(listener)s AND due_at IS NOT NULL
        """,
        {"id": id, "listener": listener, "due_at": due_at, "error": error},
    )
