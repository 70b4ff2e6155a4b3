"""Domain events on their way to listeners."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from booking.desk import Desk
from booking.directory import Directory
from booking.mirror import Mirror
from db import events, flags
from db.database import Database
from db.events import LeasedDelivery, Subscription
from db.states import FlagKind, Severity
from server.backoff import Backoff
from server.listeners import LISTENERS, Listener, NotYet, Surroundings
from server.reviewing import Reviewer
from server.traces import NO_TRACES, NoTraces, Traces

_log = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=30)
"""Listeners write rows and forget keys; the longest waits for a model for ten seconds."""

ATTEMPTS: Final = 12
"""With the pauses below about an hour: then a human is told instead."""

_AGAIN: Final = Backoff(timedelta(seconds=2), timedelta(minutes=10))
_PARCELS: Final = 200


class DueDeliveries:
    """Parcels events out to listeners and tells them."""

    name = "events"

    def __init__(
        self,
        *,
        database: Database,
        leasing: Database,
        directory: Directory,
        mirror: Mirror,
        desk: Desk,
        clock: Callable[[], datetime],
        traces: Traces | NoTraces = NO_TRACES,
        reviewer: Reviewer | None = None,
        listeners: Sequence[Listener] = LISTENERS,
    ) -> None:
        """`leasing` is connected as the worker's role."""
        self._db = database
        self._leasing = leasing
        self._directory = directory
        self._mirror = mirror
        self._desk = desk
        self._clock = clock
        self._traces = traces
        self._reviewer = reviewer
        self._listeners = {listener.name: listener for listener in listeners}
        self._subscriptions = [Subscription(each.name, each.kinds) for each in listeners]

    async def take(self, at_most: int) -> Sequence[LeasedDelivery]:
        """Parcel out what is in the outbox, and lease what is due of any business."""
        async with self._leasing.registry() as tx:
            await events.parcel_out(tx, self._subscriptions, at_most=_PARCELS)
            return await events.lease_due(
                tx,
                listeners=self._listeners.keys(),
                now=self._clock(),
                lease=LEASE,
                at_most=at_most,
            )

    async def work(self, item: LeasedDelivery) -> None:
        """Tell one listener of one event."""
        access = await self._directory.access_of(item.business_id)
        async with self._db.single(item.business_id) as tx:
            event = await events.get(tx, id=item.event_id)
        if event is None:
            return  # purged
        now = self._clock()
        if access is None:  # disabled: it waits until the business is served again
            await self._put_off(item, now + _AGAIN.longest, None)
            return
        try:
            around = Surroundings(
                database=self._db,
                business=access.business,
                mirror=self._mirror,
                desk=self._desk,
                traces=self._traces,
                reviewer=self._reviewer,
                now=now,
            )
            await self._listeners[item.listener].hear(event, around)
        except NotYet as answer:
            await self._put_off(item, answer.until, None)
            return
        async with self._db.single(item.business_id) as tx:
            await events.delivered(tx, id=item.event_id, listener=item.listener, now=now)

    async def put_off(self, item: LeasedDelivery, error: Exception | None) -> None:
        """Try again later and later, and not for ever."""
        now = self._clock()
        if error is None:
            await self._put_off(item, now, None)
        elif item.attempts < ATTEMPTS:
            await self._put_off(item, now + _AGAIN.after(item.attempts), type(error).__name__)
        else:
            await self._give_up(item, error, now=now)

    async def _put_off(self, item: LeasedDelivery, due_at: datetime, error: str | None) -> None:
        async with self._db.single(item.business_id) as tx:
            await events.put_off(
                tx, id=item.event_id, listener=item.listener, due_at=due_at, error=error
            )

    async def _give_up(self, item: LeasedDelivery, error: Exception, *, now: datetime) -> None:
        _log.error("event_given_up", extra={"event_id": item.event_id, "listener": item.listener})
        async with self._db.transaction(item.business_id) as tx:
            await events.put_off(
                tx,
                id=item.event_id,
                listener=item.listener,
                due_at=None,
                error=type(error).__name__,
            )
            event = await events.get(tx, id=item.event_id)
            await flags.raise_flag(
                tx,
                id=uuid4(),
                kind=FlagKind.LISTENER_FAILED,
                severity=Severity.WARNING,
                call_id=event.call_id if event else None,
                booking_id=event.booking_id if event else None,
                note=f"{item.listener}: {type(error).__name__}",
                now=now,
            )
