"""An empty answer may be an outage: it is doubted before it is believed."""

from datetime import timedelta

import pytest

from booking.availability import Freshness, Layer, Purpose
from booking.availability.days import AT_ONCE_SECONDS
from booking.errors import CalendarUnavailable
from calcom.sandbox.records import Hours
from tests.booking.availability.offers import another_process, free, of, reads
from tests.booking.scene import Scene, at


def without_calendar(scene: Scene) -> dict[int, list[object]]:
    """Cal.com cannot read the hosts' calendars: it answers as if they never worked."""
    world = scene.practice.calendar.state.sandbox.world
    hours: dict[int, list[object]] = {}
    for number, schedule in world.schedules.items():
        hours[number] = list(schedule.availability)
        schedule.availability.clear()
    return hours


def with_calendar(scene: Scene, hours: dict[int, list[object]]) -> None:
    world = scene.practice.calendar.state.sandbox.world
    for number, schedule in world.schedules.items():
        schedule.availability.extend(hours[number])


async def test_a_host_who_suddenly_has_no_slots_at_all_is_doubted(scene: Scene) -> None:
    """What was known is offered with a doubt, by all processes, and never "nothing free"."""
    before = await free(scene, of(scene))
    hours = without_calendar(scene)
    scene.practice.clock.advance(seconds=AT_ONCE_SECONDS + 1)

    call = scene.practice.call("+493023125077")
    told = await call.ask("check_availability", service="checkup", date="2026-02-11")

    assert told["status"] == "available"
    assert "slow" in told["say"]
    assert await free(scene, of(scene)) == before
    worths = [worth for _, worth in of(scene).tally.answers]
    assert Freshness.DOUBTED in worths
    async with another_process(scene) as other:
        assert await free(scene, other.availability) == before

    with_calendar(scene, hours)
    scene.practice.clock.advance(seconds=6)
    await free(scene, of(scene))
    assert of(scene).tally.answers[Layer.CALCOM, Freshness.FRESH] >= 2


async def test_a_host_who_goes_on_having_none_is_believed(scene: Scene) -> None:
    """Confirmed a minute later: holidays, or a schedule that was emptied on purpose."""
    await free(scene, of(scene))
    without_calendar(scene)
    scene.practice.clock.advance(seconds=AT_ONCE_SECONDS + 1)
    assert await free(scene, of(scene))
    scene.practice.clock.advance(seconds=61)
    assert await free(scene, of(scene)) == set()


async def test_a_host_of_whom_nothing_was_known_is_believed(scene: Scene) -> None:
    without_calendar(scene)
    assert await free(scene, of(scene)) == set()
    assert of(scene).tally.requests == {Purpose.CALLER: 2}


async def test_a_host_whose_time_we_have_taken_ourselves_is_believed(scene: Scene) -> None:
    """One morning a fortnight, and it is booked: nothing is odd about an empty answer."""
    world = scene.practice.calendar.state.sandbox.world
    for schedule in world.schedules.values():
        schedule.availability.clear()
    anna = scene.slot("checkup", at("10:00"), "anna")
    world.schedules[1].availability.append(Hours(days=["Wednesday"], start="10:00", end="10:30"))
    assert await free(scene, of(scene)) == {("10:00", "anna")}
    await scene.book(anna)
    await scene.book(scene.slot("checkup", at("10:00") + timedelta(days=7), "anna"), "Ida Blum")
    scene.practice.clock.advance(seconds=AT_ONCE_SECONDS + 1)
    asked = await reads(scene)
    assert await free(scene, of(scene)) == set()
    assert await reads(scene) == asked + 2, "not asked twice"


async def test_in_doubt_and_nothing_known_is_said_honestly(scene: Scene) -> None:
    """Neither "nothing free" nor an invented time."""
    await free(scene, of(scene))
    without_calendar(scene)
    scene.practice.clock.advance(seconds=AT_ONCE_SECONDS + 1)
    assert await free(scene, of(scene))
    with pytest.raises(CalendarUnavailable):
        await free(scene, of(scene), day=at("10:00").date() + timedelta(days=3))
    told = await scene.practice.call("+493023125077").ask(
        "check_availability", service="checkup", date="2026-02-14", time="10:00"
    )
    assert told["status"] != "none_free" or told["slots"]
