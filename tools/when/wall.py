"""Wall time to instants, with the two nights a year on which that is not one to one."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def instants(day: date, wall: time, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The UTC instants at which the clocks of a zone show this time.

    Returns:
        One; none in the gap when clocks go forward; two in the fold when they go back.
    """
    earlier = datetime.combine(day, wall, zone)
    later = earlier.replace(fold=1)
    if earlier.utcoffset() == later.utcoffset():
        return (earlier.astimezone(UTC),)
    if earlier.astimezone(UTC).astimezone(zone).time() != wall:
        return ()
    return earlier.astimezone(UTC), later.astimezone(UTC)


def around_gap(day: date, wall: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """What stands in for a time that the clocks skip: as long before the gap, as long after."""
    local = datetime.combine(day, wall, zone)
    return local.replace(fold=1).astimezone(UTC), local.astimezone(UTC)


def start_of(day: date, wall: time | None, zone: ZoneInfo) -> datetime:
    """The first instant at or after this wall time; the first of the day if it is `None`."""
    return datetime.combine(day, wall or time.min, zone).astimezone(UTC)


def end_of(day: date, wall: time | None, zone: ZoneInfo) -> datetime:
    """The instant at which this wall time is over; the end of the day if it is `None`."""
    if wall is None:
        return start_of(day + timedelta(days=1), None, zone)
    return datetime.combine(day, wall, zone).replace(fold=1).astimezone(UTC)
