"""Who performs a booking, where Cal.com has chosen somebody and does not say whom."""

import json

import httpx
import pytest

from booking.bookings import BookingState
from tests.booking.scene import LATE_SECONDS, Scene, at


async def test_f_066_who_performs_it_is_read_back(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_hosts(scene, monkeypatch)

    booking = await scene.book(scene.slot("emergency", at("10:00")))

    [there] = await scene.practice.bookings_at_calcom()
    by_number = {person.calcom_user_id: person.id for person in scene.business.staff}
    assert booking.state is BookingState.CONFIRMED
    assert booking.staff_id == by_number[there["hosts"][0]["id"]]
    assert await scene.flags() == set()


async def test_f_066_a_host_whom_nobody_names_is_asked_of_staff(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_hosts(scene, monkeypatch, everywhere=True)

    booking = await scene.book(scene.slot("emergency", at("10:00")))
    await scene.quiesce()

    assert (await scene.row(booking)).state is BookingState.CONFIRMED
    assert await scene.flags() == {"unknown_host"}


async def test_to_another_host_leaves_nothing_where_the_web_ui_had_moved_it(scene: Scene) -> None:
    """No news of that has come: there must not be two of it afterwards."""
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    moved = f"/_sandbox/bookings/{booking.calcom_uid}/move"
    body = {"start": at("15:00").isoformat()}
    (await scene.practice.calendar_http.post(moved, json=body)).raise_for_status()

    after = await scene.move(booking, scene.slot("checkup", at("11:00"), "ben"))

    assert after.state is BookingState.CONFIRMED
    assert after.start_at == at("11:00")
    assert len(await scene.practice.bookings_at_calcom()) == 1
    await scene.agree()


@pytest.mark.parametrize("late", [False, True])
async def test_to_another_host_leaves_no_twin_where_the_answer_was_lost_as_well(
    scene: Scene, late: bool
) -> None:
    """Moved on the web without a word, and made for the other host without an answer."""
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    moved = f"/_sandbox/bookings/{booking.calcom_uid}/move"
    body = {"start": at("15:00").isoformat()}
    (await scene.practice.calendar_http.post(moved, json=body)).raise_for_status()
    fault = "hang" if late else "drop_answer"
    await scene.practice.misbehave("create_booking", fault, seconds=LATE_SECONDS, late=late)

    told = await scene.move(booking, scene.slot("checkup", at("11:00"), "ben"))
    assert told.state is BookingState.MOVING
    await scene.work(seconds=10)
    await scene.practice.calendar.settle()
    await scene.quiesce(3)

    row = await scene.row(booking)
    assert (row.state, row.start_at) == (BookingState.CONFIRMED, at("11:00"))
    assert len(await scene.practice.bookings_at_calcom()) == 1
    await scene.agree()


def without_hosts(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, *, everywhere: bool = False
) -> None:
    """Let Cal.com's answers to bookings name nobody, as some of its versions do."""
    ask = scene.practice.transport.handle_async_request

    async def ask_and_hide(request: httpx.Request) -> httpx.Response:
        answer = await ask(request)
        made = request.method == "POST" and request.url.path == "/v2/bookings"
        read = request.method == "GET" and request.url.path.startswith("/v2/bookings/")
        if not (made or (read and everywhere)):
            return answer
        body = json.loads(await answer.aread())
        body["data"]["hosts"] = []
        return httpx.Response(answer.status_code, json=body)

    monkeypatch.setattr(scene.practice.transport, "handle_async_request", ask_and_hide)
