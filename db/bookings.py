"""Wishes to book, and the queue of those that are not settled yet."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from db.errors import ClaimTaken, WishStands
from db.states import DEAD, BookingOrigin, BookingState
from db.transaction import Transaction

UNSETTLED: Final = frozenset(
    {BookingState.PENDING, BookingState.QUEUED, BookingState.AWAITING_HOST}
)
"""States of a booking that the calendar may yet take or refuse."""


@dataclass(frozen=True, slots=True)
class BookingRow:
    """A wish and what became of it. Its `repr` tells neither whose it is nor Cal.com's uid."""

    id: UUID
    business_id: UUID
    call_id: UUID | None
    customer_id: UUID | None
    service_id: UUID
    event_type_id: UUID
    staff_id: UUID | None
    state: BookingState
    start_at: datetime
    end_at: datetime
    attendee_name: str = field(repr=False)
    attendee_email: str = field(repr=False)
    attendee_number: str | None = field(repr=False)
    attendee_language: str
    attendee_timezone: str
    note: str | None = field(repr=False)
    wish_id: UUID
    calcom_uid: str | None = field(repr=False)
    due_at: datetime | None
    attempts: int
    asked_at: datetime | None
    """When Cal.com was last asked; `None` if nothing has ever left us."""
    failure: str | None
    needs_attention: bool
    origin: BookingOrigin
    created_at: datetime
    updated_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class LeasedRow:
    """A booking that a worker must see to, and whose it is."""

    id: UUID
    business_id: UUID


async def claim_and_add(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    call_id: UUID | None,
    customer_id: UUID | None,
    service_id: UUID,
    event_type_id: UUID,
    staff_id: UUID,
    start_at: datetime,
    end_at: datetime,
    during: tuple[datetime, datetime],
    attendee_name: str,
    attendee_email: str,
    attendee_number: str | None,
    attendee_language: str,
    attendee_timezone: str,
    note: str | None,
    wish_id: UUID,
    due_at: datetime,
    now: datetime,
    origin: BookingOrigin = BookingOrigin.PHONE,
) -> BookingRow:
    """Write down a wish together with its claim on a host's time: both, or neither.

    One statement where all goes well, so it may run in a `single` transaction; two where it does
    not. What this call held is let go, and so is what others held and forgot.

    Args:
        tx: Where.
        id: Of the booking.
        call_id: The call that wishes it.
        customer_id: Whom it is for, if known.
        service_id: What.
        event_type_id: Cal.com's part of it.
        staff_id: The host.
        start_at: When it starts.
        end_at: When it ends.
        during: The host's time, buffers included, end exclusive.
        attendee_name: As Cal.com shall know it.
        attendee_email: As Cal.com shall know it.
        attendee_number: E.164, if known.
        attendee_language: Of Cal.com's messages.
        attendee_timezone: Of Cal.com's messages.
        note: For the host.
        wish_id: One per attendee, event type and start.
        due_at: When a worker takes over, should its writer be gone by then.
        now: When this is, and when Cal.com is asked, which follows at once.
        origin: Where it is made.

    Raises:
        WishStands: The same wish has a live booking already.
        ClaimTaken: Somebody else holds or has booked some of that time.
    """
    added = await tx.one(
        _CLAIM_AND_ADD,
        {
            "id": id,
            "claim_id": uuid4(),
            "call_id": call_id,
            "customer_id": customer_id,
            "service_id": service_id,
            "event_type_id": event_type_id,
            "staff_id": staff_id,
            "start_at": start_at,
            "end_at": end_at,
            "claimed_from": during[0],
            "claimed_until": during[1],
            "attendee_name": attendee_name,
            "attendee_email": attendee_email,
            "attendee_number": attendee_number,
            "attendee_language": attendee_language,
            "attendee_timezone": attendee_timezone,
            "note": note,
            "wish_id": wish_id,
            "due_at": due_at,
            "now": now,
            "origin": origin,
        },
        into=BookingRow,
    )
    if added:
        return added
    if standing := await live_by_wish(tx, wish_id=wish_id):
        raise WishStands(standing.id)
    raise ClaimTaken(staff_id)


