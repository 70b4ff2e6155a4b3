"""What Cal.com says is free: asked once a day and event type, then remembered for a short while.

A day is local to the line. Its answer is kept in Redis, so every process sees the same, under a key
that always carries the business. Without Redis every question goes to Cal.com: slower, still right.
"""

import asyncio
import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from redis.asyncio import Redis
from redis.exceptions import RedisError

from booking.business import Business, EventType
from booking.calendars import Calendars
from booking.errors import CalendarUnavailable, ServiceUnavailable
from booking.hours import local_day
from booking.slots import Slot, Span
from calcom.errors import CalcomError, Forbidden, NotFound, Unauthorised, UnknownEventType

_log = logging.getLogger(__name__)

FRESH_SECONDS: Final = 60.0
"""Cal.com itself answers from a cache of 2 s; a minute keeps a call's questions off the wire and is
short enough that a change in the web UI is rarely offered. A refused booking costs an apology."""

FRESH_WHEN_EMPTY_SECONDS: Final = 15.0
"""A day without slots may be an outage of the host's calendar: asked again sooner."""

USABLE_SECONDS: Final = 24 * 3600.0
"""While Cal.com is down an old answer, marked as such, beats none."""

FETCH_SECONDS: Final = 1.5
"""Leaves a read half a second of its two to say so when Cal.com is slow."""

DAYS_AT_ONCE: Final = 7
"""A week costs Cal.com little more than a day (45-110 against 40 ms) and serves alternatives."""


@dataclass(frozen=True, slots=True)
class Free:
    """Slots of one or more event types. `in_doubt`: Cal.com could not be asked, this is older."""

    slots: list[Slot]
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class _Day:
    """One remembered answer."""

    asked_at: float
    starts: tuple[int, ...]
    """Seconds since the epoch."""

    def is_fresh(self, now: datetime) -> bool:
        keep = FRESH_SECONDS if self.starts else FRESH_WHEN_EMPTY_SECONDS
        return now.timestamp() - self.asked_at < keep


