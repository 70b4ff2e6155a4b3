"""A lane: bounded, undisturbed by what fails, and clean when it is told to stop."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import pytest

from server.lane import Lane

_PATIENCE_SECONDS = 30.0


@dataclass
class Pile:
    """A queue in memory; what is put off lies aside."""

    waiting: list[str]
    deed: Callable[[str], Awaitable[None]]
    name: str = "pile"
    done: list[str] = field(default_factory=list)
    aside: list[tuple[str, str | None]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    outages: int = 0

    async def take(self, at_most: int) -> Sequence[str]:
        if self.outages:
            self.outages -= 1
            raise ConnectionError("the database is away")
        taken, self.waiting = self.waiting[:at_most], self.waiting[at_most:]
        return taken

    async def work(self, item: str) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.deed(item)
        finally:
            self.at_once -= 1
        self.done.append(item)

    async def put_off(self, item: str, error: Exception | None) -> None:
        self.aside.append((item, repr(error) if error else None))


async def at_once(_: str) -> None:
    await asyncio.sleep(0)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while not is_so():  # noqa: ASYNC110 - a test may look twice
            await asyncio.sleep(0.01)


async def test_everything_is_done_a_bounded_number_at_a_time() -> None:
    pile = Pile([f"{n}" for n in range(20)], at_once)
    stop = asyncio.Event()
    running = asyncio.create_task(Lane(pile, places=3).run(stop, finish_seconds=5))
    await until(lambda: len(pile.done) == 20)
    stop.set()
    await running
    assert sorted(pile.done, key=int) == [f"{n}" for n in range(20)]
    assert pile.most_at_once == 3


async def test_one_that_fails_stops_no_other() -> None:
    async def deed(item: str) -> None:
        if item == "bad":
            raise ValueError(item)

    pile = Pile(["good", "bad", "fine"], deed)
    await Lane(pile, places=3).work_once()
    assert sorted(pile.done) == ["fine", "good"]
    assert pile.aside == [("bad", "ValueError('bad')")]


async def test_one_that_is_slow_holds_up_no_other() -> None:
    let_go = asyncio.Event()

    async def deed(item: str) -> None:
        if item == "slow":
            await let_go.wait()

    pile = Pile(["slow", *(f"{n}" for n in range(9))], deed)
    stop = asyncio.Event()
    running = asyncio.create_task(Lane(pile, places=2).run(stop, finish_seconds=5))
    await until(lambda: len(pile.done) == 9)
    let_go.set()
    stop.set()
    await running
    assert pile.done[-1] == "slow"


async def test_what_has_begun_is_finished_and_nothing_new_is_taken() -> None:
    let_go = asyncio.Event()

    async def deed(_: str) -> None:
        await let_go.wait()

    pile = Pile(["first", "second"], deed)
    stop = asyncio.Event()
    running = asyncio.create_task(Lane(pile, places=1).run(stop, finish_seconds=_PATIENCE_SECONDS))
    await until(lambda: pile.at_once == 1)
    stop.set()
    let_go.set()
    await running
    assert pile.done == ["first"]
    assert pile.waiting == ["second"]


async def test_what_cannot_be_finished_in_time_is_given_back() -> None:
    async def deed(_: str) -> None:
        await asyncio.Event().wait()

    pile = Pile(["endless"], deed)
    stop = asyncio.Event()
    running = asyncio.create_task(Lane(pile, places=1).run(stop, finish_seconds=0.01))
    await until(lambda: pile.at_once == 1)
    stop.set()
    await running
    assert pile.done == []
    assert pile.aside == [("endless", None)]


async def test_a_lane_outlives_an_outage(caplog: pytest.LogCaptureFixture) -> None:
    pile = Pile(["late"], at_once, outages=2)
    stop = asyncio.Event()
    running = asyncio.create_task(Lane(pile, places=1).run(stop, finish_seconds=5))
    await until(lambda: pile.done == ["late"])
    stop.set()
    await running
    assert [record.message for record in caplog.records].count("queue_unavailable") == 2
