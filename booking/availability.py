"""What Cal.com says is free: asked once a day and event type, then remembered for a short while.

A day is local to the line. Its answer is kept in Redis, so every process sees the same, under a key
that always carries the business.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from redis.asyncio import Redis

from booking.business import Business, EventType
from booking.calendars import Calendars
from booking.errors import CalendarUnavailable, ServiceUnavailable
from booking.hours import local_day
from booking.known_days import Day, KnownDays
from booking.slots import Slot, Span
from calcom.errors import CalcomError, Forbidden, NotFound, Unauthorised, UnknownEventType

_log = logging.getLogger(__name__)

FETCH_SECONDS: Final = 1.5
"""Leaves a read half a second of its two to say so when Cal.com is slow."""

PATIENCE_SECONDS: Final = 0.8
"""Slots take Cal.com 40-110 ms. After this an older answer, if there is one, is given instead; the
new one is there for the next question."""

DAYS_AT_ONCE: Final = 7
"""A week costs Cal.com little more than a day (45-110 against 40 ms) and serves alternatives."""

SHARED_SECONDS: Final = 0.5
"""Cal.com's own cache is older."""

_Question = tuple[UUID, date, date]
"""Event type, first and last day."""


@dataclass(frozen=True, slots=True)
class Free:
    """Slots of one or more event types. `in_doubt`: Cal.com could not be asked, this is older."""

    slots: list[Slot]
    in_doubt: bool = False


class Availability:
    """Reads through Redis to Cal.com; equal questions at the same moment share one request."""

    def __init__(self, *, redis: "Redis", calendars: Calendars) -> None:
        self._known = KnownDays(redis)
        self._calendars = calendars
        self._asking: dict[_Question, asyncio.Task[dict[date, Day]]] = {}
        """Whose answers may be shared."""
        self._under_way: set[asyncio.Task[dict[date, Day]]] = set()

    async def aclose(self) -> None:
        """Ask no further."""
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

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
            ),
            return_exceptions=True,
        )
        known = [answer for answer in answers if isinstance(answer, Free)]
        failures = [answer for answer in answers if isinstance(answer, BaseException)]
        for failure in failures:
            if not (isinstance(failure, CalendarUnavailable) and known):
                raise failure
        return Free(
            slots=sorted(
                (slot for answer in known for slot in answer.slots), key=lambda slot: slot.start
            ),
            in_doubt=bool(failures) or any(answer.in_doubt for answer in known),
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
        kinds = set(event_type_ids)
        keys = [_key(business_id, kind, zone, day) for kind in kinds for day in days]
        for question in [question for question in self._asking if question[0] in kinds]:
            del self._asking[question]  # what is on its way may be from before
        await self._known.forget(keys)

    async def _of_type(
        self,
        business: Business,
        kind: EventType,
        days: Sequence[date],
        remembered: dict[date, Day],
        *,
        zone: ZoneInfo,
        now: datetime,
    ) -> Free:
        missing = [
            day for day in days if not ((seen := remembered.get(day)) and seen.is_fresh(now))
        ]
        in_doubt = False
        if missing:
            is_all_known = all(day in remembered for day in missing)
            patience = PATIENCE_SECONDS if is_all_known else FETCH_SECONDS
            asking = self._asking_for(business, kind, missing, zone=zone, now=now)
            try:
                remembered |= await _within(patience, asking)
            except CalendarUnavailable:
                if not any(day in remembered for day in days):
                    raise
                in_doubt = True
        starts = [
            datetime.fromtimestamp(start, UTC)
            for day in days
            if (known := remembered.get(day))
            for start in known.starts
        ]
        return Free([Slot(kind, start) for start in starts], in_doubt)

    async def _remembered(
        self,
        business_id: UUID,
        kinds: Sequence[EventType],
        days: Sequence[date],
        *,
        zone: ZoneInfo,
    ) -> dict[UUID, dict[date, Day]]:
        """What is known, in one question, by event type and day."""
        asked = [(kind.id, day) for kind in kinds for day in days]
        remembered: dict[UUID, dict[date, Day]] = {kind.id: {} for kind in kinds}
        if not asked:
            return remembered
        keys = {_key(business_id, id_, zone, day): (id_, day) for id_, day in asked}
        for key, known in (await self._known.get(list(keys))).items():
            id_, day = keys[key]
            remembered[id_][day] = known
        return remembered

    def _asking_for(
        self,
        business: Business,
        kind: EventType,
        missing: Sequence[date],
        *,
        zone: ZoneInfo,
        now: datetime,
    ) -> asyncio.Task[dict[date, Day]]:
        first = min(missing)
        last = max(*missing, first + timedelta(days=DAYS_AT_ONCE - 1))
        question = (kind.id, first, last)
        task = self._asking.get(question)
        if task is None or _is_outdated(task, now):
            task = asyncio.create_task(self._ask(business, kind, first, last, zone=zone, now=now))
            self._asking[question] = task
            self._under_way.add(task)
            task.add_done_callback(lambda done: self._asked(question, done))
        return task

    def _asked(self, question: _Question, task: "asyncio.Task[dict[date, Day]]") -> None:
        """Share an answer a moment longer, with whoever had looked in Redis before it was there."""
        self._under_way.discard(task)
        later = SHARED_SECONDS
        error = None if task.cancelled() else task.exception()
        if error or task.cancelled():
            later = 0.0
            _log.info("availability_unknown", extra={"why": repr(error)})
        asyncio.get_running_loop().call_later(later, self._no_longer_share, question, task)

    def _no_longer_share(self, question: _Question, task: "asyncio.Task[dict[date, Day]]") -> None:
        if self._asking.get(question) is task:
            del self._asking[question]

    async def _ask(
        self,
        business: Business,
        kind: EventType,
        first: date,
        last: date,
        *,
        zone: ZoneInfo,
        now: datetime,
    ) -> dict[date, Day]:
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
            day: Day(now.timestamp(), tuple(sorted(of_day))) for day, of_day in starts.items()
        }
        await self._known.put(
            {_key(business.id, kind.id, zone, day): known for day, known in answer.items()}
        )
        return answer


def _is_outdated(task: "asyncio.Task[dict[date, Day]]", now: datetime) -> bool:
    if not task.done():
        return False
    return (
        task.cancelled()
        or bool(task.exception())
        or not all(day.is_fresh(now) for day in task.result().values())
    )


async def _within(seconds: float, asking: "asyncio.Task[dict[date, Day]]") -> dict[date, Day]:
    """An answer that others may wait for too: who hangs up must not take it from them."""
    await asyncio.wait({asking}, timeout=seconds)
    if not asking.done():
        raise CalendarUnavailable(f"no answer within {seconds} s")
    return asking.result()


def _key(business_id: UUID, event_type_id: UUID, zone: ZoneInfo, day: date) -> str:
    return f"slots:{business_id}:{event_type_id}:{zone.key}:{day}"
