"""Runs a simulated day: moves the clock from event to event and lets what is due be done."""

import asyncio
import heapq
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, count
from typing import Any, Final, Protocol, TypeVar

import httpx

from booking.vault import Vault
from db.database import Database
from evals.bench.day.callers import Scene, caller, host, visitor
from evals.bench.day.figures import Figures
from evals.bench.day.town import HOSTS, ZONE, Clock, PlainClient, Post, Town, furnish
from server.app import Parts, create_app
from server.metrics import REGISTRY
from server.worker import Worker

_SETTLE_SECONDS: Final = 0.6
"""After a change: what follows it in the background gathers for half a second."""

_QUIET_POLLS: Final = 4
_POLL_SECONDS: Final = 0.004

_TICK_SECONDS: Final = 60.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Day:
    """What kind of day."""

    calls: int = 2_000
    practices: int = 10
    hours: float = 12.0
    visitors_a_call: float = 0.15
    """Bookings behind our back, in the web UI: a practice that is called for most of them."""
    engagements_a_host: int = 1
    """What hosts write into calendars that Cal.com looks up and tells nobody of."""
    seed: int = 4
    starts: datetime = datetime(2026, 2, 10, 7, 0, tzinfo=ZONE)


class CompressedLoop(asyncio.SelectorEventLoop):
    """An event loop whose timers can be made to fall due at once, as if time had gone by."""

    def __init__(self) -> None:
        super().__init__()
        self._skipped = 0.0

    def time(self) -> float:
        """Seconds, those that were skipped included."""
        return super().time() + self._skipped

    async def skip(self, seconds: float) -> None:
        """Let time go by, and all that it sets off be done."""
        await _quiet()
        self._skipped += seconds
        await _quiet()


async def _quiet() -> None:
    """Wait until no task has come or gone for a while."""
    quiet, tasks = 0, -1
    while quiet < _QUIET_POLLS:
        await asyncio.sleep(_POLL_SECONDS)
        now = len(asyncio.all_tasks())
        quiet, tasks = (quiet + 1 if now == tasks else 0), now


def run(day: Coroutine[Any, Any, T]) -> T:
    """Run a day to its end, on a loop that can skip time."""
    with asyncio.Runner(loop_factory=CompressedLoop) as runner:
        return runner.run(day)


class Opens(Protocol):
    """`open_server` of `server.wiring`, settings given."""

    def __call__(
        self, *, clock: Callable[[], datetime], transport: httpx.AsyncBaseTransport
    ) -> AbstractAsyncContextManager[Parts]: ...


class Employs(Protocol):
    """`open_worker` of `server.wiring`, settings given."""

    def __call__(
        self, *, clock: Callable[[], datetime], transport: httpx.AsyncBaseTransport
    ) -> AbstractAsyncContextManager[Worker]: ...


async def simulate(
    day: Day,
    *,
    serve: Opens,
    employ: Employs,
    owner_url: str,
    vault: Vault,
    progress: Callable[[float], None] = lambda _share: None,
) -> Figures:
    """Let a day go by; to be run by `run`.

    Args:
        day: What kind of day.
        serve: Opens the server; its budget at Cal.com must be too large to be spent, because its
            minutes are real ones.
        employ: Opens a worker.
        owner_url: Login of the owner of an empty, migrated database.
        vault: Seals the practices' credentials.
        progress: Told now and then how much of the day is over, from 0 to 1.
    """
    rng = random.Random(day.seed)
    clock = Clock(day.starts)
    post = Post(rng, clock)
    town = Town(day.practices, clock=clock, post=post)
    async with Database.connect(owner_url, role=None) as owner:
        for slug in town.slugs:
            await furnish(owner, slug, vault, now=clock())
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(serve(clock=clock, transport=town))
        worker = await stack.enter_async_context(employ(clock=clock, transport=town))
        post.to = httpx.ASGITransport(create_app(parts))
        http = await stack.enter_async_context(
            httpx.AsyncClient(transport=post.to, base_url="http://slotline.test")
        )
        web = await stack.enter_async_context(httpx.AsyncClient(transport=town))
        figures = Figures()
        plain, page = (PlainClient(web, time.perf_counter) for _ in range(2))
        scene = Scene(http, web, plain, town, page, clock, rng, figures, standing=[], promised=[])
        before = _counted()
        await _go_by(day, scene, town, post, parts, worker, progress)
        _add_counted(figures, _counted() - before)
    for slug in town.slugs:
        figures.endpoints += town.requests(slug)
    figures.endpoints["slots"] -= plain.requests + page.requests
    figures.plain_requests, figures.plain_ms = plain.requests, plain.milliseconds
    figures.outside |= Counter({"webhooks late": post.late, "webhooks lost": post.lost})
    _compare(figures, town, scene)
    return figures


