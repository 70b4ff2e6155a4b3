"""/v2/slots and /v2/slots/reservations."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from calcom.sandbox import checks, reserving, slots
from calcom.sandbox.calls import Answer, Call, Operation, success
from calcom.sandbox.checks import MISSING, Property
from calcom.sandbox.errors import bad_request, not_found
from calcom.sandbox.instants import parse
from calcom.sandbox.records import EventType
from calcom.sandbox.world import World

_VERSION = "2024-09-04"
_LAST_SECOND = time(23, 59, 59)


async def find(call: Call) -> Answer:
    """What is offered."""
    query = call.query
    checks.refuse_in_words(query, _properties(query))
    world, sandbox = call.sandbox.world, call.sandbox
    event_type = _event_type(world, query)
    length = int(float(query.get("duration", 0))) or event_type.length_minutes
    question = slots.Question(
        event_type_id=event_type.id,
        start=_bound(query["start"], time.min, "Invalid start date"),
        end=_bound(query["end"], _LAST_SECOND, "Invalid end date"),
        time_zone=query.get("timeZone"),
        length_minutes=length,
        moving=query.get("bookingUidToReschedule"),
    )
    now = sandbox.now()
    offers = sandbox.cache.recall(question, now=now)
    if offers is None:
        offers = slots.find(world, question, now=now)
        sandbox.cache.keep(question, offers, now=now)
    return success(
        slots.render(
            offers,
            time_zone=question.time_zone,
            length_minutes=length,
            as_ranges=query.get("format") == "range",
        )
    )


async def reserve(call: Call) -> Answer:
    """A new reservation."""
    return success(await reserving.reserve(call.sandbox, call.fields, user=call.user), status=201)


async def rereserve(call: Call) -> Answer:
    """A reservation for another slot, under the same uid."""
    return success(
        await reserving.reserve(call.sandbox, call.fields, user=call.user, uid=call.params["uid"])
    )


async def look_up(call: Call) -> Answer:
    """A reservation, or null."""
    return success(reserving.look_up(call.sandbox.world, call.params["uid"]))


async def release(call: Call) -> Answer:
    """Succeeds whether or not there was one."""
    reserving.release(call.sandbox.world, call.params["uid"])
    return Answer({"status": "success"})


def _event_type(world: World, query: Mapping[str, str]) -> EventType:
    if "eventTypeId" in query:
        found = world.event_types.get(int(float(query["eventTypeId"])))
    else:
        if world.user_by_name(query["username"]) is None:
            raise not_found(f"User with username {query['username']} not found")
        found = world.event_type_by_slug(query["eventTypeSlug"], query["username"])
    if found is None:
        raise not_found("Event Type not found")
    return found


def _bound(text: str, date_only: time, complaint: str) -> datetime:
    instant = parse(text, date_only=date_only)
    if instant is None:
        raise bad_request(complaint)
    return instant


def _properties(query: Mapping[str, str]) -> tuple[Property, ...]:
    """The schema depends on how the event type is selected; the last resort is `usernames`."""
    if "eventTypeId" in query:
        return (*_ALWAYS, Property("eventTypeId", _number))
    if "eventTypeSlug" in query and "username" in query:
        return (
            *_ALWAYS,
            Property("eventTypeSlug", checks.string),
            Property("username", checks.string),
            Property("organizationSlug", checks.string, optional=True),
        )
    return (
        *_ALWAYS,
        Property("usernames", _usernames),
        Property("organizationSlug", checks.string),
    )


def _number(name: str, value: Any) -> dict[str, str]:
    try:
        float(value)
    except ValueError:
        return {"isNumber": f"{name} must be a number conforming to the specified constraints"}
    return {}


def _usernames(name: str, value: Any) -> dict[str, str]:
    names = [] if value is MISSING else str(value).split(",")
    if len(names) > 1:
        return {}
    return {
        "isString": f"each value in {name} must be a string",
        "arrayMinSize": "The array must contain at least 2 elements.",
        "isArray": f"{name} must be an array",
    }


def _time_zone(name: str, value: Any) -> dict[str, str]:
    return {} if value is MISSING else checks.time_zone(name, value)


_ALWAYS = (
    Property("start", checks.instant),
    Property("end", checks.instant),
    Property("timeZone", _time_zone),
    Property("duration", _number, optional=True),
    Property(
        "format",
        checks.one_of("range", "time", words="slotFormat must be either 'range' or 'time'"),
        optional=True,
    ),
    Property("bookingUidToReschedule", checks.string, optional=True),
    Property("rrHostSubsetIds", checks.anything, optional=True),
)
_RESERVATION = "/v2/slots/reservations/{uid}"

OPERATIONS = (
    Operation("GET", "/v2/slots", "slots", find, version=_VERSION),
    Operation("POST", "/v2/slots/reservations", "reserve", reserve, version=_VERSION),
    Operation("GET", _RESERVATION, "get_reservation", look_up, version=_VERSION),
    Operation("PATCH", _RESERVATION, "move_reservation", rereserve, version=_VERSION),
    Operation("DELETE", _RESERVATION, "release", release, version=_VERSION),
)
