"""For each recorded exchange the call of the client that comes nearest to its request."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from calcom.client import Client
from calcom.errors import InvalidAttendee
from calcom.outgoing import Attendee, BookingFilter, ListStatus
from calcom.shapes import Booking
from tests.calcom.recordings import Exchange, exchanges

SOON = datetime(2027, 2, 2, 14, tzinfo=UTC)
SOMEBODY = Attendee(name="Ada Lovelace", timezone="Europe/London", email="ada@example.com")

Call = Callable[[Client], Awaitable[Any]]


def covered() -> Iterator[tuple[Exchange, Call]]:
    """Each exchange with an endpoint that the client has, and the call nearest to its request.

    Nearest, because the client cannot send most of what was tried out: broken JSON, unknown keys.
    """
    for exchange in exchanges():
        if route := route_of(exchange):
            method, arguments = ROUTES[route]
            match = re.fullmatch(route, _asked(exchange))
            ids = match.groups() if match else ()
            yield exchange, _bound(method, ids, arguments(exchange))


def route_of(exchange: Exchange) -> str:
    """The endpoint of the client that an exchange is about, or nothing."""
    return next((route for route in ROUTES if re.fullmatch(route, _asked(exchange))), "")


def _asked(exchange: Exchange) -> str:
    return f"{exchange.method} {exchange.path.rstrip('/')}"


def _bound(method: Callable[..., Any], ids: Sequence[Any], arguments: Mapping[str, Any]) -> Call:
    return lambda client: method(client, *ids, **arguments)


def _slots(exchange: Exchange) -> dict[str, Any]:
    duration = exchange.query.get("duration")
    return {
        "event_type_id": _number(exchange.query.get("eventTypeId")),
        "start": moment(exchange.query.get("start")) or datetime(2026, 1, 1, tzinfo=UTC),
        "end": moment(exchange.query.get("end"), at_end=True) or datetime(2030, 1, 1, tzinfo=UTC),
        "timezone": exchange.query.get("timeZone", "UTC"),
        "duration_minutes": None if duration is None else _number(duration),
        "booking_uid_to_reschedule": exchange.query.get("bookingUidToReschedule"),
    }


def _reservation(exchange: Exchange) -> dict[str, Any]:
    wish = {
        "event_type_id": _number(exchange.body.get("eventTypeId")),
        "start": moment(exchange.body.get("slotStart")) or SOON,
    }
    if exchange.method == "POST":
        wish |= {
            "slot_minutes": exchange.body.get("slotDuration"),
            "hold_minutes": exchange.body.get("reservationDuration"),
        }
    return wish


def _new_booking(exchange: Exchange) -> dict[str, Any]:
    body = exchange.body
    metadata = body.get("metadata")
    return {
        "event_type_id": _number(body.get("eventTypeId")),
        "start": _answered_start(exchange) or moment(body.get("start")) or SOON,
        "attendee": _attendee(body.get("attendee")),
        "metadata": metadata if isinstance(metadata, dict) else {},
        "length_minutes": body.get("lengthInMinutes"),
        "location": body.get("location"),
        "fields": body.get("bookingFieldsResponses"),
        "guests": body.get("guests", ()),
    }


def _attendee(sent: object) -> Attendee:
    """The attendee that was sent, or somebody where the client would refuse to send it."""
    if not isinstance(sent, dict) or not {"name", "timeZone"} <= sent.keys():
        return SOMEBODY
    attendee = Attendee(
        name=sent["name"],
        timezone=sent["timeZone"],
        email=sent.get("email"),
        phone_number=sent.get("phoneNumber"),
        language=sent.get("language"),
    )
    with suppress(InvalidAttendee):
        attendee.to_json()
        return attendee
    return SOMEBODY


def _move(exchange: Exchange) -> dict[str, Any]:
    return {
        "start": moment(exchange.body.get("start")) or SOON,
        "reason": exchange.body.get("reschedulingReason"),
        "rescheduled_by": exchange.body.get("rescheduledBy"),
        "seat_uid": exchange.body.get("seatUid"),
    }


def _nothing(_: Exchange) -> dict[str, Any]:
    return {}


def _itself(exchange: Exchange) -> dict[str, Any]:
    return {"exchange": exchange}


def _whole_body(exchange: Exchange) -> dict[str, Any]:
    return dict(exchange.body)


def _reason(exchange: Exchange) -> dict[str, Any]:
    return {"reason": exchange.body.get("reason")}


def _cancellation(exchange: Exchange) -> dict[str, Any]:
    return {
        "reason": str(exchange.body.get("cancellationReason", "not said")),
        "seat_uid": exchange.body.get("seatUid"),
    }


def _webhook(exchange: Exchange) -> dict[str, Any]:
    return {
        "subscriber_url": exchange.body.get("subscriberUrl", ""),
        "triggers": exchange.body.get("triggers", ()),
        "secret": exchange.body.get("secret", ""),
    }


async def _first_page(client: Client, *, exchange: Exchange) -> list[Booking]:
    query = exchange.query
    ids = str(query.get("eventTypeIds", query.get("eventTypeId", "")))
    which = BookingFilter(
        statuses=tuple(map(ListStatus, str(query.get("status", "")).split(",")))
        if "status" in query
        else (),
        attendee_email=query.get("attendeeEmail"),
        attendee_name=query.get("attendeeName"),
        uid=query.get("bookingUid"),
        event_type_ids=tuple(int(id_) for id_ in ids.split(",") if id_),
        after_start=moment(query.get("afterStart")),
        before_end=moment(query.get("beforeEnd")),
        after_created=moment(query.get("afterCreatedAt")),
        before_created=moment(query.get("beforeCreatedAt")),
        after_updated=moment(query.get("afterUpdatedAt")),
        before_updated=moment(query.get("beforeUpdatedAt")),
    )
    wanted = len(exchange.answer["data"]) if exchange.is_good else 1
    found: list[Booking] = []
    async for booking in client.list_bookings(which, page_size=_number(query.get("take"), 100)):
        found.append(booking)
        if len(found) == wanted:
            break
    return found


def moment(text: object, *, at_end: bool = False) -> datetime | None:
    """What Cal.com takes a text for: naive is UTC, a date is its first or last second."""
    if not isinstance(text, str):
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    if "T" not in text and at_end:
        read = read.replace(hour=23, minute=59, second=59)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _answered_start(exchange: Exchange) -> datetime | None:
    made = exchange.answer.get("data") if exchange.is_good else None
    return moment(made.get("start")) if isinstance(made, dict) else None


def _number(value: object, otherwise: int = 1) -> int:
    return int(value) if isinstance(value, int | str) and str(value).isdigit() else otherwise


ROUTES: Mapping[str, tuple[Callable[..., Any], Callable[[Exchange], dict[str, Any]]]] = {
    r"GET /v2/slots": (Client.slots, _slots),
    r"POST /v2/slots/reservations": (Client.reserve, _reservation),
    r"GET /v2/slots/reservations/([^/]+)": (Client.get_reservation, _nothing),
    r"PATCH /v2/slots/reservations/([^/]+)": (Client.move_reservation, _reservation),
    r"DELETE /v2/slots/reservations/([^/]+)": (Client.release_reservation, _nothing),
    r"POST /v2/bookings": (Client.create_booking, _new_booking),
    r"GET /v2/bookings": (_first_page, _itself),
    r"GET /v2/bookings/([^/]+)": (Client.get_booking, _nothing),
    r"POST /v2/bookings/([^/]+)/reschedule": (Client.reschedule, _move),
    r"POST /v2/bookings/([^/]+)/cancel": (Client.cancel, _cancellation),
    r"POST /v2/bookings/([^/]+)/confirm": (Client.confirm, _nothing),
    r"POST /v2/bookings/([^/]+)/decline": (Client.decline, _reason),
    r"GET /v2/event-types": (Client.event_types, _nothing),
    r"GET /v2/event-types/(\d+)": (Client.event_type, _nothing),
    r"GET /v2/schedules": (Client.schedules, _nothing),
    r"GET /v2/schedules/default": (Client.default_schedule, _nothing),
    r"GET /v2/me": (Client.me, _nothing),
    r"GET /v2/webhooks": (Client.webhooks, _nothing),
    r"POST /v2/webhooks": (Client.create_webhook, _webhook),
    r"PATCH /v2/webhooks/([^/]+)": (Client.update_webhook, _whole_body),
    r"DELETE /v2/webhooks/([^/]+)": (Client.delete_webhook, _nothing),
}
