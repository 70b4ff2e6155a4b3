"""The worker: takes unsettled bookings that are due, from every business, and settles them."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from booking.delivery import Delivery
from booking.directory import Directory
from db import bookings
from db.bookings import LeasedRow
from db.database import Database

_log = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=60)
"""Longer than one booking takes at Cal.com's worst; after a crash the booking is due again."""

_AT_MOST: Final = 10
_IDLE_SECONDS: Final = 1.0
_PAUSE_AFTER_ERROR_SECONDS: Final = 5.0


class Worker:
    """Works off due bookings until it is told to stop; any number of them may run."""

    def __init__(
        self,
        *,
        database: Database,
        leasing: Database,
        directory: Directory,
        delivery: Delivery,
        clock: Callable[[], datetime],
    ) -> None:
        """`leasing` is connected as the worker's role: it sees due rows of every business."""
        self._db = database
        self._leasing = leasing
        self._directory = directory
        self._delivery = delivery
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; what has been begun is finished first."""
        while not stop.is_set():
            try:
                pause = 0.0 if await self.work_once() else _IDLE_SECONDS
            except Exception:  # noqa: BLE001 - the worker outlives whatever a round ran into
                _log.exception("round_failed")
                pause = _PAUSE_AFTER_ERROR_SECONDS
            try:
                await asyncio.wait_for(stop.wait(), pause)
            except TimeoutError:
                continue

    async def work_once(self) -> int:
        """Settle what is due now.

        Returns:
            How many bookings were taken.
        """
        async with self._leasing.registry() as tx:
            leased = await bookings.lease_due(tx, now=self._clock(), lease=LEASE, at_most=_AT_MOST)
        results = await asyncio.gather(
            *(self._resume(row) for row in leased), return_exceptions=True
        )
        for row, result in zip(leased, results, strict=True):
            if isinstance(result, BaseException):
                _log.error("resume_failed", extra={"booking": row.id}, exc_info=result)
        return len(leased)

    async def _resume(self, row: LeasedRow) -> None:
        access = await self._directory.access_of(row.business_id)
        if access is None:
            _log.error("business_gone", extra={"business": row.business_id})
            return
        async with self._db.single(row.business_id) as tx:
            booking = await bookings.get(tx, id=row.id)
        if booking:
            await self._delivery.resume(access.business, booking, now=self._clock())
