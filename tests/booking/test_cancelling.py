"""Cancelling: twice is once, and nobody is told so before Cal.com has done it."""

import asyncio

import pytest

from booking.bookings import Booking, BookingState
from booking.errors import BeingChanged, BookingError
from server import tally
from tests.booking.scene import Scene, at


async def test_a_cancelled_time_is_free_for_the_next_caller(scene: Scene) -> None:
    slot = scene.slot("checkup", at("10:00"), "anna")
    booking = await scene.book(slot)

    gone = await scene.cancel(booking)

    assert gone.state is BookingState.CANCELLED
    assert await scene.claims() == []
    again = await scene.book(slot, "Nele Ehlers")
    assert again.state is BookingState.CONFIRMED
    await scene.agree()


async def test_twice_is_once(scene: Scene) -> None:
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    first = await scene.cancel(booking)
    second = await scene.cancel(booking)
    assert first.state is second.state is BookingState.CANCELLED
    assert (await scene.requests())["cancel"] == 1


async def test_five_at_once_are_one_request(scene: Scene) -> None:
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    gone = await asyncio.gather(*(scene.cancel(booking) for _ in range(5)))
    assert {one.state for one in gone} == {BookingState.CANCELLED}
    assert (await scene.requests())["cancel"] == 1


async def test_cancelling_writes_few_statements(scene: Scene) -> None:
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    call_id = await scene.call()
    with tally.counted() as cost:
        await scene.practice.desk.cancel(
            scene.business,
            call_id=call_id,
            booking_id=booking.id,
            reason="ill",
            now=scene.now,
            answer_by=scene.answer_by,
        )
    assert 0 < cost.statements <= 6


async def test_calcom_hears_a_reason(scene: Scene) -> None:
    """With the host's key it insists on one."""
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    await scene.cancel(booking, reason="the car broke down")
    state = (await scene.practice.calendar_http.get("/_sandbox/state")).json()
    (there,) = state["bookings"]
    assert there["cancellationReason"] == "the car broke down"


async def test_what_was_cancelled_outside_is_cancelled(scene: Scene) -> None:
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    url = f"/_sandbox/bookings/{booking.calcom_uid}/cancel"
    (await scene.practice.calendar_http.post(url)).raise_for_status()

    assert (await scene.cancel(booking)).state is BookingState.CANCELLED


async def test_what_was_moved_outside_is_cancelled_where_it_stands(scene: Scene) -> None:
    """Cal.com says "cancelled already" of the old uid: the appointment stands elsewhere."""
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    url = f"/_sandbox/bookings/{booking.calcom_uid}/move"
    body = {"start": at("15:00").isoformat()}
    (await scene.practice.calendar_http.post(url, json=body)).raise_for_status()

    assert (await scene.cancel(booking)).state is BookingState.CANCELLED
    assert await scene.practice.bookings_at_calcom() == []


async def test_a_cancel_that_races_a_move_ends_in_one_of_both(scene: Scene) -> None:
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))

    moved, gone = await asyncio.gather(
        scene.move(booking, scene.slot("checkup", at("15:00"), "anna")),
        scene.cancel(booking),
        return_exceptions=True,
    )

    assert not isinstance(gone, BaseException)
    assert gone.state is BookingState.CANCELLED
    assert isinstance(moved, BookingError | Booking)
    assert await scene.practice.bookings_at_calcom() == []
    assert await scene.claims() == []


async def test_a_request_that_never_left_us_is_cancelled_at_once(scene: Scene) -> None:
    await scene.practice.misbehave("create_booking", "429")
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    assert booking.state is BookingState.QUEUED

    gone = await scene.cancel(booking)

    assert gone.state is BookingState.CANCELLED
    assert await scene.claims() == []
    assert "cancel" not in await scene.requests()
    assert await scene.work(hours=1) == 0


async def test_what_may_be_booked_this_moment_is_not_cancelled(scene: Scene) -> None:
    await scene.practice.misbehave("create_booking", "drop_answer")
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    with pytest.raises(BeingChanged):
        await scene.cancel(booking)


async def test_a_request_that_its_host_has_not_seen_is_cancelled(scene: Scene) -> None:
    booking = await scene.book(scene.slot("whitening", at("10:00")))
    assert booking.state is BookingState.AWAITING_HOST
    assert (await scene.cancel(booking)).state is BookingState.CANCELLED
    assert await scene.practice.bookings_at_calcom() == []


@pytest.mark.parametrize("fault", ["error_before", "error_after", "drop_answer", "hang", "429"])
async def test_until_calcom_answers_the_booking_stands(scene: Scene, fault: str) -> None:
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    await scene.practice.misbehave("cancel", fault, seconds=4.0)

    told = await scene.cancel(booking)
    assert told.state is BookingState.CANCELLING
    assert await scene.claims() == [("10:00", "10:30")]

    await scene.practice.calendar.settle()
    await scene.quiesce(3)
    assert (await scene.row(booking)).state is BookingState.CANCELLED
    assert await scene.practice.bookings_at_calcom() == []
    assert await scene.claims() == []
