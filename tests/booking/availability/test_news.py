"""After any event the next answer reflects it: here at once, in other processes soon after."""

import asyncio
from uuid import UUID

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from booking.availability import Availability, Effect, Purpose
from booking.availability.days import AT_ONCE_SECONDS, Age
from booking.slots import Span
from tests.booking.availability.offers import (
    another_process,
    free,
    heard,
    hearing,
    idle,
    of,
    reads,
    told,
)
from tests.booking.scene import WEDNESDAY, Scene, at

TEN = ("10:00", "anna")


async def changed(scene: Scene, availability: Availability, effect: Effect) -> None:
    anna = next(person.id for person in scene.business.staff if person.slug == "anna")
    await availability.tell(
        scene.business,
        effect,
        hosts={anna},
        spans=[Span(at("10:00"), at("10:30"))],
        now=scene.now,
    )


def age(scene: Scene, availability: Availability) -> Age:
    """What a process makes of Anna's Wednesday."""
    kind = scene.slot("checkup", at("10:00"), "anna").event_type
    return availability.age(
        scene.business, kind, [WEDNESDAY], zone=scene.line.timezone, now=scene.now
    )


async def test_a_booking_takes_its_time_at_once_and_a_cancellation_gives_it_back(
    scene: Scene,
) -> None:
    """Of all of the host's services, buffers included, and Cal.com is not asked for any of it."""
    await hearing(of(scene))
    assert TEN in await free(scene, of(scene))
    half_past_nine = ("09:30", "anna")
    assert half_past_nine in await free(scene, of(scene), "cleaning")
    asked = await reads(scene)

    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    assert TEN not in await free(scene, of(scene))
    # 45 minutes and 15 for tidying up.
    assert half_past_nine not in await free(scene, of(scene), "cleaning")
    assert ("10:00", "ben") in await free(scene, of(scene))

    await scene.cancel(booking)
    assert TEN in await free(scene, of(scene))
    assert half_past_nine in await free(scene, of(scene), "cleaning")
    assert await reads(scene) == asked


async def test_what_was_listed_before_it_was_taken_is_back_though_it_was_asked_anew_since(
    scene: Scene,
) -> None:
    """Cal.com lists no longer what our booking takes; it goes on being known."""
    await free(scene, of(scene))
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    scene.practice.clock.advance(seconds=AT_ONCE_SECONDS + 1)
    assert TEN not in await free(scene, of(scene))
    asked = await reads(scene)

    await scene.cancel(booking)

    assert TEN in await free(scene, of(scene))
    assert of(scene).tally.requests[Purpose.CALLER] == 4
    assert await reads(scene) >= asked


async def test_a_freed_time_that_nobody_had_listed_is_asked_for(scene: Scene) -> None:
    """It was taken before anybody asked: only Cal.com can say what is free now."""
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    assert TEN not in await free(scene, of(scene))
    await scene.cancel(booking)
    assert TEN in await free(scene, of(scene))


async def test_a_move_takes_the_new_time_and_gives_back_the_old(scene: Scene) -> None:
    await free(scene, of(scene))
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    await scene.move(booking, scene.slot("checkup", at("14:00"), "anna"))
    offered = await free(scene, of(scene))
    assert TEN in offered
    assert ("14:00", "anna") not in offered


async def test_what_cal_com_refuses_is_not_offered_again(scene: Scene) -> None:
    """Somebody took it on the web and no webhook came: the refusal is the news."""
    assert TEN in await free(scene, of(scene))
    visit = {"start": at("10:00").isoformat(), "name": "Rosa Winter", "email": "r@example.com"}
    (await scene.practice.calendar_http.post("/_sandbox/bookings", json=visit)).raise_for_status()
    with pytest.raises(Exception, match="taken"):
        await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    assert TEN not in await free(scene, of(scene))


async def test_holds_are_seen_by_others_until_they_end(scene: Scene) -> None:
    """And not by their own call, on any process."""
    slot, call = scene.slot("checkup", at("10:00"), "anna"), await scene.call()
    async with another_process(scene) as other:
        there = other.availability
        assert TEN in await free(scene, there)
        before = heard(there)
        await scene.practice.desk.hold(scene.business, slot, call_id=call, now=scene.now)
        await told(there, before)

        assert TEN not in await free(scene, of(scene))
        assert TEN not in await free(scene, there)
        assert TEN in await free(scene, there, call_id=call)

        before = heard(there)
        await scene.practice.desk.release(scene.business, call, now=scene.now)
        await told(there, before)
        assert TEN in await free(scene, there)

        await scene.practice.desk.hold(scene.business, slot, call_id=call, now=scene.now)
        scene.practice.clock.advance(minutes=6)
        assert TEN in await free(scene, of(scene)), "it has expired, and nobody had to say so"


