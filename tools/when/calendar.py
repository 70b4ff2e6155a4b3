"""Which days a spoken day can mean, seen from today. Weeks run from Monday to Sunday."""

import calendar
from datetime import MAXYEAR, date, timedelta
from typing import cast

from tools.when.nodes import Dates, Edge, Measure, Ordinal, Span, Weekday, Which

PASSED_LATELY_DAYS = 31
"""A date without a year that lies this little back was hardly meant for next year."""
_LONGEST_MONTH = 31
_WEEK = 7
_TWELVE = 12
_TENTH, _TWENTIETH = 10, 20
_STEPS: dict[Which, int] = {
    "last": -1,
    "this": 0,
    "plain": 0,
    "coming": 1,
    "next": 1,
    "after_next": 2,
}


def which(word: str) -> Which:
    """The symbol of a rule as what it means for a weekday or a week."""
    return cast("Which", word)


def edge_named(word: str) -> Edge:
    """The symbol of a rule as a part of a week or a month: "early May" is its start."""
    return "start" if word in ("start", "early") else "mid" if word == "mid" else "end"


def days_of(node: Dates | Weekday | Ordinal, today: date) -> tuple[date, ...]:
    """The days that one word for a day can mean by itself."""
    if isinstance(node, Weekday):
        return weekday(node, today)
    if isinstance(node, Ordinal):
        return day_of_month(node.value, today)
    return node.days


def make(year: int, month: int, day: int) -> date | None:
    """The day, or `None` if the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def plus(day: date, days: int) -> date:
    """So many days later, stopping at the ends of the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def plus_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    year = min(max(year, 1), MAXYEAR)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def monday(day: date) -> date:
    """The Monday of its week."""
    return plus(day, -day.weekday())


def weekday(wish: Weekday, today: date) -> tuple[date, ...]:
    """The days that a weekday can mean; two of them make a question.

    "Next" has two readings while that day is still ahead in this week. The weekday of today can
    be today's or next week's.
    """
    ahead = (wish.value - today.weekday()) % 7
    coming = plus(today, ahead)
    later = plus(coming, 7)
    still_this_week = wish.value > today.weekday()
    days: tuple[date, ...]
    match wish.which:
        case "last":
            days = (plus(coming, -7),)
        case "coming":
            days = (coming if ahead else later,)
        case "next" if ahead == 0:
            days = (later,)
        case "next":
            days = (coming, later) if still_this_week else (coming,)
        case "after_next" if ahead == 0:
            days = (plus(later, 7),)
        case "after_next":
            days = (later, plus(later, 7)) if still_this_week else (later,)
        case _:
            days = (coming,) if ahead else (coming, later)
    return tuple(plus(day, 7 * wish.weeks) for day in days)


def day_of_month(number: int, today: date) -> tuple[date, ...]:
    """The days that "the 15th" can mean; none if the month that it falls into lacks that day.

    The number of today can be today's or that of the next month that has it.
    """
    first = today.replace(day=1)
    months = [plus_months(first, ahead) for ahead in range(_TWELVE)]
    having = [day for month in months if (day := make(month.year, month.month, number))]
    if number == today.day:
        return tuple(having[:2])
    due = months[1] if number < today.day else first
    return tuple(day for day in having if (day.year, day.month) == (due.year, due.month))


def in_year(month: int, day: int, today: date) -> date | None:
    """A date without a year: the first that is not long past, if that year has such a day."""
    oldest = plus(today, -PASSED_LATELY_DAYS)
    for year in (today.year - 1, today.year, today.year + 1):
        length = calendar.monthrange(year, month)[1]
        if date(year, month, min(max(day, 1), length)) >= oldest:
            return make(year, month, day)
    return None


