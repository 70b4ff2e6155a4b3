"""Messages to callers: sent by machine, at most once each; what cannot be sent becomes a call."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from booking.desk import CALLBACK_WITHIN
from booking.directory import Access, Directory
from db import bookings, customers, tasks
from db.database import Database
from db.states import TaskKind, TaskState
from db.tasks import LeasedMessage, TaskRow
from outgoing import PerhapsSent
from server import worker_metrics
from server.backoff import Backoff
from server.telling import NoWayOut, Post, Recipient, Writing, to_caller

_log = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=2)
"""Longer than three ways out take at their worst; after a crash it is looked at again."""

ATTEMPTS: Final = 4
"""With the pauses below a quarter of an hour: a caller who waits for word is called then."""

_AGAIN: Final = Backoff(timedelta(seconds=30), timedelta(minutes=10))


class DueMessages:
    """Sends messages. What it does never changes a booking."""

    name = "messages"

    def __init__(
        self,
        *,
        database: Database,
        leasing: Database,
        directory: Directory,
        post: Post,
        clock: Callable[[], datetime],
    ) -> None:
        """`leasing` is connected as the worker's role."""
        self._db = database
        self._leasing = leasing
        self._directory = directory
        self._post = post
        self._clock = clock

    async def take(self, at_most: int) -> Sequence[LeasedMessage]:
        """Lease messages of any business."""
        async with self._leasing.registry() as tx:
            return await tasks.lease_due(tx, now=self._clock(), lease=LEASE, at_most=at_most)

    async def work(self, item: LeasedMessage) -> None:
        """Send one, or have somebody call."""
        access = await self._directory.access_of(item.business_id)
        now = self._clock()
        if access is None:  # disabled: it waits until the business is served again
            await self._later(item, now + _AGAIN.longest)
            return
        async with self._db.single(item.business_id) as tx:
            task = await tasks.get(tx, id=item.id)
        if task is None or task.state is not TaskState.OPEN:
            return
        if task.sent_key:  # whoever sent it died, or never heard: staff decide
            worker_metrics.told("unknown", "perhaps_sent")
            await self._later(item, None)
            return
        await self._send(access, item, task, now=now)

    async def put_off(self, item: LeasedMessage, error: Exception | None) -> None:
        """Try again a little later; one that was perhaps sent is found to be so then."""
        now = self._clock()
        await self._later(item, now + _AGAIN.after(item.attempts) if error else now)

    async def _send(
        self, access: Access, item: LeasedMessage, task: TaskRow, *, now: datetime
    ) -> None:
        found = await self._written(access, task)
        if found is None:
            await self._have_called(item, task, now=now)
            return
        recipient, writing = found

        async def begin() -> UUID | None:
            key = uuid4()
            async with self._db.single(item.business_id) as tx:
                return key if await tasks.begin_sending(tx, id=task.id, key=key) else None

        async def undo(key: UUID) -> None:
            async with self._db.single(item.business_id) as tx:
                await tasks.not_sent(tx, id=task.id, key=key)

        try:
            means = await self._post.send(
                access.business,
                access.secrets,
                recipient,
                writing,
                key=task.id,
                begin=begin,
                undo=undo,
                now=now,
            )
        except NoWayOut as error:
            if error.is_final or item.attempts >= ATTEMPTS:
                await self._have_called(item, task, now=now)
            else:
                await self._later(item, now + _AGAIN.after(item.attempts))
            return
        except PerhapsSent as error:
            worker_metrics.told("unknown", "perhaps_sent")
            _log.warning("perhaps_sent", extra={"task": task.id, "why": str(error)})
            await self._later(item, None)
            return
        if means:
            async with self._db.single(item.business_id) as tx:
                await tasks.sent(tx, id=task.id, by=means, now=now)
            worker_metrics.told(means, "sent")

    async def _written(self, access: Access, task: TaskRow) -> tuple[Recipient, Writing] | None:
        """Whom to tell, and what; `None` if that cannot be put in writing."""
        if task.booking_id is None:
            return None
        async with self._db.single(access.business.id) as tx:
            booking = await bookings.get(tx, id=task.booking_id)
            customer_id = booking.customer_id if booking else None
            email = await customers.email_of(tx, id=customer_id) if customer_id else None
        writing = to_caller(access.business, booking, task.reason) if booking else None
        return (Recipient(number=task.recipient, email=email), writing) if writing else None

    async def _have_called(self, item: LeasedMessage, task: TaskRow, *, now: datetime) -> None:
        """Nobody can be told by machine: somebody calls, unless the caller knows already."""
        worker_metrics.told("none", "to_be_called")
        async with self._db.transaction(item.business_id) as tx:
            if not await tasks.close(tx, id=task.id, state=TaskState.CANCELLED, now=now):
                return
            if task.heard:
                return
            await tasks.add(
                tx,
                kind=TaskKind.CALLBACK,
                reason=task.reason,
                urgency=task.urgency,
                recipient=task.recipient,
                call_id=task.call_id,
                booking_id=task.booking_id,
                event_id=task.event_id,
                due_at=max(task.due_at, task.created_at + CALLBACK_WITHIN),
                note=task.note,
                now=now,
            )

    async def _later(self, item: LeasedMessage, at: datetime | None) -> None:
        async with self._db.single(item.business_id) as tx:
            await tasks.send_later(tx, id=item.id, at=at)
