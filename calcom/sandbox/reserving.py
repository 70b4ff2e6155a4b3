"""Slot reservations: a hint that hides a slot from listings, and holds nothing."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from calcom.sandbox import checks
from calcom.sandbox.checks import Property
from calcom.sandbox.errors import Nest, bad_request, not_found, unauthorized
from calcom.sandbox.instants import millis, parse
from calcom.sandbox.ranges import Range
from calcom.sandbox.records import EventType, Reservation, User
from calcom.sandbox.sandbox import Sandbox
from calcom.sandbox.world import World

_DEFAULT_MINUTES = 5
_UNPROCESSABLE = 422
_NARROW = 0.2
"""Of five that came together, one or two got the slot when this was recorded."""
_BODY = (
    Property("eventTypeId", checks.integer),
    Property("slotStart", checks.instant),
    Property("slotDuration", checks.integer, optional=True),
    Property("reservationDuration", checks.integer, optional=True),
)


async def reserve(
    sandbox: Sandbox, body: Mapping[str, Any], *, user: User | None, uid: str | None = None
) -> dict[str, Any]:
    """Make a reservation, or move one.

    Nothing but reservations and bookings of the same type is looked at: closed hours, the past
    and other types of the host do not matter.

    Args:
        sandbox: The account.
        body: As sent.
        user: Who asks; only somebody known may say for how long.
        uid: Of the reservation to move. It is in its own way.

    Raises:
        Refusal: 400, 401, 404, or 422 when the time is taken.
    """
    checks.refuse_as_list(body, _BODY)
    world = sandbox.world
    minutes = body.get("reservationDuration")
    if minutes is not None and user is None:
        raise unauthorized(
            "reservationDuration can only be used for authenticated requests - use access token, "
            "api key or OAuth credentials"
        )
    event_type = world.event_types.get(body["eventTypeId"])
    if event_type is None:
        raise not_found(f"Event Type with ID={body['eventTypeId']} not found")
    if uid is not None and uid not in world.reservations:
        raise not_found(f"Slot with uid={uid} not found")
    minutes = _DEFAULT_MINUTES if minutes is None else minutes
    slot, length = _slot(event_type, body)
    await sandbox.scatter()
    host_id = _free_host(sandbox, event_type, slot)

    await sandbox.gap(_NARROW)

    reservation = Reservation(
        uid=uid or str(uuid.uuid4()),
        event_type_id=event_type.id,
        user_id=host_id,
        start=slot.start,
        end=slot.end,
        until=sandbox.now() + timedelta(minutes=minutes),
        is_seat=event_type.seats is not None,
    )
    world.put(reservation)
    world.commit()
    return {
        "eventTypeId": event_type.id,
        "slotStart": millis(slot.start),
        "slotEnd": millis(slot.end),
        "slotDuration": length,
        "reservationUid": reservation.uid,
        "reservationDuration": minutes,
        "reservationUntil": millis(reservation.until),
    }


def look_up(world: World, uid: str) -> dict[str, Any] | None:
    """A reservation, expired or not, until a slots query sweeps it away."""
    reservation = world.reservations.get(uid)
    if reservation is None:
        return None
    return {
        "reservationUid": reservation.uid,
        "eventTypeId": reservation.event_type_id,
        "slotStart": millis(reservation.start),
        "slotEnd": millis(reservation.end),
        "slotDuration": round((reservation.end - reservation.start).total_seconds() / 60),
        "reservationUntil": millis(reservation.until),
    }


def release(world: World, uid: str) -> None:
    """Delete a reservation if it exists."""
    if reservation := world.reservations.get(uid):
        world.remove(reservation)
        world.commit()


def _slot(event_type: EventType, body: Mapping[str, Any]) -> tuple[Range, int]:
    length = event_type.length_minutes
    if (wanted := body.get("slotDuration")) is not None:
        if wanted not in (event_type.length_options or [length]):
            raise bad_request("Provided slotDuration is not one of the possible event lengths.")
        length = wanted
    start = parse(body["slotStart"])
    if start is None:
        raise bad_request("Invalid start date")
    return Range(start, start + timedelta(minutes=length)), length


def _free_host(sandbox: Sandbox, event_type: EventType, slot: Range) -> int:
    """The first host for whom the slot is neither reserved nor booked with this type."""
    world = sandbox.world
    if event_type.seats is not None:
        booking = world.seated_booking(event_type, slot.start)
        if booking is not None and len(booking.attendees) >= event_type.seats.per_slot:
            raise Nest(
                _UNPROCESSABLE,
                f"Booking with id={event_type.id} at {millis(slot.start)} has no more seats left.",
            )
    refusal = Nest(_UNPROCESSABLE, "")
    for host_id in event_type.hosts:
        if _is_reserved(sandbox, event_type, host_id, slot):
            refusal = Nest(
                _UNPROCESSABLE,
                "This time slot is already reserved by another user. "
                "Please choose a different time.",
            )
        elif event_type.seats is None and _is_booked(world, event_type, host_id, slot):
            refusal = Nest(_UNPROCESSABLE, "Can't reserve a slot if the event is already booked.")
        else:
            return host_id
    raise refusal


def _is_reserved(sandbox: Sandbox, event_type: EventType, host_id: int, slot: Range) -> bool:
    now = sandbox.now()
    return any(
        r.event_type_id == event_type.id
        and r.user_id == host_id
        and r.until > now
        and slot.overlaps(Range(r.start, r.end))
        for r in sandbox.world.reservations.values()
    )


def _is_booked(world: World, event_type: EventType, host_id: int, slot: Range) -> bool:
    return any(
        b.event_type_id == event_type.id and b.is_live and slot.overlaps(Range(b.start, b.end))
        for b in world.bookings_around(host_id, slot)
    )
