"""Making a booking."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from calcom.sandbox import announcements, seating
from calcom.sandbox.availability import is_within_bounds
from calcom.sandbox.errors import Bare, bad_request
from calcom.sandbox.hosts import choose_host
from calcom.sandbox.orders import Order, understand
from calcom.sandbox.ranges import Range
from calcom.sandbox.records import Booking, EventType, User
from calcom.sandbox.sandbox import Sandbox, new_uid
from calcom.sandbox.wishes import Wish
from calcom.sandbox.world import World

_OUT_OF_BOUNDS = (
    "The event type can't be booked at the \"start\" time provided. This could be because it's too "
    "soon (violating the minimum booking notice) or too far in the future (outside the event's "
    "scheduling window). Try fetching available slots first using the GET /v2/slots endpoint and "
    'then make a booking with "start" time equal to one of the available slots: '
    "https://cal.com/docs/api-reference/v2/slots"
)


@dataclass(frozen=True, slots=True)
class Placed:
    """What came of a wish: one booking, several occurrences, or a seat in a booking."""

    bookings: list[Booking]
    is_recurring: bool = False
    seat_uid: str | None = None


async def place(sandbox: Sandbox, wish: Wish, *, user: User | None) -> Placed:
    """Book what was asked for.

    Raises:
        Refusal: Everything that Cal.com says no to, in its order.
    """
    world = sandbox.world
    order = understand(world, wish, user=user)
    event_type = order.event_type
    _refuse_too_many(world, order, now=sandbox.now())
    if event_type.recurrence is not None:
        recurring_uid = str(uuid.uuid4())
        made = [await _make(sandbox, order, start, recurring_uid) for start in order.starts()]
        return Placed(made, is_recurring=True)
    if event_type.seats is not None:
        return await _make_or_join(sandbox, order)
    if earlier := _asked_before(world, order):
        return Placed([earlier])
    return Placed([await _make(sandbox, order, order.start)])


async def _make(
    sandbox: Sandbox, order: Order, start: datetime, recurring_uid: str | None = None
) -> Booking:
    world, event_type = sandbox.world, order.event_type
    time = Range(start, start + order.length)
    refuse_bad_time(world, event_type, start, now=sandbox.now())
    host_id = choose_host(world, event_type, time)

    await sandbox.gap()

    booking = _booking(sandbox, order, time, host_id, recurring_uid)
    insert(world, booking)
    pending = booking.status == "pending"
    await sandbox.courier.announce(
        "BOOKING_REQUESTED" if pending else "BOOKING_CREATED",
        announcements.made(
            world,
            booking,
            one_time_password=str(uuid.uuid4()) if pending else None,
            seat=booking.attendees[0] if booking.seated else None,
        ),
    )
    return booking


async def _make_or_join(sandbox: Sandbox, order: Order) -> Placed:
    """Take a seat in the booking that stands, or be the first."""
    world = sandbox.world
    refuse_bad_time(world, order.event_type, order.start, now=sandbox.now())
    booking = world.seated_booking(order.event_type, order.start)
    if booking is None:
        booking = await _make(sandbox, order, order.start)
        return Placed([booking], seat_uid=booking.attendees[0].seat_uid)
    seat = seating.seat(order.attendee(world), metadata=order.wish.metadata)
    await seating.take_seat(sandbox, booking, order.event_type, seat)
    return Placed([booking], seat_uid=seat.seat_uid)


def _booking(
    sandbox: Sandbox, order: Order, time: Range, host_id: int, recurring_uid: str | None
) -> Booking:
    world, event_type, now, uid = sandbox.world, order.event_type, sandbox.now(), new_uid()
    pending, seated = event_type.requires_confirmation, event_type.seats is not None
    attendee = order.attendee(world)
    if seated:
        seating.seat(attendee, metadata=order.wish.metadata)
    return Booking(
        id=world.next_id("booking"),
        uid=uid,
        event_type_id=event_type.id,
        host_id=host_id,
        title=announcements.title_of(event_type, world.users[host_id], attendee.name),
        description=None if seated else order.responses.get("notes", ""),
        start=time.start,
        end=time.end,
        status="pending" if pending else "accepted",
        location=order.location,
        attendees=[attendee, *order.guests(world)],
        guests=order.wish.guests,
        responses=order.responses,
        metadata={} if seated else order.wish.metadata,
        seated=seated,
        ics_uid=f"{new_uid() if seated else uid}@Cal.com",
        created_at=now,
        updated_at=now,
        recurring_uid=recurring_uid,
        idempotency_key=None if pending else idempotency_key(time, host_id),
    )


def insert(world: World, booking: Booking) -> None:
    """Write a new booking; the unique key guards identical intervals of a host.

    Raises:
        Bare: 409, somebody else was faster.
    """
    if booking.idempotency_key is not None and world.holds_key(booking.idempotency_key):
        raise Bare(HTTPStatus.CONFLICT, "booking_conflict_error")
    world.put(booking)
    world.commit()


def idempotency_key(time: Range, host_id: int) -> str:
    """The key under which Cal.com allows one accepted booking."""
    text = f"{time.start.isoformat()}.{time.end.isoformat()}.{host_id}"
    return str(uuid.uuid5(uuid.NAMESPACE_URL, text))


def refuse_bad_time(world: World, event_type: EventType, start: datetime, *, now: datetime) -> None:
    """Check a start against the clock, the minimum notice and the booking window.

    Raises:
        Refusal: 400, past, too soon or too far.
    """
    if start < now:
        raise bad_request("Attempting to book a meeting in the past.")
    if not is_within_bounds(world, event_type, start, now=now):
        raise bad_request(_OUT_OF_BOUNDS)


def _refuse_too_many(world: World, order: Order, *, now: datetime) -> None:
    allowed = order.event_type.active_bookings_limit
    if allowed is None:
        return
    active = [b for b in _of_attendee(world, order) if b.status == "accepted" and b.start > now]
    if len(active) >= allowed:
        raise bad_request(
            "Attendee with this email can't book because the maximum number of active bookings "
            "has been reached."
        )


def _asked_before(world: World, order: Order) -> Booking | None:
    """The same attendee's booking at that start, for the types that answer with it again."""
    if not (order.event_type.requires_confirmation or order.event_type.is_round_robin):
        return None
    known = (b for b in _of_attendee(world, order) if b.start == order.start and b.is_live)
    return next(known, None)


def _of_attendee(world: World, order: Order) -> list[Booking]:
    """The attendee's bookings of that type, in any state."""
    return [
        b
        for b in world.bookings.values()
        if b.event_type_id == order.event_type.id
        and any(a.email == order.email for a in b.attendees)
    ]
