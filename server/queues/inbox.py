"""Webhooks whose receiver died before it had applied them, or that must be looked at again."""

from collections.abc import Callable, Sequence
from datetime import datetime

from booking.inbox import LEASE, SOURCE, Inbox
from db import inbox
from db.database import Database
from db.inbox import LeasedEvent
from server.backoff import Backoff

_AGAIN = Backoff(LEASE, LEASE * 20)


class DueInbox:
    """Applies what Cal.com told us."""

    name = "inbox"

    def __init__(
        self, *, database: Database, leasing: Database, inbox: Inbox, clock: Callable[[], datetime]
    ) -> None:
        """`leasing` is connected as the worker's role."""
        self._db = database
        self._leasing = leasing
        self._inbox = inbox
        self._clock = clock

    async def take(self, at_most: int) -> Sequence[LeasedEvent]:
        """Lease events of any business."""
        async with self._leasing.registry() as tx:
            return await inbox.lease_due(
                tx, sources=(SOURCE,), now=self._clock(), lease=LEASE, at_most=at_most
            )

    async def work(self, item: LeasedEvent) -> None:
        """Apply one; what Cal.com refuses to tell now is put off by the inbox itself."""
        await self._inbox.apply_leased(item.business_id, item.id, now=self._clock())

    async def put_off(self, item: LeasedEvent, error: Exception | None) -> None:
        """Come back to what failed unforeseen: never given up, for nobody knows what it says."""
        async with self._db.single(item.business_id) as tx:
            event = await inbox.get(tx, id=item.id)
            if event:
                pause = _AGAIN.after(event.attempts) if error else None
                due_at = self._clock() + pause if pause else self._clock()
                why = f"{type(error).__name__}" if error else "given back"
                await inbox.postpone(tx, id=item.id, due_at=due_at, error=why)
