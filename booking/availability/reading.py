"""Asking Cal.com what it lists: one request for a stretch of days of one event type."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo

from booking.availability.measures import Observer, Purpose
from booking.business import Business, EventType
from booking.calendars import Calendars
from booking.errors import CalendarUnavailable, ServiceUnavailable
from booking.hours import local_day
from booking.slots import Slot, Span
from calcom.client import Client
from calcom.errors import CalcomError, Forbidden, NotFound, Unauthorised, UnknownEventType
from calcom.shapes import Slot as Listed

FETCH_SECONDS: Final = 1.5
"""Leaves a read half a second of its two to say so when Cal.com is slow."""

BACKGROUND_SECONDS: Final = 10.0
"""Nobody waits; hosted Cal.com looks up connected calendars within the request."""

_VARIATIONS: Final = 59
"""Cal.com answers the identical query from a cache of two seconds: a read after a change must not
be one. A bound that differs by seconds makes another query of the same days."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: local days of one event type, both ends included."""

    business: Business
    kind: EventType
    zone: ZoneInfo
    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """Every day, in order."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def span(self) -> Span:
        """From midnight to midnight on the wall."""
        return Span(local_day(self.first, self.zone).start, local_day(self.last, self.zone).end)


class Reader:
    """Reads slots and says in the desk's words what went wrong."""

    def __init__(self, calendars: Calendars, observe: Observer) -> None:
        self._calendars = calendars
        self._observe = observe
        self._variation = count()

    async def days(
        self, question: Question, purpose: Purpose
    ) -> Mapping[date, Mapping[datetime, int | None]]:
        """What Cal.com lists: by local day the starts, with the seats left of seated types.

        Days without slots are there and empty. Full courses are listed, too.

        Raises:
            CalendarUnavailable: Cal.com did not answer.
            ServiceUnavailable: Cal.com does not know the event type, or refuses our key.
        """
        client = await self._calendars.of(question.business)
        if purpose is not Purpose.CALLER:
            client = client.in_background()
        self._observe(purpose)
        seconds = FETCH_SECONDS if purpose is Purpose.CALLER else BACKGROUND_SECONDS
        span = question.span
        beyond = timedelta(seconds=next(self._variation) % _VARIATIONS)
        listed = await _asked(
            client, question.kind, Span(span.start, span.end + beyond), question.zone, seconds
        )
        found: dict[date, dict[datetime, int | None]] = {day: {} for day in question.days}
        for slot in listed:
            if span.covers(slot.start):
                day = slot.start.astimezone(question.zone).date()
                found[day][slot.start.astimezone(UTC)] = slot.seats_remaining
        return found

    async def freed_by(
        self, business: Business, kind: EventType, calcom_uid: str, span: Span, zone: ZoneInfo
    ) -> list[Slot]:
        """What would be free if a booking did not stand. Raises as `days` does."""
        client = await self._calendars.of(business)
        self._observe(Purpose.CALLER)
        listed = await _asked(client, kind, span, zone, FETCH_SECONDS, moving=calcom_uid)
        return [Slot(kind, slot.start) for slot in listed if slot.seats_remaining != 0]


async def _asked(
    client: Client,
    kind: EventType,
    span: Span,
    zone: ZoneInfo,
    seconds: float,
    *,
    moving: str | None = None,
) -> list[Listed]:
    try:
        return list(
            await client.slots(
                kind.calcom_id,
                start=span.start,
                end=span.end,
                timezone=zone.key,
                booking_uid_to_reschedule=moving,
                timeout_seconds=seconds,
            )
        )
    except (UnknownEventType, NotFound, Unauthorised, Forbidden) as error:
        raise ServiceUnavailable(str(error)) from error
    except CalcomError as error:
        raise CalendarUnavailable(str(error)) from error
