"""Asking Cal.com no more often than is needed: for a caller, behind an answer, after news."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from booking.availability.days import Mark
from booking.availability.filling import Filling, listing_of
from booking.availability.measures import Purpose
from booking.availability.reading import Question
from booking.availability.shelves import Listing, Shelf, Shelves
from booking.business import Business, EventType
from booking.errors import ServiceUnavailable

_log = logging.getLogger(__name__)

DAYS_AHEAD: Final = 14
"""Asked about in one request: a fortnight costs Cal.com little more than a day (some 90 against
40 ms), is what callers ask about, and serves alternatives."""

_MOST_DAYS: Final = 31
"""In one request; a year takes Cal.com 1.4 s."""

_SOON_SECONDS: Final = 0.5
"""Between news and asking Cal.com behind it, so that several pieces of news are one request."""

_WANTED_SECONDS: Final = 60.0
"""Whoever has asked since then is on the phone still, and may ask again."""

_DOUBT_SECONDS: Final = 30.0
"""Between two looks at a host who has suddenly no slots at all."""

_RETRY_SECONDS: Final = 5.0
"""Between a failure and the next question behind an answer."""


@dataclass(frozen=True, slots=True)
class _Asking:
    question: Question
    now: datetime
    task: "asyncio.Task[None]"


class Asking:
    """What Cal.com is being asked, and shall be asked soon. A request is everybody's."""

    def __init__(self, shelves: Shelves, filling: Filling) -> None:
        self._shelves = shelves
        self._filling = filling
        self._sharable: dict[Listing, list[_Asking]] = {}
        """Whose answers may be shared."""
        self._under_way: set[asyncio.Task[None]] = set()
        self._soon: dict[Listing, asyncio.TimerHandle] = {}

    async def aclose(self) -> None:
        """Ask no further."""
        for timer in self._soon.values():
            timer.cancel()
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def refresh(
        self,
        business: Business,
        kind: EventType,
        days: Sequence[date],
        purpose: Purpose,
        *,
        zone: ZoneInfo,
        now: datetime,
    ) -> None:
        """Have Cal.com asked about these days, unless some process already has.

        Raises:
            CalendarUnavailable: Cal.com did not answer.
            ServiceUnavailable: Cal.com does not know the event type, or refuses our key.
        """
        await asyncio.gather(
            *(
                asyncio.shield(self._ask(question, purpose, now=now))
                for question in _questions(business, kind, days, zone=zone, now=now)
            )
        )

    def behind(
        self,
        business: Business,
        kind: EventType,
        shelf: Shelf,
        days: Sequence[date],
        *,
        zone: ZoneInfo,
        now: datetime,
    ) -> None:
        """The answer is given already; the next one shall be newer."""
        if asyncio.get_running_loop().time() < shelf.retry_at:
            return
        for question in _questions(business, kind, days, zone=zone, now=now):
            self._ask(question, Purpose.BACKGROUND, now=now)

    def soon(self, business: Business, kind: EventType, listing: Listing, *, now: datetime) -> None:
        """Ask behind news, if somebody is talking about these slots; else whoever asks next does.

        A host's booking touches all that they perform: one request for each would be too many.
        """
        shelf = self._shelves.of(listing)
        today = now.astimezone(ZoneInfo(listing.zone)).date()
        is_wanted = now.timestamp() - shelf.wanted_at < _WANTED_SECONDS
        if listing in self._soon or not is_wanted:
            return

        def ask() -> None:
            del self._soon[listing]
            then = now + timedelta(seconds=_SOON_SECONDS)
            for question in _questions(
                business, kind, [today], zone=ZoneInfo(listing.zone), now=then
            ):
                self._ask(question, Purpose.BACKGROUND, now=then)

        self._soon[listing] = asyncio.get_running_loop().call_later(_SOON_SECONDS, ask)

    def distrust(self, listing: Listing) -> None:
        """What is on its way may be from before what has just happened: it is not shared."""
        self._sharable.pop(listing, None)

    def _ask(self, question: Question, purpose: Purpose, *, now: datetime) -> "asyncio.Task[None]":
        """A request that is under way already is everybody's, if it began after the last news."""
        listing = listing_of(question)
        asking = self._sharable.setdefault(listing, [])
        for other in asking:
            is_enough = (
                other.question.first <= question.first and question.last <= other.question.last
            )
            if is_enough and not other.task.done():
                return other.task
        task = asyncio.create_task(self._filling.fill(question, purpose, now=now))
        asking.append(mine := _Asking(question, now, task))
        self._under_way.add(task)
        task.add_done_callback(lambda done: self._asked(listing, mine, done))
        return task

    def _asked(self, listing: Listing, asking: _Asking, task: "asyncio.Task[None]") -> None:
        self._under_way.discard(task)
        if (others := self._sharable.get(listing)) and asking in others:
            others.remove(asking)
            if not others:
                del self._sharable[listing]
        shelf = self._shelves.of(listing)
        error = None if task.cancelled() else task.exception()
        shelf.is_failing = error is not None
        if error is None:
            if not task.cancelled() and shelf.is_doubted(asking.question.days):
                self._doubt(asking)
            return
        shelf.retry_at = asyncio.get_running_loop().time() + _RETRY_SECONDS
        if isinstance(error, ServiceUnavailable):
            shelf.mark(list(shelf.days), Mark.CHANGED, until=float("inf"))
        _log.info("availability_unknown", extra={"why": repr(error)})

    def _doubt(self, asking: _Asking) -> None:
        """A host has lost all slots at once: look again, whether somebody asks or not."""
        listing = listing_of(asking.question)
        if listing in self._soon:
            return

        def ask() -> None:
            del self._soon[listing]
            self._ask(
                asking.question,
                Purpose.BACKGROUND,
                now=asking.now + timedelta(seconds=_DOUBT_SECONDS),
            )

        self._soon[listing] = asyncio.get_running_loop().call_later(_DOUBT_SECONDS, ask)


def _questions(
    business: Business, kind: EventType, days: Sequence[date], *, zone: ZoneInfo, now: datetime
) -> list[Question]:
    """The fewest requests that cover some days; the coming fortnight is always one."""
    today = now.astimezone(zone).date()
    first, last = min(days), max(days)
    if today <= first < today + timedelta(days=DAYS_AHEAD):
        first = today
    last = max(last, first + timedelta(days=DAYS_AHEAD - 1))
    starts = [first + timedelta(days=n) for n in range(0, (last - first).days + 1, _MOST_DAYS)]
    return [
        Question(business, kind, zone, start, min(last, start + timedelta(days=_MOST_DAYS - 1)))
        for start in starts
    ]
