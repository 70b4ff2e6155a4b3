"""What is free: answered from this process, else from Redis, else by Cal.com.

What Cal.com lists and what our claims take are kept apart. So a booking makes no answer of
Cal.com's wrong, and one that goes gives its time back at once.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from redis.asyncio import Redis

from booking.availability.asking import Asking
from booking.availability.days import Age
from booking.availability.exchange import Exchange
from booking.availability.filling import Filling
from booking.availability.measures import (
    Freshness,
    Layer,
    Observer,
    Offered,
    Purpose,
    Served,
    Tally,
    told,
)
from booking.availability.popularity import Popularity
from booking.availability.reading import FETCH_SECONDS, Reader
from booking.availability.shared import SharedDays
from booking.availability.shelves import Listing, Shelf, Shelves
from booking.availability.taken import Taken, TakenTime
from booking.business import Business, EventType
from booking.calendars import Calendars
from booking.errors import CalendarUnavailable
from booking.listed import Listed, ListedDay
from booking.slots import Slot, Span
from db.database import Database

_log = logging.getLogger(__name__)

PATIENCE_SECONDS: Final = 0.8
"""Slots take Cal.com 40-110 ms. After this an older answer, if there is one, is given instead; the
new one is there for the next question."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Cal.com lists. `in_doubt`: it could not be asked, this is older."""

    listed: Listed
    in_doubt: bool = False


