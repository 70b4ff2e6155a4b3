"""Showing our holds at Cal.com, for businesses that want their booking pages to hide them, too.

A reservation there binds nobody: Cal.com books over it, and hides the time from its holder as well.
So our own claims decide, and this is best effort: behind the caller's back, and off unless asked
for. Whatever is not deleted in time runs out by itself.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from booking.business import Business
from booking.calendars import Calendars
from booking.errors import BookingError
from booking.slots import Slot
from calcom.client import Client
from calcom.errors import CalcomError, SlotUnavailable
from db import reservations
from db.database import Database
from db.errors import DatabaseError

_log = logging.getLogger(__name__)


class Reservations:
    """Follows the holds of calls. One task a call: what was held last is what is shown."""

    def __init__(self, *, database: Database, calendars: Calendars) -> None:
        self._db = database
        self._calendars = calendars
        self._following: dict[UUID, asyncio.Task[None]] = {}

    def follow(
        self, business: Business, call_id: UUID, slots: Sequence[Slot] = (), *, now: datetime
    ) -> None:
        """Show what a call holds now, instead of what it held before; returns at once.

        Args:
            business: Whose slots they are.
            call_id: Whose hold it is.
            slots: What is held, one for each phase; nothing after booking or hanging up.
            now: When.
        """
        if not business.mirrors_holds:
            return
        before = self._following.get(call_id)
        task = asyncio.create_task(self._follow(business, call_id, slots, before, now=now))
        self._following[call_id] = task
        task.add_done_callback(lambda done: self._ended(call_id, done))

    async def done(self) -> None:
        """Wait until everything has been shown and deleted."""
        while self._following:
            await asyncio.wait(set(self._following.values()))

    async def _follow(
        self,
        business: Business,
        call_id: UUID,
        slots: Sequence[Slot],
        before: asyncio.Task[None] | None,
        *,
        now: datetime,
    ) -> None:
        if before is not None:
            await asyncio.wait({before})
        try:
            client = (await self._calendars.of(business)).in_background()
            async with self._db.single(business.id) as tx:
                former = await reservations.forget(tx, call_id=call_id, now=now)
            for uid in former:
                await client.release_reservation(uid)
            for slot in slots:
                await self._show(client, business, call_id, slot)
        except (CalcomError, BookingError, DatabaseError) as error:
            _log.info("hold_not_mirrored", extra={"reason": type(error).__name__})

    async def _show(self, client: Client, business: Business, call_id: UUID, slot: Slot) -> None:
        try:
            shown = await client.reserve(slot.event_type.calcom_id, slot.start)
        except SlotUnavailable:
            return  # somebody has reserved it for themselves: it is hidden already
        async with self._db.single(business.id) as tx:
            await reservations.add(
                tx, call_id=call_id, reservation_uid=shown.uid, expires_at=shown.expires_at
            )

    def _ended(self, call_id: UUID, task: asyncio.Task[None]) -> None:
        if self._following.get(call_id) is task:
            del self._following[call_id]
        if not task.cancelled() and (error := task.exception()):
            _log.error("mirroring_failed", exc_info=error)
