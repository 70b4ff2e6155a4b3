"""A wish put in order: everything about it settled but who takes it, and whether it is free."""

import calendar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from calcom.sandbox import answers
from calcom.sandbox.announcements import VIDEO
from calcom.sandbox.errors import Zod, bad_request, not_found, unauthorized
from calcom.sandbox.instants import parse
from calcom.sandbox.ranges import Range
from calcom.sandbox.records import Attendee, EventType, User
from calcom.sandbox.wishes import Wish
from calcom.sandbox.world import World

UNREADABLE_START = "start - Expected string, received null, end - Expected string, received null, "


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be booked."""

    event_type: EventType
    wish: Wish
    start: datetime
    length: timedelta
    location: str
    responses: dict[str, Any]
    """By the slug of the booking field; `email` is the attendee's, given or made of the number."""
    occurrences: int

    @property
    def email(self) -> str:
        return str(self.responses["email"])

    @property
    def time(self) -> Range:
        return Range(self.start, self.start + self.length)

    def attendee(self, world: World) -> Attendee:
        """The person who books."""
        return Attendee(
            id=world.next_id("attendee"),
            name=self.wish.name,
            email=self.email,
            time_zone=self.wish.time_zone,
            language=self.wish.language,
            phone=self.wish.phone,
        )

    def guests(self, world: World) -> list[Attendee]:
        """Guests come back as attendees without a name, in the booker's zone."""
        return [
            Attendee(
                id=world.next_id("attendee"), name="", email=guest, time_zone=self.wish.time_zone
            )
            for guest in self.wish.guests
        ]

    def starts(self) -> list[datetime]:
        """When the occurrences begin: at the same wall time in the attendee's zone."""
        recurrence = self.event_type.recurrence
        if recurrence is None:
            return [self.start]
        first = self.start.astimezone(ZoneInfo(self.wish.time_zone))
        later = (
            _later(first, recurrence.frequency, n * recurrence.interval)
            for n in range(self.occurrences)
        )
        return [each.astimezone(self.start.tzinfo) for each in later]


def understand(world: World, wish: Wish, *, user: User | None) -> Order:
    """Look up what the wish names, and check what can be checked without a calendar.

    Raises:
        Refusal: What Cal.com says no to at this stage, in its order.
    """
    event_type = _event_type(world, wish)
    if event_type.requires_authentication and user is None:
        raise unauthorized(
            "checkBookingRequiresAuthentication - request must be authenticated by passing "
            "credentials belonging to event type owner, host or team or org admin or owner."
        )
    length = _length(event_type, wish)
    answers.refuse_wrong_kinds(event_type, wish.answers)
    occurrences = _occurrences(event_type, wish)
    location = _location(event_type, wish)
    start = parse(wish.start)
    if start is None:
        raise Zod(UNREADABLE_START)
    _refuse_odd_metadata(wish)
    responses = _responses(event_type, wish)
    answers.refuse_unusable(event_type, responses, email=responses["email"])
    return Order(event_type, wish, start, length, location, responses, occurrences)


def _event_type(world: World, wish: Wish) -> EventType:
    if wish.event_type_id is not None:
        found = world.event_types.get(wish.event_type_id)
        unknown = f"Event type with id {wish.event_type_id} not found."
    else:
        found = world.event_type_by_slug(wish.event_type_slug or "", wish.username or "")
        unknown = (
            f"Event type with slug {wish.event_type_slug} belonging to user {wish.username} "
            "not found."
        )
    if found is None:
        raise not_found(unknown)
    return found


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


def _location(event_type: EventType, wish: Wish) -> str:
    """Where it takes place: as asked, else the type's first place, else a video call."""
    if isinstance(wish.location, str):
        return wish.location
    places = event_type.locations
    if isinstance(wish.location, dict):
        kind = wish.location.get("type")
        offered = [place["type"] for place in places]
        if kind not in offered:
            raise bad_request(
                f"Booking location with type {kind} not valid for event type with "
                f"id={event_type.id}. The event type has following location types: "
                f"{', '.join(offered)}."
            )
        places = [place for place in places if place["type"] == kind]
    if not places:
        return VIDEO
    place = places[0]
    return str(place.get("address") or place.get("link") or place.get("phone") or place["type"])


def _refuse_odd_metadata(wish: Wish) -> None:
    complaints = "".join(
        f"metadata.{key} - Expected string, received {kind}, "
        for key, value in sorted(wish.metadata.items())
        if (kind := answers.javascript_type(value)) != "string"
    )
    if complaints:
        raise Zod(complaints)


def _responses(event_type: EventType, wish: Wish) -> dict[str, Any]:
    email_field = next((f for f in event_type.booking_fields if f["slug"] == "email"), None)
    may_do_without = email_field is None or not email_field["required"]
    email = wish.email
    if not email and wish.phone and may_do_without:
        email = answers.sms_address(wish.phone)
    responses: dict[str, Any] = {**wish.answers, "email": email, "name": wish.name}
    if wish.phone is not None:
        responses["attendeePhoneNumber"] = wish.phone
    if wish.guests:
        responses["guests"] = wish.guests
    return responses


def _later(first: datetime, frequency: str, steps: int) -> datetime:
    match frequency:
        case "daily":
            return first + timedelta(days=steps)
        case "weekly":
            return first + timedelta(weeks=steps)
        case "yearly":
            return _months_later(first, 12 * steps)
        case _:
            return _months_later(first, steps)


def _months_later(first: datetime, months: int) -> datetime:
    """The same day of a later month, or its last."""
    year, month = divmod(12 * first.year + first.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return first.replace(year=year, month=month + 1, day=min(first.day, last))
