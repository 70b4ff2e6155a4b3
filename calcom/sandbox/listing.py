"""GET /v2/bookings: filters, order, pages."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from calcom.sandbox import checks
from calcom.sandbox.booking_json import booking_json
from calcom.sandbox.checks import Property
from calcom.sandbox.instants import parse
from calcom.sandbox.records import Booking
from calcom.sandbox.world import World

_STATUSES = ("upcoming", "recurring", "past", "cancelled", "unconfirmed")
_DEFAULT_TAKE, _MAX_TAKE, _MAX_LIMIT = 100, 250, 100
_SORTS: dict[str, Callable[[Booking], Any]] = {
    "sortStart": lambda b: b.start,
    "sortEnd": lambda b: b.end,
    "sortCreated": lambda b: b.created_at,
    "sortUpdatedAt": lambda b: b.updated_at,
}


def page(world: World, query: Mapping[str, str], *, now: datetime) -> dict[str, Any]:
    """The answer's `data` and `pagination`.

    As in Cal.com the windows of creation and change are applied to the finished page, and the
    counts do not know of them.

    Raises:
        Invalid: 400, a parameter has the wrong type or is out of range.
    """
    asked = _read(query, _QUERY)
    found = _found(world, asked, now=now)
    take, skip = int(asked.get("take", _DEFAULT_TAKE)), int(asked.get("skip", 0))
    on_page = found[skip : skip + take]
    return {
        "data": [booking_json(world, b) for b in on_page if _is_in_windows(b, asked)],
        "pagination": _pagination(total=len(found), returned=len(on_page), take=take, skip=skip),
    }


def page_from(world: World, query: Mapping[str, str], *, now: datetime) -> dict[str, Any]:
    """The same by cursor, as `cal-api-version: 2026-05-01` is documented.

    Raises:
        Invalid: 400, a parameter has the wrong type or is out of range.
    """
    asked = _read(query, _CURSOR_QUERY)
    found = [b for b in _found(world, asked, now=now) if _is_in_windows(b, asked)]
    begin = int(asked.get("cursor", 0))
    end = begin + int(asked.get("limit", _MAX_LIMIT))
    has_more = end < len(found)
    return {
        "data": [booking_json(world, b) for b in found[begin:end]],
        "pagination": {"nextCursor": str(end) if has_more else None, "hasMore": has_more},
    }


def _found(world: World, asked: Mapping[str, Any], *, now: datetime) -> list[Booking]:
    found = [b for b in world.bookings.values() if _matches(b, asked, now=now)]
    found.sort(key=lambda b: (b.start, b.updated_at))
    for name, key in _SORTS.items():
        if name in asked:
            found.sort(key=key, reverse=asked[name] == "desc")
    return found


def _read(query: Mapping[str, str], properties: Iterable[Property]) -> dict[str, Any]:
    asked: dict[str, Any] = dict(query)
    for name in ("take", "skip", "limit", "eventTypeId"):
        if name in asked:
            asked[name] = _number(asked[name])
    checks.refuse_as_list(asked, properties)
    return asked


def _number(text: str) -> int | float | None:
    """As JavaScript's Number; None stands for NaN, which is how JSON shows it."""
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number.is_integer() else number


def _matches(booking: Booking, asked: Mapping[str, Any], *, now: datetime) -> bool:
    type_ids = str(asked.get("eventTypeIds", "")).split(",") if "eventTypeIds" in asked else None
    conditions = (
        "status" not in asked
        or any(_has_status(booking, s, now=now) for s in asked["status"].split(",")),
        "attendeeEmail" not in asked
        or any(a.email == asked["attendeeEmail"] for a in booking.attendees),
        "attendeeName" not in asked
        or any(a.name == asked["attendeeName"] for a in booking.attendees),
        asked.get("bookingUid", booking.uid) == booking.uid,
        asked.get("eventTypeId", booking.event_type_id) == booking.event_type_id,
        type_ids is None or str(booking.event_type_id) in type_ids,
        _instant(asked, "afterStart", booking.start) <= booking.start,
        booking.end <= _instant(asked, "beforeEnd", booking.end),
    )
    return all(conditions)


