"""/_sandbox: what tests, evals and people tell the stand-in to do."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from calcom.sandbox import ending, moving, placing, wishes
from calcom.sandbox.booking_json import booking_json
from calcom.sandbox.calls import Answer, Call, Operation
from calcom.sandbox.courier import PostalFault
from calcom.sandbox.errors import bad_request, not_found
from calcom.sandbox.latency import Clockwork, Latency
from calcom.sandbox.mischief import Fault
from calcom.sandbox.records import Booking, Engagement, User
from calcom.sandbox.routes import event_types, schedules

_Model = TypeVar("_Model", bound=BaseModel)
_OFFICE_REASON = "Cancelled in the calendar"


class _WebBooking(BaseModel):
    model_config = ConfigDict(extra="allow")

    start: str
    name: str
    email: str
    eventTypeId: int | None = None  # noqa: N815 - as in Cal.com's bodies


class _NewUser(BaseModel):
    name: str
    email: str
    username: str
    timeZone: str  # noqa: N815


class _NewEngagement(BaseModel):
    userId: int  # noqa: N815
    start: AwareDatetime
    end: AwareDatetime


class _Hosts(BaseModel):
    hostIds: list[int] = Field(min_length=1)  # noqa: N815


async def add_fault(call: Call) -> Answer:
    """Let the next requests of an operation fail."""
    call.sandbox.mischief.faults.append(_read(Fault, call.fields))
    return _done()


async def clear_faults(call: Call) -> Answer:
    """Behave again, webhooks included."""
    call.sandbox.mischief.faults.clear()
    call.sandbox.courier.faults.clear()
    return _done()


async def set_latency(call: Call) -> Answer:
    """Take longer from now on."""
    call.sandbox.clockwork = Clockwork(_read(Latency, call.fields))
    return _done()


async def spoil_webhooks(call: Call) -> Answer:
    """Let the next deliveries go wrong."""
    call.sandbox.courier.faults.append(_read(PostalFault, call.fields))
    return _done()


async def state(call: Call) -> Answer:
    """All bookings, and how many requests there were by operation, and faults that hit them."""
    world = call.sandbox.world
    ordered = sorted(world.bookings.values(), key=lambda b: b.id)
    return Answer(
        {
            "bookings": [booking_json(world, b) for b in ordered],
            "requests": dict(call.sandbox.requests),
            "struck": call.sandbox.mischief.struck + call.sandbox.courier.struck,
        }
    )


async def book(call: Call) -> Answer:
    """Book as a visitor of the booking page does."""
    world = call.sandbox.world
    wanted = _read(_WebBooking, call.fields)
    type_id = wanted.eventTypeId or min(world.event_types, default=0)
    event_type = world.event_types.get(type_id)
    if event_type is None:
        raise not_found(f"Event type with id {type_id} not found.")
    host = world.users[event_type.owner_id]
    wish = wishes.read(
        {
            "start": wanted.start,
            "eventTypeId": type_id,
            "attendee": {
                "name": wanted.name,
                "email": wanted.email,
                "timeZone": host.time_zone,
            },
            **(wanted.model_extra or {}),
        }
    )
    placed = await placing.place(call.sandbox, wish, user=host)
    shown = booking_json(world, placed.bookings[0])
    return Answer({"status": "success", "data": shown}, HTTPStatus.CREATED)


async def move(call: Call) -> Answer:
    """Reschedule as the host does on the web."""
    booking = _known(call)
    host = call.sandbox.world.users[booking.host_id]
    wanted = moving.read({"rescheduledBy": host.email, **call.fields})
    moved = await moving.move(call.sandbox, booking.uid, wanted, user=host)
    shown = booking_json(call.sandbox.world, moved.bookings[0])
    return Answer({"status": "success", "data": shown}, HTTPStatus.CREATED)


async def cancel(call: Call) -> Answer:
    """Cancel as the host does on the web."""
    booking = _known(call)
    host = call.sandbox.world.users[booking.host_id]
    body = {"cancellationReason": _OFFICE_REASON, **call.fields}
    cancelled = await ending.cancel(call.sandbox, booking.uid, body, user=host)
    shown = booking_json(call.sandbox.world, cancelled.bookings[0])
    return Answer({"status": "success", "data": shown})


async def engage(call: Call) -> Answer:
    """Put something into a host's connected calendar: no booking, and no webhook tells of it."""
    world, wanted = call.sandbox.world, _read(_NewEngagement, call.fields)
    if wanted.userId not in world.users or wanted.start >= wanted.end:
        raise bad_request("userId must name a known user, and end must be after start")
    number = world.next_id("engagement")
    world.put(Engagement(id=number, user_id=wanted.userId, start=wanted.start, end=wanted.end))
    world.commit()
    return _made({"id": number})


async def add_user(call: Call) -> Answer:
    """Add a host with opening hours.

    Body: `name`, `email`, `username`, `timeZone`, and `availability` and `overrides` as in
    POST /v2/schedules.
    """
    world, wanted = call.sandbox.world, _read(_NewUser, call.fields)
    if world.user_by_name(wanted.username) is not None:
        raise bad_request(f"there is a user {wanted.username} already")
    user = User(
        id=world.next_id("user"),
        name=wanted.name,
        email=wanted.email,
        username=wanted.username,
        time_zone=wanted.timeZone,
    )
    hours = {**call.fields, "name": "Working hours", "isDefault": True}
    schedule = schedules.add(world, hours, owner=user)
    return _made({"id": user.id, "scheduleId": schedule.id})


async def add_event_type(call: Call) -> Answer:
    """Add an event type of any host.

    Body: as POST /v2/event-types, and `hostIds`: the first is the owner, several make it a round
    robin.
    """
    world, host_ids = call.sandbox.world, _read(_Hosts, call.fields).hostIds
    if not set(host_ids) <= set(world.users):
        raise bad_request("hostIds must name known users")
    owner = world.users[host_ids[0]]
    several = host_ids if len(host_ids) > 1 else None
    event_type = event_types.add(world, call.fields, owner=owner, host_ids=several)
    return _made({"id": event_type.id, "slug": event_type.slug})


def _read(model: type[_Model], body: Mapping[str, Any]) -> _Model:
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise bad_request(str(error)) from None


def _known(call: Call) -> Booking:
    uid = call.params["uid"]
    booking = call.sandbox.world.bookings.get(uid)
    if booking is None:
        raise not_found(f"Booking with uid={uid} was not found in the database")
    return booking


def _done() -> Answer:
    return Answer({"status": "success"})


def _made(data: Mapping[str, Any]) -> Answer:
    return Answer({"status": "success", "data": data}, HTTPStatus.CREATED)


_BOOKINGS = "/_sandbox/bookings"

OPERATIONS = (
    Operation("POST", "/_sandbox/faults", "add_fault", add_fault),
    Operation("DELETE", "/_sandbox/faults", "clear_faults", clear_faults),
    Operation("POST", "/_sandbox/latency", "set_latency", set_latency),
    Operation("POST", "/_sandbox/webhooks", "spoil_webhooks", spoil_webhooks),
    Operation("GET", "/_sandbox/state", "state", state),
    Operation("POST", _BOOKINGS, "book", book),
    Operation("POST", _BOOKINGS + "/{uid}/move", "move", move),
    Operation("POST", _BOOKINGS + "/{uid}/cancel", "cancel", cancel),
    Operation("POST", "/_sandbox/engagements", "engage", engage),
    Operation("POST", "/_sandbox/users", "add_user", add_user),
    Operation("POST", "/_sandbox/event-types", "add_event_type", add_event_type),
)
