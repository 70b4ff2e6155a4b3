"""The worker: works off every queue, for every business, until it is told to stop.

Any number of them may run. They share nothing but the database, whose rows are the queues: what is
due, who has leased it, when it comes again (`docs/adr/0012-jobs-are-rows.md`).
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from server import heartbeat
from server.lane import Lane

_log = logging.getLogger(__name__)


class Worker:
    """Lanes that run side by side: a queue that is stuck or empty holds up no other."""

    def __init__(
        self,
        *,
        queues: Sequence[Lane[Any]],
        jobs: Lane[Any],
        finish_seconds: float,
        heartbeat_file: Path | None = None,
        beside: Callable[[], Coroutine[Any, Any, None]] | None = None,
    ) -> None:
        """Work nothing yet.

        Args:
            queues: Rows that fall due because something happened.
            jobs: Rows that fall due by the clock.
            finish_seconds: What has been begun when it is told to stop may take that long.
            heartbeat_file: Touched every few seconds while all lanes are alive.
            beside: Goes on for as long as it works, until cancelled.
        """
        self._queues = queues
        self._jobs = jobs
        self._lanes = [*queues, jobs]
        self._finish_seconds = finish_seconds
        self._heartbeat_file = heartbeat_file
        self._beside = beside

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; what has been begun is finished first, or given back."""
        beside: list[asyncio.Task[None]] = []
        if self._heartbeat_file:
            beside.append(asyncio.create_task(heartbeat.beat(self._heartbeat_file, self._lanes)))
        if self._beside:
            beside.append(asyncio.create_task(self._beside()))
        try:
            async with asyncio.TaskGroup() as lanes:
                for lane in self._lanes:
                    lanes.create_task(lane.run(stop, finish_seconds=self._finish_seconds))
        finally:
            for task in beside:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        _log.info("worker_stopped")

    async def work_once(self) -> int:
        """Do what has fallen due in each queue, jobs apart.

        Returns:
            How many items there were.
        """
        return sum([await queue.work_once() for queue in self._queues])

    async def work_jobs_once(self) -> int:
        """Run the jobs that are due; tells how many."""
        return await self._jobs.work_once()