def _is_in_windows(booking: Booking, asked: Mapping[str, Any]) -> bool:
    created, updated = booking.created_at, booking.updated_at
    return (
        _instant(asked, "afterCreatedAt", created)
        <= created
        <= _instant(asked, "beforeCreatedAt", created)
    ) and (
        _instant(asked, "afterUpdatedAt", updated)
        <= updated
        <= _instant(asked, "beforeUpdatedAt", updated)
    )


def _instant(asked: Mapping[str, Any], name: str, otherwise: datetime) -> datetime:
    return parse(asked[name]) or otherwise if name in asked else otherwise


def _has_status(booking: Booking, status: str, *, now: datetime) -> bool:
    ahead = booking.end >= now
    match status:
        case "upcoming":
            return booking.is_live and ahead and booking.recurring_uid is None
        case "recurring":
            return booking.is_live and ahead and booking.recurring_uid is not None
        case "past":
            return booking.is_live and not ahead
        case "unconfirmed":
            return booking.status == "pending" and ahead
        case _:
            return not booking.is_live


def _pagination(*, total: int, returned: int, take: int, skip: int) -> dict[str, Any]:
    pages = -(-total // take)
    current = min(skip // take + 1, pages)
    return {
        "returnedItems": returned,
        "totalItems": total,
        "itemsPerPage": take,
        "remainingItems": max(0, total - skip - returned),
        "currentPage": current,
        "totalPages": pages,
        "hasNextPage": current < pages,
        "hasPreviousPage": current > 1,
    }


def _between(low: int, high: int | None = None) -> checks.Check:
    def check(name: str, value: Any) -> dict[str, str]:
        is_number = checks.is_number(value)
        broken: dict[str, str] = {}
        if high is not None and not (is_number and value <= high):
            broken["max"] = f"{name} must not be greater than {high}"
        if not (is_number and value >= low):
            broken["min"] = f"{name} must not be less than {low}"
        if not is_number:
            broken["isNumber"] = f"{name} must be a number conforming to the specified constraints"
        return broken

    return check


def _status(name: str, value: Any) -> dict[str, str]:
    if all(s in _STATUSES for s in str(value).split(",")):
        return {}
    return {"isEnum": f"Invalid {name}. Allowed are {', '.join(_STATUSES)}"}


def _present(check: checks.Check) -> checks.Check:
    """A check of parameters that may be left out, but not be empty of meaning."""

    def checked(name: str, value: Any) -> dict[str, str]:
        return {} if value is checks.MISSING else check(name, value)

    return checked


def _cursor(name: str, value: Any) -> dict[str, str]:
    return {} if str(value).isdigit() else {"isCursor": f"{name} is not a cursor of this list"}


_ORDER = checks.one_of("asc", "desc", words='{name} must be either "asc" or "desc".')
_FILTERS = (
    Property("status", _present(_status)),
    Property("attendeeEmail", _present(checks.string)),
    Property("attendeeName", _present(checks.string)),
    Property("bookingUid", _present(checks.string)),
    Property("eventTypeIds", _present(checks.string)),
    Property("eventTypeId", _present(checks.integer)),
    Property("teamsIds", checks.anything),
    Property("teamId", checks.anything),
    *(
        Property(name, _present(checks.instant))
        for name in (
            "afterStart",
            "beforeEnd",
            "afterCreatedAt",
            "beforeCreatedAt",
            "afterUpdatedAt",
            "beforeUpdatedAt",
        )
    ),
    *(Property(name, _present(_ORDER)) for name in _SORTS),
)
_QUERY = (
    *_FILTERS,
    Property("take", _present(_between(1, _MAX_TAKE))),
    Property("skip", _present(_between(0))),
)
_CURSOR_QUERY = (
    *_FILTERS,
    Property("limit", _present(_between(1, _MAX_LIMIT))),
    Property("cursor", _present(_cursor)),
)
