"""Local days and opening hours as spans of instants. Pure; right on days with a clock change."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from zoneinfo import ZoneInfo

from booking.business import Closure, Line
from booking.slots import Slot, Span

_ONE_DAY = timedelta(days=1)
_MONTH_DAYS = 31


def local_day(day: date, zone: ZoneInfo) -> Span:
    """From midnight to midnight on the wall: 23, 24 or 25 hours."""
    return Span(_instant(day, time.min, zone), _instant(day + _ONE_DAY, time.min, zone))


def days_of(span: Span, zone: ZoneInfo) -> list[date]:
    """The local days that a span touches, in order."""
    first = local_day_of(span.start, zone)
    last = local_day_of(span.end - timedelta(microseconds=1), zone)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def open_on(line: Line, day: date) -> list[Span] | None:
    """When a line is open on a local day: `[]` is closed, `None` means that nobody has told us."""
    if day in line.holidays or closure_on(line, day):
        return []
    if line.opening_hours is None:
        return None
    return list(_spans(line, day))


def is_open(line: Line, now: datetime) -> bool:
    """Whether somebody is there; where nobody has told us the hours, always."""
    spans = open_on(line, local_day_of(now, line.timezone))
    return spans is None or any(span.covers(now) for span in spans)


def after_open_time(line: Line, start: datetime, length: timedelta) -> datetime:
    """When the line will have been open for `length` since `start`; of none, when it is open next.

    Where nobody has told us the hours, or none come within a month, it is always open.
    """
    left = length
    for day in (local_day_of(start, line.timezone) + n * _ONE_DAY for n in range(_MONTH_DAYS)):
        for span in open_on(line, day) or ():
            begin = max(span.start, start)
            if begin + left <= span.end and begin < span.end:
                return begin + left
            left -= max(span.end - begin, timedelta())
    return start + length


def local_day_of(instant: datetime, zone: ZoneInfo) -> date:
    """The day that it is on the wall."""
    return instant.astimezone(zone).date()


def closure_on(line: Line, day: date) -> Closure | None:
    """The special closure that a day belongs to; of several the first."""
    return next((each for each in line.closures if each.first <= day <= each.last), None)


def within_hours(slots: Iterable[Slot], line: Line) -> list[Slot]:
    """The slots that start and end within the opening hours of their day."""
    spans_of = cache(partial(open_on, line))
    return [
        slot
        for slot in slots
        if (spans := spans_of(local_day_of(slot.start, line.timezone))) is None
        or any(span.start <= slot.start and slot.end <= span.end for span in spans)
    ]


def _spans(line: Line, day: date) -> Iterator[Span]:
    for opens, closes in (line.opening_hours or {}).get(day.weekday(), ()):
        # An end of 00:00 is midnight at the end of the day.
        ends_on = day + _ONE_DAY if closes == time.min else day
        yield Span(_instant(day, opens, line.timezone), _instant(ends_on, closes, line.timezone))


def _instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)
