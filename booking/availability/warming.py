"""Knowing what callers will ask before they do: when a call begins, and all day behind it."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from redis.exceptions import RedisError

from booking.availability.asking import DAYS_AHEAD
from booking.availability.availability import Availability
from booking.availability.days import AT_ONCE_SECONDS, FRESH_SECONDS, Age
from booking.availability.measures import Purpose
from booking.business import Business, EventType
from booking.errors import BookingError
from booking.hours import local_day
from booking.phases import asked_about
from booking.slots import Span
from db.errors import DatabaseError

_log = logging.getLogger(__name__)

_LIKELY: Final = 8
"""Event types that are looked up when a call begins, or before anybody has asked for anything."""

_AGAIN: Final = timedelta(seconds=30)
"""Calls that begin together need it once."""

_FAVOURITES: Final = 0.8
"""The share of questions that the event types make up which are never let go stale."""

_MARGIN_SECONDS: Final = 120.0
"""Before an answer is too old to be given at once: the job comes by every minute."""

_MOST_REQUESTS: Final = 20
"""In one round for one business; with background priority, which yields to callers."""


class Warming:
    """Looks up what is likely to be asked. Built once; `now` is an argument."""

    def __init__(self, availability: Availability) -> None:
        self._availability = availability
        self._expected_at: dict[tuple[UUID, str], datetime] = {}
        self._going_on: set[asyncio.Task[None]] = set()

    async def aclose(self) -> None:
        """Look up no further."""
        for task in list(self._going_on):
            task.cancel()
        await asyncio.gather(*self._going_on, return_exceptions=True)

    def expect(self, business: Business, zone: ZoneInfo, *, now: datetime) -> None:
        """A call has begun: be ready for its first question. Returns at once."""
        before = self._expected_at.get((business.id, zone.key))
        if before is not None and timedelta() <= now - before < _AGAIN:
            return
        self._expected_at[business.id, zone.key] = now
        task = asyncio.create_task(self._prepare(business, zone, now=now))
        self._going_on.add(task)
        task.add_done_callback(self._going_on.discard)

    async def keep_warm(self, business: Business, *, now: datetime) -> int:
        """Ask for what will soon be too old, what is asked for most first.

        Returns:
            How many event types Cal.com was asked about.
        """
        scores = await self._scores(business, now=now)
        ranked = _ranked(business, scores)
        favourites = _favourites(ranked, scores)
        asked = 0
        for zone in {line.timezone for line in business.lines}:
            days = _fortnight(now, zone)
            await self._availability.recall(business, ranked, days, zone=zone)
            for kind in ranked:
                lag = self._availability.lag(business, kind, days, zone=zone, now=now)
                limit = FRESH_SECONDS if kind in favourites else AT_ONCE_SECONDS - _MARGIN_SECONDS
                if lag < limit:
                    continue
                if asked >= _MOST_REQUESTS or not await self._refresh(
                    business, kind, days, zone=zone, now=now
                ):
                    return asked
                asked += 1
        return asked

    async def _prepare(self, business: Business, zone: ZoneInfo, *, now: datetime) -> None:
        days = _fortnight(now, zone)
        likely = _ranked(business, await self._scores(business, now=now))[:_LIKELY]
        availability = self._availability
        if any(
            availability.age(business, kind, days, zone=zone, now=now) >= Age.OLD for kind in likely
        ):
            await availability.recall(business, likely, days, zone=zone)
        cold = [
            kind
            for kind in likely
            if availability.age(business, kind, days, zone=zone, now=now) >= Age.OLD
        ]
        await asyncio.gather(
            *(self._refresh(business, kind, days, zone=zone, now=now) for kind in cold)
        )
        try:
            span = Span(local_day(days[0], zone).start, local_day(days[-1], zone).end)
            await availability.taken(business, span)
        except DatabaseError as error:
            _log.info("not_warmed", extra={"why": repr(error)})

    async def _refresh(
        self,
        business: Business,
        kind: EventType,
        days: Sequence[date],
        *,
        zone: ZoneInfo,
        now: datetime,
    ) -> bool:
        """False if there is no point in going on."""
        try:
            await self._availability.refresh(
                business, kind, days, Purpose.WARMING, zone=zone, now=now
            )
        except BookingError as error:
            _log.info("not_warmed", extra={"event_type": kind.calcom_id, "why": str(error)})
            return False
        return True

    async def _scores(self, business: Business, *, now: datetime) -> Mapping[UUID, float]:
        try:
            return await self._availability.popularity.of(business.id, now)
        except RedisError as error:
            _log.info("popularity_unknown", extra={"why": repr(error)})
            return {}


def _ranked(business: Business, scores: Mapping[UUID, float]) -> list[EventType]:
    """What was asked for lately, most first; before anybody has asked, the first few offered."""
    offered = asked_about(
        kind for service in business.services for kind in service.event_types if kind.is_linked
    )
    asked = [kind for kind in offered if scores.get(kind.id)]
    if not asked:
        return offered[:_LIKELY]
    return sorted(asked, key=lambda kind: -scores[kind.id])


def _favourites(ranked: Sequence[EventType], scores: Mapping[UUID, float]) -> list[EventType]:
    """The few that most questions are about."""
    most = sum(scores.get(kind.id, 0.0) for kind in ranked) * _FAVOURITES
    found: list[EventType] = []
    for kind in ranked:
        if most <= 0:
            break
        found.append(kind)
        most -= scores.get(kind.id, 0.0)
    return found


def _fortnight(now: datetime, zone: ZoneInfo) -> list[date]:
    today = now.astimezone(zone).date()
    return [today + timedelta(days=n) for n in range(DAYS_AHEAD)]