async def settle(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    state: BookingState,
    calcom_uid: str | None,
    failure: str | None,
    now: datetime,
    due_at: datetime | None = None,
    staff_id: UUID | None = None,
    expected: Collection[BookingState] = UNSETTLED,
) -> BookingRow | None:
    """Write down what became of a booking; where it came to nothing its claim is released.

    Args:
        tx: Where.
        id: Of the booking.
        state: What it is from now on. `queued` says that nothing has reached Cal.com.
        calcom_uid: Cal.com's name for it, where it has one; what is known already stays.
        failure: Why not.
        now: When.
        due_at: When a worker must look at it again; never, unless told.
        staff_id: The host, if Cal.com chose one.
        expected: Only a booking in one of these states is changed.

    Returns:
        The booking as it is now; `None` if somebody else has settled it otherwise.

    Raises:
        AlreadyExists: Another booking bears this `calcom_uid`.
    """
    return await tx.one(
        _SETTLE,
        {
            "id": id,
            "state": state,
            "calcom_uid": calcom_uid,
            "failure": failure,
            "now": now,
            "due_at": due_at,
            "staff_id": staff_id,
            "expected": _values(expected),
            "dead": _values(DEAD),
        },
        into=BookingRow,
    )


async def asking(tx: Transaction, *, id: UUID, now: datetime) -> bool:  # noqa: A002
    """Note that Cal.com is about to be asked once more; false if there is nothing to ask for."""
    touched = await tx.run(
        """
        UPDATE booking SET asked_at = %(now)s, updated_at = %(now)s
        WHERE id = %(id)s AND due_at IS NOT NULL
        """,
        {"id": id, "now": now},
    )
    return touched == 1


async def postpone(tx: Transaction, *, id: UUID, due_at: datetime) -> bool:  # noqa: A002
    """Let a worker look at it later; false if it has been settled in the meantime."""
    touched = await tx.run(
        "UPDATE booking SET due_at = %(due_at)s WHERE id = %(id)s AND due_at IS NOT NULL",
        {"id": id, "due_at": due_at},
    )
    return touched == 1


async def lease_due(
    tx: Transaction, *, now: datetime, lease: timedelta, at_most: int
) -> list[LeasedRow]:
    """Take bookings of any business that are due, longest first, and hide them for `lease`.

    Two workers never take the same one; one that dies leaves its bookings to fall due again.
    For the worker's role, in `registry`.
    """
    return await tx.all(
        """
        WITH due AS (
            SELECT id, business_id FROM booking
            WHERE due_at <= %(now)s ORDER BY due_at LIMIT %(at_most)s
            FOR UPDATE SKIP LOCKED
        )
        UPDATE booking SET due_at = %(until)s, attempts = attempts + 1
        FROM due WHERE booking.id = due.id
        RETURNING booking.id, booking.business_id
        """,
        {"now": now, "until": now + lease, "at_most": at_most},
        into=LeasedRow,
    )


async def get(tx: Transaction, *, id: UUID) -> BookingRow | None:  # noqa: A002
    """A booking by our own id."""
    return await tx.one("SELECT * FROM booking WHERE id = %(id)s", {"id": id}, into=BookingRow)


async def live_by_wish(tx: Transaction, *, wish_id: UUID) -> BookingRow | None:
    """The booking that this wish has led to and that has not come to nothing."""
    return await tx.one(
        """
        SELECT * FROM booking
        WHERE wish_id = %(wish_id)s AND state NOT IN ('cancelled', 'failed')
        """,
        {"wish_id": wish_id},
        into=BookingRow,
    )


async def of_call(tx: Transaction, *, call_id: UUID) -> list[BookingRow]:
    """What was wished for in a call, in that order, whatever became of it."""
    return await tx.all(
        "SELECT * FROM booking WHERE call_id = %(call_id)s ORDER BY created_at, id",
        {"call_id": call_id},
        into=BookingRow,
    )


