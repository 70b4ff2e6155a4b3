"""Recordings that phone platforms have for a while: a worker fetches them within a second."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from calls.recordings import Recordings
from db import recordings
from db.database import Database
from db.recordings import LeasedRecording
from server.backoff import Backoff

LEASE: Final = timedelta(minutes=10)
"""Longer than the longest recording may take to arrive; after a crash it is due again."""

_AGAIN: Final = Backoff(timedelta(seconds=5), timedelta(hours=1))
"""Some platforms tell of a recording seconds before it is there."""


class DueRecordings:
    """Fetches recordings before their links expire."""

    name = "recordings"

    def __init__(
        self,
        *,
        database: Database,
        leasing: Database,
        recordings: Recordings,
        clock: Callable[[], datetime],
    ) -> None:
        """`leasing` is connected as the worker's role."""
        self._db = database
        self._leasing = leasing
        self._recordings = recordings
        self._clock = clock

    async def take(self, at_most: int) -> Sequence[LeasedRecording]:
        """Lease recordings of any business."""
        async with self._leasing.registry() as tx:
            return await recordings.lease_due(tx, now=self._clock(), lease=LEASE, at_most=at_most)

    async def work(self, item: LeasedRecording) -> None:
        """Fetch one."""
        now = self._clock()
        await self._recordings.fetch(
            item.business_id, item.id, again_at=now + _AGAIN.after(item.attempts), now=now
        )

    async def put_off(self, item: LeasedRecording, error: Exception | None) -> None:
        """Come back to what could not be kept: for as long as the store is away."""
        now = self._clock()
        async with self._db.single(item.business_id) as tx:
            await recordings.postpone(
                tx,
                id=item.id,
                due_at=now + _AGAIN.after(item.attempts) if error else now,
                error=type(error).__name__ if error else "given back",
                now=now,
            )