async def test_another_process_hears_of_bookings_and_cancellations(scene: Scene) -> None:
    async with another_process(scene) as other:
        there = other.availability
        await free(scene, of(scene))
        assert TEN in await free(scene, there)
        asked = await reads(scene)

        before = heard(there)
        booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
        await told(there, before)
        assert TEN not in await free(scene, there)

        before = heard(there)
        await scene.cancel(booking)
        await told(there, before + 1)  # that it goes, and that it has gone
        assert TEN in await free(scene, there)
        assert await reads(scene) == asked


@pytest.mark.parametrize("effect", [Effect.FREED, Effect.UNKNOWN])
@pytest.mark.parametrize("where", ["here", "there"])
async def test_an_answer_from_before_a_change_is_never_kept_as_fresh(
    scene: Scene, effect: Effect, where: str
) -> None:
    """The read is under way when the news comes, in the same process or in another one."""
    async with another_process(scene) as other:
        await scene.practice.misbehave("slots", "hang", times=2, seconds=0.4)
        asking = asyncio.create_task(free(scene, of(scene)))
        async with asyncio.timeout(10):
            while await reads(scene) < 2:  # noqa: ASYNC110 - the calendar sets no event
                await asyncio.sleep(0.01)
        teller = of(scene) if where == "here" else other.availability
        before = heard(of(scene))
        await changed(scene, teller, effect)
        await told(of(scene), before)
        assert await asking

        assert await reads(scene) == 3, "Anna's was not believed and asked for again, Ben's was"
        await free(scene, other.availability)
        assert await reads(scene) == 3, "what was asked for again is good for all"


async def test_news_that_redis_missed_is_told_before_it_is_believed_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis was away while something changed: its answer from before must not come back."""
    await free(scene, of(scene))
    shared = of(scene)._shared
    tell = shared.tell

    async def away(*_: object, **__: object) -> None:
        raise RedisConnectionError("away")

    monkeypatch.setattr(shared, "tell", away)
    await changed(scene, of(scene), Effect.UNKNOWN)
    monkeypatch.setattr(shared, "tell", tell)
    asked = await reads(scene)

    await free(scene, of(scene))

    assert await reads(scene) == asked + 1, "Anna's, which is in doubt"
    async with another_process(scene) as other:
        await free(scene, other.availability)
        assert await reads(scene) == asked + 1


async def test_news_names_hosts_and_touches_all_that_they_perform(scene: Scene) -> None:
    """Anna's own types, the one that Cal.com gives to either, and the course; none of Ben's."""
    kinds = {kind.id: kind for kind in scene.business.event_types.values()}
    zone = scene.line.timezone
    await of(scene).listed(scene.business, kinds.values(), [WEDNESDAY], zone=zone, now=scene.now)
    await changed(scene, of(scene), Effect.UNKNOWN)

    def is_fresh(kind_id: UUID) -> bool:
        found = of(scene).age(scene.business, kinds[kind_id], [WEDNESDAY], zone=zone, now=scene.now)
        return found is Age.FRESH

    fresh = {person.slug for id_ in kinds if is_fresh(id_) for person in kinds[id_].performers}
    assert fresh == {"ben"}
    assert age(scene, of(scene)) is Age.OLD


async def test_only_what_a_caller_is_talking_about_is_asked_for_behind_news(scene: Scene) -> None:
    """The host's other services are asked for by whoever wants them next."""
    await hearing(of(scene))
    await free(scene, of(scene), "cleaning")
    scene.practice.clock.advance(minutes=2)
    await free(scene, of(scene))
    asked = await reads(scene)

    await changed(scene, of(scene), Effect.UNKNOWN)
    async with asyncio.timeout(10):
        while not of(scene).tally.requests[Purpose.BACKGROUND]:  # noqa: ASYNC110 - it sets no event
            await asyncio.sleep(0.01)
    await idle(of(scene))
    assert await reads(scene) == asked + 1, "Anna's check-ups"
    assert not of(scene)._asking._soon

    await free(scene, of(scene), "cleaning")
    assert await reads(scene) == asked + 2


async def test_a_customer_is_not_offered_times_at_which_they_are_expected(scene: Scene) -> None:
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    ben = ("10:00", "ben")
    assert ben in await free(scene, of(scene))
    assert ben not in await free(scene, of(scene), customer_id=booking.customer_id)
    await scene.cancel(booking)
    assert ben in await free(scene, of(scene), customer_id=booking.customer_id)
