"""When a schedule is open. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from calcom.sandbox.ranges import Range, clip, merge
from calcom.sandbox.records import Schedule

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LAST_MINUTE = "23:59"


def open_ranges(schedule: Schedule, bounds: Range) -> list[Range]:
    """The open hours within the bounds, as instants.

    An override replaces the weekly hours of its date. An end of 23:59 means midnight, as the
    web UI cannot say 24:00.
    """
    zone = ZoneInfo(schedule.time_zone)
    first = bounds.start.astimezone(zone).date() - timedelta(days=1)
    last = bounds.end.astimezone(zone).date() + timedelta(days=1)
    hours = (
        Range(_instant(day, start, zone), _instant(day, end, zone))
        for day in _dates(first, last)
        for start, end in _hours_of(schedule, day)
    )
    return clip(merge(hours), bounds)


def _hours_of(schedule: Schedule, day: date) -> list[tuple[str, str]]:
    overrides = [o for o in schedule.overrides if o.date == day.isoformat()]
    if overrides:
        return [(o.start, o.end) for o in overrides]
    name = DAYS[day.weekday()]
    return [(h.start, h.end) for h in schedule.availability if name in h.days]


def _instant(day: date, wall: str, zone: ZoneInfo) -> datetime:
    if wall == _LAST_MINUTE:
        day, wall = day + timedelta(days=1), "00:00"
    return datetime.combine(day, time.fromisoformat(wall), zone).astimezone(UTC)


def _dates(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
