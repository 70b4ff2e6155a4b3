"""The gate: two of them are two processes that share nothing but Redis."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from httpx import ASGITransport
from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from booking.gate import Admission, BreakerOpen, BudgetSpent, Gates, Rules, Verdict
from calcom.client import Client, open_http
from calcom.errors import (
    CalcomError,
    NoTimeLeft,
    RateLimited,
    ServerFault,
    SlotUnavailable,
    Unreachable,
)
from calcom.gate import Gate, Priority
from calcom.sandbox import create_app
from calcom.sandbox.seed import DEMO_KEY, demo

KEY = "cal_live_0123456789abcdef"
QUICK = Rules(requests=20, open_seconds=0.2)
NOBODY = "redis://127.0.0.1:1/0"


@asynccontextmanager
async def a_process(
    redis_url: str, rules: Rules, observe: Callable[[Admission], None] = lambda _: None
) -> AsyncIterator[Gates]:
    """What one process has of the gate."""
    async with (
        Redis.from_pool(BlockingConnectionPool.from_url(redis_url, timeout=20)) as redis,
        Gates(redis, rules=rules, observe=observe) as gates,
    ):
        yield gates


@pytest.fixture
async def two(redis_url: str) -> AsyncIterator[tuple[Gates, Gates]]:
    """Two processes."""
    async with a_process(redis_url, QUICK) as one, a_process(redis_url, QUICK) as other:
        yield one, other


async def leave(gate: Gate, priority: Priority = Priority.WRITE) -> bool:
    """Send a request that goes well; whether it left."""
    try:
        async with gate.admit(priority):
            return True
    except BudgetSpent:
        return False


async def fail(gate: Gate, error: Exception, priority: Priority = Priority.WRITE) -> None:
    """Send a request that ends in an error."""
    with pytest.raises(type(error)):
        async with gate.admit(priority):
            raise error


def gate_of(gates: Gates, key: str = KEY) -> Gate:
    return gates.of(key, business="praxis")


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what takes a moment; fails after far more time than that."""
    async with asyncio.timeout(20):
        while not await holds():  # noqa: ASYNC110 - another process does it, and sets no event
            await asyncio.sleep(0.02)


async def test_f_065_two_processes_share_one_budget(redis_url: str) -> None:
    """280 requests at once from two processes: 120 leave, and the rest learn when to come back."""
    async with a_process(redis_url, Rules()) as one, a_process(redis_url, Rules()) as other:
        asked = [gate_of(gates) for gates in (one, other) for _ in range(140)]
        left = await asyncio.gather(*map(leave, asked))
        assert sum(left) == 120

        with pytest.raises(BudgetSpent) as spent:
            await gate_of(one).admit(Priority.WRITE).__aenter__()
        assert 0 < spent.value.retry_after_seconds <= 61


async def test_f_065_the_calendar_never_has_to_say_that_it_is_too_much(redis_url: str) -> None:
    """Its stand-in counts like the original: a fixed minute from the first request on."""
    calendar = create_app(seed=demo(), rate_limit_per_minute=120)
    refused: list[CalcomError] = []

    async def ask(client: Client) -> bool:
        try:
            await client.me(timeout_seconds=30)
        except CalcomError as error:
            refused.append(error)
            return False
        return True

    async with (
        open_http("http://calcom.test", transport=ASGITransport(calendar)) as http,
        a_process(redis_url, Rules()) as one,
        a_process(redis_url, Rules()) as other,
    ):
        clients = [
            Client(http, api_key=DEMO_KEY, gate=gate_of(gates, DEMO_KEY)) for gates in (one, other)
        ]
        answered = await asyncio.gather(*(ask(clients[n % 2]) for n in range(300)))
        state = (await http.get("/_sandbox/state")).json()

    assert sum(answered) == 108, "nine tenths are for reads"
    assert state["requests"]["me"] == 108
    assert {type(error) for error in refused} == {BudgetSpent}


