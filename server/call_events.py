"""What phone platforms tell of calls: stored as it came, then added to the call log.

An adapter reads the stored body, so that one that could not read it yet may be mended later.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from booking.business import Business
from booking.directory import Directory
from booking.stored_events import StoredEvents
from calls.log import CallLog
from calls.numbers import canonical
from calls.recordings import Recordings
from calls.report import CallReport
from db import inbox
from db.database import Database
from db.inbox import EventRow
from server.adapter import EventAdapter, Told
from server.wire import WireError

_log = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=30)
"""Longer than a few statements take; after a crash the event is due again."""


class CallEvents:
    """Stores and applies events of calls. Built once; `now` is an argument."""

    def __init__(
        self,
        *,
        database: Database,
        directory: Directory,
        log: CallLog,
        recordings: Recordings,
        adapters: Mapping[str, EventAdapter],
    ) -> None:
        """`adapters` by platform."""
        self._db = database
        self._call_log = log
        self._recordings = recordings
        self._adapters = adapters
        self.stored = StoredEvents(
            database=database,
            directory=directory,
            sources=tuple(adapters),
            lease=LEASE,
            apply=self._apply,
        )

    async def store(
        self, business: Business, platform: str, told: Told, body: bytes, *, now: datetime
    ) -> EventRow | None:
        """Keep an event, in one statement.

        One that is a recording is applied instead: it is kept where recordings are.

        Returns:
            It, for `stored.apply_new`; `None` if it is known already, or applied.

        Raises:
            DatabaseError: It could not be stored.
            StoreUnavailable: It is a recording, and could not be stored.
            WireError: It is a recording, and cannot be read.
        """
        if told.is_sound:
            await self._take_sound(business, platform, body, now=now)
            return None
        return await self.stored.store(
            business,
            source=platform,
            dedupe_key=told.dedupe_key,
            kind=told.kind,
            headers={},
            body=body,
            now=now,
        )

    async def _apply(self, business: Business, event: EventRow, now: datetime) -> None:
        call_id: UUID | None = None
        try:
            report = self._adapters[event.source].report(event.body)
        except WireError as error:
            report = None
            _log.error("event_unreadable", extra={"event_id": event.id, "why": error.why})
        if report:
            call_id = await self._tell(business, report, now=now)
        async with self._db.single(business.id) as tx:
            await inbox.applied(tx, id=event.id, now=now)
        _log.info(
            "call_event_applied",
            extra={"event_id": event.id, "kind": event.kind, "call": call_id},
        )

    async def _take_sound(
        self, business: Business, platform: str, body: bytes, *, now: datetime
    ) -> None:
        report = self._adapters[platform].report(body)
        if report and report.sound:
            call_id = await self._tell(business, report, now=now)
            sound = report.sound
            await self._recordings.keep(business.id, call_id, sound.channel, sound.content, now=now)

    async def _tell(self, business: Business, report: CallReport, *, now: datetime) -> UUID:
        line = business.line_of(canonical(report.line) if report.line else None)
        return await self._call_log.tell(
            business.id,
            report,
            line_id=line.id if line else None,
            caller=canonical(report.caller, dialled=line.number if line else None),
            language=report.language or (line.language if line else business.language),
            now=now,
        )
