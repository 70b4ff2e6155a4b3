"""A place where trials happen, one after the other: a server, a worker, an empty database.

Each trial gets a business of its own and a calendar of its own, so nothing is left of the one
before but open connections and warm code.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Final, Self
from uuid import uuid4

import httpx

from calcom.sandbox import SandboxApp, create_app
from evals.bench.day.run import Employs, Opens
from evals.clock import Clock
from evals.house import House
from evals.scenario import Scenario
from evals.valve import Valve
from evals.world import World
from server.app import Parts
from server.app import create_app as create_server
from server.worker import Worker

_BEFORE_ANYTHING: Final = datetime(2026, 1, 1, tzinfo=UTC)


class Switch(httpx.AsyncBaseTransport):
    """The way to Cal.com, which leads to the calendar of the present trial."""

    def __init__(self) -> None:
        self.to: httpx.AsyncBaseTransport | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass it on; between trials nobody answers."""
        if self.to is None:
            raise httpx.ConnectError("there is no calendar between trials", request=request)
        return await self.to.handle_async_request(request)


class Seat:
    """Opened once, used by one trial at a time."""

    def __init__(
        self,
        house: House,
        parts: Parts,
        worker: Worker,
        clock: Clock,
        switch: Switch,
        redis: Valve,
    ) -> None:
        """Use `open`."""
        self._house = house
        self._parts = parts
        self._worker = worker
        self._clock = clock
        self._switch = switch
        self._redis = redis
        self._door = httpx.ASGITransport(create_server(parts))

    @classmethod
    @asynccontextmanager
    async def open(
        cls, house: House, *, serve: Opens, employ: Employs, redis: Valve
    ) -> AsyncIterator[Self]:
        """Open a server and a worker over the house's database.

        Args:
            house: Furnishes businesses.
            serve: Opens the server.
            employ: Opens the worker.
            redis: The way on which both reach Redis.
        """
        clock, switch = Clock(_BEFORE_ANYTHING), Switch()
        async with AsyncExitStack() as stack:
            parts = await stack.enter_async_context(serve(clock=clock, transport=switch))
            worker = await stack.enter_async_context(employ(clock=clock, transport=switch))
            yield cls(house, parts, worker, clock, switch, redis)

    @asynccontextmanager
    async def world(self, scenario: Scenario) -> AsyncIterator[World]:
        """The world of one trial: furnished as the scenario says, and gone afterwards.

        Args:
            scenario: Without blanks.

        Raises:
            NotInTheHouse: It asks for what the house does not have.
            CannotBeFurnished: A standing booking cannot be made.
        """
        self._clock.now = scenario.now
        await self._house.sweep()
        tenancy = await self._house.furnish(
            f"trial-{uuid4().hex[:12]}", customers=customers_of(scenario), now=self._clock()
        )
        calendar = create_app(
            clock=self._clock,
            seed=tenancy.seed,
            rate_limit_per_minute=None,
            race_window_seconds=0.0,
            slots_cache_seconds=0.0,
            webhook_transport=self._door,
        )
        self._switch.to = httpx.ASGITransport(calendar)
        try:
            async with httpx.AsyncClient(
                transport=self._switch.to, base_url="http://calcom.test"
            ) as control:
                world = World(
                    scenario,
                    tenancy,
                    plan=self._house.plan,
                    database=self._house.database,
                    parts=self._parts,
                    worker=self._worker,
                    clock=self._clock,
                    calendar=calendar,
                    control=control,
                    redis=self._redis,
                )
                await world.furnish()
                yield world
        finally:
            await self._leave(calendar)

    async def _leave(self, calendar: SandboxApp) -> None:
        """Let what is still under way come to its end, then cut the line."""
        self._redis.open()
        calendar.state.sandbox.mischief.faults.clear()
        await calendar.settle()
        await self._parts.afterwards.done()
        await self._parts.dispatch.kept()
        self._switch.to = None


def customers_of(scenario: Scenario) -> dict[str, str]:
    """Who is known to the business: name by number."""
    caller = scenario.caller
    known = {scenario.number: caller.name} if caller.number == "known" else {}
    return {**known, **scenario.customers}