def from_easter(days: int, today: date) -> date:
    """The feast so many days from Easter Sunday, the first that is not long past."""
    oldest = plus(today, -PASSED_LATELY_DAYS)
    feasts = (plus(easter(year), days) for year in (today.year, today.year + 1))
    return next(feast for feast in feasts if feast >= oldest)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar.

    Source: Meeus, "Astronomical Algorithms", chapter 8 (the rule of Butcher, 1876).
    """
    century, of_century = divmod(year, 100)
    moon = (
        19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15
    ) % 30
    week = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (year % 19 + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def period(measure: Measure, which: Which, today: date) -> tuple[Span, ...]:
    """The weeks, weekends, months or years that "this", "next" and so on can mean."""
    step = _STEPS[which]
    if measure == "week":
        first = plus(monday(today), 7 * step)
        return (Span(first, plus(first, 6)),)
    if measure == "weekend":
        return _weekends(which, today)
    if measure == "month":
        return (whole_month(plus_months(today.replace(day=1), step)),)
    if measure == "year":
        return (Span(date(today.year + step, 1, 1), date(today.year + step, 12, 31)),)
    return ()


def week_numbered(number: int, today: date) -> Span | None:
    """A calendar week by its ISO number: this year's, or next year's if it is over."""
    for year in (today.year, today.year + 1):
        try:
            first = date.fromisocalendar(year, number, 1)
        except ValueError:
            return None
        if plus(first, 6) >= today:
            return Span(first, plus(first, 6))
    return None


def whole_month(day: date) -> Span:
    """The month of a day."""
    last = calendar.monthrange(day.year, day.month)[1]
    return Span(day.replace(day=1), day.replace(day=last))


def month_named(month: int, year: int | None, today: date) -> Span:
    """A month by name: this year's, or next year's if it is over."""
    if year is None:
        year = today.year if month >= today.month else today.year + 1
    return whole_month(date(year, month, 1))


def edge(span: Span, part: Edge) -> Span:
    """The start, middle or end of a week, of a month or of a year, whose ends are quarters."""
    first, last = span.first, span.last or span.first
    if (last - first).days > _LONGEST_MONTH:
        quarter = ((last - first).days + 1) // 4
        start = {"start": 0, "mid": quarter, "end": 3 * quarter}[part]
        length = quarter * (2 if part == "mid" else 1)
        return Span(plus(first, start), min(plus(first, start + length), last))
    if (last - first).days < _WEEK:
        start = {"start": 0, "mid": 1, "end": 3}[part]
        length = {"start": 1, "mid": 2, "end": 2}[part]
        return Span(plus(first, start), plus(first, start + length))
    if part == "start":
        return Span(first, plus(first, _TENTH - 1))
    if part == "mid":
        return Span(plus(first, _TENTH), plus(first, _TWENTIETH - 1))
    return Span(plus(first, _TWENTIETH), last)


def nearest_weekday(day: date, value: int) -> date:
    """The day with this weekday that lies nearest to a date."""
    ahead = (value - day.weekday()) % 7
    return plus(day, ahead if ahead <= _WEEK // 2 else ahead - _WEEK)


def nth_weekday(month: int, n: int, value: int, today: date) -> date:
    """The next such weekday of a month that is not over, counted from its end if `n` is -1."""
    days = [
        weekdays_within(month_named(month, year, today), value)[n - 1 if n > 0 else n]
        for year in (today.year, today.year + 1)
    ]
    return days[0] if days[0] >= today else days[1]


def weekdays_within(span: Span, value: int) -> tuple[date, ...]:
    """The days with this weekday in a stretch of days; the first only if it has no end."""
    day = plus(span.first, (value - span.first.weekday()) % 7)
    if span.last is None:
        return (day,)
    days = []
    while day <= span.last:
        days.append(day)
        day = plus(day, 7)
    return tuple(days)


def _weekends(which: Which, today: date) -> tuple[Span, ...]:
    saturday = plus(monday(today), 5)
    this = Span(saturday, plus(saturday, 1))
    after = Span(plus(saturday, 7), plus(saturday, 8))
    if which == "last":
        return (Span(plus(saturday, -7), plus(saturday, -6)),)
    if which == "after_next":
        return (after,)
    on_it = today >= saturday
    if which == "next":
        return (after,) if on_it else (this, after)
    return (this, after) if which == "plain" and today == this.last else (this,)