async def test_people_can_read_how_a_gate_stands(redis_url: str) -> None:
    """Whichever process they ask, and without spending anything."""
    async with a_process(redis_url, Rules()) as one, a_process(redis_url, Rules()) as other:
        for _ in range(3):
            await leave(gate_of(one))
        before = await other.gauge(KEY)
        for _ in range(5):
            await fail(gate_of(one), ServerFault("down"))
        await one.told()
        after = await other.gauge(KEY)

    assert before
    assert (before.left, before.limit, before.open_seconds) == (117, 120, 0)
    assert after
    assert after.left == 112
    assert 0 < after.open_seconds <= 30


async def test_a_minute_later_the_budget_is_there_again(redis_url: str) -> None:
    rules = Rules(requests=8, window_seconds=1.0)
    async with a_process(redis_url, rules) as gates:
        gate = gate_of(gates)
        assert [await leave(gate) for _ in range(9)].count(True) >= 8
        await eventually(lambda: leave(gate, Priority.READ))


async def test_f_065_background_stands_back_before_reads_and_reads_before_writes(
    two: tuple[Gates, Gates],
) -> None:
    one, other = map(gate_of, two)
    background = [await leave(one, Priority.BACKGROUND) for _ in range(15)]
    reads = [await leave(other, Priority.READ) for _ in range(15)]
    writes = [await leave(one, Priority.WRITE) for _ in range(15)]

    assert (sum(background), sum(reads), sum(writes)) == (10, 8, 2)


async def test_each_key_has_a_budget_of_its_own(two: tuple[Gates, Gates]) -> None:
    """And Redis is told no key."""
    one, _ = two
    assert all([await leave(gate_of(one)) for _ in range(20)])
    assert not await leave(gate_of(one))
    assert await leave(gate_of(one, "cal_live_another"))


async def test_redis_is_told_no_key(two: tuple[Gates, Gates], redis_url: str) -> None:
    one, _ = two
    await leave(gate_of(one))
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        names = [name async for name in redis.scan_iter()]
    assert names
    assert not any(KEY in name for name in names)


async def test_f_065_after_a_429_nobody_asks_until_then(two: tuple[Gates, Gates]) -> None:
    one, other = two
    await fail(gate_of(one), RateLimited("too many", retry_after_seconds=41.0))
    await one.told()

    for priority in Priority:
        with pytest.raises(BudgetSpent) as spent:
            await gate_of(other).admit(priority).__aenter__()
        assert 30 < spent.value.retry_after_seconds <= 41


async def test_five_outages_anywhere_open_the_breaker_everywhere(two: tuple[Gates, Gates]) -> None:
    one, other = two
    for gates in (one, other, one, other, one):
        assert await leave(gate_of(gates))
        await fail(gate_of(gates), ServerFault("boom"))
        await gates.told()

    for gates in two:
        with pytest.raises(BreakerOpen):
            await gate_of(gates).admit(Priority.WRITE).__aenter__()


async def test_f_062_refusals_and_what_was_never_sent_are_no_outages(
    two: tuple[Gates, Gates],
) -> None:
    one, other = two
    for _ in range(4):
        await fail(gate_of(one), SlotUnavailable("host busy"))
        await fail(gate_of(other), NoTimeLeft("too late"))
        await one.told()
        await other.told()

    assert await leave(gate_of(one))


async def open_breaker(gates: Gates) -> None:
    for _ in range(5):
        await fail(gate_of(gates), Unreachable("nobody there"))
    await gates.told()


async def probed(processes: Sequence[Gates], *, become: Exception | None = None) -> list[str]:
    """Ask from all of them until one request is let through; what became of all that were asked.

    The one that is let through ends only after many more have been asked.
    """
    begun, done = asyncio.Event(), asyncio.Event()

    async def ask(gates: Gates) -> str:
        try:
            async with gate_of(gates).admit(Priority.WRITE):
                begun.set()
                await done.wait()
                if become:
                    raise become
        except BreakerOpen:
            return "refused"
        except ServerFault:
            return "failed"
        return "good"

    asking: list[asyncio.Task[str]] = []
    async with asyncio.timeout(20):
        while not begun.is_set():
            asking += [asyncio.create_task(ask(gates)) for gates in processes]
            await asyncio.sleep(0.02)
    late = [asyncio.create_task(ask(gates)) for gates in [*processes] * 4]
    await asyncio.wait(late)
    done.set()
    return await asyncio.gather(*asking, *late)


