"""What Cal.com told us: stored as it came, applied by looking at the booking again.

A webhook says which booking to look at and nothing else: it may be late, repeated, out of order, or
sent before what it tells has happened. So applying one is the same work whatever it says, and doing
it again is harmless.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from booking.adoption import as_uuid
from booking.agreement import Wait, is_echo, is_live
from booking.bookings import Booking
from booking.business import Business
from booking.delivery import OUR_ID
from booking.directory import Directory
from booking.errors import ServiceUnavailable
from booking.mirror import ChangedMeanwhile, Mirror, Outcome
from booking.slots import Span
from booking.stored_events import StoredEvents
from calcom import notice
from calcom.errors import CalcomError
from calcom.notice import ENDINGS, Notice
from db import events, flags, inbox
from db.database import Database
from db.inbox import EventRow
from db.states import DomainEventKind, FlagKind, Severity

_log = logging.getLogger(__name__)

SOURCE: Final = "calcom"

LEASE: Final = timedelta(seconds=45)
"""Longer than a look at Cal.com on a bad day; after a crash the event is due again."""

ATTEMPTS: Final = 12
"""With the pauses below some two hours; what takes Cal.com longer is for reconciliation."""

_FIRST_PAUSE: Final = timedelta(seconds=5)
_LONGEST_PAUSE: Final = timedelta(minutes=15)

_ENDING_LOOKS: Final = 4
"""How often a cancellation is awaited that Cal.com has announced but does not show yet."""
_ENDING_PAUSE: Final = timedelta(seconds=1)

_WRITING_DOWN: Final = timedelta(seconds=30)
"""Longer than a look at Cal.com and a transaction take in the background."""

_LONGEST_ABSENCE: Final = timedelta(days=92)
"""Further ahead nobody books by phone."""


class Inbox:
    """Stores and applies events. Built once; `now` is an argument."""

    def __init__(self, *, database: Database, directory: Directory, mirror: Mirror) -> None:
        self._db = database
        self._mirror = mirror
        self.stored = StoredEvents(
            database=database,
            directory=directory,
            sources=(SOURCE,),
            lease=LEASE,
            apply=self._apply,
        )

    async def store(
        self,
        business: Business,
        told: Notice,
        body: bytes,
        *,
        headers: Mapping[str, str],
        now: datetime,
    ) -> EventRow | None:
        """Keep an event. Returns and raises as `StoredEvents.store` does."""
        return await self.stored.store(
            business,
            source=SOURCE,
            dedupe_key=told.dedupe_key,
            kind=told.trigger,
            headers=headers,
            body=body,
            now=now,
        )

    async def _apply(self, business: Business, event: EventRow, now: datetime) -> None:
        """What fails foreseeably is put off."""
        told = notice.read(event.body)
        if told.absence:
            away = Span(told.absence.start, told.absence.end)
            shown = Span(max(away.start, now), min(away.end, now + _LONGEST_ABSENCE))
            if shown.start < shown.end:
                await self._mirror.forget(business, {None}, {shown}, now=now)
        if not told.is_about_a_change or told.uid is None:
            _log.info("event_without_effect", extra={"event_id": event.id, "kind": event.kind})
            await self._applied(business, event, None, now=now)
            return
        try:
            outcome = await self._mirror.bring(
                business,
                told.uid,
                our_id=as_uuid(told.metadata.get(OUR_ID)),
                unless=lambda ours: is_echo(told, ours, event.received_at),
                now=now,
            )
        except (CalcomError, ServiceUnavailable, ChangedMeanwhile) as error:
            await self._come_back(business, event, error, now=now)
            return
        if pause := _awaited(told, outcome, event.attempts):
            await self._postpone(business, event, now + pause, "not to be seen yet")
        elif isinstance(outcome.decision, Wait):
            await self._postpone(business, event, outcome.decision.until, "our own change goes on")
        else:
            await self._settle(business, event, outcome, now=now)

    async def _settle(
        self, business: Business, event: EventRow, outcome: Outcome, *, now: datetime
    ) -> None:
        _log.info(
            "event_applied",
            extra={
                "event_id": event.id,
                "kind": event.kind,
                "decision": type(outcome.decision).__name__,
                "booking": outcome.ours.id if outcome.ours else None,
            },
        )
        await self._applied(business, event, outcome.ours, now=now)

    async def _applied(
        self, business: Business, event: EventRow, booking: Booking | None, *, now: datetime
    ) -> None:
        async with self._db.transaction(business.id) as tx:
            if await inbox.applied(tx, id=event.id, now=now):
                await events.record(
                    tx,
                    kind=DomainEventKind.CALENDAR_EVENT_RECEIVED,
                    booking_id=booking.id if booking else None,
                    call_id=booking.call_id if booking else None,
                    facts={"trigger": event.kind},
                    now=now,
                )

    async def _come_back(
        self, business: Business, event: EventRow, error: Exception, *, now: datetime
    ) -> None:
        """Later and later, and not for ever: then a human is told."""
        why = f"{type(error).__name__}: {error}"
        if event.attempts >= ATTEMPTS:
            _log.error("event_given_up", extra={"event_id": event.id, "error": why})
            await self._flag(business, why, now=now)
            await self._postpone(business, event, None, why)
            return
        pause = min(_FIRST_PAUSE * int(3 ** (event.attempts - 1)), _LONGEST_PAUSE)
        _log.warning("event_postponed", extra={"event_id": event.id, "error": why})
        await self._postpone(business, event, now + pause, why)

    async def _postpone(
        self, business: Business, event: EventRow, due_at: datetime | None, error: str
    ) -> None:
        async with self._db.single(business.id) as tx:
            await inbox.postpone(tx, id=event.id, due_at=due_at, error=error)

    async def _flag(self, business: Business, note: str, *, now: datetime) -> None:
        async with self._db.single(business.id) as tx:
            await flags.raise_flag(
                tx,
                id=uuid4(),
                kind=FlagKind.SYNC_FAILURE,
                severity=Severity.WARNING,
                call_id=None,
                booking_id=None,
                note=note,
                now=now,
            )


def _awaited(told: Notice, outcome: Outcome, attempts: int) -> timedelta | None:
    """How long to wait for an end that was announced before it came; `None` if it has come.

    Also after some looks without it: then the announcement was undone, or is an old one.
    """
    if told.trigger not in ENDINGS or outcome.theirs is None or attempts > _ENDING_LOOKS:
        return None
    if outcome.ours is None and not is_live(outcome.theirs):
        # Somebody who saw it stand before it ended may be writing it down right now.
        return _WRITING_DOWN if attempts == 1 else None
    theirs = outcome.theirs
    is_over = not is_live(theirs) or theirs.uid != told.uid
    if is_over or (told.created_at and theirs.updated_at > told.created_at):
        return None
    return _ENDING_PAUSE * int(3 ** (attempts - 1))
