"""What others told us and whose receiver died before it had applied it, or must look again."""

from collections.abc import Callable, Sequence
from datetime import datetime

from booking.stored_events import StoredEvents
from db import inbox
from db.database import Database
from db.inbox import LeasedEvent
from server.backoff import Backoff


class DueEvents:
    """Applies the stored events of some sources."""

    def __init__(
        self,
        name: str,
        events: StoredEvents,
        *,
        database: Database,
        leasing: Database,
        clock: Callable[[], datetime],
    ) -> None:
        """`leasing` is connected as the worker's role."""
        self.name = name
        self._events = events
        self._db = database
        self._leasing = leasing
        self._clock = clock
        self._again = Backoff(events.lease, events.lease * 20)

    async def take(self, at_most: int) -> Sequence[LeasedEvent]:
        """Lease events of any business."""
        async with self._leasing.registry() as tx:
            return await inbox.lease_due(
                tx,
                sources=self._events.sources,
                now=self._clock(),
                lease=self._events.lease,
                at_most=at_most,
            )

    async def work(self, item: LeasedEvent) -> None:
        """Apply one."""
        await self._events.apply_leased(item.business_id, item.id, now=self._clock())

    async def put_off(self, item: LeasedEvent, error: Exception | None) -> None:
        """Come back to what failed unforeseen: never given up, a mended program may read it."""
        async with self._db.single(item.business_id) as tx:
            event = await inbox.get(tx, id=item.id)
            if event:
                now = self._clock()
                await inbox.postpone(
                    tx,
                    id=item.id,
                    due_at=now + self._again.after(event.attempts) if error else now,
                    error=type(error).__name__ if error else "given back",
                )
