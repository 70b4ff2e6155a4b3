"""What the agent remembers of its tools while Redis is there, gone, and back."""

import asyncio
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError

from evals.valve import Valve
from server.agent.past import Kept, Past
from server.redis_client import open_redis

_SAID = [
    {"role": "user", "content": "one"},
    {"role": "assistant", "content": "?"},
    {"role": "user", "content": "two"},
    {"role": "user", "content": "three"},
]


def _told(number: int) -> list[dict[str, str]]:
    return [{"role": "tool", "content": f"told {number}"}]


async def _back(redis: "Redis") -> None:
    """It is left alone for a while after it was away."""
    async with asyncio.timeout(30):
        while True:
            try:
                await redis.ping()
            except RedisError:
                await asyncio.sleep(0.05)
            else:
                return


async def test_what_tools_told_is_not_forgotten_with_redis(redis_url: str) -> None:
    business, kept = uuid4(), Kept()
    async with (
        Valve.before(redis_url) as valve,
        open_redis(valve.url, timeout_seconds=5.0) as redis,
    ):
        here = Past(redis, kept, business, "chat", "c-1")
        elsewhere = Past(redis, Kept(), business, "chat", "c-1")

        async def remembered(past: Past) -> list[str]:
            woven = await past.woven_into(_SAID)
            return [each["content"] for each in woven if each["role"] != "assistant"]

        await here.add(1, _told(1))
        assert await remembered(elsewhere) == ["one", "told 1", "two", "three"]
        valve.shut()
        await here.add(2, _told(2))
        assert await remembered(here) == ["one", "told 1", "two", "told 2", "three"]
        assert await remembered(elsewhere) == ["one", "two", "three"]
        valve.open()
        await _back(redis)
        await elsewhere.add(3, _told(3))
        assert await remembered(here) == ["one", "told 1", "two", "told 2", "three", "told 3"]


def test_only_the_last_calls_are_kept_here() -> None:
    kept = Kept()
    for number in range(600):
        kept.add(f"call {number}", "[1, []]")
    assert not kept.of("call 0")
    assert list(kept.of("call 599")) == ["[1, []]"]
