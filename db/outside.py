"""Writing down what happened at Cal.com without us: made, moved, confirmed, cancelled there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.bookings import BookingRow
from db.states import DEAD, BookingOrigin, BookingState
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Occupied:
    """Time of a host that a booking takes, buffers included, end exclusive."""

    staff_id: UUID
    event_type_id: UUID
    starts: datetime
    ends: datetime


async def by_uid(tx: Transaction, *, uids: Collection[str]) -> BookingRow | None:
    """The record that bears one of these uids of Cal.com's, or else the one that bore it before.

    Seats share their booking's uid, so they are not found by it.
    """
    return await tx.one(
        """
        SELECT booking.* FROM booking
        WHERE seat_uid IS NULL AND (calcom_uid = ANY (%(uids)s::text[]) OR id IN (
                SELECT booking_id FROM booking_uid WHERE calcom_uid = ANY (%(uids)s::text[])))
        ORDER BY calcom_uid IS NOT NULL AND calcom_uid = ANY (%(uids)s::text[]) DESC,
            created_at DESC, id
        LIMIT 1
        """,
        {"uids": list(uids)},
        into=BookingRow,
    )


async def seats(tx: Transaction, *, uid: str) -> list[BookingRow]:
    """The records that share a booking at Cal.com."""
    return await tx.all(
        """
        SELECT * FROM booking WHERE calcom_uid = %(uid)s AND seat_uid IS NOT NULL
        ORDER BY created_at, id
        """,
        {"uid": uid},
        into=BookingRow,
    )


async def follow(
    tx: Transaction,
    *,
    seen: BookingRow,
    state: BookingState,
    event_type_id: UUID,
    start_at: datetime,
    end_at: datetime,
    staff_id: UUID | None,
    calcom_uid: str,
    wish_id: UUID,
    failure: str | None,
    now: datetime,
) -> BookingRow | None:
    """Bring a record in line with what stands at Cal.com, and let its claims go.

    Args:
        tx: Where.
        seen: The record that this was decided on.
        state: What it is from now on.
        event_type_id: As what it stands there.
        start_at: When it starts there.
        end_at: When it ends there.
        staff_id: Who performs it there.
        calcom_uid: Its name there.
        wish_id: Of the same attendee and event type at that start; another live booking of that
            wish keeps its claim to it.
        failure: Why it came to nothing.
        now: When.

    Returns:
        The record as it is now; `None` if it is no longer what was seen.
    """
    followed = await tx.one(
        """
        UPDATE booking SET
            state = %(state)s, event_type_id = %(event_type_id)s, start_at = %(start_at)s,
            end_at = %(end_at)s,
            staff_id = %(staff_id)s, calcom_uid = %(calcom_uid)s, failure = %(failure)s,
            wish_id = CASE WHEN EXISTS (
                    SELECT FROM booking other
                    WHERE other.wish_id = %(wish_id)s AND other.state NOT IN ('cancelled', 'failed')
                ) THEN wish_id ELSE %(wish_id)s END,
            due_at = NULL, updated_at = %(now)s,
            settled_at = CASE WHEN %(state)s <> 'awaiting_host' THEN %(now)s::timestamptz END
        WHERE id = %(id)s AND updated_at = %(seen_at)s AND state = %(seen_state)s
            AND start_at = %(seen_start)s AND calcom_uid IS NOT DISTINCT FROM %(seen_uid)s
        RETURNING *
        """,
        {
            "id": seen.id,
            "seen_at": seen.updated_at,
            "seen_state": seen.state,
            "seen_start": seen.start_at,
            "seen_uid": seen.calcom_uid,
            "state": state,
            "event_type_id": event_type_id,
            "start_at": start_at,
            "end_at": end_at,
            "staff_id": staff_id,
            "calcom_uid": calcom_uid,
            "wish_id": wish_id,
            "failure": failure,
            "now": now,
        },
        into=BookingRow,
    )
    if followed:
        await tx.run("DELETE FROM claim WHERE booking_id = %(id)s", {"id": seen.id})
        await _remember(tx, followed, [calcom_uid], now=now)
    return followed


async def add(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    state: BookingState,
    customer_id: UUID | None,
    service_id: UUID,
    event_type_id: UUID,
    staff_id: UUID | None,
    start_at: datetime,
    end_at: datetime,
    attendee_name: str,
    attendee_email: str,
    attendee_number: str | None,
    attendee_language: str,
    attendee_timezone: str,
    wish_id: UUID,
    calcom_uid: str,
    former_uids: Collection[str],
    now: datetime,
) -> BookingRow | None:
    """Make a record of a booking that was made at Cal.com, unless it has one under any name.

    One after the other, for a booking that is moved right after it was made is told of twice, under
    two names, to whoever happens to listen.

    Returns:
        The record; `None` if there is one already.
    """
    await tx.run("SELECT pg_advisory_xact_lock(hashtextextended('outside/' || %(business_id)s, 0))")
    names = [calcom_uid, *former_uids]
    added = await tx.one(
        """
        INSERT INTO booking (
            id, business_id, customer_id, service_id, event_type_id, staff_id, state, start_at,
            end_at, attendee_name, attendee_email, attendee_number, attendee_language,
            attendee_timezone, wish_id, calcom_uid, origin, created_at, updated_at, settled_at)
        SELECT
            %(id)s, %(business_id)s::uuid, %(customer_id)s::uuid, %(service_id)s, %(event_type_id)s,
            %(staff_id)s::uuid, %(state)s, %(start_at)s, %(end_at)s, %(attendee_name)s,
            %(attendee_email)s, %(attendee_number)s::text, %(attendee_language)s,
            %(attendee_timezone)s, %(wish_id)s, %(calcom_uid)s, %(origin)s, %(now)s, %(now)s,
            CASE WHEN %(state)s <> 'awaiting_host' THEN %(now)s::timestamptz END
        WHERE NOT EXISTS (
            SELECT FROM booking_uid WHERE calcom_uid = ANY (%(names)s::text[]))
        ON CONFLICT DO NOTHING
        RETURNING *
        """,
        {
            "id": id,
            "state": state,
            "customer_id": customer_id,
            "service_id": service_id,
            "event_type_id": event_type_id,
            "staff_id": staff_id,
            "start_at": start_at,
            "end_at": end_at,
            "attendee_name": attendee_name,
            "attendee_email": attendee_email,
            "attendee_number": attendee_number,
            "attendee_language": attendee_language,
            "attendee_timezone": attendee_timezone,
            "wish_id": wish_id,
            "calcom_uid": calcom_uid,
            "names": names,
            "origin": BookingOrigin.CALCOM,
            "now": now,
        },
        into=BookingRow,
    )
    if added:
        await _remember(tx, added, names, now=now)
    return added


async def claim(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    booking: BookingRow,
    occupied: Occupied,
    now: datetime,
) -> bool:
    """Claim the host's time for a booking that stands already; holds for calls yield to it.

    Returns:
        Whether it could be had: if not, another booking takes some of that time.
    """
    if booking.state in DEAD:
        return True
    times: dict[str, object] = {
        "id": id,
        "booking_id": booking.id,
        "staff_id": occupied.staff_id,
        "event_type_id": occupied.event_type_id,
        "start_at": booking.start_at,
        "claimed_from": occupied.starts,
        "claimed_until": occupied.ends,
        "now": now,
    }
    await tx.run(
        """
        DELETE FROM claim
        WHERE staff_id = %(staff_id)s AND expires_at IS NOT NULL
            AND during && tstzrange(%(claimed_from)s, %(claimed_until)s)
        """,
        times,
    )
    claimed = await tx.run(
        """
        INSERT INTO claim (
            id, business_id, booking_id, staff_id, event_type_id, during, starts_at, holder,
            created_at)
        VALUES (
            %(id)s, %(business_id)s::uuid, %(booking_id)s, %(staff_id)s, %(event_type_id)s,
            tstzrange(%(claimed_from)s, %(claimed_until)s), %(start_at)s, %(booking_id)s, %(now)s)
        ON CONFLICT DO NOTHING
        """,
        times,
    )
    return claimed == 1


async def customer_of(
    tx: Transaction,
    *,
    id: UUID | None,  # noqa: A002
    number: str | None,
    name_normalised: str,
) -> UUID | None:
    """The customer whom an attendee at Cal.com is known to be.

    Args:
        tx: Where.
        id: Read from an e-mail address that we made up for a customer.
        number: E.164.
        name_normalised: Who on that number.
    """
    return await tx.one(
        """
        SELECT id FROM customer WHERE id = %(id)s
        UNION ALL
        SELECT customer_id FROM customer_number
        WHERE number = %(number)s AND name_normalised = %(name_normalised)s
        LIMIT 1
        """,
        {"id": id, "number": number, "name_normalised": name_normalised},
        into=UUID,
    )


async def _remember(
    tx: Transaction, booking: BookingRow, uids: Collection[str], *, now: datetime
) -> None:
    """Messages about a booking may come under a name that it had before."""
    await tx.run(
        """
        INSERT INTO booking_uid (business_id, booking_id, calcom_uid, since)
        SELECT %(business_id)s::uuid, %(id)s, uid, %(now)s FROM unnest(%(uids)s::text[]) AS uid
        ON CONFLICT DO NOTHING
        """,
        {"id": booking.id, "uids": list(uids), "now": now},
    )


async def between(tx: Transaction, *, start: datetime, end: datetime) -> list[BookingRow]:
    """All records that start between two instants, whatever became of them."""
    return await tx.all(
        """
        SELECT * FROM booking WHERE start_at >= %(start)s AND start_at < %(end)s
        ORDER BY start_at, id
        """,
        {"start": start, "end": end},
        into=BookingRow,
    )


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A booking whose change Cal.com has neither taken nor refused."""

    id: UUID
    since: datetime
    """When it was asked for."""


async def unsettled(tx: Transaction) -> list[Unsettled]:
    """What waits for Cal.com, longest first. Hosts who take their time are not Cal.com."""
    return await tx.all(
        """
        SELECT id, CASE WHEN state IN ('pending', 'queued') THEN created_at ELSE updated_at END
            AS since
        FROM booking WHERE state IN ('pending', 'queued', 'moving', 'cancelling')
        ORDER BY since, id
        """,
        into=Unsettled,
    )


async def make_due(tx: Transaction, *, now: datetime) -> int:
    """Put unsettled bookings that no worker would ever see into the queue; tells how many."""
    return await tx.run(
        """
        UPDATE booking SET due_at = %(now)s
        WHERE due_at IS NULL AND state IN ('pending', 'queued', 'moving', 'cancelling')
        """,
        {"now": now},
    )
