"""Shows how much waits for workers: each of them looks, since any may be the one that is asked."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from db.database import Database
from db.depths import depths
from server import worker_metrics

_log = logging.getLogger(__name__)

_EVERY_SECONDS: Final = 15.0
"""As often as Prometheus asks."""


async def show_depths(leasing: Database, *, now: datetime) -> None:
    """Count once; `leasing` is connected as the worker's role."""
    async with leasing.registry() as tx:
        for row in await depths(tx, now=now):
            worker_metrics.waiting(row.queue, row.due, row.oldest_seconds)


async def keep_showing(leasing: Database, clock: Callable[[], datetime]) -> None:
    """Count again and again until cancelled."""
    while True:
        try:
            await show_depths(leasing, now=clock())
        except Exception:  # noqa: BLE001 - without the database the lanes complain already
            _log.warning("depths_unknown")
        await asyncio.sleep(_EVERY_SECONDS)
