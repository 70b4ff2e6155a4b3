"""Facts about Cal.com that no recorded scenario shows."""

from typing import Any

import pytest

from tests.calcom.sandbox.account import (
    BOOKINGS,
    CHECKUP,
    CLASS,
    CONSULT,
    HALF_PAST_TEN,
    ONE_A_DAY,
    PHONE,
    TEN,
    TUESDAY,
    TYPES,
    Account,
    message_of,
    opened,
)

FIRST, ACTIVE, HIDDEN, WEEKLY, BLINK = 14, 12, 13, 16, 20
NOON = f"{TUESDAY}T17:00:00Z"


async def test_buffers_of_both_types_widen_a_booking(account: Account) -> None:
    """The phone type keeps 15 minutes free on either side, for every type of the host."""
    await account.booked(NOON, PHONE, attendee=_caller())
    assert "11:30" not in await account.slots(CHECKUP)
    assert "12:30" not in await account.slots(CHECKUP)
    assert "11:00" in await account.slots(CHECKUP)
    assert "11:30" not in await account.slots(PHONE)


async def test_the_minimum_notice_hides_and_refuses(account: Account) -> None:
    account.clock.now = account.clock.now.replace(year=2027, month=2, day=2, hour=15, minute=10)
    assert (await account.slots())[0] == "11:30"
    refused = await account.book(f"{TUESDAY}T16:00:00Z")
    assert "too soon" in message_of(refused)


async def test_a_full_day_and_a_full_week_vanish(account: Account) -> None:
    await account.booked(TEN, ONE_A_DAY)
    await account.booked(HALF_PAST_TEN, WEEKLY)
    assert await account.slots(ONE_A_DAY) == []
    assert await account.slots(ONE_A_DAY, "2027-02-03") != []
    assert await account.slots(WEEKLY, "2027-02-05") == []
    assert await account.slots(WEEKLY, "2027-02-08") != []


async def test_only_the_first_slot_of_a_day_is_shown_but_others_can_be_booked(
    account: Account,
) -> None:
    assert await account.slots(FIRST) == ["09:00"]
    assert (await account.book(NOON, FIRST)).status_code == 201


async def test_a_hidden_type_can_be_booked_by_its_id(account: Account) -> None:
    assert await account.slots(HIDDEN) != []
    assert (await account.book(kind=HIDDEN)).status_code == 201


async def test_one_active_booking_per_attendee(account: Account) -> None:
    uid = (await account.booked(TEN, ACTIVE))["uid"]
    refused = await account.book(NOON, ACTIVE)
    assert refused.status_code == 400
    assert "maximum number of active bookings" in message_of(refused)
    assert (await account.act(uid, "reschedule", start=NOON)).status_code == 201


async def test_a_phone_number_alone_is_not_enough_where_an_email_is_required(
    account: Account,
) -> None:
    refused = await account.book(attendee=_caller())
    assert message_of(refused) == "responses - {email}error_required_field, "


async def test_an_attendee_needs_some_contact(account: Account) -> None:
    nobody = {"name": "Ada", "timeZone": "Europe/Berlin"}
    assert (await account.book(attendee=nobody)).status_code == 400


@pytest.mark.parametrize(
    ("guests", "complaint"),
    [
        (["nonsense"], "email_validation_error"),
        (["ada@example.com"], "duplicate_email"),
        (["ben@example.com", "BEN@example.com"], "duplicate_email"),
    ],
)
async def test_guests_are_checked(account: Account, guests: list[str], complaint: str) -> None:
    refused = await account.book(guests=guests)
    assert message_of(refused) == f"responses - {{guests}}{complaint}, "


async def test_a_number_field_cannot_be_filled(account: Account) -> None:
    """The outer schema wants a number, the core a text."""
    answers = {"reason": "x", "insurance": "public", "age": 40}
    refused = await account.book(kind=7, bookingFieldsResponses=answers)
    assert message_of(refused) == "responses - {age}Invalid string, "


async def test_unknown_answers_are_kept(account: Account) -> None:
    booking = await account.booked(bookingFieldsResponses={"colour": "blue"})
    assert booking["bookingFieldsResponses"]["colour"] == "blue"


