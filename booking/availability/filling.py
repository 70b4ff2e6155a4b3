"""Fetching what Cal.com lists onto the shelves, one process at a time, and doubting it if odd."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from redis.exceptions import RedisError

from booking.availability.days import (
    BELIEVED_AFTER_SECONDS,
    Age,
    Day,
    Mark,
    doubted,
    merged,
)
from booking.availability.measures import Purpose
from booking.availability.reading import Question, Reader
from booking.availability.shared import Recalled, SharedDays
from booking.availability.shelves import Listing, Shelf, Shelves
from booking.availability.taken import Taken, TakenTime
from booking.occupancy import Asker
from booking.slots import Slot
from db.errors import DatabaseError

_log = logging.getLogger(__name__)

_LOOK_AGAIN_SECONDS: Final = 0.03
"""At Redis, while another process asks Cal.com."""

_Listed = Mapping[date, Mapping[datetime, int | None]]


def listing_of(question: Question) -> Listing:
    """Where the answer to a question belongs."""
    return Listing(question.business.id, question.kind.id, question.zone.key)


class Filling:
    """Asks Cal.com and keeps what it says. Without Redis for this process alone."""

    def __init__(
        self, *, shelves: Shelves, shared: SharedDays, reader: Reader, taken: TakenTime
    ) -> None:
        self._shelves = shelves
        self._shared = shared
        self._reader = reader
        self._taken = taken

    async def fill(self, question: Question, purpose: Purpose, *, now: datetime) -> None:
        """Have these days on the shelf as Cal.com lists them now, whoever asks it.

        Raises:
            CalendarUnavailable: Cal.com did not answer.
            ServiceUnavailable: Cal.com does not know the event type, or refuses our key.
        """
        listing = listing_of(question)
        shelf = self._shelves.of(listing)
        seen = shelf.generations(question.days)
        recalled: Recalled | None = None
        is_filler = False
        try:
            try:
                is_filler = await self._shared.begin_filling(listing, question.first)
                if not is_filler and purpose is not Purpose.CALLER:
                    return  # another process is at it, and nobody waits here
                recalled = await self._recall(listing, question, shelf)
                while not is_filler and shelf.age(question.days, now) is not Age.FRESH:
                    await asyncio.sleep(_LOOK_AGAIN_SECONDS)
                    is_filler = await self._shared.begin_filling(listing, question.first)
                    recalled = await self._recall(listing, question, shelf)
            except RedisError as error:
                _log.info("days_without_redis", extra={"during": "fill", "why": repr(error)})
            if recalled and shelf.age(question.days, now) is Age.FRESH:
                return  # another process was faster
            answers = await self._ask(question, purpose, shelf, now=now)
            late = await self._share(listing, answers, recalled, today=_today(question, now))
            shelf.put(
                {
                    day: answer.marked(Mark.CHANGED) if day in late else answer
                    for day, answer in answers.items()
                },
                seen,
            )
        finally:
            if is_filler:
                await self._end(listing, question.first)

    async def _recall(self, listing: Listing, question: Question, shelf: Shelf) -> Recalled:
        seen = shelf.generations(question.days)
        recalled = (await self._shared.recall({listing: question.days}))[listing]
        shelf.put(recalled.days, seen)
        return recalled

    async def _share(
        self,
        listing: Listing,
        answers: Mapping[date, Day],
        recalled: Recalled | None,
        *,
        today: date,
    ) -> set[date]:
        if recalled is None:
            return set()
        try:
            return await self._shared.put(listing, answers, recalled.generations, today=today)
        except RedisError as error:
            _log.info("days_without_redis", extra={"during": "write", "why": repr(error)})
            return set()

    async def _end(self, listing: Listing, first: date) -> None:
        try:
            await self._shared.end_filling(listing, first)
        except RedisError:  # it runs out by itself
            return

    async def _ask(
        self, question: Question, purpose: Purpose, shelf: Shelf, *, now: datetime
    ) -> Mapping[date, Day]:
        before = {day: known for day in question.days if (known := shelf.days.get(day))}
        listed = await self._reader.days(question, purpose)
        taken = await self._taken_then(question)
        asked_at = now.timestamp()
        if _is_empty(listed) and _is_odd(question, before, taken, now=now):
            listed = await self._reader.days(question, purpose)
            if _is_empty(listed):
                _log.warning(
                    "host_doubted", extra={"event_type": question.kind.calcom_id}
                )  # perhaps Cal.com cannot read the host's calendar
                return {day: doubted(asked_at, before.get(day)) for day in question.days}
        return {
            day: _day(question, of_day, before.get(day), taken, asked_at)
            for day, of_day in listed.items()
        }

    async def _taken_then(self, question: Question) -> Taken | None:
        try:
            return await self._taken.within(question.business.id, question.span)
        except DatabaseError as error:
            _log.info("days_without_claims", extra={"why": repr(error)})
            return None


def _day(
    question: Question,
    listed: Mapping[datetime, int | None],
    before: Day | None,
    taken: Taken | None,
    asked_at: float,
) -> Day:
    kind, business = question.kind, question.business

    def is_ours(start: int) -> bool:
        slot = Slot(kind, datetime.fromtimestamp(start, UTC))
        return taken is not None and taken.occupancy.is_taken(slot, by_holds=business.mirrors_holds)

    def gone(start: datetime, left: int | None) -> int:
        ours = taken.occupancy.seats(Slot(kind, start)) if taken else 0
        return max(kind.capacity - ours - left, 0) if left is not None else 0

    return merged(
        asked_at,
        {int(start.timestamp()): gone(start, left) for start, left in listed.items()},
        before,
        is_ours,
    )


def _is_empty(listed: _Listed) -> bool:
    return not any(listed.values())


def _is_odd(
    question: Question, before: Mapping[date, Day], taken: Taken | None, *, now: datetime
) -> bool:
    """Whether a host who had slots a while ago suddenly has none, and not because of our claims."""
    since = [day.doubted_since for day in before.values() if day.doubted_since is not None]
    if since and now.timestamp() - min(since) >= BELIEVED_AFTER_SECONDS:
        return False
    were_free = [
        Slot(question.kind, datetime.fromtimestamp(start, UTC))
        for day in before.values()
        if day.age(now) is not Age.GONE
        for start in day.starts
        if start > now.timestamp() + question.kind.minimum_notice_minutes * 60
    ]
    return bool(taken.occupancy.free(were_free, Asker(now)) if taken else were_free)


def _today(question: Question, now: datetime) -> date:
    return now.astimezone(question.zone).date()
