"""How soon, how far ahead and how often a type can be booked. Pure."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from calcom.sandbox.ranges import Range
from calcom.sandbox.records import EventType, Window

_SATURDAY = 5


def earliest_start(event_type: EventType, now: datetime) -> datetime:
    """The first instant that keeps the minimum notice."""
    return now + timedelta(minutes=event_type.minimum_notice_minutes)


def bookable_range(window: Window | None, *, time_zone: str, now: datetime) -> Range | None:
    """What the booking window allows, whole local days; None means that there is no window.

    A `rolling` window, which in Cal.com counts only days with free slots, counts all days here.
    """
    if window is None:
        return None
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    if isinstance(window.value, list):
        first, last = (date.fromisoformat(d) for d in window.value)
        return Range(_midnight(first, zone), _midnight(last + timedelta(days=1), zone))
    last = today
    for _ in range(window.value):
        last += timedelta(days=1)
        while window.type == "businessDays" and last.weekday() >= _SATURDAY:
            last += timedelta(days=1)
    return Range(_midnight(today, zone), _midnight(last + timedelta(days=1), zone))


def period_of(instant: datetime, unit: str, *, time_zone: str) -> Range:
    """The local day, week (from Sunday), month or year around an instant."""
    zone = ZoneInfo(time_zone)
    day = instant.astimezone(zone).date()
    match unit:
        case "day":
            first, after = day, day + timedelta(days=1)
        case "week":
            first = day - timedelta(days=(day.weekday() + 1) % 7)
            after = first + timedelta(days=7)
        case "month":
            first = day.replace(day=1)
            after = (first + timedelta(days=32)).replace(day=1)
        case _:
            first = day.replace(month=1, day=1)
            after = first.replace(year=first.year + 1)
    return Range(_midnight(first, zone), _midnight(after, zone))


def full_periods(
    limits: dict[str, int], booked: Iterable[datetime], *, time_zone: str
) -> list[Range]:
    """The periods in which as many bookings stand as the limits allow.

    Args:
        limits: Allowed number by unit: `{"day": 1, "week": 3}`.
        booked: Starts of the bookings that count.
        time_zone: Zone of the days.
    """
    begins = list(booked)
    full: set[Range] = set()
    for unit, allowed in limits.items():
        counts: dict[Range, int] = {}
        for start in begins:
            period = period_of(start, unit, time_zone=time_zone)
            counts[period] = counts.get(period, 0) + 1
        full.update(period for period, count in counts.items() if count >= allowed)
    return sorted(full)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)