async def test_a_location_must_be_one_of_the_types(account: Account) -> None:
    refused = await account.book(location={"type": "phone", "phone": "+12025550117"})
    assert refused.status_code == 400
    assert "address" in message_of(refused)
    booking = await account.booked(location="anywhere")
    assert booking["location"] == "anywhere"


async def test_a_booking_that_has_ended_can_still_be_moved(account: Account) -> None:
    account.clock.now = account.clock.now.replace(hour=16)
    uid = (await account.booked("2026-11-22T16:30:00Z", BLINK))["uid"]
    account.clock.advance(hours=2)
    assert (await account.act(uid, "cancel")).status_code == 400
    moved = await account.act(uid, "reschedule", start="2026-11-23T16:30:00Z")
    assert moved.status_code == 201


async def test_a_host_must_say_why(account: Account) -> None:
    uid = (await account.booked())["uid"]
    for reason in ({}, {"cancellationReason": "  "}):
        refused = await account.act(uid, "cancel", owner=True, **reason)
        assert refused.json() == {
            "statusCode": 400,
            "message": "Cancellation reason is required when you are the host",
        }
    done = await account.act(uid, "cancel", owner=True, cancellationReason="ill")
    assert done.json()["data"]["cancelledByEmail"] == "drlee@example.com"


async def test_declining_twice_announces_twice_and_can_be_confirmed_after(
    account: Account,
) -> None:
    uid = (await account.booked(kind=CONSULT))["uid"]
    statuses = [
        (await account.act(uid, what, owner=True)).json()["data"]["status"]
        for what in ("decline", "decline", "confirm")
    ]
    assert statuses == ["rejected", "rejected", "accepted"]
    assert account.triggers[1:] == ["BOOKING_REJECTED", "BOOKING_REJECTED", "BOOKING_CREATED"]


async def test_confirming_double_books(account: Account) -> None:
    """Other types offer and book the time of a pending request; then both are accepted."""
    uid = (await account.booked(kind=CONSULT))["uid"]
    await account.booked(kind=CHECKUP, who="ben")
    assert (await account.act(uid, "confirm", owner=True)).status_code == 200


async def test_a_seat_that_does_not_exist(account: Account) -> None:
    uid = (await account.booked(kind=CLASS))["uid"]
    unknown = await account.act(uid, "cancel", seatUid="00000000")
    assert message_of(unknown).startswith("Invalid seatUid")
    assert (await account.act(uid, "cancel")).status_code == 401


async def test_the_last_seat_takes_the_booking_with_it(account: Account) -> None:
    booking = await account.booked(kind=CLASS)
    done = await account.act(booking["uid"], "cancel", seatUid=booking["seatUid"])
    assert done.json()["data"]["status"] == "cancelled"
    assert "10:00" in await account.slots(CLASS)


async def test_a_seat_can_move_into_a_booking_that_stands(account: Account) -> None:
    one, other = await account.booked(TEN, CLASS), await account.booked(NOON, CLASS, "ben")
    moved = await account.act(one["uid"], "reschedule", start=NOON, seatUid=one["seatUid"])
    assert moved.json()["data"]["uid"] == other["uid"]
    assert len((await account.read(other["uid"]))["attendees"]) == 2
    assert (await account.read(one["uid"]))["status"] == "cancelled"


async def test_reservations_of_seats(account: Account) -> None:
    """One at a time, although two seats are free; it counts as a booked seat."""
    assert (await account.reserve(kind=CLASS)).status_code == 201
    assert (await account.reserve(kind=CLASS)).status_code == 422
    (slot,) = [s for s in await account.slot_items(CLASS) if "T10:00" in s["start"]]
    assert (slot["seatsBooked"], slot["seatsRemaining"]) == (1, 1)
    assert "10:00" not in await account.slots(CHECKUP)


async def test_a_booked_slot_cannot_be_reserved(account: Account) -> None:
    await account.booked()
    refused = await account.reserve()
    assert message_of(refused) == "Can't reserve a slot if the event is already booked."
    assert (await account.reserve(kind=CONSULT)).status_code == 201, "other types do not matter"


