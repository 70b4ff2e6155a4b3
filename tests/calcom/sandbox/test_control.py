"""What people do in the web UI, and what the stand-in tells about itself."""

from collections.abc import AsyncIterator

import pytest

from calcom.sandbox.seed import demo
from tests.calcom.sandbox.account import (
    CONSULT,
    HALF_PAST_TEN,
    TEN,
    TUESDAY,
    Account,
    data_of,
    message_of,
    opened,
)

MORNING = f"{TUESDAY}T09:00:00Z"
"""Ten o'clock in Berlin."""
EMERGENCY, PROPHYLAXIS, WHITENING = 7, 8, 9


@pytest.fixture
async def practice() -> AsyncIterator[Account]:
    account = opened(demo(webhook_url="http://hooks.example.com/cal", webhook_secret="s"))
    async with account.http:
        yield account


async def test_a_visitor_books_the_first_type(account: Account) -> None:
    body = {"start": TEN, "name": "Ada", "email": "ada@example.com"}
    made = await account.http.post("/_sandbox/bookings", json=body)
    assert made.status_code == 201
    assert data_of(made)["eventTypeId"] == 1
    assert account.triggers == ["BOOKING_CREATED"]
    again = await account.http.post("/_sandbox/bookings", json=body)
    assert again.status_code == 400


async def test_a_visitor_books_what_he_wants(account: Account) -> None:
    body = {"start": TEN, "name": "Ada", "email": "ada@example.com", "eventTypeId": CONSULT}
    made = await account.http.post("/_sandbox/bookings", json=body)
    assert data_of(made)["status"] == "pending"
    assert (await account.http.post("/_sandbox/bookings", json={})).status_code == 400


async def test_the_host_moves_and_cancels(account: Account) -> None:
    uid = (await account.booked(kind=CONSULT))["uid"]
    moved = await account.http.post(f"/_sandbox/bookings/{uid}/move", json={"start": HALF_PAST_TEN})
    assert data_of(moved)["status"] == "accepted", "a host need not confirm himself"
    new = data_of(moved)["uid"]
    assert data_of(moved)["rescheduledFromUid"] == uid
    cancelled = await account.http.post(f"/_sandbox/bookings/{new}/cancel")
    assert data_of(cancelled)["status"] == "cancelled"
    assert account.triggers == [
        "BOOKING_REQUESTED",
        "BOOKING_RESCHEDULED",
        "BOOKING_CANCELLED",
    ]
    assert (await account.http.post("/_sandbox/bookings/none/cancel")).status_code == 404


async def test_the_state_counts_requests_and_shows_bookings(account: Account) -> None:
    before = len((await account.state())["bookings"])
    await account.booked(metadata={"slotline_booking_id": "b1"})
    await account.book(who="ben")
    await account.slots()
    state = await account.state()
    assert state["requests"] == {"create_booking": 2, "slots": 1}
    assert len(state["bookings"]) == before + 1
    assert state["bookings"][-1]["metadata"] == {"slotline_booking_id": "b1"}


async def test_the_demo_has_two_hosts_with_calendars_of_their_own(practice: Account) -> None:
    await practice.booked(MORNING, 1, who="one")
    assert "10:00" not in await practice.slots(1, zone="Europe/Berlin")
    assert "10:00" in await practice.slots(2, zone="Europe/Berlin")
    booking = await practice.booked(MORNING, 2, who="two")
    assert [host["username"] for host in booking["hosts"]] == ["ben"]
    refused = await practice.book(MORNING, 3, who="three")
    assert refused.status_code == 400
    listed = await practice.http.get(
        "/v2/bookings", headers=practice.key | {"cal-api-version": "2024-08-13"}
    )
    assert len(data_of(listed)) == 2, "one key sees both"


async def test_a_connected_calendar_hides_slots_and_nobody_is_told(practice: Account) -> None:
    body = {"userId": 1, "start": MORNING, "end": f"{TUESDAY}T09:10:00Z"}
    assert (await practice.http.post("/_sandbox/engagements", json=body)).status_code == 201
    assert "10:00" not in await practice.slots(1, zone="Europe/Berlin")
    assert {"09:30", "10:30"} <= set(await practice.slots(1, zone="Europe/Berlin"))
    assert "10:00" in await practice.slots(2, zone="Europe/Berlin")
    assert (await practice.book(MORNING, 1)).status_code == 400
    assert practice.triggers == []


async def test_a_round_robin_takes_turns_until_nobody_is_left(practice: Account) -> None:
    first = await practice.booked(MORNING, EMERGENCY, who="one")
    second = await practice.booked(MORNING, EMERGENCY, who="two")
    assert {b["hosts"][0]["id"] for b in (first, second)} == {1, 2}
    refused = await practice.book(MORNING, EMERGENCY, who="three")
    assert message_of(refused).startswith("One of the hosts either already has booking")
    assert "10:00" not in await practice.slots(EMERGENCY, zone="Europe/Berlin")


async def test_asking_a_round_robin_twice_is_one_booking(practice: Account) -> None:
    first, second = [await practice.booked(MORNING, EMERGENCY) for _ in range(2)]
    assert first["uid"] == second["uid"]
    assert practice.triggers == ["BOOKING_CREATED"]


async def test_the_demos_rarer_types(practice: Account) -> None:
    seat = await practice.booked(MORNING, PROPHYLAXIS)
    assert seat["seatUid"]
    request = await practice.booked(MORNING, WHITENING)
    assert request["status"] == "pending"


async def test_a_host_and_his_type_are_added(practice: Account) -> None:
    cleo = {
        "name": "Cleo",
        "email": "cleo@example.com",
        "username": "cleo",
        "timeZone": "Europe/Berlin",
        "availability": [{"days": ["Tuesday"], "startTime": "10:00", "endTime": "11:00"}],
    }
    user = data_of(await practice.http.post("/_sandbox/users", json=cleo))
    body = {"hostIds": [user["id"]], "title": "Peeling", "slug": "peeling", "lengthInMinutes": 30}
    kind = data_of(await practice.http.post("/_sandbox/event-types", json=body))["id"]
    assert await practice.slots(kind, zone="Europe/Berlin") == ["10:00", "10:30"]
    booking = await practice.booked(MORNING, kind)
    assert booking["hosts"][0]["name"] == "Cleo"
    shared = body | {"slug": "shared", "hostIds": [1, 2, user["id"]]}
    kind = data_of(await practice.http.post("/_sandbox/event-types", json=shared))["id"]
    got = await practice.http.get(
        f"/v2/event-types/{kind}", headers=practice.key | {"cal-api-version": "2024-06-14"}
    )
    assert data_of(got)["schedulingType"] == "roundRobin"
    assert [host["userId"] for host in data_of(got)["hosts"]] == [1, 2, user["id"]]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("engagements", {"userId": 9, "start": MORNING, "end": MORNING}),
        ("engagements", {"userId": 1, "start": MORNING, "end": MORNING}),
        ("engagements", {"userId": 1, "start": "2026-02-10T09:00:00", "end": MORNING}),
        ("users", {"name": "Cleo"}),
        ("event-types", {"title": "x", "slug": "x", "lengthInMinutes": 30}),
        ("event-types", {"hostIds": [9], "title": "x", "slug": "x", "lengthInMinutes": 30}),
        ("event-types", {"hostIds": [1], "title": "x"}),
    ],
)
async def test_incomplete_additions_are_refused(
    practice: Account, path: str, body: dict[str, object]
) -> None:
    assert (await practice.http.post(f"/_sandbox/{path}", json=body)).status_code == 400
