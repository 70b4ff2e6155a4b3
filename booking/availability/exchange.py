"""What processes tell each other of changes, and what they put down for each other in Redis."""

import asyncio
import logging
from collections import deque
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from booking.availability.asking import Asking
from booking.availability.days import Mark
from booking.availability.news import Effect, News, loads, touched_days, touched_kinds
from booking.availability.shared import CHANNEL, SharedDays
from booking.availability.shelves import Listing, Shelves
from booking.availability.subscription import Subscription
from booking.availability.taken import TakenTime
from booking.business import Business, EventType
from booking.slots import Span

_log = logging.getLogger(__name__)

_NEWS_OWED: Final = 1_000


class Exchange:
    """Tells and hears. What happens in this process counts here before anybody is told."""

    def __init__(
        self,
        redis: "Redis",
        *,
        shelves: Shelves,
        shared: SharedDays,
        taken: TakenTime,
        asking: Asking,
    ) -> None:
        self._shelves = shelves
        self._shared = shared
        self._taken = taken
        self._asking = asking
        self._subscription = Subscription(
            redis, CHANNEL, hear=self._hear, lost=self._lost, back=self._back
        )
        self._owed: deque[News] = deque(maxlen=_NEWS_OWED)
        """News that Redis has not been told, because it was away."""
        self._paying: asyncio.Task[None] | None = None
        """One at a time: two would strike off what only one of them has told."""
        self._going_out: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to hear what other processes tell."""
        self._subscription.start()

    async def aclose(self) -> None:
        """Hear no further; what is to be told goes out first."""
        await asyncio.gather(*self._going_out)
        await self._subscription.aclose()

    async def tell(
        self,
        business: Business,
        effect: Effect,
        *,
        hosts: Collection[UUID | None] = (),
        kinds: Collection[UUID] = (),
        spans: Collection[Span] = (),
        now: datetime,
    ) -> None:
        """Something has changed: here before the next answer, elsewhere within milliseconds.

        Args:
            business: Whose time.
            effect: What is known of it.
            hosts: Ids of the staff whose time it is; `None` among them is anybody's.
            kinds: Ids of event types, where not hosts have changed but those.
            spans: When. Our own claims concern no day that Cal.com has listed, so they need none.
            now: When this was so: answers asked for later know of it.
        """
        by_id = {kind.id: kind for kind in touched_kinds(business, hosts)} if hosts else {}
        by_id |= {id_: business.event_types[id_] for id_ in kinds if id_ in business.event_types}
        is_listed = effect is not Effect.CLAIMED
        touched = touched_days(business, by_id.values(), spans) if is_listed else {}
        if effect is Effect.FREED:
            # What was listed before it was taken is back at once, if only Redis remembers, too.
            await self.recall(touched, sorted({day for of in touched.values() for day in of}))
        marks = {
            to: {day: self._mark(effect, to, by_id[to.event_type_id], day, spans) for day in days}
            for to, days in touched.items()
        }
        news = News(business.id, now.timestamp(), marks)
        self._apply(news)
        if not is_listed:
            # Nothing that Redis knows is wrong: nobody who has booked need wait for it.
            task = asyncio.create_task(self._publish(news))
            self._going_out.add(task)
            task.add_done_callback(self._going_out.discard)
            return
        await self._publish(news)
        for listing, days in marks.items():
            if Mark.CHANGED in days.values():
                self._asking.soon(business, by_id[listing.event_type_id], listing, now=now)

    async def recall(self, listings: Iterable[Listing], days: Sequence[date]) -> None:
        """Put on shelves what Redis knows of these days. Without it they stay as they are."""
        shelves = {listing: self._shelves.of(listing) for listing in listings}
        seen = {listing: shelf.generations(days) for listing, shelf in shelves.items()}
        try:
            await self._tell_owed()
            recalled = await self._shared.recall(dict.fromkeys(shelves, days))
        except RedisError as error:
            _log.info("days_without_redis", extra={"during": "read", "why": repr(error)})
            return
        for listing, answer in recalled.items():
            shelves[listing].put(answer.days, seen[listing])

    def _mark(
        self, effect: Effect, listing: Listing, kind: EventType, day: date, spans: Iterable[Span]
    ) -> Mark:
        """Whether what is known of a day is enough to go on offering it."""
        known = self._shelves.of(listing).days.get(day)
        if effect is Effect.FREED and (known is None or known.knows(kind, spans)):
            return Mark.FREED
        return Mark.CHANGED

    def _apply(self, news: News) -> None:
        self._taken.forget(news.business_id)
        for listing, marks in news.days.items():
            self._asking.distrust(listing)
            if shelf := self._shelves.known(listing):
                for day, mark in marks.items():
                    shelf.mark([day], mark, until=news.at)

    async def _publish(self, news: News) -> None:
        try:
            await self._tell_owed()
            await self._shared.tell(news)
        except RedisError as error:
            self._owed.append(news)
            _log.info("days_without_redis", extra={"during": "tell", "why": repr(error)})

    async def _tell_owed(self) -> None:
        """What Redis does not know yet comes first: it would answer as if nothing had happened."""
        if self._owed:
            if self._paying is None or self._paying.done():
                self._paying = asyncio.create_task(self._pay())
            await asyncio.shield(self._paying)

    async def _pay(self) -> None:
        while self._owed:
            await self._shared.tell(self._owed[0])
            self._owed.popleft()

    def _hear(self, message: bytes | str) -> None:
        try:
            sender, news = loads(message)
        except ValueError as error:
            _log.warning("news_not_understood", extra={"why": str(error)})
            return
        if sender != self._shared.name:
            self._apply(news)

    def _lost(self) -> None:
        self._taken.hears = False
        self._taken.distrust()
        self._shelves.distrust()

    async def _back(self) -> None:
        await self._tell_owed()
        self._taken.hears = True
