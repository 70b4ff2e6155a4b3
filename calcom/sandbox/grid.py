"""Which starts are offered inside free ranges. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from calcom.sandbox.ranges import Range

_ROUND_STEPS = (60, 30, 20, 15, 10, 5)


def starts(
    free: Iterable[Range],
    *,
    length: timedelta,
    step: timedelta,
    offset: timedelta,
    not_before: datetime,
) -> Iterator[datetime]:
    """Starts at which a meeting of `length` fits, earliest first.

    Each free range begins a grid of its own: its first start is rounded up to a full multiple
    (of 60, 30, 20, 15, 10 or 5 minutes, the largest that divides the step) within the hour.
    """
    for each in free:
        start = _round_up(max(each.start, not_before), _granularity(step)) + offset
        while start + length <= each.end:
            yield start
            start += step + offset


def _granularity(step: timedelta) -> timedelta:
    minutes = int(step.total_seconds() // 60)
    return timedelta(minutes=next((n for n in _ROUND_STEPS if minutes % n == 0), 1))


def _round_up(instant: datetime, granularity: timedelta) -> datetime:
    hour = instant.replace(minute=0, second=0, microsecond=0)
    steps = -((hour - instant) // granularity)
    return hour + steps * granularity
