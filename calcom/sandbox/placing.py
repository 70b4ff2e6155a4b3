"""Making a booking."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from calcom.sandbox import announcements, answers, seating
from calcom.sandbox.availability import is_free, is_within_bounds, limited_periods
from calcom.sandbox.errors import Bare, Zod, bad_request, not_found, unauthorized
from calcom.sandbox.instants import parse
from calcom.sandbox.ranges import Range
from calcom.sandbox.records import Attendee, Booking, EventType, Recurrence, User
from calcom.sandbox.sandbox import Sandbox, new_uid
from calcom.sandbox.wishes import Wish
from calcom.sandbox.world import World

UNAVAILABLE = "User either already has booking at this time or is not available"
UNAVAILABLE_HOSTS = "One of the hosts either already has booking at this time or is not available"
OUT_OF_BOUNDS = (
    "The event type can't be booked at the \"start\" time provided. This could be because it's too "
    "soon (violating the minimum booking notice) or too far in the future (outside the event's "
    "scheduling window). Try fetching available slots first using the GET /v2/slots endpoint and "
    'then make a booking with "start" time equal to one of the available slots: '
    "https://cal.com/docs/api-reference/v2/slots"
)
CONFLICT = "booking_conflict_error"


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
    world, now = sandbox.world, sandbox.now()
    event_type = _event_type(world, wish)
    if event_type.requires_authentication and user is None:
        raise unauthorized(
            "checkBookingRequiresAuthentication - request must be authenticated by passing "
            "credentials belonging to event type owner, host or team or org admin or owner."
        )
    length = _length(event_type, wish)
    answers.refuse_wrong_kinds(event_type, wish.answers)
    count = _occurrences(event_type, wish)
    start, responses = _understood(event_type, wish)
    email = responses["email"]
    _refuse_too_many(world, event_type, email, now=now)
    if event_type.recurrence is not None:
        recurring_uid = str(uuid.uuid4())
        made = [
            await _one(sandbox, event_type, wish, responses, at, length, recurring_uid)
            for at in _recurring_starts(start, event_type.recurrence, count, wish.time_zone)
        ]
        return Placed(made, is_recurring=True)
    if event_type.seats is not None:
        _refuse_bad_time(world, event_type, start, now=now)
        if booking := seating.booking_at(world, event_type, start):
            attendee = attendee_of(world, wish, responses)
            seating.seat(attendee, metadata=wish.metadata)
            await seating.take_seat(sandbox, booking, event_type, attendee)
            return Placed([booking], seat_uid=attendee.seat_uid)
        booking = await _one(sandbox, event_type, wish, responses, start, length, None)
        return Placed([booking], seat_uid=booking.attendees[0].seat_uid)
    if earlier := _asked_before(world, event_type, start, email):
        return Placed([earlier])
    return Placed([await _one(sandbox, event_type, wish, responses, start, length, None)])


async def _one(
    sandbox: Sandbox,
    event_type: EventType,
    wish: Wish,
    responses: dict[str, Any],
    start: datetime,
    length: timedelta,
    recurring_uid: str | None,
) -> Booking:
    world = sandbox.world
    wanted = Range(start, start + length)
    _refuse_bad_time(world, event_type, start, now=sandbox.now())
    host_id = choose_host(world, event_type, wanted)

    await sandbox.gap()

    now = sandbox.now()
    host = world.users[host_id]
    attendee = attendee_of(world, wish, responses)
    pending = event_type.requires_confirmation
    uid = new_uid()
    is_seated = event_type.seats is not None
    booking = Booking(
        id=world.next_id("booking"),
        uid=uid,
        event_type_id=event_type.id,
        host_id=host_id,
        title=announcements.title_of(event_type, host, attendee.name),
        description=None if is_seated else responses.get("notes", ""),
        start=wanted.start,
        end=wanted.end,
        status="pending" if pending else "accepted",
        location=location_of(event_type, wish),
        attendees=[attendee, *guests_of(world, wish, attendee)],
        guests=wish.guests,
        responses=responses,
        metadata={} if is_seated else wish.metadata,
        seated=is_seated,
        ics_uid=f"{new_uid() if is_seated else uid}@Cal.com",
        created_at=now,
        updated_at=now,
        recurring_uid=recurring_uid,
        idempotency_key=None if pending else idempotency_key(wanted, host_id),
    )
    if is_seated:
        seating.seat(attendee, metadata=wish.metadata)
    insert(world, booking)
    await sandbox.courier.announce(
        "BOOKING_REQUESTED" if pending else "BOOKING_CREATED",
        announcements.made(
            world,
            booking,
            one_time_password=str(uuid.uuid4()) if pending else None,
            seat=attendee if is_seated else None,
        ),
    )
    return booking


def insert(world: World, booking: Booking) -> None:
    """Write a new booking; the unique key guards identical intervals of a host.

    Raises:
        Bare: 409, somebody else was faster.
    """
    if booking.idempotency_key is not None and world.holds_key(booking.idempotency_key):
        raise Bare(409, CONFLICT)
    world.put(booking)
    world.commit()


def idempotency_key(wanted: Range, host_id: int) -> str:
    """The key under which Cal.com allows one accepted booking."""
    text = f"{wanted.start.isoformat()}.{wanted.end.isoformat()}.{host_id}"
    return str(uuid.uuid5(uuid.NAMESPACE_URL, text))


def choose_host(
    world: World, event_type: EventType, wanted: Range, *, moving: str | None = None
) -> int:
    """A host who is free: of several, the one whose last booking was made longest ago.

    Raises:
        Refusal: 401 the limit of the day, week ... is used up; 400 nobody is free.
    """
    reached = [
        h
        for h in event_type.hosts
        if any(
            wanted.overlaps(p) for p in limited_periods(world, event_type, h, wanted, moving=moving)
        )
    ]
    if len(reached) == len(event_type.hosts):
        raise Bare(401, "booking_limit_reached")
    free = [h for h in event_type.hosts if is_free(world, event_type, h, wanted, moving=moving)]
    if not free:
        raise bad_request(UNAVAILABLE_HOSTS if event_type.is_round_robin else UNAVAILABLE)
    return min(free, key=lambda h: _last_booked(world, event_type, h)) if len(free) > 1 else free[0]


def _last_booked(world: World, event_type: EventType, host_id: int) -> int:
    ids = (
        b.id
        for b in world.bookings.values()
        if b.host_id == host_id and b.event_type_id == event_type.id
    )
    return max(ids, default=0)


def attendee_of(world: World, wish: Wish, responses: Mapping[str, Any]) -> Attendee:
    """The person who books."""
    return Attendee(
        id=world.next_id("attendee"),
        name=wish.name,
        email=responses["email"],
        time_zone=wish.time_zone,
        language=wish.language,
        phone=wish.phone,
    )


def guests_of(world: World, wish: Wish, attendee: Attendee) -> list[Attendee]:
    """Guests come back as attendees without a name, in the booker's zone."""
    return [
        Attendee(id=world.next_id("attendee"), name="", email=guest, time_zone=attendee.time_zone)
        for guest in wish.guests
    ]


