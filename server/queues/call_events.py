"""Events of calls whose receiver died before it had applied them."""

from collections.abc import Callable, Sequence
from datetime import datetime

from db import inbox
from db.database import Database
from db.inbox import LeasedEvent
from server.backoff import Backoff
from server.call_events import LEASE, CallEvents

_AGAIN = Backoff(LEASE, LEASE * 20)


class DueCallEvents:
    """Applies what phone platforms told us."""

    name = "call_events"

    def __init__(
        self,
        *,
        database: Database,
        leasing: Database,
        events: CallEvents,
        clock: Callable[[], datetime],
    ) -> None:
        """`leasing` is connected as the worker's role."""
        self._db = database
        self._leasing = leasing
        self._events = events
        self._clock = clock

    async def take(self, at_most: int) -> Sequence[LeasedEvent]:
        """Lease events of any business."""
        async with self._leasing.registry() as tx:
            return await inbox.lease_due(
                tx,
                sources=self._events.sources,
                now=self._clock(),
                lease=LEASE,
                at_most=at_most,
            )

    async def work(self, item: LeasedEvent) -> None:
        """Apply one."""
        await self._events.apply_leased(item.business_id, item.id, now=self._clock())

    async def put_off(self, item: LeasedEvent, error: Exception | None) -> None:
        """Come back to what failed: never given up, for a mended program may read it."""
        async with self._db.single(item.business_id) as tx:
            event = await inbox.get(tx, id=item.id)
            if event:
                now = self._clock()
                await inbox.postpone(
                    tx,
                    id=item.id,
                    due_at=now + _AGAIN.after(event.attempts) if error else now,
                    error=type(error).__name__ if error else "given back",
                )