class Availability:
    """Answers for every business. Built once; `start` it, `aclose` it; `now` is an argument."""

    def __init__(
        self,
        *,
        redis: "Redis",
        calendars: Calendars,
        database: Database,
        observe: Observer = lambda _: None,
    ) -> None:
        """`observe` is told of every answer and of every request to Cal.com."""
        self.tally = Tally()
        self._observe = told([self.tally, observe])
        self.popularity = Popularity(redis)
        self._shelves = Shelves()
        self._shared = SharedDays(redis)
        self._taken = TakenTime(database)
        self._reader = Reader(calendars, self._observe)
        self._asking = Asking(
            self._shelves,
            Filling(
                shelves=self._shelves, shared=self._shared, reader=self._reader, taken=self._taken
            ),
        )
        self._exchange = Exchange(
            redis,
            shelves=self._shelves,
            shared=self._shared,
            taken=self._taken,
            asking=self._asking,
        )
        self.tell, self.refresh = self._exchange.tell, self._asking.refresh

    def start(self) -> None:
        """Begin to hear what other processes tell; until then answers go through Redis."""
        self._exchange.start()

    @property
    def hears(self) -> bool:
        """Whether the news of other processes reaches this one."""
        return self._taken.hears

    async def aclose(self) -> None:
        """Ask no further."""
        await self._exchange.aclose()
        await self._asking.aclose()
        await self.popularity.aclose()

    async def listed(
        self,
        business: Business,
        event_types: Iterable[EventType],
        days: Sequence[date],
        *,
        zone: ZoneInfo,
        now: datetime,
    ) -> Answer:
        """What Cal.com offers on these local days, our own claims not yet subtracted.

        A cached answer waits for nothing: neither for Redis nor for the database.

        Raises:
            CalendarUnavailable: Cal.com did not answer and nothing usable is remembered.
            ServiceUnavailable: Cal.com does not know the event type, or refuses our key.
        """
        kinds = {Listing(business.id, kind.id, zone.key): kind for kind in event_types}
        shelves = {listing: self._shelves.of(listing) for listing in kinds}
        for listing, kind in kinds.items():
            self.popularity.count(business.id, kind.id, now)
            shelves[listing].wanted_at = now.timestamp()
        lacking = {
            listing: shelf
            for listing, shelf in shelves.items()
            if not self.hears or shelf.age(days, now) >= Age.OLD
        }
        if lacking:
            await self._exchange.recall(lacking, days)
        listed: dict[UUID, Mapping[date, ListedDay]] = {}
        in_doubt = False
        late: list[tuple[Listing, EventType, Layer]] = []
        for listing, kind in kinds.items():
            layer = Layer.REDIS if listing in lacking else Layer.PROCESS
            shelf = shelves[listing]
            if (age := shelf.age(days, now)) >= Age.OLD:
                late.append((listing, kind, layer))
                continue
            if age is Age.STALE:
                self._asking.behind(business, kind, shelf, days, zone=zone, now=now)
            doubt = (age is Age.STALE and shelf.is_failing) or shelf.is_doubted(days)
            in_doubt = in_doubt or doubt
            self._served(shelf, days, layer, _worth(age, in_doubt=doubt), now=now)
            listed[kind.id] = shelf.listed(kind, days)
        if late:
            answers = await asyncio.gather(
                *(
                    self._from_calendar(business, kind, shelves[listing], days, zone=zone, now=now)
                    for listing, kind, _ in late
                ),
                return_exceptions=True,
            )
            known = [answer for answer in answers if isinstance(answer, Answer)]
            failures = [answer for answer in answers if isinstance(answer, BaseException)]
            is_some = known or any(day.slots for of in listed.values() for day in of.values())
            for failure in failures:
                if not (isinstance(failure, CalendarUnavailable) and is_some):
                    raise failure
            for answer in known:
                listed |= answer.listed
            in_doubt = in_doubt or bool(failures) or any(answer.in_doubt for answer in known)
        return Answer(listed, in_doubt)

    async def taken(self, business: Business, span: Span) -> Taken:
        """What our claims take within a span, and when customers are expected.

        Raises:
            DatabaseError: It had to be looked up, and could not be.
        """
        return await self._taken.within(business.id, span)

    async def freed_by(
        self,
        business: Business,
        event_types: Iterable[EventType],
        calcom_uid: str,
        span: Span,
        *,
        zone: ZoneInfo,
    ) -> list[Slot]:
        """What would be free if a booking did not stand: so it is asked by whoever moves it.

        Always asked of Cal.com; nothing of it is remembered.

        Raises:
            CalendarUnavailable: Cal.com did not answer.
            ServiceUnavailable: Cal.com does not know the event type, or refuses our key.
        """
        answers = await asyncio.gather(
            *(self._reader.freed_by(business, kind, calcom_uid, span, zone) for kind in event_types)
        )
        return [slot for answer in answers for slot in answer]

    def age(
        self,
        business: Business,
        kind: EventType,
        days: Sequence[date],
        *,
        zone: ZoneInfo,
        now: datetime,
    ) -> Age:
        """How this process may use what it knows of these days."""
        return self._shelves.of(Listing(business.id, kind.id, zone.key)).age(days, now)

    def lag(
        self,
        business: Business,
        kind: EventType,
        days: Sequence[date],
        *,
        zone: ZoneInfo,
        now: datetime,
    ) -> float:
        """Seconds since Cal.com was asked about these days; endless if it never was of one."""
        return self._shelves.of(Listing(business.id, kind.id, zone.key)).lag(days, now)

    def offered(self, outcome: Offered) -> None:
        """Count what became of an offer that somebody wanted."""
        self._observe(outcome)

    async def recall(
        self,
        business: Business,
        kinds: Iterable[EventType],
        days: Sequence[date],
        *,
        zone: ZoneInfo,
    ) -> None:
        """Take over what other processes know of these days, in one round trip."""
        listings = [Listing(business.id, kind.id, zone.key) for kind in kinds]
        await self._exchange.recall(listings, days)

    async def _from_calendar(
        self,
        business: Business,
        kind: EventType,
        shelf: Shelf,
        days: Sequence[date],
        *,
        zone: ZoneInfo,
        now: datetime,
    ) -> Answer:
        """As new as it can be had in time, else what is known."""
        is_known = shelf.age(days, now) is not Age.GONE
        patience = PATIENCE_SECONDS if is_known else FETCH_SECONDS
        in_doubt = False
        try:
            async with asyncio.timeout(patience):
                # None, if somebody else's request has been answered just now; two, if something
                # has changed while Cal.com was asked.
                for _ in range(2):
                    if shelf.age(days, now) < Age.OLD:
                        break
                    await self.refresh(business, kind, days, Purpose.CALLER, zone=zone, now=now)
                    if shelf.is_doubted(days):
                        break
        except (CalendarUnavailable, TimeoutError) as error:
            if not shelf.knows_any(days, now):
                raise CalendarUnavailable(str(error) or f"no answer in {patience} s") from error
            in_doubt = True
        in_doubt = in_doubt or shelf.is_doubted(days)
        worth = Freshness.DOUBTED if in_doubt else Freshness.FRESH
        self._served(shelf, days, Layer.CALCOM, worth, now=now)
        return Answer({kind.id: shelf.listed(kind, days)}, in_doubt)

    def _served(
        self,
        shelf: Shelf,
        days: Sequence[date],
        layer: Layer,
        freshness: Freshness,
        *,
        now: datetime,
    ) -> None:
        oldest = min((known.asked_at for d in days if (known := shelf.days.get(d))), default=None)
        age = now.timestamp() - oldest if oldest is not None else 0.0
        self._observe(Served(layer, freshness, age))


def _worth(age: Age, *, in_doubt: bool) -> Freshness:
    if in_doubt:
        return Freshness.DOUBTED
    return Freshness.FRESH if age is Age.FRESH else Freshness.STALE
