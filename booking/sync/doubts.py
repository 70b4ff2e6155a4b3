"""When a call finds a link broken: look at all of the business's links, once, behind its back."""

import asyncio
import logging
from datetime import datetime
from typing import Final
from uuid import UUID

from booking.business import Business
from booking.sync.syncing import Sync

_log = logging.getLogger(__name__)

AGAIN_SECONDS: Final = 60.0
"""However many callers run into it, Cal.com is asked about its event types once a minute."""


class Doubts:
    """Looks after links that callers have run into."""

    def __init__(self, sync: Sync) -> None:
        self._sync = sync
        self._looked_at: dict[UUID, float] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    async def aclose(self) -> None:
        """Look no further."""
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def look_into(self, business: Business, *, now: datetime) -> None:
        """Have the links looked at, unless that was done a moment ago; nobody waits for it."""
        clock = asyncio.get_running_loop().time()
        if clock - self._looked_at.get(business.id, -AGAIN_SECONDS) < AGAIN_SECONDS:
            return
        self._looked_at[business.id] = clock
        task = asyncio.create_task(self._look(business, now))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settled(self) -> None:
        """Wait for what is being looked at."""
        await asyncio.gather(*self._under_way)

    async def _look(self, business: Business, now: datetime) -> None:
        try:
            await self._sync.run(business, now=now)
        except Exception:  # noqa: BLE001 - the caller has been answered; the worker looks again
            _log.exception("links_not_looked_at", extra={"business": business.slug})
