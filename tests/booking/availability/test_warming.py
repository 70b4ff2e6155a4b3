"""Asked before anybody waits for it, and no more often than somebody will want it."""

import asyncio

from booking.availability import Layer, Purpose, Warming
from booking.availability.days import AT_ONCE_SECONDS
from server.jobs import TIMETABLE, keep_warm
from tests.booking.availability.offers import another_process, free, hearing, idle, of, reads
from tests.booking.scene import Scene
from tests.server.test_jobs import rounds_of


async def prepared(warming: Warming) -> None:
    while warming._going_on:
        await asyncio.wait(set(warming._going_on))


async def test_when_a_call_begins_the_first_question_finds_its_answer(scene: Scene) -> None:
    await hearing(of(scene))
    warming = Warming(of(scene))
    for _ in range(5):
        warming.expect(scene.business, scene.line.timezone, now=scene.now)
    await prepared(warming)
    asked = await reads(scene)

    assert await free(scene, of(scene))

    assert await reads(scene) == asked
    assert of(scene).tally.requests == {Purpose.WARMING: asked}
    assert {layer for layer, _ in of(scene).tally.answers} == {Layer.PROCESS}


async def test_the_first_message_of_a_call_warms(scene: Scene) -> None:
    warming = Warming(of(scene))
    scene.practice.desk.expect = warming.expect
    await scene.practice.call("+493023125077").ask("verify_name", name="Ada Lindqvist")
    await prepared(warming)
    assert of(scene).tally.requests[Purpose.WARMING] > 0


async def test_what_callers_ask_for_is_never_let_go_too_old(scene: Scene) -> None:
    """And once nobody has asked for an hour or two, only what an outage of Cal.com would need."""
    warming = Warming(of(scene))
    known = await warming.keep_warm(scene.business, now=scene.now)
    assert known == await reads(scene) > 2, "before anybody has asked"
    await free(scene, of(scene))
    assert await warming.keep_warm(scene.business, now=scene.now) == 0

    scene.practice.clock.advance(seconds=AT_ONCE_SECONDS - 180)
    assert await warming.keep_warm(scene.business, now=scene.now) == 0
    scene.practice.clock.advance(seconds=120)
    assert await warming.keep_warm(scene.business, now=scene.now) == 2, "what was asked for"
    assert await free(scene, of(scene))
    assert of(scene).tally.requests == {Purpose.WARMING: known + 2}

    scene.practice.clock.advance(hours=3)
    assert await warming.keep_warm(scene.business, now=scene.now) == 0
    scene.practice.clock.advance(hours=10)
    assert await warming.keep_warm(scene.business, now=scene.now) >= known


async def test_what_is_asked_for_most_comes_first(scene: Scene) -> None:
    """When a call begins, the rarest are left for whoever wants them."""
    warming = Warming(of(scene))
    for _ in range(9):
        await free(scene, of(scene))
    await free(scene, of(scene), "whitening")
    await of(scene).popularity.tell()
    scene.practice.clock.advance(seconds=AT_ONCE_SECONDS - 180)
    asked = await reads(scene)
    warming.expect(scene.business, scene.line.timezone, now=scene.now)
    await prepared(warming)
    assert await reads(scene) == asked + 2, "it would be too old before the call ends"


async def test_workers_and_servers_warm_for_each_other(scene: Scene) -> None:
    async with another_process(scene) as other:
        await free(scene, of(scene))
        scene.practice.clock.advance(seconds=AT_ONCE_SECONDS - 60)
        await of(scene).popularity.tell()
        assert await Warming(other.availability).keep_warm(scene.business, now=scene.now) >= 2
        asked = await reads(scene)
        scene.practice.clock.advance(seconds=120)
        await free(scene, of(scene))
        await idle(of(scene))
        assert await reads(scene) == asked, "what this process has is old, but not all have"


async def test_the_job_stops_when_the_calendar_is_away(scene: Scene) -> None:
    await scene.practice.misbehave("slots", "error_before", times=50)
    await keep_warm(rounds_of(scene.practice), scene.now)
    assert await reads(scene) <= 4
    assert "keep_warm" in {job.name for job in TIMETABLE}
