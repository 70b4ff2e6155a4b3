"""Writing down in our records what stands at Cal.com. Whether to, says `booking.agreement`."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4, uuid5

from booking.agreement import Adopt, Follow
from booking.bookings import Booking, wish_id
from booking.business import Business, EventType, EventTypeKind
from booking.names import normalised
from booking.slots import Slot
from calcom.shapes import BookedAttendee
from calcom.shapes import Booking as CalcomBooking
from db import flags, outside
from db.outside import Occupied
from db.states import DEAD, FlagKind, Severity
from db.transaction import Transaction

_DOUBLE: Final = "Booked or moved in the calendar onto time that another booking takes."
_PHASE: Final = "One phase was changed in the calendar; the others stand where they stood."

_E164: Final = re.compile(r"\+[1-9]\d{6,14}")


async def follow(
    tx: Transaction, business: Business, decision: Follow, ours: Booking, *, now: datetime
) -> Booking | None:
    """Bring a record in line, its claim included.

    Returns:
        The record as it is now; `None` if it is no longer what was decided on.
    """
    kind = business.event_types.get(decision.event_type_id)
    followed = await outside.follow(
        tx,
        seen=ours,
        state=decision.state,
        event_type_id=decision.event_type_id,
        start_at=decision.start,
        end_at=decision.end,
        staff_id=decision.staff_id,
        calcom_uid=decision.uid,
        wish_id=_wish(business, ours, kind, decision.start),
        failure=decision.failure,
        now=now,
    )
    if followed:
        await _claim(tx, followed, kind, now=now)
        if followed.group_id:
            await _tell(tx, followed, FlagKind.PHASE_CHANGED, _PHASE, now=now)
    return followed


async def adopt(
    tx: Transaction,
    business: Business,
    decision: Adopt,
    theirs: CalcomBooking,
    names: Collection[str],
    *,
    now: datetime,
) -> Booking | None:
    """Make a record of a booking that was made outside, with its attendee and a claim.

    Args:
        tx: Where.
        business: Whose.
        decision: What it is here.
        theirs: What it is there, with at least one attendee.
        names: All uids that it has and had.
        now: When.

    Returns:
        The record; `None` if somebody was faster.
    """
    attendee, kind = theirs.attendees[0], decision.event_type
    number = _number(attendee)
    customer_id = await outside.customer_of(
        tx,
        id=_customer_behind(attendee.email, business),
        number=number,
        name_normalised=normalised(attendee.name),
    )
    added = await outside.add(
        tx,
        id=uuid4(),
        state=decision.state,
        customer_id=customer_id,
        service_id=_service_of(business, kind),
        event_type_id=kind.id,
        staff_id=decision.staff_id,
        start_at=theirs.start,
        end_at=theirs.end,
        attendee_name=attendee.name,
        attendee_email=attendee.email,
        attendee_number=number,
        attendee_language=attendee.language or business.language,
        attendee_timezone=attendee.time_zone,
        wish_id=uuid5(business.id, theirs.uid),
        calcom_uid=theirs.uid,
        former_uids=[name for name in names if name != theirs.uid],
        now=now,
    )
    if added:
        await _claim(tx, added, kind, now=now)
    return added


def as_uuid(text: str | None) -> UUID | None:
    """The id that a text spells, if it is one."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


async def _claim(
    tx: Transaction, booking: Booking, kind: EventType | None, *, now: datetime
) -> None:
    """Claim the host's time; where another booking of ours has it, tell a human."""
    is_seat = kind is not None and kind.kind is EventTypeKind.SEATED
    if booking.staff_id is None or booking.state in DEAD or booking.end_at <= now or is_seat:
        return
    before = timedelta(minutes=kind.before_buffer_minutes if kind else 0)
    after = timedelta(minutes=kind.after_buffer_minutes if kind else 0)
    occupied = Occupied(
        staff_id=booking.staff_id,
        event_type_id=booking.event_type_id,
        starts=booking.start_at - before,
        ends=booking.end_at + after,
    )
    if not await outside.claim(tx, id=uuid4(), booking=booking, occupied=occupied, now=now):
        await _tell(tx, booking, FlagKind.DOUBLE_BOOKING, _DOUBLE, now=now)


async def _tell(
    tx: Transaction, booking: Booking, kind: FlagKind, note: str, *, now: datetime
) -> None:
    """Let a human look at a booking."""
    await flags.raise_flag(
        tx,
        id=uuid4(),
        kind=kind,
        severity=Severity.WARNING,
        call_id=None,
        booking_id=booking.id,
        note=note,
        now=now,
    )


def _service_of(business: Business, kind: EventType) -> UUID:
    return next(service.id for service in business.services if kind in service.event_types)


def _wish(business: Business, ours: Booking, kind: EventType | None, start: datetime) -> UUID:
    """The wish that the booking fulfils now: a moved one leaves its old time to be wished for."""
    if kind is None or ours.customer_id is None:
        return ours.wish_id
    return wish_id(business.id, ours.customer_id, Slot(kind, start))


def _number(attendee: BookedAttendee) -> str | None:
    number = attendee.phone_number or ""
    return number if _E164.fullmatch(number) else None


def _customer_behind(email: str, business: Business) -> UUID | None:
    """Whose address we made up, if we did."""
    local, _, domain = email.partition("@")
    return as_uuid(local) if domain.casefold() == business.attendee_email_domain else None
