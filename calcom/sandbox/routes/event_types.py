"""/v2/event-types."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError

from calcom.sandbox import checks
from calcom.sandbox.calls import Answer, Call, Operation, success
from calcom.sandbox.checks import Property
from calcom.sandbox.credentials import Door
from calcom.sandbox.errors import bad_request, not_found
from calcom.sandbox.event_type_json import booking_fields, changes, event_type_json
from calcom.sandbox.legacy_types import event_type_groups
from calcom.sandbox.records import EventType, User
from calcom.sandbox.world import World

VERSION = "2024-06-14"


async def find(call: Call) -> Answer:
    """Own types; with `username`, anybody's that are not hidden."""
    world = call.sandbox.world
    if call.version != VERSION and call.user is not None:
        return success(event_type_groups(world, call.user))
    found = sorted(world.event_types.values(), key=lambda e: (e.position, e.id))
    if "username" in call.query:
        owner = world.user_by_name(call.query["username"])
        found = [e for e in found if owner is not None and e.owner_id == owner.id]
        if "eventSlug" in call.query:
            found = [e for e in found if e.slug == call.query["eventSlug"]]
        if call.user is None:
            found = [e for e in found if not e.hidden]
    elif call.user is None:
        found = []
    return success([event_type_json(world, e, in_list=True) for e in found])


async def get(call: Call) -> Answer:
    """One type."""
    event_type = _known(call)
    return success(event_type_json(call.sandbox.world, event_type, in_list=False))


async def create(call: Call) -> Answer:
    """A type of the key's user."""
    event_type = add(call.sandbox.world, call.fields, owner=call.owner)
    shown = event_type_json(call.sandbox.world, event_type, in_list=False)
    return success(shown, status=HTTPStatus.CREATED)


async def update(call: Call) -> Answer:
    """The changed type; bookings keep their length."""
    world, event_type = call.sandbox.world, _known(call)
    checks.refuse_as_list(call.fields, _OPTIONAL)
    if "slug" in call.fields and call.fields["slug"] != event_type.slug:
        _refuse_duplicate(world, call.fields["slug"], event_type.owner_id)
    fields = changes(call.fields)
    if "bookingFields" in call.fields:
        fields["booking_fields"] = booking_fields(call.fields["bookingFields"])
    changed = _valid(event_type.model_dump() | fields)
    world.put(changed)
    world.commit()
    return success(event_type_json(world, changed, in_list=False))


async def delete(call: Call) -> Answer:
    """The type is gone; its bookings stay, without a type."""
    world, event_type = call.sandbox.world, _known(call)
    world.remove(event_type)
    world.commit()
    kept = ("id", "lengthInMinutes", "title", "slug")
    shown = event_type_json(world, event_type, in_list=True)
    return success({key: shown[key] for key in kept})


def add(
    world: World, body: Mapping[str, Any], *, owner: User, host_ids: list[int] | None = None
) -> EventType:
    """Make an event type of a body as the API takes it.

    Args:
        world: The account.
        body: As sent.
        owner: Whose type it becomes.
        host_ids: Several hosts make it a round robin; the API itself offers that for teams only.

    Raises:
        Refusal: 400, a property is missing or the slug is taken.
    """
    checks.refuse_as_list(body, _REQUIRED + _OPTIONAL)
    _refuse_duplicate(world, body["slug"], owner.id)
    own_fields = body.get("bookingFields") or []
    own = {
        "id": world.next_id("eventtype"),
        "owner_id": owner.id,
        "host_ids": host_ids or [],
        "booking_fields": booking_fields(
            own_fields, disable_guests=bool(body.get("disableGuests"))
        ),
    }
    event_type = _valid(changes(body) | own)
    world.put(event_type)
    world.commit()
    return event_type


def _known(call: Call) -> EventType:
    wanted = call.params["id"]
    found = call.sandbox.world.event_types.get(int(wanted)) if wanted.isdigit() else None
    if found is None:
        raise not_found(f"Event type with id {wanted} not found")
    return found


def _valid(fields: Mapping[str, Any]) -> EventType:
    try:
        return EventType.model_validate(fields)
    except ValidationError as error:
        raise bad_request(str(error)) from None


def _refuse_duplicate(world: World, slug: str, owner_id: int) -> None:
    if any(e.slug == slug and e.owner_id == owner_id for e in world.event_types.values()):
        raise bad_request("User already has an event type with this slug.")


_REQUIRED = (
    Property("lengthInMinutes", checks.positive_integer),
    Property("title", checks.string),
    Property("slug", checks.string),
)
_OPTIONAL = (
    *(Property(name, checks.objects, optional=True) for name in ("locations", "bookingFields")),
    *(
        Property(name, checks.mapping, optional=True)
        for name in (
            "recurrence",
            "bookingWindow",
            "confirmationPolicy",
            "seats",
            "bookingLimitsCount",
            "bookerActiveBookingsLimit",
        )
    ),
)
_ONE = "/v2/event-types/{id}"

OPERATIONS = (
    Operation("GET", "/v2/event-types", "list_event_types", find),
    Operation("POST", "/v2/event-types", "create_event_type", create, Door.GUARDED),
    Operation("GET", _ONE, "get_event_type", get, Door.GUARDED),
    Operation("PATCH", _ONE, "update_event_type", update, Door.GUARDED),
    Operation("DELETE", _ONE, "delete_event_type", delete, Door.GUARDED),
)
