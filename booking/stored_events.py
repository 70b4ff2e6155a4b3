"""What others told us: stored as it came, before it is acknowledged, then applied.

Whoever stores an event has taken it up; if that process dies before it has applied it, the event
falls due and a worker does.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from booking.business import Business
from booking.directory import Directory
from db import inbox
from db.database import Database
from db.inbox import EventRow

_log = logging.getLogger(__name__)

Apply = Callable[[Business, EventRow, datetime], Awaitable[None]]
"""(whose, what, now): does what an event says, and notes that; doing it again is harmless."""


class StoredEvents:
    """Events of some sources. Built once; `now` is an argument."""

    def __init__(
        self,
        *,
        database: Database,
        directory: Directory,
        sources: tuple[str, ...],
        lease: timedelta,
        apply: Apply,
    ) -> None:
        """`lease` is longer than applying one takes; after a crash the event is due again."""
        self._db = database
        self._directory = directory
        self.sources = sources
        self.lease = lease
        self._apply = apply

    async def store(
        self,
        business: Business,
        *,
        source: str,
        dedupe_key: str,
        kind: str,
        headers: Mapping[str, str],
        body: bytes,
        now: datetime,
    ) -> EventRow | None:
        """Keep an event, in one statement. It is born leased to this process.

        Args:
            business: Whom it was told.
            source: Who told it.
            dedupe_key: The same for the same event, however often it is sent.
            kind: As the source calls it.
            headers: Those that matter, without signatures and secrets.
            body: Every byte of it.
            now: When.

        Returns:
            It, for `apply_new`; `None` if it is known already.

        Raises:
            DatabaseError: It could not be stored.
        """
        async with self._db.single(business.id) as tx:
            return await inbox.add(
                tx,
                id=uuid4(),
                source=source,
                dedupe_key=dedupe_key,
                kind=kind,
                headers=headers,
                body=body,
                received_at=now,
                due_at=now + self.lease,
            )

    async def apply_new(self, business: Business, event: EventRow, *, now: datetime) -> None:
        """Apply an event that this process has stored, unless a worker has it by now."""
        if now < event.received_at + self.lease:
            await self._apply(business, event, now)

    async def apply_leased(self, business_id: UUID, event_id: UUID, *, now: datetime) -> None:
        """Apply an event that the caller has leased."""
        access = await self._directory.access_of(business_id)
        if access is None:
            _log.error("business_gone", extra={"business": business_id})
            return
        async with self._db.single(business_id) as tx:
            event = await inbox.get(tx, id=event_id)
        if event:
            await self._apply(access.business, event, now)
