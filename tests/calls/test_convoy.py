"""Scripts travel together, in order, and each gets its own answer."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from calls.convoy import Convoy

_COUNT = "return redis.call('INCR', KEYS[1])"
_SAY = "return ARGV[1]"


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator["Redis"]:
    async with Redis.from_url(redis_url) as redis:
        yield redis


async def test_what_is_asked_at_once_is_one_round_trip(redis: "Redis") -> None:
    count = Convoy(redis).script(_COUNT)
    await count(keys=["warm"], args=[])
    before = await redis.info("stats")

    counted = await asyncio.gather(*(count(keys=["n"], args=[]) for _ in range(10)))

    after = await redis.info("stats")
    assert counted == list(range(1, 11)), "in the order in which it was asked"
    reads = after["total_reads_processed"] - before["total_reads_processed"]
    assert reads == 2, "ten scripts, and the question how many there were"


async def test_a_redis_that_was_restarted_learns_its_scripts_again(redis: "Redis") -> None:
    convoy = Convoy(redis)
    count, say = convoy.script(_COUNT), convoy.script(_SAY)
    await asyncio.gather(count(keys=["n"], args=[]), say(keys=[], args=["a"]))
    await redis.script_flush()

    counted, said = await asyncio.gather(count(keys=["n"], args=[]), say(keys=[], args=["b"]))

    assert (counted, said) == (2, b"b")


async def test_a_script_that_fails_is_alone_with_that(redis: "Redis") -> None:
    convoy = Convoy(redis)
    broken, say = convoy.script("return redis.call('INCR')"), convoy.script(_SAY)

    said = asyncio.create_task(say(keys=[], args=["a"]))
    with pytest.raises(ResponseError):
        await broken(keys=[], args=[])

    assert await said == b"a"


async def test_who_leaves_takes_nobody_along(redis: "Redis") -> None:
    count = Convoy(redis).script(_COUNT)
    leaving = asyncio.create_task(count(keys=["n"], args=[]))
    staying = asyncio.create_task(count(keys=["n"], args=[]))
    await asyncio.sleep(0)
    leaving.cancel()

    assert await staying == 2
    assert leaving.cancelled()
