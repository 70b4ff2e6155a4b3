"""Wishes: a booking is born together with its claim, all phases of one or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from db.bookings.reading import live_by_wish
from db.bookings.rows import BookingRow
from db.claims import Place
from db.errors import ClaimTaken, Overlaps, WishStands
from db.states import BookingOrigin
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Part:
    """What is booked at Cal.com as one booking: the whole wish, or one active phase of it."""

    id: UUID
    """Of the booking."""
    place: Place
    end_at: datetime
    staff_id: UUID | None
    """The host, where Cal.com does not choose one."""
    wish_id: UUID
    """One per attendee, event type and start."""


async def claim_and_add(
    tx: Transaction,
    *,
    parts: Sequence[Part],
    call_id: UUID | None,
    customer_id: UUID | None,
    service_id: UUID,
    attendee_name: str,
    attendee_email: str,
    attendee_number: str | None,
    attendee_language: str,
    attendee_timezone: str,
    note: str | None,
    due_at: datetime,
    now: datetime,
    origin: BookingOrigin = BookingOrigin.PHONE,
    last: bool = False,
) -> list[BookingRow]:
    """Write down a wish together with its claims: all of it, or nothing.

    One statement where all goes well, two where the wish stands already. What this call held is
    let go, and so is what others held and forgot.

    Args:
        tx: Where. With several parts a `transaction`.
        parts: What to book, earliest first. Several are a group, named after the first.
        call_id: The call that wishes it.
        customer_id: Whom it is for, if known.
        service_id: What.
        attendee_name: As Cal.com shall know it.
        attendee_email: As Cal.com shall know it.
        attendee_number: E.164, if known.
        attendee_language: Of Cal.com's messages.
        attendee_timezone: Of Cal.com's messages.
        note: For the host.
        due_at: When a worker takes over, should its writer be gone by then.
        now: When this is, and when Cal.com is asked, which follows at once.
        origin: Where it is made.
        last: Nothing follows in this transaction: commit it on the way, where that is safe.

    Raises:
        WishStands: The same wish has a live booking already.
        ClaimTaken: Somebody else holds or has booked some of that time.
    """
    group_id = parts[0].id if len(parts) > 1 else None
    try:
        added = await tx.all(
            _CLAIM_AND_ADD,
            {
                "parts": Jsonb(
                    [
                        {
                            **part.place.to_json(),
                            "id": str(part.id),
                            "end_at": part.end_at.isoformat(),
                            "staff_id": part.staff_id and str(part.staff_id),
                            "wish_id": str(part.wish_id),
                        }
                        for part in parts
                    ]
                ),
                "group_id": group_id,
                "group_end_at": parts[-1].end_at if group_id else None,
                "call_id": call_id,
                "customer_id": customer_id,
                "service_id": service_id,
                "attendee_name": attendee_name,
                "attendee_email": attendee_email,
                "attendee_number": attendee_number,
                "attendee_language": attendee_language,
                "attendee_timezone": attendee_timezone,
                "note": note,
                "due_at": due_at,
                "now": now,
                "origin": origin,
            },
            into=BookingRow,
            last=last and group_id is None,  # a group may have to be taken back
        )
    except Overlaps as error:
        raise ClaimTaken(parts[0].place.event_type_id) from error
    if len(added) == len(parts):
        return added
    for part in parts:
        if standing := await live_by_wish(tx, wish_id=part.wish_id):
            raise WishStands(standing.group_id or standing.id)
    raise ClaimTaken(parts[0].place.event_type_id)


# The booking comes first, and waits for an equal wish that is being written down. Its claim follows
# and, where nothing is left, ends the statement and with it the booking.
_CLAIM_AND_ADD = """
WITH part AS (
    SELECT * FROM jsonb_to_recordset(%(parts)s) AS part (
        id uuid, claim_id uuid, kind_id uuid, hosts uuid[], seats integer, shared_by uuid,
        staff_id uuid, starts_at timestamptz, end_at timestamptz, claimed_from timestamptz,
        claimed_until timestamptz, wish_id uuid)
), standing AS (
    SELECT booking.id FROM booking JOIN part USING (wish_id)
    WHERE state NOT IN ('cancelled', 'failed')
), cleared AS (
    DELETE FROM claim
    WHERE call_id = %(call_id)s AND expires_at IS NOT NULL AND NOT EXISTS (SELECT FROM standing)
    RETURNING id
), added AS (
    INSERT INTO booking (
        id, business_id, call_id, customer_id, service_id, event_type_id, staff_id, state,
        start_at, end_at, attendee_name, attendee_email, attendee_number, attendee_language,
        attendee_timezone, note, wish_id, group_id, group_end_at, due_at, asked_at, origin,
        created_at, updated_at)
    SELECT
        id, %(business_id)s::uuid, %(call_id)s::uuid, %(customer_id)s::uuid, %(service_id)s,
        kind_id, staff_id, 'pending', starts_at, end_at, %(attendee_name)s, %(attendee_email)s,
        %(attendee_number)s, %(attendee_language)s, %(attendee_timezone)s, %(note)s, wish_id,
        %(group_id)s::uuid, %(group_end_at)s::timestamptz, %(due_at)s, %(now)s, %(origin)s,
        %(now)s, %(now)s
    FROM part WHERE NOT EXISTS (SELECT FROM standing)
    ON CONFLICT DO NOTHING
    RETURNING *
), claimed AS (
    SELECT id, claim_place(
        part.claim_id, %(business_id)s::uuid, %(call_id)s::uuid, id,
        coalesce(part.shared_by, added.group_id, id), part.kind_id, part.hosts, part.seats,
        part.starts_at, tstzrange(part.claimed_from, part.claimed_until), NULL, %(now)s)
    FROM (SELECT count(*) FROM cleared) AS after_clearing, added JOIN part USING (id)
)
SELECT added.* FROM added JOIN claimed USING (id) ORDER BY added.start_at
"""
