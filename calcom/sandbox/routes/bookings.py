"""/v2/bookings."""

from http import HTTPStatus
from typing import Any

from calcom.sandbox import answering, ending, legacy, listing, moving, placing, wishes
from calcom.sandbox.booking_json import booking_json, occurrences
from calcom.sandbox.calls import Answer, Call, Operation, success
from calcom.sandbox.credentials import Door
from calcom.sandbox.errors import not_found
from calcom.sandbox.placing import Placed

_VERSION = "2024-08-13"
"""The newest that an instance of December 2025 knows; every other value selects the oldest."""
_HOSTED_VERSION = "2026-02-25"
_CURSOR_VERSION = "2026-05-01"


async def create(call: Call) -> Answer:
    """A new booking, or a seat in one."""
    if not _is_current(call):
        legacy.refuse_booking(call.fields)
    wish = wishes.read(call.body)
    placed = await placing.place(call.sandbox, wish, user=call.user)
    return success(_placed_json(call, placed), status=HTTPStatus.CREATED)


async def get(call: Call) -> Answer:
    """One booking; all occurrences for the uid of a recurrence."""
    world, uid = call.sandbox.world, call.params["uid"]
    if series := occurrences(world, uid):
        return success([booking_json(world, b) for b in series])
    booking = world.bookings.get(uid)
    if booking is None:
        raise not_found(f"Booking with uid={uid} was not found in the database")
    if not _is_current(call):
        return success(legacy.one_booking(world, booking))
    return success(booking_json(world, booking))


async def find(call: Call) -> Answer:
    """A page of bookings."""
    world, now = call.sandbox.world, call.sandbox.now()
    if call.sandbox.hosted and call.version == _CURSOR_VERSION:
        page = listing.page_from(world, call.query, now=now)
    elif _is_current(call):
        page = listing.page(world, call.query, now=now)
    else:
        return success(legacy.list_of_bookings(world, now=now))
    return Answer({"status": "success", **page})


async def reschedule(call: Call) -> Answer:
    """The same booking at another time, under another uid."""
    wanted = moving.read(call.fields)
    moved = await moving.move(call.sandbox, call.params["uid"], wanted, user=call.user)
    return success(_placed_json(call, moved), status=HTTPStatus.CREATED)


async def cancel(call: Call) -> Answer:
    """The cancelled booking."""
    cancelled = await ending.cancel(call.sandbox, call.params["uid"], call.fields, user=call.user)
    return success(_placed_json(call, cancelled))


async def confirm(call: Call) -> Answer:
    """The accepted booking."""
    booking = await answering.confirm(call.sandbox, call.params["uid"])
    return success(booking_json(call.sandbox.world, booking))


async def decline(call: Call) -> Answer:
    """The rejected booking."""
    booking = await answering.decline(call.sandbox, call.params["uid"], call.fields)
    return success(booking_json(call.sandbox.world, booking))


async def mark_absent(call: Call) -> Answer:
    """The booking with who was absent."""
    booking = await answering.mark_absent(call.sandbox, call.params["uid"], call.fields)
    return success(booking_json(call.sandbox.world, booking))


def _is_current(call: Call) -> bool:
    known = {_VERSION, _HOSTED_VERSION} if call.sandbox.hosted else {_VERSION}
    return call.version in known


def _placed_json(call: Call, placed: Placed) -> Any:
    shown = [booking_json(call.sandbox.world, b) for b in placed.bookings]
    if placed.is_recurring:
        return shown
    seat = {"seatUid": placed.seat_uid} if placed.seat_uid is not None else {}
    return shown[0] | seat


_ONE = "/v2/bookings/{uid}"

OPERATIONS = (
    Operation("POST", "/v2/bookings", "create_booking", create),
    Operation("GET", "/v2/bookings", "list", find, Door.PERMISSION),
    Operation("GET", _ONE, "get_booking", get),
    Operation("POST", f"{_ONE}/reschedule", "reschedule", reschedule),
    Operation("POST", f"{_ONE}/cancel", "cancel", cancel),
    Operation("POST", f"{_ONE}/confirm", "confirm", confirm, Door.PERMISSION),
    Operation("POST", f"{_ONE}/decline", "decline", decline, Door.PERMISSION),
    Operation("POST", f"{_ONE}/mark-absent", "mark_absent", mark_absent, Door.PERMISSION),
)
