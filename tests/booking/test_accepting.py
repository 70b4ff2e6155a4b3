"""Accepting what awaits its host: it stands there and here, however often it is pressed."""

import pytest

from booking.accepting import Accepting
from booking.bookings import BookingState
from booking.errors import NotBookable
from calcom.errors import CalcomError
from tests.booking.scene import Scene, at
from tests.practice import Practice


@pytest.fixture
def accepting(scene: Scene) -> Accepting:
    """The one that the console has."""
    console = scene.practice.parts.console
    assert console
    return console._parts.accepting


async def test_what_is_accepted_is_confirmed_there_and_here(
    scene: Scene, accepting: Accepting
) -> None:
    waiting = await scene.book(scene.slot("whitening", at("10:00")))
    assert waiting.state is BookingState.AWAITING_HOST
    assert await at_calcom(scene.practice) == ["pending"]

    accepted = await accepting.accept(scene.business, waiting, now=scene.now)

    assert accepted.state is BookingState.CONFIRMED
    assert (await scene.row(waiting)).state is BookingState.CONFIRMED
    assert await at_calcom(scene.practice) == ["accepted"]
    assert len(await scene.claims()) == 1
    await scene.agree()


async def test_twice_is_once(scene: Scene, accepting: Accepting) -> None:
    """Two colleagues press at the same time: the second knows of a state that is over."""
    waiting = await scene.book(scene.slot("whitening", at("10:00")))
    await accepting.accept(scene.business, waiting, now=scene.now)

    again = await accepting.accept(scene.business, waiting, now=scene.now)

    assert again.state is BookingState.CONFIRMED
    with pytest.raises(NotBookable):
        await accepting.accept(scene.business, again, now=scene.now)
    assert await at_calcom(scene.practice) == ["accepted"]
    await scene.agree()


async def test_what_calcom_does_not_do_is_not_confirmed_here(
    scene: Scene, accepting: Accepting
) -> None:
    waiting = await scene.book(scene.slot("whitening", at("10:00")))
    await scene.practice.misbehave("confirm", "error_before", times=50)

    for _ in range(2):
        with pytest.raises(CalcomError):
            await accepting.accept(scene.business, waiting, now=scene.now)

    assert (await scene.row(waiting)).state is BookingState.AWAITING_HOST
    assert await at_calcom(scene.practice) == ["pending"]
    await scene.practice.calendar_http.delete("/_sandbox/faults")
    assert (
        await accepting.accept(scene.business, waiting, now=scene.now)
    ).state is BookingState.CONFIRMED


async def test_what_was_cancelled_meanwhile_stays_so(scene: Scene, accepting: Accepting) -> None:
    waiting = await scene.book(scene.slot("whitening", at("10:00")))
    there = f"/_sandbox/bookings/{waiting.calcom_uid}/cancel"
    (await scene.practice.calendar_http.post(there)).raise_for_status()

    after = await accepting.accept(scene.business, waiting, now=scene.now)

    assert after.state is BookingState.FAILED
    assert await at_calcom(scene.practice) == []


async def at_calcom(practice: Practice) -> list[str]:
    """The states of what stands there."""
    return [booking["status"] for booking in await practice.bookings_at_calcom()]
