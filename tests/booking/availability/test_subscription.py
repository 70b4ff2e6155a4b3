"""Hearing what other processes tell: what happens when it breaks off, and when it shall end."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from booking.availability import subscription
from booking.availability.subscription import Subscription

PATIENCE_SECONDS = 20


class SilentRedis:
    """Greets whoever connects, and never says that they have subscribed."""

    def __init__(self) -> None:
        self.port = 0
        self.subscribers = 0

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Redis]:
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        async with server, Redis(host="127.0.0.1", port=self.port) as client:
            yield client
            await client.connection_pool.disconnect()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while received := await reader.read(4096):
            if b"SUBSCRIBE" in received:
                self.subscribers += 1
            elif b"PING" not in received:
                writer.write(b"+OK\r\n" * len(re.findall(rb"\*\d+\r\n", received)))
        writer.close()


async def test_who_was_never_heard_is_not_lost_again_and_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each time all would be asked of Cal.com anew, for as long as Redis hangs."""
    monkeypatch.setattr(subscription, "_SILENCE_SECONDS", 0.02)
    monkeypatch.setattr(subscription, "_AGAIN_SECONDS", 0.01)
    silent, losses = SilentRedis(), list[str]()

    async def back() -> None:
        losses.append("back")

    async with silent.opened() as redis:
        hearing = Subscription(
            redis, "news", hear=lambda _: None, lost=lambda: losses.append("lost"), back=back
        )
        hearing.start()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while silent.subscribers < 4:  # noqa: ASYNC110 - it sets no event
                await asyncio.sleep(0.01)
        await hearing.aclose()
    assert losses == []


async def test_losing_is_told_once_and_so_is_being_back(redis_url: str) -> None:
    told = list[str]()
    is_back = asyncio.Event()

    async def back() -> None:
        told.append("back")
        is_back.set()

    async with Redis.from_url(redis_url) as redis, Redis.from_url(redis_url) as killer:
        hearing = Subscription(
            redis, "news", hear=lambda _: None, lost=lambda: told.append("lost"), back=back
        )
        hearing.start()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await is_back.wait()
            is_back.clear()
            await killer.client_kill_filter(_type="pubsub")
            await is_back.wait()
        await hearing.aclose()
    assert told[:2] == ["lost", "back"]
    assert set(told[2:-2]) <= {"lost"}
    assert told[-2:] == ["back", "lost"], "nobody is heard after the end"


async def test_it_ends_though_a_cancellation_gets_lost(redis_url: str) -> None:
    """redis-py swallows one that meets it while it connects."""
    reached = asyncio.Event()
    swallowed = 0

    async def back() -> None:
        nonlocal swallowed
        reached.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            swallowed += 1

    async with Redis.from_url(redis_url) as redis:
        hearing = Subscription(redis, "news", hear=lambda _: None, lost=lambda: None, back=back)
        hearing.start()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await reached.wait()
            await hearing.aclose()
    assert swallowed == 1
