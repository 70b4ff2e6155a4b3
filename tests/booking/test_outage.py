"""Cal.com is down for long, and back: what was wished meanwhile is delivered soon after."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from redis import Redis

from booking.bookings import BookingState
from tests.booking.scene import Scene, at, furnish
from tests.practice import TUESDAY, Clock, opened
from tests.servers import Addresses, Broom

SOON = timedelta(seconds=38)
"""What the breaker is open for, and a few seconds."""


@pytest.fixture
async def scene(addresses: Addresses, broom: Broom) -> AsyncIterator[Scene]:
    """The desk with the gate before Cal.com, whose breaker goes by Redis' clock."""
    broom.sweep_tables()
    broom.sweep_redis()
    async with opened(addresses, clock=Clock(TUESDAY), gated=True) as practice:
        await furnish(practice, addresses)
        access = await practice.parts.directory.access(practice.slug)
        assert access
        yield Scene(practice, access.business, addresses)


async def test_an_outage_makes_nobody_wait_longer_than_the_breaker(scene: Scene) -> None:
    await scene.practice.misbehave("*", "error_before", times=100_000)
    hours = ("09:00", "10:00", "11:00", "14:00", "15:00", "16:00")
    told = [await scene.book(scene.slot("checkup", at(hour), "anna")) for hour in hours]
    assert told[0].state is BookingState.PENDING
    assert told[-1].state is BookingState.QUEUED

    for _ in range(20):
        await scene.work(seconds=SOON.total_seconds())
        assert all(_due(row) <= scene.now + SOON for row in await scene.practice.rows())
    assert not await scene.flags()
    scene.practice.clock.advance(minutes=8)
    await scene.work()
    assert await scene.flags() == {"unsettled"}

    (await scene.practice.calendar_http.delete("/_sandbox/faults")).raise_for_status()
    with Redis.from_url(scene.addresses.redis_url) as redis:  # its half minute is over
        redis.delete(*redis.scan_iter("gate:*:breaker"))
    await scene.work(seconds=SOON.total_seconds())

    assert {row["state"] for row in await scene.practice.rows()} == {"confirmed"}
    await scene.agree()


def _due(row: dict[str, str]) -> datetime:
    return datetime.fromisoformat(row["due_at"])
