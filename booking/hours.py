"""Local days and opening hours as spans of instants. Pure; right on days with a clock change."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from zoneinfo import ZoneInfo

from booking.business import Line
from booking.slots import Slot, Span

_ONE_DAY = timedelta(days=1)


def local_day(day: date, zone: ZoneInfo) -> Span:
    """From midnight to midnight on the wall: 23, 24 or 25 hours."""
    return Span(_instant(day, time.min, zone), _instant(day + _ONE_DAY, time.min, zone))


def days_of(span: Span, zone: ZoneInfo) -> list[date]:
    """The local days that a span touches, in order."""
    first = span.start.astimezone(zone).date()
    last = (span.end - timedelta(microseconds=1)).astimezone(zone).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def open_on(line: Line, day: date) -> list[Span] | None:
    """When a line is open on a local day: `[]` is closed, `None` means that nobody has told us."""
    if day in line.closed_days:
        return []
    if line.opening_hours is None:
        return None
    return list(_spans(line, day))


def within_hours(slots: Iterable[Slot], line: Line) -> list[Slot]:
    """The slots that start and end within the opening hours of their day."""
    spans_of = cache(partial(open_on, line))
    return [
        slot
        for slot in slots
        if (spans := spans_of(slot.start.astimezone(line.timezone).date())) is None
        or any(span.start <= slot.start and slot.end <= span.end for span in spans)
    ]


def _spans(line: Line, day: date) -> Iterator[Span]:
    for opens, closes in (line.opening_hours or {}).get(day.weekday(), ()):
        # An end of 00:00 is midnight at the end of the day.
        ends_on = day + _ONE_DAY if closes == time.min else day
        yield Span(_instant(day, opens, line.timezone), _instant(ends_on, closes, line.timezone))


def _instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)