async def _go_by(
    day: Day,
    scene: Scene,
    town: Town,
    post: Post,
    parts: Parts,
    worker: Worker,
    progress: Callable[[float], None],
) -> None:
    """Take event after event, in the order of their time."""
    whole = timedelta(hours=day.hours)
    order = count()
    coming: list[tuple[datetime, int, AsyncIterator[float]]] = []
    events = [
        *(caller(scene, scene.rng.choice(town.slugs), n) for n in range(day.calls)),
        *(
            visitor(scene, scene.rng.choice(town.slugs), n)
            for n in range(round(day.calls * day.visitors_a_call))
        ),
        *(
            host(scene, slug, number)
            for slug in town.slugs
            for number in HOSTS
            for _ in range(day.engagements_a_host)
        ),
    ]
    for event in events:
        at = day.starts + whole * scene.rng.random()
        heapq.heappush(coming, (at, next(order), event))
    ticks = _work(scene.clock, post, worker)
    heapq.heappush(coming, (day.starts, next(order), ticks))
    ends = day.starts + whole
    seen = 0
    while coming[0][0] <= ends + timedelta(minutes=10):
        at, _, event = heapq.heappop(coming)
        scene.clock.now = max(at, scene.clock.now)
        try:
            pause = await anext(event)
        except StopAsyncIteration:
            continue
        heapq.heappush(coming, (at + timedelta(seconds=pause), next(order), event))
        if (changes := scene.figures.changes + post.sent) != seen:
            seen = changes
            await parts.afterwards.done()
            await _skip(scene.clock, _SETTLE_SECONDS)
        if event is ticks:
            progress(min((at - day.starts) / whole, 1.0))


async def _work(clock: Clock, post: Post, worker: Worker) -> AsyncIterator[float]:
    """What a worker does, and late webhooks."""
    while True:
        await post.deliver_late()
        await worker.work_once()
        await worker.work_jobs_once()
        await _skip(clock, _SETTLE_SECONDS)
        yield _TICK_SECONDS


async def _skip(clock: Clock, seconds: float) -> None:
    """Let time go by, on the day's clock and for the timers of the loop."""
    loop = asyncio.get_running_loop()
    if not isinstance(loop, CompressedLoop):
        raise TypeError("a day goes by on the loop that `run` makes")
    clock.now += timedelta(seconds=seconds)
    await loop.skip(seconds)


_COUNTED: Final = {
    "slotline_calcom_admissions_total": ("requests", "priority"),
    "slotline_calcom_slot_reads_total": ("slot_reads", "purpose"),
    "slotline_availability_answers_total": ("answers", "layer"),
    "slotline_availability_age_seconds_bucket": ("younger", "le"),
    "slotline_offers_total": ("offers", "outcome"),
}
"""Metrics, where they belong in `Figures`, and the label by which."""

_ADMITTED: Final = {None, "admitted", "probe"}


def _counted() -> "Counter[tuple[str, str]]":
    """What the server's and the worker's own metrics say so far."""
    found: Counter[tuple[str, str]] = Counter()
    for metric in REGISTRY.collect():
        for sample in metric.samples:
            if sample.name in _COUNTED and sample.labels.get("verdict") in _ADMITTED:
                figure, label = _COUNTED[sample.name]
                found[figure, sample.labels[label]] += int(sample.value)
    return found


def _add_counted(figures: Figures, counted: "Counter[tuple[str, str]]") -> None:
    for (figure, value), n in counted.items():
        getattr(figures, figure)[value] += n


def _compare(figures: Figures, town: Town, scene: Scene) -> None:
    """What stands in the calendars in the end, beside what callers were told."""
    for slug in town.slugs:
        standing = town.bookings(slug)
        figures.double_bookings += sum(
            one.host_id == other.host_id and one.start < other.end and other.start < one.end
            for one, other in combinations(standing, 2)
        )
        starts = {each.start for each in standing}
        figures.promised_without_booking += sum(
            start not in starts for practice, start in scene.promised if practice == slug
        )