def location_of(event_type: EventType, wish: Wish) -> str:
    """Where it takes place: as asked, else the type's first place, else a video call."""
    if isinstance(wish.location, str):
        return wish.location
    places = event_type.locations
    if isinstance(wish.location, dict):
        kinds = [p["type"] for p in places]
        if wish.location.get("type") not in kinds:
            raise bad_request(
                f"Booking location with type {wish.location.get('type')} not valid for event type "
                f"with id={event_type.id}. The event type has following location types: "
                f"{', '.join(kinds)}."
            )
        places = [p for p in places if p["type"] == wish.location["type"]]
    if not places:
        return announcements.VIDEO
    place = places[0]
    return str(place.get("address") or place.get("link") or place.get("phone") or place["type"])


def _event_type(world: World, wish: Wish) -> EventType:
    if wish.event_type_id is not None:
        event_type = world.event_types.get(wish.event_type_id)
        if event_type is None:
            raise not_found(f"Event type with id {wish.event_type_id} not found.")
        return event_type
    event_type = world.event_type_by_slug(wish.event_type_slug or "", wish.username or "")
    if event_type is None:
        raise not_found(
            f"Event type with slug {wish.event_type_slug} belonging to user {wish.username} "
            "not found."
        )
    return event_type


def _length(event_type: EventType, wish: Wish) -> timedelta:
    if wish.length_minutes is None:
        return timedelta(minutes=event_type.length_minutes)
    if not event_type.length_options:
        raise bad_request(
            "Can't specify 'lengthInMinutes' because event type does not have multiple possible "
            "lengths. Please, remove the 'lengthInMinutes' field from the request."
        )
    if wish.length_minutes not in event_type.length_options:
        raise bad_request(
            "Provided 'lengthInMinutes' is not one of the possible lengths for the event type. "
            f"The possible lengths are: {', '.join(map(str, event_type.length_options))}"
        )
    return timedelta(minutes=wish.length_minutes)


