"""Rescheduling: the new time is a new booking with a uid of its own."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from calcom.sandbox import announcements, checks, seating
from calcom.sandbox.checks import Property
from calcom.sandbox.errors import Bare, Zod, bad_request, crash, not_found
from calcom.sandbox.hosts import choose_host
from calcom.sandbox.instants import parse
from calcom.sandbox.orders import UNREADABLE_START
from calcom.sandbox.placing import Placed, idempotency_key, insert, refuse_bad_time
from calcom.sandbox.ranges import Range
from calcom.sandbox.records import Attendee, Booking, EventType, User
from calcom.sandbox.sandbox import Sandbox, new_uid

_DOCS = "https://cal.com/docs/api-reference/v2/bookings"
_BODY = (
    Property("start", checks.instant),
    Property("rescheduledBy", checks.string, optional=True),
    Property("reschedulingReason", checks.string, optional=True),
    Property("emailVerificationCode", checks.string, optional=True),
    Property("seatUid", checks.string, optional=True),
)


@dataclass(frozen=True, slots=True)
class Move:
    """A well-formed body of POST /v2/bookings/{uid}/reschedule."""

    start: datetime
    rescheduled_by: str | None = None
    reason: str | None = None
    seat_uid: str | None = None


def read(body: Mapping[str, Any]) -> Move:
    """Check a body and take it apart.

    Raises:
        Refusal: 400, its message names every property that is wrong.
    """
    checks.refuse_in_words(body, _BODY)
    start = parse(body["start"])
    if start is None:
        raise Zod(UNREADABLE_START)
    return Move(
        start, body.get("rescheduledBy"), body.get("reschedulingReason"), body.get("seatUid")
    )


async def move(sandbox: Sandbox, uid: str, wanted: Move, *, user: User | None) -> Placed:
    """Make the new booking and cancel the old one.

    Several moves of one booking at the same time all succeed: each found it standing.

    Raises:
        Refusal: Unknown, cancelled or already moved; the new time is taken or out of bounds.
    """
    world = sandbox.world
    former = world.bookings.get(uid)
    if former is None:
        raise not_found(f"Booking with uid={uid} was not found in the database")
    _refuse_gone(former)
    event_type = world.event_types.get(former.event_type_id or 0)
    if event_type is None:
        raise crash()
    if former.seated and wanted.seat_uid is None:
        raise _seat_missing(former) if user is not None else crash()
    refuse_bad_time(world, event_type, wanted.start, now=sandbox.now())
    time = Range(wanted.start, wanted.start + (former.end - former.start))
    seat = _seat_of(former, wanted.seat_uid) if former.seated else None
    if seat is not None:
        return await _move_seat(sandbox, former, event_type, seat, time)
    host_id = choose_host(world, event_type, time, moving=uid)

    await sandbox.gap()

    if former.status == "cancelled" and former.to_uid is None:
        raise Bare(HTTPStatus.BAD_REQUEST, "cancelled_bookings_cannot_be_rescheduled")
    by_host = wanted.rescheduled_by == world.users[former.host_id].email
    pending = event_type.requires_confirmation and not by_host
    booking = _successor(sandbox, former, wanted, time, host_id, pending=pending)
    _swap(sandbox, former, booking, rescheduled_by=wanted.rescheduled_by)
    await sandbox.courier.announce(
        "BOOKING_REQUESTED" if pending else "BOOKING_RESCHEDULED",
        announcements.moved(
            world, booking, former, one_time_password=str(uuid.uuid4()) if pending else None
        ),
    )
    return Placed([booking])


def _successor(
    sandbox: Sandbox, former: Booking, wanted: Move, time: Range, host_id: int, *, pending: bool
) -> Booking:
    now, uid = sandbox.now(), new_uid()
    responses = dict(former.responses)
    if wanted.reason is not None:
        responses["rescheduledReason"] = wanted.reason
    return former.model_copy(
        deep=True,
        update={
            "id": sandbox.world.next_id("booking"),
            "uid": uid,
            "host_id": host_id,
            "start": time.start,
            "end": time.end,
            "status": "pending" if pending else "accepted",
            "responses": responses,
            "ics_sequence": former.ics_sequence + 1,
            "created_at": now,
            "updated_at": now,
            "rescheduling_reason": wanted.reason,
            "rescheduled_by": wanted.rescheduled_by,
            "from_uid": former.uid,
            "to_uid": None,
            "idempotency_key": None if pending else idempotency_key(time, host_id),
        },
    )


def _swap(
    sandbox: Sandbox, former: Booking, booking: Booking, *, rescheduled_by: str | None
) -> None:
    """Write both bookings or neither; the old one gives its key away first."""
    world = sandbox.world
    key, former.idempotency_key = former.idempotency_key, None
    world.put(former)
    try:
        insert(world, booking)
    except Bare:
        former.idempotency_key = key
        world.put(former)
        world.commit()
        raise
    former.status = "cancelled"
    former.to_uid = booking.uid
    former.rescheduled_by = rescheduled_by
    former.updated_at = sandbox.now()
    world.put(former)
    world.commit()


async def _move_seat(
    sandbox: Sandbox, former: Booking, event_type: EventType, seat: Attendee, time: Range
) -> Placed:
    """Move one attendee; the others stay where they are."""
    world = sandbox.world
    target = world.seated_booking(event_type, time.start)
    if target is not None and target is not former:
        seating.refuse_seat(target, event_type, seat.email)
    else:
        host_id = choose_host(world, event_type, time, moving=former.uid)

    await sandbox.gap()

    now = sandbox.now()
    moved = seating.seat(
        seat.model_copy(update={"id": world.next_id("attendee")}), metadata=seat.metadata
    )
    if target is None or target is former:
        target = former.model_copy(
            deep=True,
            update={
                "id": world.next_id("booking"),
                "uid": new_uid(),
                "title": announcements.title_of(event_type, world.users[host_id], seat.name),
                "host_id": host_id,
                "start": time.start,
                "end": time.end,
                "attendees": [],
                "ics_uid": f"{new_uid()}@Cal.com",
                "created_at": now,
                "updated_at": now,
                "idempotency_key": idempotency_key(time, host_id),
            },
        )
        insert(world, target)
    target.attendees.append(moved)
    former.attendees = [a for a in former.attendees if a.seat_uid != seat.seat_uid]
    if not former.attendees:
        former.status, former.to_uid, former.idempotency_key = "cancelled", target.uid, None
    world.put(target)
    world.put(former)
    world.commit()
    await sandbox.courier.announce(
        "BOOKING_RESCHEDULED", announcements.moved(world, target, former, seat=moved)
    )
    return Placed([target], seat_uid=moved.seat_uid)


def _seat_of(booking: Booking, seat_uid: str | None) -> Attendee:
    seat = next((a for a in booking.attendees if a.seat_uid == seat_uid), None)
    if seat is None:
        raise bad_request(f"Invalid seatUid: {seat_uid}")
    return seat


def _refuse_gone(booking: Booking) -> None:
    if booking.status != "cancelled":
        return
    if booking.to_uid is not None:
        raise bad_request(
            f"Can't reschedule booking with uid={booking.uid} because it has been cancelled and "
            f"rescheduled already to booking with uid={booking.to_uid}. You probably want to "
            f"reschedule {booking.to_uid} instead by passing it within the request URL."
        )
    raise bad_request(
        f"Can't reschedule booking with uid={booking.uid} because it has been cancelled. "
        "Please provide uid of a booking that is not cancelled."
    )


def _seat_missing(booking: Booking) -> Exception:
    return bad_request(
        f"Booking with uid={booking.uid} is a seated booking which means you have to provide "
        "seatUid in the request body to specify which seat specifically you want to reschedule. "
        f"First, fetch the booking using {_DOCS}/get-a-booking and then within the attendees array "
        "you will find the seatUid of the booking you want to reschedule. Second, provide the "
        "seatUid in the request body to specify which seat specifically you want to reschedule "
        f"using the reschedule endpoint {_DOCS}/reschedule-a-booking#option-2"
    )
