"""/v2/schedules."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from calcom.sandbox import checks
from calcom.sandbox.calls import Answer, Call, Operation, success
from calcom.sandbox.checks import Property
from calcom.sandbox.credentials import Door
from calcom.sandbox.errors import bad_request, not_found
from calcom.sandbox.instants import is_iso
from calcom.sandbox.opening import DAYS
from calcom.sandbox.records import Hours, Override, Schedule, User
from calcom.sandbox.world import World

_WALL_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_OFFICE_HOURS = [Hours(days=list(DAYS[:5]), start="09:00", end="17:00")]


async def find(call: Call) -> Answer:
    """All schedules of the account."""
    world = call.sandbox.world
    ordered = sorted(world.schedules.values(), key=lambda s: s.id)
    return success([_schedule_json(world, s) for s in ordered])


async def get(call: Call) -> Answer:
    """One schedule; `default` is the one of the key's user."""
    world, wanted = call.sandbox.world, call.params["id"]
    if wanted == "default":
        wanted = str(call.owner.default_schedule_id)
    return success(_schedule_json(world, _known(call, wanted)))


async def create(call: Call) -> Answer:
    """A schedule of the key's user."""
    world = call.sandbox.world
    schedule = add(world, call.fields, owner=call.owner)
    return success(_schedule_json(world, schedule), status=HTTPStatus.CREATED)


async def update(call: Call) -> Answer:
    """The changed schedule; a list that is sent replaces the whole list."""
    world, body = call.sandbox.world, call.fields
    schedule = _known(call, call.params["id"])
    checks.refuse_as_list(body, (*(_left_out(p) for p in _REQUIRED), *_OPTIONAL))
    schedule.name = body.get("name", schedule.name)
    schedule.time_zone = body.get("timeZone", schedule.time_zone)
    if "availability" in body:
        schedule.availability = _hours(body["availability"] or [])
    if "overrides" in body:
        schedule.overrides = _overrides(body["overrides"] or [])
    if body.get("isDefault"):
        _make_default(world, world.users[schedule.owner_id], schedule)
    world.put(schedule)
    world.commit()
    return success(_schedule_json(world, schedule))


async def delete(call: Call) -> Answer:
    """Deletes a schedule that is nobody's default."""
    world, wanted = call.sandbox.world, call.params["id"]
    schedule = world.schedules.get(int(wanted)) if wanted.isdigit() else None
    if schedule is None:
        raise bad_request(f"Schedule with ID={wanted} does not exist.")
    world.remove(schedule)
    world.commit()
    return Answer({"status": "success"})


def add(world: World, body: Mapping[str, Any], *, owner: User) -> Schedule:
    """Make a schedule of a body as the API takes it; Monday to Friday, 9 to 5, unless it says.

    Raises:
        Invalid: 400, a property is missing or malformed.
    """
    checks.refuse_as_list(body, _REQUIRED + _OPTIONAL)
    availability = _hours(body["availability"]) if body.get("availability") else _OFFICE_HOURS
    schedule = Schedule(
        id=world.next_id("schedule"),
        owner_id=owner.id,
        name=body["name"],
        time_zone=body["timeZone"],
        availability=availability,
        overrides=_overrides(body.get("overrides") or []),
    )
    world.put(schedule)
    if body.get("isDefault"):
        _make_default(world, owner, schedule)
    world.commit()
    return schedule


def _make_default(world: World, owner: User, schedule: Schedule) -> None:
    owner.default_schedule_id = schedule.id
    world.put(owner)


def _known(call: Call, wanted: str) -> Schedule:
    found = call.sandbox.world.schedules.get(int(wanted)) if wanted.isdigit() else None
    if found is None:
        raise not_found(f"Schedule with ID={wanted} does not exist.")
    return found


def _schedule_json(world: World, schedule: Schedule) -> dict[str, Any]:
    return {
        "id": schedule.id,
        "ownerId": schedule.owner_id,
        "name": schedule.name,
        "timeZone": schedule.time_zone,
        "availability": [
            {"days": h.days, "startTime": h.start, "endTime": h.end} for h in schedule.availability
        ],
        "isDefault": world.users[schedule.owner_id].default_schedule_id == schedule.id,
        "overrides": [
            {"date": o.date, "startTime": o.start, "endTime": o.end} for o in schedule.overrides
        ],
    }


def _hours(blocks: list[Mapping[str, Any]]) -> list[Hours]:
    return [
        Hours(days=_listed(b.get("days")), start=b["startTime"], end=b["endTime"]) for b in blocks
    ]


def _overrides(blocks: list[Mapping[str, Any]]) -> list[Override]:
    return [Override(date=b["date"], start=b["startTime"], end=b["endTime"]) for b in blocks]


def _left_out(required: Property) -> Property:
    return Property(required.name, required.check, optional=True)


def _blocks(name: str, value: Any) -> dict[str, str]:
    broken = checks.objects(name, value)
    if broken:
        return broken
    for block in value:
        for key in ("startTime", "endTime"):
            if not _WALL_TIME.fullmatch(str(block.get(key))):
                broken["matches"] = f"{key} must be a valid time in format HH:MM"
    return broken


def _weekly(name: str, value: Any) -> dict[str, str]:
    broken = _blocks(name, value)
    days = [] if broken else [day for block in value for day in _listed(block.get("days"))]
    if not all(day in DAYS for day in days):
        broken["isEnum"] = "each value in days must be one of Monday, Tuesday ..."
    return broken


def _listed(days: Any) -> list[Any]:
    return days if isinstance(days, list) else [days]


def _dated(name: str, value: Any) -> dict[str, str]:
    broken = _blocks(name, value)
    if not broken and not all(is_iso(block.get("date")) for block in value):
        broken["isDateString"] = "date must be a valid ISO 8601 date string"
    return broken


_REQUIRED = (
    Property("name", checks.string),
    Property("timeZone", checks.time_zone),
    Property("isDefault", checks.boolean),
)
_OPTIONAL = (
    Property("availability", _weekly, optional=True),
    Property("overrides", _dated, optional=True),
)
_ONE = "/v2/schedules/{id}"

OPERATIONS = (
    Operation("GET", "/v2/schedules", "list_schedules", find, Door.GUARDED),
    Operation("POST", "/v2/schedules", "create_schedule", create, Door.GUARDED),
    Operation("GET", _ONE, "get_schedule", get, Door.GUARDED),
    Operation("PATCH", _ONE, "update_schedule", update, Door.GUARDED),
    Operation("DELETE", _ONE, "delete_schedule", delete, Door.GUARDED),
)
