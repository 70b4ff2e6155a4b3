"""Knowing what callers will ask before they do: when a call begins, and while calls come in.

A call begins some seconds before its first question: while the caller is greeted, Cal.com has
answered. So nothing is renewed all day for callers who may not come.
"""

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
from booking.availability.days import AT_ONCE_SECONDS, KEPT_SECONDS, Age
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
"""The share of questions that the event types make up which are looked up when a call begins: the
rarest would be asked about ten times for one caller who wants them."""

_CALL: Final = timedelta(minutes=5)
"""Whatever a call finds at its beginning may still be given at once at its end."""

_ROUND_SECONDS: Final = 120.0
"""The job comes by every minute."""

_IDLE_SECONDS: Final = KEPT_SECONDS / 2
"""Nobody asks for it now; but should Cal.com go away, it is known."""

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

        That is what has been asked for lately; of the rest enough is known for an outage.

        Returns:
            How many event types Cal.com was asked about.
        """
        ranked = _ranked(business, await self._scores(business, now=now))
        wanted = await self._wanted(business, now=now)
        asked = 0
        for zone in {line.timezone for line in business.lines}:
            days = _fortnight(now, zone)
            await self._availability.recall(business, ranked, days, zone=zone)
            for kind in ranked:
                limit = AT_ONCE_SECONDS - _ROUND_SECONDS if kind.id in wanted else _IDLE_SECONDS
                if self._availability.lag(business, kind, days, zone=zone, now=now) < limit:
                    continue
                if asked >= _MOST_REQUESTS or not await self._refresh(
                    business, kind, days, zone=zone, now=now
                ):
                    return asked
                asked += 1
        return asked

    async def _prepare(self, business: Business, zone: ZoneInfo, *, now: datetime) -> None:
        days = _fortnight(now, zone)
        scores = await self._scores(business, now=now)
        likely = _favourites(_ranked(business, scores), scores)[:_LIKELY]
        availability = self._availability

        def cold() -> list[EventType]:
            then = now + _CALL
            return [
                kind
                for kind in likely
                if availability.age(business, kind, days, zone=zone, now=then) >= Age.OLD
            ]

        if cold():
            await availability.recall(business, likely, days, zone=zone)
        await asyncio.gather(
            *(self._refresh(business, kind, days, zone=zone, now=now) for kind in cold())
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

    async def _wanted(self, business: Business, *, now: datetime) -> set[UUID]:
        try:
            return await self._availability.popularity.lately(business.id, now)
        except RedisError as error:
            _log.info("popularity_unknown", extra={"why": repr(error)})
            return set()

    async def _scores(self, business: Business, *, now: datetime) -> Mapping[UUID, float]:
        try:
            return await self._availability.popularity.of(business.id, now)
        except RedisError as error:
            _log.info("popularity_unknown", extra={"why": repr(error)})
            return {}


def _ranked(business: Business, scores: Mapping[UUID, float]) -> list[EventType]:
    """What was asked for lately, most first, and of the rest the first few that are offered."""
    offered = asked_about(
        kind for service in business.services for kind in service.event_types if kind.is_linked
    )
    asked = sum(kind.id in scores for kind in offered)
    return sorted(offered, key=lambda kind: -scores.get(kind.id, 0.0))[: max(asked, _LIKELY)]


def _favourites(ranked: Sequence[EventType], scores: Mapping[UUID, float]) -> list[EventType]:
    """Those that nearly all questions are about; all of them before anybody has asked."""
    most = sum(scores.get(kind.id, 0.0) for kind in ranked) * _FAVOURITES
    if not most:
        return list(ranked)
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
