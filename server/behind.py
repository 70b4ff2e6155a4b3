"""Work that is done behind the reply: the caller does not wait for bookkeeping."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

_log = logging.getLogger(__name__)

_ROOM: Final = 10_000
"""Some seconds of a full server's bookkeeping; what comes after is dropped with a log line."""

_ATTEMPTS: Final = 5
_PAUSE_SECONDS: Final = 0.5
_DRAIN_SECONDS: Final = 5.0
"""A stopping server finishes its bookkeeping, but not for longer than its supervisor waits."""

Job = Callable[[], Awaitable[None]]


class Behind:
    """One queue, worked off in order by one task. Jobs may be repeated, so they are idempotent."""

    def __init__(self) -> None:
        self._jobs: asyncio.Queue[Job] = asyncio.Queue(_ROOM)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._work())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.done(), _DRAIN_SECONDS)
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def put(self, job: Job) -> None:
        """Do `job` soon; never waits, never raises."""
        try:
            self._jobs.put_nowait(job)
        except asyncio.QueueFull:
            _log.error("bookkeeping_dropped", extra={"waiting": _ROOM})

    async def done(self) -> None:
        """Wait until everything put so far has been done."""
        await self._jobs.join()

    async def _work(self) -> None:
        while True:
            job = await self._jobs.get()
            try:
                await self._do(job)
            finally:
                self._jobs.task_done()

    async def _do(self, job: Job) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return await job()
            except Exception:  # noqa: BLE001 - bookkeeping must never end the task
                if attempt == _ATTEMPTS:
                    _log.exception("bookkeeping_failed")
                    return None
                await asyncio.sleep(_PAUSE_SECONDS * attempt)
        return None
