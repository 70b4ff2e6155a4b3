"""What a real Cal.com answered well, read by the client into values."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from calcom.errors import OutcomeUnknown, UnexpectedAnswer
from calcom.shapes import Booking, BookingStatus, EventType, Me, Reservation, Schedule, Webhook
from tests.calcom.calls import Call, covered, moment
from tests.calcom.recordings import Exchange, by_name, client_over, exchanges, served

OF_ANOTHER_VERSION = {f"book-wrong-version-{n}" for n in (6, 7, 8, 9)} | {"event-types-read-9"}
"""Answered with 200 in another shape: the version header was missing or too new for that server."""

SERIES = {f"book-recurring-{n}" for n in (1, 2, 3, 4, 6)}
"""Recurring event types answer with several bookings where one was asked for."""

GOOD = [
    pair
    for pair in covered()
    if pair[0].is_good and str(pair[0]) not in OF_ANOTHER_VERSION | SERIES
]


def _about(*endpoints: str) -> list[tuple[Exchange, Call]]:
    """Good exchanges by method and the first segments of their path."""
    return [
        (exchange, call)
        for exchange, call in GOOD
        if any(f"{exchange.method} {exchange.path}/".startswith(f"{each}/") for each in endpoints)
    ]


async def _answer(exchange: Exchange, call: Call) -> Any:
    return await call(client_over(lambda _: served(exchange.response)))


@by_name(pair for pair in covered() if str(pair[0]) in OF_ANOTHER_VERSION)
async def test_the_shape_of_another_version_is_told_apart(exchange: Exchange, call: Call) -> None:
    with pytest.raises(UnexpectedAnswer, match=r"another shape than expected: data") as raised:
        await _answer(exchange, call)
    assert str(raised.value).startswith(f"GET /v2/{exchange.path.split('/')[2]}")
    assert raised.value.status == 200


@by_name(pair for pair in covered() if str(pair[0]) in SERIES)
async def test_a_series_is_not_taken_for_a_booking(exchange: Exchange, call: Call) -> None:
    is_read = exchange.method == "GET"
    with pytest.raises(
        UnexpectedAnswer if is_read else OutcomeUnknown, match=r"data: Input should"
    ):
        await _answer(exchange, call)


# Slots


def _lengths() -> dict[int, int]:
    of_all = next(e for e in exchanges() if str(e) == "event-types-read-1")
    return {kind["id"]: kind["lengthInMinutes"] for kind in of_all.answer["data"]}


def _with_ends(exchange: Exchange) -> Exchange:
    """As `format=range` would have had it: each slot with its end."""
    kind = int(float(exchange.query.get("eventTypeId", 1)))
    minutes = int(exchange.query.get("duration", 0)) or _lengths().get(kind, 30)
    days = {
        day: [
            {**slot, "end": (_instant(slot["start"]) + timedelta(minutes=minutes)).isoformat()}
            for slot in slots
        ]
        for day, slots in exchange.answer["data"].items()
    }
    answer = {**exchange.answer, "data": days}
    return replace(exchange, response={**exchange.response, "json": answer})


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@by_name(pair for pair in _about("GET /v2/slots") if pair[0].path == "/v2/slots")
async def test_slots_are_instants_in_order(exchange: Exchange, call: Call) -> None:
    slots = await _answer(_with_ends(exchange), call)
    recorded = [slot for day in exchange.answer["data"].values() for slot in day]
    assert [slot.start for slot in slots] == sorted(_instant(each["start"]) for each in recorded)
    assert all(slot.start.tzinfo is UTC and slot.end > slot.start for slot in slots)
    assert {slot.seats_remaining for slot in slots} == {
        each.get("seatsRemaining") for each in recorded
    }


async def test_seats_are_counted() -> None:
    exchange, call = next(pair for pair in GOOD if str(pair[0]) == "slots-seated-3")
    slots = await _answer(_with_ends(exchange), call)
    one_gone = [slot for slot in slots if slot.seats_remaining == 1]
    assert [(slot.seats_booked, slot.seats_total) for slot in one_gone] == [(1, 2)]


@by_name(pair for pair in _about("GET /v2/slots") if pair[0].query.get("format") == "range")
async def test_ends_are_cal_coms(exchange: Exchange, call: Call) -> None:
    slots = await _answer(exchange, call)
    recorded = [slot for day in exchange.answer["data"].values() for slot in day]
    assert recorded
    assert [slot.end for slot in slots] == [_instant(each["end"]) for each in recorded]


async def test_slots_outside_of_the_range_are_left_out() -> None:
    """Cal.com filters by local date, and in some versions not even by that."""
    exchange, _ = next(pair for pair in GOOD if str(pair[0]) == "slots-range-format-1")
    nine = datetime(2027, 2, 3, 14, tzinfo=UTC)
    within = await client_over(lambda _: served(exchange.response)).slots(
        1, start=nine, end=nine + timedelta(minutes=70), timezone="America/New_York"
    )
    assert [slot.start for slot in within] == [nine, nine + timedelta(minutes=30)]


async def test_an_answer_in_the_other_format_is_told_apart() -> None:
    exchange, call = next(pair for pair in GOOD if str(pair[0]) == "slots-day-default-1")
    with pytest.raises(UnexpectedAnswer, match=r"data\.2027-02-02\.0\.end: Field required"):
        await _answer(exchange, call)


# Reservations


@by_name(_about("POST /v2/slots/reservations", "GET /v2/slots/reservations", "PATCH /v2/slots"))
async def test_reservations_say_until_when(exchange: Exchange, call: Call) -> None:
    reservation = await _answer(exchange, call)
    recorded = exchange.answer["data"]
    if recorded is None:
        assert reservation is None
        return
    assert isinstance(reservation, Reservation)
    assert reservation.uid == recorded["reservationUid"]
    assert reservation.event_type_id == recorded["eventTypeId"]
    assert reservation.start == _instant(recorded["slotStart"])
    assert reservation.end == _instant(recorded["slotEnd"])
    assert reservation.expires_at == _instant(recorded["reservationUntil"])
    assert reservation.uid not in repr(reservation)


# Bookings


@by_name(_about("POST /v2/bookings"))
async def test_a_write_answers_with_the_booking(exchange: Exchange, call: Call) -> None:
    _assert_same(await _answer(exchange, call), exchange.answer["data"])


@by_name(pair for pair in _about("GET /v2/bookings") if pair[0].path.count("/") > 2)
async def test_a_booking_is_read(exchange: Exchange, call: Call) -> None:
    _assert_same(await _answer(exchange, call), exchange.answer["data"])


@by_name(pair for pair in _about("GET /v2/bookings") if pair[0].path.count("/") == 2)
async def test_a_page_of_bookings_is_read(exchange: Exchange, call: Call) -> None:
    bookings = await _answer(exchange, call)
    for booking, recorded in zip(bookings, exchange.answer["data"], strict=True):
        _assert_same(booking, recorded)


def _assert_same(booking: object, recorded: Mapping[str, Any]) -> None:
    """All that reconciliation relies on."""
    assert isinstance(booking, Booking)
    assert (booking.id, booking.uid) == (recorded["id"], recorded["uid"])
    assert booking.status == BookingStatus(recorded["status"])
    assert booking.start == moment(recorded["start"])
    assert booking.end == moment(recorded["end"])
    assert booking.end - booking.start == timedelta(minutes=recorded["duration"])
    assert booking.created_at == moment(recorded["createdAt"])
    assert booking.updated_at == moment(recorded["updatedAt"])
    assert booking.event_type_id == recorded["eventTypeId"]
    assert booking.metadata == recorded.get("metadata", {})
    assert booking.rescheduled_from_uid == recorded.get("rescheduledFromUid")
    assert booking.rescheduled_to_uid == recorded.get("rescheduledToUid")
    assert booking.seat_uid == recorded.get("seatUid")
    assert [(host.id, host.name, host.email) for host in booking.hosts] == [
        (host["id"], host["name"], host["email"]) for host in recorded["hosts"]
    ]
    assert [
        (each.name, each.email, each.phone_number, each.time_zone, each.language, each.seat_uid)
        for each in booking.attendees
    ] == [
        (
            each["name"],
            each["email"],
            each.get("phoneNumber"),
            each["timeZone"],
            each["language"],
            each.get("seatUid"),
        )
        for each in recorded["attendees"]
    ]
    assert booking.uid not in repr(booking)


async def test_metadata_is_found_on_bookings() -> None:
    exchange, call = next(pair for pair in GOOD if str(pair[0]) == "book-full-1")
    booking = await _answer(exchange, call)
    assert booking.carries("callId", "call_a1")
    assert not booking.carries("callId", "call_a2")


# The account


@by_name(_about("GET /v2/event-types"))
async def test_event_types_are_read(exchange: Exchange, call: Call) -> None:
    answer = await _answer(exchange, call)
    recorded = exchange.answer["data"]
    kinds = answer if isinstance(answer, tuple) else (answer,)
    for kind, raw in zip(
        kinds, recorded if isinstance(recorded, list) else [recorded], strict=True
    ):
        assert isinstance(kind, EventType)
        assert (kind.id, kind.slug, kind.title) == (raw["id"], raw["slug"], raw["title"])
        assert kind.length_minutes == raw["lengthInMinutes"]
        assert kind.minimum_notice_minutes == raw["minimumBookingNotice"]
        assert kind.before_buffer_minutes == raw["beforeEventBuffer"]
        assert kind.after_buffer_minutes == raw["afterEventBuffer"]
        assert kind.slot_interval_minutes == raw["slotInterval"]
        assert [user.id for user in kind.users] == [user["id"] for user in raw["users"]]


async def test_event_types_tell_how_they_are_booked() -> None:
    exchange, call = next(pair for pair in GOOD if str(pair[0]) == "event-types-read-1")
    kinds = {kind.slug: kind for kind in await _answer(exchange, call)}
    assert [slug for slug, kind in kinds.items() if kind.requires_confirmation] == ["consult"]
    assert [slug for slug, kind in kinds.items() if kind.is_recurring] == ["recurring"]
    assert {slug: kind.seats_per_slot for slug, kind in kinds.items() if kind.seats_per_slot} == {
        "class": 2
    }
    assert {
        slug: kind.booking_window_days
        for slug, kind in kinds.items()
        if kind.booking_window_days is not None
    } == {"window": 30}
    assert kinds["phone"].length_options_minutes == (30, 60)
    assert [field.slug for field in kinds["phone"].fields if field.required] == [
        "name",
        "attendeePhoneNumber",
    ]


@by_name(_about("GET /v2/schedules"))
async def test_schedules_are_read(exchange: Exchange, call: Call) -> None:
    answer = await _answer(exchange, call)
    schedules = answer if isinstance(answer, tuple) else (answer,)
    assert all(isinstance(schedule, Schedule) for schedule in schedules)
    assert schedules[0].is_default
    assert schedules[0].availability[0].days[0] == "Monday"
    assert schedules[0].availability[0].start_time == "09:00"
    for schedule in schedules[1:]:
        assert schedule.time_zone == "Europe/Berlin"
        assert [override.date for override in schedule.overrides] == ["2027-02-10"]


@by_name(_about("GET /v2/me"))
async def test_the_owner_is_read(exchange: Exchange, call: Call) -> None:
    assert await _answer(exchange, call) == Me(
        id=1,
        email="drlee@example.com",
        username="drlee",
        time_zone="America/New_York",
        default_schedule_id=1,
    )


@by_name(_about("GET /v2/webhooks", "POST /v2/webhooks", "PATCH /v2/webhooks"))
async def test_webhooks_are_read(exchange: Exchange, call: Call) -> None:
    answer = await _answer(exchange, call)
    recorded = exchange.answer["data"]
    webhooks = answer if isinstance(answer, tuple) else (answer,)
    for webhook, raw in zip(
        webhooks, recorded if isinstance(recorded, list) else [recorded], strict=True
    ):
        assert webhook == Webhook(
            id=raw["id"],
            subscriber_url=raw["subscriberUrl"],
            triggers=tuple(raw["triggers"]),
            active=raw["active"],
            secret=raw["secret"],
        )
        assert raw["secret"] not in repr(webhook)


@by_name(_about("DELETE /v2/webhooks", "DELETE /v2/slots/reservations"))
async def test_what_is_gone_has_no_value(exchange: Exchange, call: Call) -> None:
    assert await _answer(exchange, call) is None