class Availability:
    """Reads through Redis to Cal.com; equal questions at the same moment share one request."""

    def __init__(self, *, redis: "Redis", calendars: Calendars) -> None:
        self._redis = redis
        self._calendars = calendars
        self._asking: dict[tuple[UUID, date, date], asyncio.Task[dict[date, _Day]]] = {}

    async def free(
        self,
        business: Business,
        event_types: Iterable[EventType],
        days: Sequence[date],
        *,
        zone: ZoneInfo,
        now: datetime,
    ) -> Free:
        """What Cal.com offers on these local days, our own claims not yet subtracted.

        Raises:
            CalendarUnavailable: Cal.com did not answer and nothing usable is remembered.
            ServiceUnavailable: Cal.com does not know the event type, or refuses our key.
        """
        kinds = list(event_types)
        remembered = await self._remembered(business.id, kinds, days, zone=zone)
        answers = await asyncio.gather(
            *(
                self._of_type(business, kind, days, remembered[kind.id], zone=zone, now=now)
                for kind in kinds
            )
        )
        return Free(
            slots=sorted(
                (slot for answer in answers for slot in answer.slots), key=lambda slot: slot.start
            ),
            in_doubt=any(answer.in_doubt for answer in answers),
        )

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
        client = await self._calendars.of(business)
        kinds = list(event_types)
        try:
            answers = await asyncio.gather(
                *(
                    client.slots(
                        kind.calcom_id,
                        start=span.start,
                        end=span.end,
                        timezone=zone.key,
                        booking_uid_to_reschedule=calcom_uid,
                        timeout_seconds=FETCH_SECONDS,
                    )
                    for kind in kinds
                )
            )
        except (UnknownEventType, NotFound, Unauthorised, Forbidden) as error:
            raise ServiceUnavailable(str(error)) from error
        except CalcomError as error:
            raise CalendarUnavailable(str(error)) from error
        return [
            Slot(kind, slot.start)
            for kind, listed in zip(kinds, answers, strict=True)
            for slot in listed
            if slot.seats_remaining != 0
        ]

    async def forget(
        self, business_id: UUID, event_type_ids: Iterable[UUID], span: Span, *, zone: ZoneInfo
    ) -> None:
        """Make the next question about these days go to Cal.com: something there has changed."""
        first, last = span.start.astimezone(zone).date(), span.end.astimezone(zone).date()
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        keys = [_key(business_id, kind, zone, day) for kind in event_type_ids for day in days]
        try:
            await self._redis.delete(*keys)
        except RedisError as error:
            _log.warning("redis_unavailable", extra={"during": "forget", "error": repr(error)})

    async def _of_type(
        self,
        business: Business,
        kind: EventType,
        days: Sequence[date],
        remembered: dict[date, _Day],
        *,
        zone: ZoneInfo,
        now: datetime,
    ) -> Free:
        missing = [
            day for day in days if not ((seen := remembered.get(day)) and seen.is_fresh(now))
        ]
        in_doubt = False
        if missing:
            try:
                remembered |= await self._ask_once(business, kind, missing, zone=zone, now=now)
            except CalendarUnavailable:
                if any(day not in remembered for day in missing):
                    raise
                in_doubt = True
        starts = [
            datetime.fromtimestamp(start, UTC) for day in days for start in remembered[day].starts
        ]
        return Free([Slot(kind, start) for start in starts], in_doubt)

    async def _remembered(
        self,
        business_id: UUID,
        kinds: Sequence[EventType],
        days: Sequence[date],
        *,
        zone: ZoneInfo,
    ) -> dict[UUID, dict[date, _Day]]:
        """What Redis holds, in one question, by event type and day."""
        asked = [(kind.id, day) for kind in kinds for day in days]
        remembered: dict[UUID, dict[date, _Day]] = {kind.id: {} for kind in kinds}
        if not asked:
            return remembered
        try:
            kept = await self._redis.mget([_key(business_id, id_, zone, day) for id_, day in asked])
        except RedisError as error:
            _log.warning("redis_unavailable", extra={"during": "read", "error": repr(error)})
            return remembered
        for (id_, day), raw in zip(asked, kept, strict=True):
            if raw is not None:
                remembered[id_][day] = _loads(raw)
        return remembered

    async def _ask_once(
        self,
        business: Business,
        kind: EventType,
        missing: Sequence[date],
        *,
        zone: ZoneInfo,
        now: datetime,
    ) -> dict[date, _Day]:
        first = min(missing)
        last = max(*missing, first + timedelta(days=DAYS_AT_ONCE - 1))
        question = (kind.id, first, last)
        if (task := self._asking.get(question)) is None:
            task = asyncio.create_task(self._ask(business, kind, first, last, zone=zone, now=now))
            self._asking[question] = task
            task.add_done_callback(lambda _: self._asking.pop(question, None))
        # Shielded: a caller who hangs up must not take the answer from the others who wait for it.
        return await asyncio.shield(task)

    async def _ask(
        self,
        business: Business,
        kind: EventType,
        first: date,
        last: date,
        *,
        zone: ZoneInfo,
        now: datetime,
    ) -> dict[date, _Day]:
        client = await self._calendars.of(business)
        span = Span(local_day(first, zone).start, local_day(last, zone).end)
        try:
            listed = await client.slots(
                kind.calcom_id,
                start=span.start,
                end=span.end,
                timezone=zone.key,
                timeout_seconds=FETCH_SECONDS,
            )
        except (UnknownEventType, NotFound, Unauthorised, Forbidden) as error:
            raise ServiceUnavailable(str(error)) from error
        except CalcomError as error:
            raise CalendarUnavailable(str(error)) from error
        starts: dict[date, list[int]] = {
            first + timedelta(days=n): [] for n in range((last - first).days + 1)
        }
        for slot in listed:
            if slot.seats_remaining != 0 and span.covers(slot.start):
                day = slot.start.astimezone(zone).date()
                starts[day].append(int(slot.start.timestamp()))
        answer = {
            day: _Day(now.timestamp(), tuple(sorted(of_day))) for day, of_day in starts.items()
        }
        await self._remember(business.id, kind, answer, zone=zone)
        return answer

    async def _remember(
        self, business_id: UUID, kind: EventType, answer: dict[date, _Day], *, zone: ZoneInfo
    ) -> None:
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for day, kept in answer.items():
                    key = _key(business_id, kind.id, zone, day)
                    pipe.set(key, _dumps(kept), ex=int(USABLE_SECONDS))
                await pipe.execute()
        except RedisError as error:
            _log.warning("redis_unavailable", extra={"during": "write", "error": repr(error)})


def _key(business_id: UUID, event_type_id: UUID, zone: ZoneInfo, day: date) -> str:
    return f"slots:{business_id}:{event_type_id}:{zone.key}:{day}"


def _dumps(day: _Day) -> bytes:
    return json.dumps([day.asked_at, *day.starts]).encode()


def _loads(raw: bytes | str) -> _Day:
    asked_at, *starts = json.loads(raw)
    return _Day(asked_at, tuple(starts))
