"""Asked once, answered from the process, renewed behind answers, and shared by all processes."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from booking.availability import Freshness, Layer, Purpose
from booking.availability.days import (
    AT_ONCE_SECONDS,
    FREED_FRESH_SECONDS,
    FRESH_SECONDS,
    KEPT_SECONDS,
    Age,
    Day,
    Mark,
)
from server import tally
from tests.booking.availability.offers import another_process, free, hearing, idle, of, reads
from tests.booking.scene import Scene


async def test_ten_equal_questions_are_one_request_for_each_event_type(scene: Scene) -> None:
    answers = [await free(scene, of(scene)) for _ in range(10)]

    assert answers[0]
    assert all(answer == answers[0] for answer in answers)
    assert await reads(scene) == 2
    assert of(scene).tally.requests == {Purpose.CALLER: 2}
    assert of(scene).tally.hit_rate == 0.9


async def test_a_cached_answer_waits_for_neither_redis_nor_the_database(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hearing(of(scene))
    before = await free(scene, of(scene))
    shared = of(scene)._shared

    async def away(*_: object, **__: object) -> Any:
        raise AssertionError("Redis was asked")

    for name in ("recall", "put", "begin_filling", "tell"):
        monkeypatch.setattr(shared, name, away)
    with tally.counted() as cost:
        assert await free(scene, of(scene)) == before
    assert cost.statements == 0


async def test_eighty_equal_questions_at_once_are_one_request_for_each_event_type(
    scene: Scene,
) -> None:
    await scene.practice.misbehave("slots", "latency", times=2, seconds=0.2)
    answers = await asyncio.gather(*(free(scene, of(scene)) for _ in range(80)))
    assert all(answer == answers[0] for answer in answers)
    assert await reads(scene) == 2


async def test_what_is_stale_is_given_at_once_and_renewed_behind(scene: Scene) -> None:
    before = await free(scene, of(scene))
    scene.practice.clock.advance(seconds=FRESH_SECONDS + 1)
    await scene.practice.misbehave("slots", "latency", times=2, seconds=0.3)

    assert await free(scene, of(scene)) == before
    assert of(scene)._asking._under_way, "Cal.com is being asked while the answer is given"
    await idle(of(scene))

    assert await reads(scene) == 4
    assert of(scene).tally.requests[Purpose.BACKGROUND] == 2
    assert of(scene).tally.answers[Layer.PROCESS, Freshness.STALE] == 2
    await free(scene, of(scene))
    assert await reads(scene) == 4


async def test_what_is_old_is_asked_anew_before_it_is_given(scene: Scene) -> None:
    await free(scene, of(scene))
    scene.practice.clock.advance(seconds=AT_ONCE_SECONDS + 1)
    await free(scene, of(scene))
    assert of(scene).tally.requests[Purpose.CALLER] == 4


@pytest.mark.parametrize(
    ("seconds", "mark", "age"),
    [
        (FRESH_SECONDS - 1, Mark.SOUND, Age.FRESH),
        (FRESH_SECONDS, Mark.SOUND, Age.STALE),
        (FREED_FRESH_SECONDS - 1, Mark.FREED, Age.FRESH),
        (FREED_FRESH_SECONDS, Mark.FREED, Age.STALE),
        (0, Mark.CHANGED, Age.OLD),
        (AT_ONCE_SECONDS, Mark.SOUND, Age.STALE),
        (AT_ONCE_SECONDS + 1, Mark.SOUND, Age.OLD),
        (KEPT_SECONDS, Mark.CHANGED, Age.OLD),
        (KEPT_SECONDS + 1, Mark.SOUND, Age.GONE),
    ],
)
def test_an_answer_is_used_by_its_age(seconds: float, mark: Mark, age: Age) -> None:
    now = datetime(2026, 2, 10, 9, tzinfo=UTC)
    assert Day(now.timestamp() - seconds, (), mark).age(now) is age


async def test_one_process_asks_for_all(scene: Scene) -> None:
    """Also while the answer is on its way: the other one waits for it."""
    async with another_process(scene) as other:
        await scene.practice.misbehave("slots", "latency", times=2, seconds=0.2)
        here, there = await asyncio.gather(free(scene, of(scene)), free(scene, other.availability))
        assert here == there != set()
        assert await reads(scene) == 2

        await free(scene, other.availability)
        assert await reads(scene) == 2


async def test_a_filler_that_died_is_in_nobodys_way(scene: Scene) -> None:
    """Its lock runs out, and whoever waits takes over; without patience nobody is told a lie."""
    listing_days = (scene.now.date(),)
    for kind in scene.service("checkup").event_types:
        key = f"filling:{scene.business.id}:{kind.id}:Europe/Berlin:{listing_days[0]}"
        await of(scene)._shared._redis.set(key, "somebody who died", px=300)
    assert await free(scene, of(scene))
    assert await reads(scene) == 2


async def test_equal_keys_of_two_businesses_are_different_ones(scene: Scene) -> None:
    await free(scene, of(scene))
    keys = [key async for key in of(scene)._shared._redis.scan_iter("slots:*")]
    assert keys
    assert all(key.decode().startswith(f"slots:{scene.business.id}:") for key in keys)


async def test_without_redis_a_process_goes_by_what_it_knows(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await free(scene, of(scene))

    async def away(*_: object, **__: object) -> Any:
        raise RedisConnectionError("away")

    for name in ("recall", "put", "begin_filling", "end_filling", "tell"):
        monkeypatch.setattr(of(scene)._shared, name, away)
    of(scene)._taken.hears = False
    assert await free(scene, of(scene)) == before
    assert await reads(scene) == 2


async def test_a_lost_subscription_empties_the_process_until_it_is_back(scene: Scene) -> None:
    """What happened meanwhile is known in Redis, and is what answers go by."""
    async with another_process(scene) as other:
        await free(scene, of(scene))
        await free(scene, other.availability)
        known = of(scene)._taken
        assert known._known

        await of(scene)._shared._redis.client_kill_filter(_type="pubsub")
        async with asyncio.timeout(10):
            while known._known:  # noqa: ASYNC110 - it sets no event
                await asyncio.sleep(0.005)
        before = of(scene).tally.answers[Layer.REDIS, Freshness.FRESH]
        await free(scene, of(scene))

        assert of(scene).tally.answers[Layer.REDIS, Freshness.FRESH] == before + 2
        assert await reads(scene) == 2
        await hearing(of(scene))
