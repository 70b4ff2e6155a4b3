"""Tells open pages that the queue has changed: one look at the database for all who wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from time import monotonic
from typing import Final
from uuid import UUID

from db.console import queue
from db.database import Database
from db.errors import DatabaseError

LOOK_SECONDS: Final = 2.0
"""Between two looks at a business's queue, however many pages are open."""

_LONGEST_SECONDS: Final = 300.0
"""Then the browser asks again, and with it whether it may."""


class Live:
    """Streams of news. Built once; `close` ends them all, so that a server can stop."""

    def __init__(self, database: Database, *, look_seconds: float = LOOK_SECONDS) -> None:
        self._db = database
        self._look_seconds = look_seconds
        self._closing = asyncio.Event()
        self._looking = asyncio.Lock()
        self._seen: dict[UUID, tuple[float, str]] = {}

    def close(self) -> None:
        """Let every stream end."""
        self._closing.set()

    async def changes(self, business_id: UUID) -> AsyncIterator[bytes]:
        """What a browser's `EventSource` reads: an event for each change, else signs of life."""
        yield b"retry: 1000\n\n"
        known = await self._fingerprint(business_id)
        until = monotonic() + _LONGEST_SECONDS
        while not self._closing.is_set() and monotonic() < until:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), self._look_seconds)
            latest = await self._fingerprint(business_id)
            yield b": still here\n\n" if latest == known else b"event: queue\ndata: changed\n\n"
            known = latest

    async def _fingerprint(self, business_id: UUID) -> str:
        async with self._looking:
            looked_at, known = self._seen.get(business_id, (float("-inf"), ""))
            if monotonic() - looked_at < self._look_seconds / 2:
                return known
            with suppress(DatabaseError):  # whoever is away tells nothing new
                async with self._db.single(business_id) as tx:
                    known = await queue.fingerprint(tx)
            self._seen[business_id] = (monotonic(), known)
            return known