async def upcoming_of_customer(
    tx: Transaction, *, customer_id: UUID, now: datetime
) -> list[BookingRow]:
    """A customer's live bookings that are not over, next one first."""
    return await tx.all(
        """
        SELECT * FROM booking
        WHERE customer_id = %(customer_id)s AND end_at > %(now)s
            AND state NOT IN ('cancelled', 'failed')
        ORDER BY start_at, id
        """,
        {"customer_id": customer_id, "now": now},
        into=BookingRow,
    )


async def upcoming_of_number(tx: Transaction, *, number: str, now: datetime) -> list[BookingRow]:
    """The same of everybody who uses a number (E.164)."""
    return await tx.all(
        """
        SELECT * FROM booking
        WHERE (attendee_number = %(number)s OR customer_id IN (
                SELECT customer_id FROM customer_number WHERE number = %(number)s))
            AND end_at > %(now)s AND state NOT IN ('cancelled', 'failed')
        ORDER BY start_at, id
        """,
        {"number": number, "now": now},
        into=BookingRow,
    )


def _values(states: Collection[BookingState]) -> list[str]:
    return [state.value for state in states]


# Whether the time is free is the exclusion constraint's to say: the claim comes first and the
# booking follows from it. ON CONFLICT makes "taken" an answer instead of an error, and it waits for
# a rival's transaction without the deadlocks that two plain inserts can run into.
_CLAIM_AND_ADD = """
WITH standing AS (
    SELECT id FROM booking
    WHERE wish_id = %(wish_id)s AND state NOT IN ('cancelled', 'failed')
), cleared AS (
    DELETE FROM claim
    WHERE booking_id IS NULL AND NOT EXISTS (SELECT FROM standing)
        AND (call_id = %(call_id)s
            OR staff_id = %(staff_id)s AND expires_at <= %(now)s
                AND during && tstzrange(%(claimed_from)s, %(claimed_until)s))
    RETURNING id
), claimed AS (
    INSERT INTO claim (
        id, business_id, call_id, booking_id, staff_id, event_type_id, during, starts_at,
        created_at)
    SELECT
        %(claim_id)s, %(business_id)s::uuid, %(call_id)s::uuid, %(id)s, %(staff_id)s,
        %(event_type_id)s, tstzrange(%(claimed_from)s, %(claimed_until)s), %(start_at)s, %(now)s
    FROM (SELECT count(*) FROM cleared) AS after_clearing
    WHERE NOT EXISTS (SELECT FROM standing)
    ON CONFLICT DO NOTHING
    RETURNING booking_id
), added AS (
    INSERT INTO booking (
        id, business_id, call_id, customer_id, service_id, event_type_id, staff_id, state,
        start_at, end_at, attendee_name, attendee_email, attendee_number, attendee_language,
        attendee_timezone, note, wish_id, due_at, asked_at, origin, created_at, updated_at)
    SELECT
        booking_id, %(business_id)s::uuid, %(call_id)s::uuid, %(customer_id)s::uuid,
        %(service_id)s, %(event_type_id)s, %(staff_id)s, 'pending', %(start_at)s, %(end_at)s,
        %(attendee_name)s, %(attendee_email)s, %(attendee_number)s, %(attendee_language)s,
        %(attendee_timezone)s, %(note)s, %(wish_id)s, %(due_at)s, %(now)s, %(origin)s, %(now)s,
        %(now)s
    FROM claimed
    RETURNING *
)
SELECT * FROM added
"""

_SETTLE = """
WITH settled AS (
    UPDATE booking SET
        state = %(state)s,
        calcom_uid = coalesce(%(calcom_uid)s, calcom_uid),
        staff_id = coalesce(%(staff_id)s, staff_id),
        failure = %(failure)s,
        due_at = %(due_at)s,
        asked_at = CASE WHEN %(state)s <> 'queued' THEN asked_at END,
        updated_at = %(now)s,
        settled_at = CASE WHEN %(state)s IN ('confirmed', 'failed', 'cancelled')
            THEN %(now)s END
    WHERE id = %(id)s AND state = ANY (%(expected)s)
    RETURNING *
), released AS (
    DELETE FROM claim
    WHERE booking_id IN (SELECT id FROM settled WHERE state = ANY (%(dead)s))
)
SELECT * FROM settled
"""
