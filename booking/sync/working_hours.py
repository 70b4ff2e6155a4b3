"""Schedules at Cal.com: as they are kept, and beside the opening hours of a line."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from booking.opening_hours import WEEKDAYS
from calcom import shapes

_DAY_ENDS = "24:00"


def of_event_type(
    theirs: shapes.EventType, schedules: Iterable[shapes.Schedule]
) -> Mapping[str, Any] | None:
    """The schedule that an event type goes by, as kept; `None` if our key is not shown it."""
    schedules = list(schedules)
    if theirs.schedule_id is not None:
        found = next((s for s in schedules if s.id == theirs.schedule_id), None)
    else:
        hosts = set(theirs.host_ids)
        found = next(
            (s for s in schedules if s.is_default and (len(hosts) != 1 or s.owner_id in hosts)),
            None,
        )
    return _kept(found) if found else None


def _kept(schedule: shapes.Schedule) -> Mapping[str, Any]:
    week: dict[str, list[list[str]]] = {}
    for block in schedule.availability:
        for day in block.days:
            week.setdefault(day.lower(), []).append([block.start_time, block.end_time])
    return {
        "timezone": schedule.time_zone,
        **{day: sorted(week[day]) for day in WEEKDAYS if day in week},
        "dates": {
            each.date: [each.start_time, each.end_time]
            for each in sorted(schedule.overrides, key=lambda each: each.date)
        },
    }


def day_by_day(
    ours: Mapping[str, Sequence[Sequence[str]]], theirs: Iterable[Mapping[str, Any]]
) -> list[tuple[str, str, str]]:
    """Weekdays on which a line is open at other times than its hosts work.

    Args:
        ours: Opening hours, as stored.
        theirs: Schedules of all hosts, as kept.

    Returns:
        (weekday, ours, theirs), both as said to an operator.
    """
    schedules = list(theirs)
    found: list[tuple[str, str, str]] = []
    for day in WEEKDAYS:
        here = _merged(ours.get(day, ()))
        there = _merged(span for schedule in schedules for span in schedule.get(day, ()))
        if here != there:
            found.append((day, said(here), said(there)))
    return found


def said(spans: Sequence[Sequence[str]]) -> str:
    """`08:00-12:00, 13:00-17:00`."""
    return ", ".join("-".join(span) for span in spans) or "closed"


def _merged(spans: Iterable[Sequence[str]]) -> list[tuple[str, str]]:
    merged: list[tuple[str, str]] = []
    for opens, ends in sorted((span[0], span[1]) for span in spans):
        closes = _DAY_ENDS if ends == "00:00" else ends
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return merged
