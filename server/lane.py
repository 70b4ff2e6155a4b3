"""Works off one queue: takes what is due, as much as can be begun at once, until told to stop.

What is taken is begun right away, so whoever stops has nothing to give back but what it could not
finish in time.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final, Generic, Protocol, TypeVar

from server import worker_metrics
from server.backoff import Backoff

_log = logging.getLogger(__name__)

Item = TypeVar("Item")

_IDLE_SECONDS: Final = 0.5
"""Nobody on the phone waits for a worker. An idle look costs an index probe, where a NOTIFY in
each booking's transaction would line up all commits behind one lock."""

_NO_DATABASE: Final = Backoff(timedelta(seconds=1), timedelta(seconds=15))


class Queue(Protocol[Item]):
    """Rows that fall due, in any business."""

    name: str

    async def take(self, at_most: int) -> Sequence[Item]:
        """Lease what is due; whoever dies with it leaves it to fall due again."""
        ...

    async def work(self, item: Item) -> None:
        """Do it; whatever is raised is a failure of this item alone."""
        ...

    async def put_off(self, item: Item, error: Exception | None) -> None:
        """Let it fall due later after an error; without one, at once and for anybody."""
        ...


class Lane(Generic[Item]):
    """Works off one queue in this process, a bounded number of items at a time."""

    def __init__(self, queue: Queue[Item], *, places: int) -> None:
        self._queue = queue
        self._places = places
        self._running: dict[asyncio.Task[None], Item] = {}
        self.looked_at = time.monotonic()
        """When it last looked for work, on the monotonic clock: a lane that hangs stops looking."""

    @property
    def name(self) -> str:
        return self._queue.name

    async def run(self, stop: asyncio.Event, *, finish_seconds: float) -> None:
        """Work until `stop` is set; then finish what has been begun, within a limit."""
        stopping = asyncio.create_task(stop.wait())
        failures = 0
        while not stop.is_set():
            self.looked_at = time.monotonic()
            try:
                taken = await self._begin()
            except Exception:  # noqa: BLE001 - the database may be away; the lane outlives it
                failures += 1
                _log.exception("queue_unavailable", extra={"queue": self.name})
                pause = _NO_DATABASE.after(failures).total_seconds()
                await asyncio.wait({stopping}, timeout=pause)
                continue
            failures = 0
            if not taken or len(self._running) >= self._places:
                await asyncio.wait(
                    {stopping, *self._running},
                    timeout=_IDLE_SECONDS,
                    return_when=asyncio.FIRST_COMPLETED,
                )
        await self._finish(finish_seconds)

    async def work_once(self) -> int:
        """Do what is due now, a place for each; tells how many items there were."""
        taken = await self._begin()
        if self._running:
            await asyncio.wait(self._running)
        return taken

    async def _begin(self) -> int:
        free = self._places - len(self._running)
        items = await self._queue.take(free) if free else ()
        for item in items:
            task = asyncio.create_task(self._work(item))
            self._running[task] = item
            task.add_done_callback(self._running.pop)
        return len(items)

    async def _work(self, item: Item) -> None:
        started = time.monotonic()
        outcome = "done"
        try:
            await self._queue.work(item)
        except Exception as error:  # noqa: BLE001 - one item must not stop the others
            outcome = "failed"
            _log.exception("work_failed", extra={"queue": self.name, "item": str(item)})
            await self._put_off(item, error)
        except asyncio.CancelledError:
            outcome = "given_back"
            raise
        finally:
            worker_metrics.worked(self.name, outcome, time.monotonic() - started)

    async def _finish(self, within_seconds: float) -> None:
        if not self._running:
            return
        await asyncio.wait(self._running, timeout=within_seconds)
        unfinished = dict(self._running)
        for task in unfinished:
            task.cancel()
        for task, item in unfinished.items():
            with suppress(asyncio.CancelledError):
                await task
            _log.warning("given_back", extra={"queue": self.name, "item": str(item)})
            await self._put_off(item, None)

    async def _put_off(self, item: Item, error: Exception | None) -> None:
        try:
            await self._queue.put_off(item, error)
        except Exception:  # noqa: BLE001 - then its lease runs out instead
            _log.exception("put_off_failed", extra={"queue": self.name})
