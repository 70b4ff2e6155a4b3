"""Tells staff that somebody is waiting: one short notice a minute at most, never who it is.

How far a business's staff have been told is noted before it is sent, so that a crash costs a notice
and not their patience: what is waiting is in the console all the same.
"""

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from booking.directory import Access
from db import flags, tasks, watermarks
from db.database import Database
from outgoing import PerhapsSent
from server import worker_metrics
from server.telling import NoWayOut, Post, Recipient, notice_to_staff

_log = logging.getLogger(__name__)

_SOURCE: Final = "staff_notice"
_BEFORE_THE_FIRST: Final = timedelta(minutes=10)


class Notices:
    """Built once; `now` is an argument."""

    def __init__(self, database: Database, post: Post, *, console: str | None) -> None:
        """`console` is its address, as staff reach it."""
        self._db = database
        self._post = post
        self._console = console

    async def tell(self, access: Access, *, now: datetime) -> None:
        """Tell the staff of a business what has come up since they were told last."""
        business = access.business
        reach = business.reach
        if not (reach.staff_email or reach.staff_number or reach.webhook):
            return
        async with self._db.transaction(business.id) as tx:
            told = await watermarks.get(tx, source=_SOURCE) or now - _BEFORE_THE_FIRST
            callbacks = await tasks.to_call_since(tx, since=told, until=now)
            flagged = await flags.critical_since(tx, since=told, until=now)
            if not (callbacks or flagged):
                return
        writing = notice_to_staff(
            business, callbacks=callbacks, flagged=flagged, console=self._console
        )

        async def begin() -> UUID:
            async with self._db.single(business.id) as tx:
                await watermarks.reach(tx, source=_SOURCE, at=now)
            return uuid4()

        async def undo(_: UUID) -> None:
            async with self._db.single(business.id) as tx:
                await watermarks.turn_back(tx, source=_SOURCE, at=now, to=told)

        try:
            means = await self._post.send(
                business,
                access.secrets,
                Recipient(number=reach.staff_number, email=reach.staff_email),
                writing,
                key=uuid4(),
                begin=begin,
                undo=undo,
                now=now,
            )
        except (NoWayOut, PerhapsSent) as error:
            worker_metrics.told("notice", "not_sent")
            _log.warning(
                "staff_not_told", extra={"business": business.slug, "why": type(error).__name__}
            )
            return
        if means:
            worker_metrics.told(means, "sent")