def _occurrences(event_type: EventType, wish: Wish) -> int:
    if event_type.recurrence is None:
        return 1
    count = wish.recurrence_count or event_type.recurrence.occurrences
    if count > event_type.recurrence.occurrences:
        raise bad_request(
            "Provided recurrence count is higher than the event type's recurring event count."
        )
    return count


def _understood(event_type: EventType, wish: Wish) -> tuple[datetime, dict[str, Any]]:
    """What the booking core makes of the wish: an instant, and one response per field."""
    start = parse(wish.start)
    if start is None:
        raise Zod("start - Expected string, received null, end - Expected string, received null, ")
    complaints = "".join(
        f"metadata.{key} - Expected string, received {_kind(value)}, "
        for key, value in sorted(wish.metadata.items())
        if not isinstance(value, str)
    )
    if complaints:
        raise Zod(complaints)
    email = wish.email or (answers.sms_address(wish.phone) if wish.phone else None)
    email_field = next((f for f in event_type.booking_fields if f["slug"] == "email"), None)
    if email_field and email_field["required"]:
        email = wish.email
    responses: dict[str, Any] = {"email": email, "name": wish.name}
    if wish.phone is not None:
        responses["attendeePhoneNumber"] = wish.phone
    if wish.guests:
        responses["guests"] = wish.guests
    responses |= wish.answers
    answers.refuse_unusable(event_type, responses, email=email)
    return start, responses


def _kind(value: Any) -> str:
    return "boolean" if isinstance(value, bool) else "number"


def _refuse_too_many(world: World, event_type: EventType, email: str, *, now: datetime) -> None:
    allowed = event_type.active_bookings_limit
    if allowed is None:
        return
    active = [
        b
        for b in world.bookings.values()
        if b.event_type_id == event_type.id
        and b.status == "accepted"
        and b.start > now
        and any(a.email == email for a in b.attendees)
    ]
    if len(active) >= allowed:
        raise bad_request(
            "Attendee with this email can't book because the maximum number of active bookings "
            "has been reached."
        )


def _refuse_bad_time(
    world: World, event_type: EventType, start: datetime, *, now: datetime
) -> None:
    if start < now:
        raise bad_request("Attempting to book a meeting in the past.")
    if not is_within_bounds(world, event_type, start, now=now):
        raise bad_request(OUT_OF_BOUNDS)


def _asked_before(
    world: World, event_type: EventType, start: datetime, email: str
) -> Booking | None:
    """The same attendee's booking at that start, for the types that answer with it again."""
    if not (event_type.requires_confirmation or event_type.is_round_robin):
        return None
    return next(
        (
            b
            for b in world.bookings.values()
            if b.event_type_id == event_type.id
            and b.start == start
            and b.is_live
            and any(a.email == email for a in b.attendees)
        ),
        None,
    )


def _recurring_starts(
    start: datetime, recurrence: Recurrence, count: int, time_zone: str
) -> list[datetime]:
    """Starts at the same wall time in the attendee's zone; months are counted as in calendars."""
    zone = ZoneInfo(time_zone)
    first = start.astimezone(zone)
    return [
        _later(first, recurrence.frequency, n * recurrence.interval).astimezone(start.tzinfo)
        for n in range(count)
    ]


def _later(first: datetime, frequency: str, steps: int) -> datetime:
    match frequency:
        case "daily":
            return first + timedelta(days=steps)
        case "weekly":
            return first + timedelta(weeks=steps)
        case "yearly":
            return first.replace(year=first.year + steps)
        case _:
            months = first.month - 1 + steps
            return first.replace(year=first.year + months // 12, month=months % 12 + 1)
