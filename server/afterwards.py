"""Work that begins when the answer is out, a few jobs at a time.

Only for what somebody else will do anyway if it is lost: it is dropped when there is too much of it
and when the server stops.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

_log = logging.getLogger(__name__)

_AT_ONCE: Final = 4
"""Each holds a request to Cal.com for some 0.1 s; callers' requests go first."""

_ROOM: Final = 1_000
_DRAIN_SECONDS: Final = 3.0
"""What has been begun may end; what waits is left to a worker."""

Job = Callable[[], Awaitable[None]]


class Afterwards:
    """A queue and a few tasks that work it off. Enter it at start-up."""

    def __init__(self) -> None:
        self._jobs: asyncio.Queue[Job] = asyncio.Queue(_ROOM)
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._work()) for _ in range(_AT_ONCE)]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.done(), _DRAIN_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def put(self, job: Job) -> None:
        """Do `job` soon; never waits, never raises."""
        try:
            self._jobs.put_nowait(job)
        except asyncio.QueueFull:
            _log.warning("left_to_workers", extra={"waiting": _ROOM})

    async def done(self) -> None:
        """Wait until everything put so far has been done."""
        await self._jobs.join()

    async def _work(self) -> None:
        while True:
            job = await self._jobs.get()
            try:
                await job()
            except Exception:  # noqa: BLE001 - a job's failure is its own; a worker repeats it
                _log.exception("job_failed")
            finally:
                self._jobs.task_done()
