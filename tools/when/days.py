"""Several words for a day held together: which days satisfy them all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from tools.when import calendar
from tools.when.heard import DayNode
from tools.when.nodes import Dates, Ordinal, Span, Spans, Weekday

_NAMED = 3
"""Days that are worth naming in a question."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The stretches of days that were meant, earliest first.

    Attributes:
        doubtful: The words contradict each other: even a single candidate must be asked about.
    """

    spans: tuple[Span, ...]
    doubtful: bool = False


def of(nodes: Sequence[DayNode], today: date, *, either: bool = False) -> Candidates:
    """The days that all the words together can mean; each for itself if they are a choice."""
    if either and len(nodes) > 1:
        alone = [of([node], today) for node in nodes]
        together = of(nodes, today)
        if together.doubtful or len(together.spans) > 1:
            choices = {span for each in alone for span in each.spans}
            return Candidates(tuple(sorted(choices, key=lambda span: span.first)))
        return together
    dates = [node for node in nodes if isinstance(node, Dates)]
    numbers = [node.value for node in nodes if isinstance(node, Ordinal)]
    spans = [node for node in nodes if isinstance(node, Spans)]
    weekdays = [node for node in nodes if isinstance(node, Weekday)]
    if dates or numbers:
        return _dated(dates, numbers, spans, weekdays, today)
    if spans:
        return _within(spans, weekdays)
    return _weekdays(weekdays, today)


def _dated(
    dates: Sequence[Dates],
    numbers: Sequence[int],
    spans: Sequence[Spans],
    weekdays: Sequence[Weekday],
    today: date,
) -> Candidates:
    named = [set(node.days) for node in dates]
    if not dates and spans:
        named += [_numbered(number, spans[0].spans) for number in numbers]
    elif not dates:
        named += [set(calendar.day_of_month(number, today)) for number in numbers]
    days = set.intersection(*named)
    if not days:
        return _days(set.union(*named), doubtful=True)
    right = {
        day
        for day in days
        if all(day.day == number for number in numbers)
        and all(_falls_on(day, each, today) for each in weekdays)
        and all(any(_covers(span, day) for span in each.spans) for each in spans)
    }
    if right:
        return _days(right)
    others = {
        other
        for day in days
        for each in weekdays
        for other in (
            [calendar.nearest_weekday(day, each.value)]
            if day.weekday() != each.value
            else calendar.weekday(each, today)
        )
    }
    return _days(days | others, doubtful=True)


def _falls_on(day: date, weekday: Weekday, today: date) -> bool:
    """Whether a date is that weekday, and the one meant: "this Friday, the 13th" may be the 6th."""
    if weekday.which == "plain" and not weekday.weeks:
        return day.weekday() == weekday.value
    return day in calendar.weekday(weekday, today)


def _numbered(number: int, spans: Sequence[Span]) -> set[date]:
    """The days of a stretch with this number; a stretch without an end is searched for a month."""
    found = set()
    for span in spans:
        day, last = span.first, span.last or calendar.plus(span.first, 31)
        while day <= last:
            if day.day == number:
                found.add(day)
            day = calendar.plus(day, 1)
    return found


def _within(spans: Sequence[Spans], weekdays: Sequence[Weekday]) -> Candidates:
    both = reduce(_intersected, (node.spans for node in spans))
    if not both:
        return Candidates(tuple(span for node in spans for span in node.spans), doubtful=True)
    if not weekdays:
        return Candidates(both)
    days = {
        day
        for each in weekdays
        for span in both
        for day in calendar.weekdays_within(span, each.value)[:_NAMED]
    }
    return _days(days) if days else Candidates(both, doubtful=True)


def _weekdays(weekdays: Sequence[Weekday], today: date) -> Candidates:
    """One weekday, perhaps said twice; or different ones, of which any may be meant."""
    named = [set(calendar.weekday(each, today)) for each in weekdays]
    common = set.intersection(*named)
    return _days(common or set.union(*named))


def _intersected(first: Sequence[Span], second: Sequence[Span]) -> tuple[Span, ...]:
    found = []
    for one in first:
        for other in second:
            start = max(one.first, other.first)
            ends = [end for end in (one.last, other.last) if end is not None]
            if not ends or start <= min(ends):
                found.append(Span(start, min(ends, default=None)))
    return tuple(found)


def _covers(span: Span, day: date) -> bool:
    return span.first <= day and (span.last is None or day <= span.last)


def _days(days: set[date], *, doubtful: bool = False) -> Candidates:
    return Candidates(tuple(Span(day, day) for day in sorted(days)), doubtful)