async def test_one_probe_of_all_processes_closes_it_again(two: tuple[Gates, Gates]) -> None:
    one, other = two
    await open_breaker(one)

    ended = await probed(two)

    assert set(ended) == {"refused", "good"}
    assert ended.count("good") == 1
    await asyncio.gather(one.told(), other.told())
    assert await leave(gate_of(one))
    assert await leave(gate_of(other))


async def test_a_probe_that_fails_opens_it_again(redis_url: str) -> None:
    async with a_process(redis_url, Rules(open_seconds=1.0)) as gates:
        await open_breaker(gates)
        ended = await probed([gates], become=ServerFault("still down"))
        assert ended.count("failed") == 1
        await gates.told()
        with pytest.raises(BreakerOpen):
            await gate_of(gates).admit(Priority.WRITE).__aenter__()


async def test_a_probe_that_nobody_waits_for_leaves_its_place_to_another(
    two: tuple[Gates, Gates],
) -> None:
    one, other = two
    await open_breaker(one)

    started = asyncio.Event()

    async def hang() -> None:
        while not started.is_set():
            try:
                async with gate_of(one).admit(Priority.WRITE):
                    started.set()
                    await asyncio.Event().wait()
            except BreakerOpen:
                await asyncio.sleep(0.02)

    hanging = asyncio.create_task(hang())
    await asyncio.wait_for(started.wait(), 20)
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    await one.told()

    assert await leave(gate_of(other))


async def test_without_redis_a_process_keeps_to_its_share_and_its_own_breaker() -> None:
    """Slower, still within the limits."""
    async with a_process(NOBODY, Rules(open_seconds=0.2)) as gates:
        left = [await leave(gate_of(gates)) for _ in range(40)]
        assert sum(left) == 30
    async with a_process(NOBODY, Rules(open_seconds=0.2)) as gates:
        for _ in range(5):
            await fail(gate_of(gates), ServerFault("boom"))
        with pytest.raises(BreakerOpen):
            await gate_of(gates).admit(Priority.READ).__aenter__()
        ended = await probed([gates])
        assert ended.count("good") == 1
        assert await leave(gate_of(gates))


async def test_what_left_without_redis_counts_when_it_is_back(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_process(redis_url, QUICK) as one, a_process(redis_url, QUICK) as other:

        async def away(*_: object, **__: object) -> None:
            raise RedisError("away")

        shared = gate_of(one)._shared  # type: ignore[attr-defined]
        with monkeypatch.context() as patched:
            patched.setattr(shared, "enter", away)
            patched.setattr(shared, "leave", away)
            assert [await leave(gate_of(one)) for _ in range(6)].count(True) == 5
            await fail_silently(gate_of(one))
        assert await leave(gate_of(one))
        assert [await leave(gate_of(other)) for _ in range(20)].count(True) == 14


async def fail_silently(gate: Gate) -> None:
    with pytest.raises(BudgetSpent):
        await gate.admit(Priority.WRITE).__aenter__()


async def test_whoever_counts_is_told_of_every_request(redis_url: str) -> None:
    seen: list[Admission] = []
    async with a_process(redis_url, QUICK, seen.append) as gates:
        await leave(gate_of(gates), Priority.READ)
        await open_breaker(gates)
        with pytest.raises(BreakerOpen):
            await gate_of(gates).admit(Priority.BACKGROUND).__aenter__()
    assert seen[0] == Admission("praxis", Priority.READ, Verdict.ADMITTED, 19)
    assert seen[-1] == Admission("praxis", Priority.BACKGROUND, Verdict.BREAKER_OPEN, 14)