async def test_a_reservation_cannot_be_extended_in_place(account: Account) -> None:
    uid = (await account.reserve()).json()["data"]["reservationUid"]
    body = {"eventTypeId": CHECKUP, "slotStart": TEN}
    again = await account.http.patch(
        f"/v2/slots/reservations/{uid}", json=body, headers={"cal-api-version": "2024-09-04"}
    )
    assert again.status_code == 422


async def test_changing_a_type_changes_its_slots_at_once(account: Account) -> None:
    headers = account.key | {"cal-api-version": TYPES}
    await account.booked()
    body = {"lengthInMinutes": 60, "title": "Long"}
    changed = await account.http.patch(f"/v2/event-types/{CHECKUP}", json=body, headers=headers)
    assert changed.json()["data"]["title"] == "Long"
    assert (await account.slots())[:2] == ["09:00", "11:00"]
    (booking,) = await account.bookings()
    assert booking["duration"] == 30


async def test_deleting_a_type_leaves_its_bookings(account: Account) -> None:
    uid = (await account.booked())["uid"]
    headers = account.key | {"cal-api-version": TYPES}
    assert (await account.http.delete("/v2/event-types/1", headers=headers)).status_code == 200
    booking = await account.read(uid)
    assert booking["status"] == "accepted"
    assert "eventTypeId" not in booking


async def test_a_taken_slug_is_refused(account: Account) -> None:
    headers = account.key | {"cal-api-version": TYPES}
    body = {"lengthInMinutes": 30, "title": "Again", "slug": "checkup"}
    refused = await account.http.post("/v2/event-types", json=body, headers=headers)
    assert message_of(refused) == "User already has an event type with this slug."


@pytest.mark.parametrize(
    ("window", "last"),
    [
        ({"type": "calendarDays", "value": 9, "rolling": False}, "2026-12-01"),
        ({"type": "businessDays", "value": 9, "rolling": False}, "2026-12-03"),
        ({"type": "range", "value": ["2026-11-30", "2026-12-02"]}, "2026-12-02"),
    ],
)
async def test_windows(account: Account, window: object, last: str) -> None:
    kind = await account.add_type(bookingWindow=window)
    items = await account.slot_items(kind, "2026-11-22", end="2027-01-22")
    assert items[-1]["start"][:10] == last


async def test_slots_need_their_version(account: Account) -> None:
    """Another version has no such route."""
    answer = await account.http.get("/v2/slots?eventTypeId=1")
    assert answer.status_code == 404
    assert message_of(answer) == "Cannot GET /v2/slots?eventTypeId=1"
    assert "x-ratelimit-limit-default" not in answer.headers


async def test_every_answer_has_an_id_of_its_own(account: Account) -> None:
    answers = [await account.http.get("/v2/nope", headers={"x-request-id": "1"}) for _ in "ab"]
    first, second = (a.headers["x-request-id"] for a in answers)
    assert len({first, second, "1"}) == 3


async def test_a_list_needs_the_key(account: Account) -> None:
    answer = await account.http.get("/v2/bookings", headers={"cal-api-version": BOOKINGS})
    assert answer.status_code == 403


async def test_hosted_versions() -> None:
    """2026-02-25 is 2024-08-13 by another name; the list of 2026-05-01 has cursors."""
    account = opened(hosted=True)
    async with account.http:
        uids = [(await account.booked(start))["uid"] for start in (TEN, NOON, HALF_PAST_TEN)]
        one = await account.http.get(
            f"/v2/bookings/{uids[0]}", headers={"cal-api-version": "2026-02-25"}
        )
        assert one.json()["data"]["status"] == "accepted"
        query: dict[str, Any] = {"attendeeEmail": "ada@example.com", "limit": 2}
        found = []
        while True:
            page = await account.http.get(
                "/v2/bookings",
                params=query,
                headers=account.key | {"cal-api-version": "2026-05-01"},
            )
            found += [b["uid"] for b in page.json()["data"]]
            if not page.json()["pagination"]["hasMore"]:
                break
            query["cursor"] = page.json()["pagination"]["nextCursor"]
        assert found == [uids[0], uids[2], uids[1]]


def _caller() -> dict[str, str]:
    return {"name": "Wes", "timeZone": "America/New_York", "phoneNumber": "+12025550131"}
