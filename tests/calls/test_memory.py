"""A call's memory: one tool call at a time, whatever becomes of Redis meanwhile."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from calls.log import BegunCall, CallLog
from calls.memory import CallBusy, CallMemory, OpenMemory
from tests.practice import Practice

WAIT = 0.3


class Away:
    """A script whose question arrives, and whose answer does not."""

    def __init__(self, script: object) -> None:
        self._script = script

    async def __call__(self, **arguments: object) -> None:
        await self._script(**arguments)  # type: ignore[operator]
        raise RedisConnectionError("no answer")


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator["Redis"]:
    async with Redis.from_url(redis_url) as redis:
        yield redis


@pytest.fixture
def log(practice: Practice) -> CallLog:
    return CallLog(practice.database)


@pytest.fixture
def memory(redis: "Redis", log: CallLog) -> CallMemory:
    return CallMemory(redis, log)


@pytest.fixture
async def begun(practice: Practice, log: CallLog) -> BegunCall:
    access = await practice.parts.directory.access(practice.slug)
    assert access
    return await log.begin(
        practice.id,
        platform="neutral",
        platform_call_id="c1",
        line_id=access.business.lines[0].id,
        caller=None,
        language="en",
        now=practice.clock(),
    )


async def change(memory: CallMemory, practice: Practice, begun: BegunCall, version: int) -> None:
    async with memory.open(practice.id, "neutral", "c1", wait_seconds=WAIT) as opened:
        if opened.document is None:
            await take_over(memory, opened, practice.id, begun)
        opened.replace(begun.id, json.dumps({"version": version}))


async def take_over(
    memory: CallMemory, opened: OpenMemory, business_id: UUID, begun: BegunCall
) -> None:
    await memory.take_over(opened, business_id, begun, wait_seconds=WAIT)


async def seen(memory: CallMemory, practice: Practice, begun: BegunCall) -> object:
    async with memory.open(practice.id, "neutral", "c1", wait_seconds=WAIT) as opened:
        if opened.document is None:
            await take_over(memory, opened, practice.id, begun)
        return json.loads(opened.document) if opened.document else None


async def test_one_tool_call_at_a_time(
    memory: CallMemory, practice: Practice, begun: BegunCall
) -> None:
    async with memory.open(practice.id, "neutral", "c1", wait_seconds=WAIT) as opened:
        with pytest.raises(CallBusy):
            await seen(memory, practice, begun)
        opened.replace(begun.id, json.dumps({"version": 1}))
    assert await seen(memory, practice, begun) == {"version": 1}


async def test_without_redis_the_row_keeps_the_others_out_and_the_memory(
    memory: CallMemory, practice: Practice, begun: BegunCall
) -> None:
    memory._open = Away(memory._open)  # type: ignore[assignment]
    async with memory.open(practice.id, "neutral", "c1", wait_seconds=WAIT) as opened:
        await take_over(memory, opened, practice.id, begun)
        with pytest.raises(CallBusy):
            await seen(memory, practice, begun)
        opened.replace(begun.id, json.dumps({"version": 1}))
    assert await seen(memory, practice, begun) == {"version": 1}
    assert await seen(memory, practice, begun) == {"version": 1}, "a look leaves no lease behind"


async def test_when_redis_is_back_it_forgets_what_the_row_knows_better(
    memory: CallMemory, practice: Practice, begun: BegunCall
) -> None:
    """Its lock, which nobody would lift, and the memory from before."""
    await change(memory, practice, begun, 1)
    there = memory._open
    memory._open = Away(there)  # type: ignore[assignment]
    await change(memory, practice, begun, 2)
    await change(memory, practice, begun, 3)
    memory._open = there

    begun = BegunCall(begun.id, {"version": 3}, is_leased=False)
    assert await seen(memory, practice, begun) == {"version": 3}


async def test_a_memory_that_redis_did_not_take_is_in_the_row(
    memory: CallMemory, practice: Practice, begun: BegunCall, log: CallLog
) -> None:
    memory._close = Away(memory._close)  # type: ignore[assignment]
    await change(memory, practice, begun, 1)

    kept = await log.lease(practice.id, begun.id, token="t", seconds=1)
    assert kept == {"version": 1}


async def test_a_lease_that_nobody_ends_runs_out(
    practice: Practice, begun: BegunCall, log: CallLog
) -> None:
    """The process that had it is dead."""
    assert await log.lease(practice.id, begun.id, token="dead", seconds=0.2) == {}
    assert await log.lease(practice.id, begun.id, token="late", seconds=1) is None
    async with asyncio.timeout(20):
        while await log.lease(practice.id, begun.id, token="late", seconds=1) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_many_at_once_lose_no_change(
    memory: CallMemory, practice: Practice, begun: BegunCall
) -> None:
    """Without Redis the row lets them in one after the other."""
    memory._open = Away(memory._open)  # type: ignore[assignment]

    async def count() -> None:
        async with AsyncExitStack() as stack:
            opened = await stack.enter_async_context(
                memory.open(practice.id, "neutral", "c1", wait_seconds=20)
            )
            await memory.take_over(opened, practice.id, begun, wait_seconds=20)
            version = json.loads(opened.document or '{"version": 0}')["version"]
            opened.replace(begun.id, json.dumps({"version": version + 1, "id": uuid4().hex}))

    await asyncio.gather(*(count() for _ in range(8)))

    document = await seen(memory, practice, begun)
    assert isinstance(document, dict)
    assert document["version"] == 8


async def test_what_ends_behind_the_reply_is_seen_by_the_next_tool_call(
    memory: CallMemory, practice: Practice, begun: BegunCall
) -> None:
    for version in (1, 2, 3):
        async with memory.open(
            practice.id, "neutral", "c1", wait_seconds=WAIT, ends_behind=True
        ) as opened:
            opened.replace(begun.id, json.dumps({"version": version}))
        assert await seen(memory, practice, begun) == {"version": version}


async def test_what_redis_does_not_take_behind_the_reply_is_in_the_row(
    memory: CallMemory, practice: Practice, begun: BegunCall, log: CallLog
) -> None:
    memory._close = Away(memory._close)  # type: ignore[assignment]
    async with memory.open(
        practice.id, "neutral", "c1", wait_seconds=WAIT, ends_behind=True
    ) as opened:
        opened.replace(begun.id, json.dumps({"version": 1}))
    await memory.aclose()

    kept = await log.lease(practice.id, begun.id, token="t", seconds=1)
    assert kept == {"version": 1}


async def test_who_gives_up_while_redis_answers_leaves_no_lock(
    memory: CallMemory, practice: Practice, begun: BegunCall
) -> None:
    """A tool call whose time is up: the next one must not wait until the lock runs out."""
    asking = asyncio.create_task(seen(memory, practice, begun))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    assert await seen(memory, practice, begun) is None
