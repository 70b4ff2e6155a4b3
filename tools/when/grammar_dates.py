"""The shared grammar of days and months that are given by number or by name."""

from tools.when import calendar
from tools.when.grammar_clock import hour_of
from tools.when.nodes import (
    DAYS_OF,
    Dates,
    Dotted,
    Month,
    Number,
    Ordinal,
    Slashed,
    Span,
    Spans,
    Spoken,
    Unit,
    Weekday,
    Year,
)
from tools.when.rules import EDGES, WHICH, Rewritten, Setting, rule

_JANUARY, _OCTOBER, _DECEMBER = 1, 10, 12
_LONGEST_MONTH = 31
_LAST_HOUR = 24
_CENTURY = 2000
_FORTNIGHT = 14
_SHORT_YEARS = range(25, 60)
"""Two figures after a month that are a year: no hour of the day is as high."""
_YEARS_AWAY = {"last": -1, "this": 0, "next": 1, "coming": 1, "after_next": 2}


def _named(s: Setting, day: Number | Ordinal, month: Month, year: Year | None) -> Rewritten:
    return _date(s, day.value, month.value, year)


def _named_short_year(s: Setting, day: Number | Ordinal, month: Month, year: Number) -> Rewritten:
    """Read "15. Mai 26"."""
    if year.value not in _SHORT_YEARS:
        return None
    return _date(s, day.value, month.value, Year(_CENTURY + year.value))


def _named_spelled_year(
    s: Setting, day: Number | Ordinal, month: Month, century: Number, year: Number
) -> Rewritten:
    """Read "May fifth twenty twenty-six"."""
    spelled = not (century.digits or year.digits)
    if not spelled or century.value * 100 != _CENTURY or year.value not in _SHORT_YEARS:
        return None
    return _date(s, day.value, month.value, Year(_CENTURY + year.value))


def _of_year(s: Setting, which: str, u: Unit, *day: Ordinal | Month | Dotted) -> Rewritten:
    """Read "the fourth of July last year": the year by its place, not by its number."""
    if u.measure != "year":
        return None
    return (*day, Year(s.today.year + _YEARS_AWAY[which]))


def _half_of_month(s: Setting, o: Ordinal, m: Month) -> Rewritten:
    month = calendar.month_named(m.value, None, s.today)
    middle = calendar.plus(month.first, _FORTNIGHT)
    if o.value == 1:
        return Spans((Span(month.first, middle),))
    return Spans((Span(calendar.plus(middle, 1), month.last),))


def _date(s: Setting, day: int, month: int, year: Year | None) -> Rewritten:
    if year is not None:
        found = calendar.make(year.value, month, day)
    elif 1 <= month <= _DECEMBER:
        found = calendar.in_year(month, day, s.today)
    else:
        found = None
    return Dates((found,), exact=True) if found else "unreadable"


def _dotted(s: Setting, x: Dotted, year: Year | None = None) -> Rewritten:
    """Read "15.1": it may be all that is left of 15.10. if the recogniser dropped a figure."""
    if not (1 <= x.second <= _DECEMBER and 1 <= x.first <= _LONGEST_MONTH):
        return None
    cut_off = x.second == _JANUARY and not x.closed and not x.padded and year is None
    if not cut_off or s.today.month == _JANUARY:
        return _date(s, x.first, x.second, year)
    january = calendar.in_year(_JANUARY, x.first, s.today)
    whole = [
        day
        for month in range(_OCTOBER, _DECEMBER + 1)
        if (day := calendar.in_year(month, x.first, s.today)) and day >= s.today
    ]
    days = sorted({day for day in (january, min(whole, default=None)) if day})
    return Dates(tuple(days), exact=True) if days else "unreadable"


def _dotted_with_time(s: Setting, x: Dotted, c: Spoken) -> Rewritten:
    day = _dotted(s, x)
    return (day, c) if isinstance(day, Dates) else None


def _two_dotted(s: Setting, x: Dotted, at: Dotted) -> Rewritten:
    """Read "2.3. 14.30": the day is closed by a dot, the time has two figures for minutes."""
    day, clock = _dotted(s, x), hour_of(at.first, at.second)
    if not (x.closed and at.padded and clock and isinstance(day, Dates)):
        return None
    return day, clock


def _bare_dotted(s: Setting, x: Dotted) -> Rewritten:
    """Where a time was asked for, "9.15" is one."""
    return None if s.in_time and x.padded and x.first <= _LAST_HOUR else _dotted(s, x)


def _slashed(s: Setting, z: Slashed) -> Rewritten:
    year = Year(z.year) if z.year is not None else None
    orders = {(z.second, z.first), (z.first, z.second)}
    if s.month_first is not None and z.first <= _DECEMBER and z.second <= _DECEMBER:
        orders = {(z.second, z.first) if s.month_first else (z.first, z.second)}
    found = [_date(s, day, month, year) for day, month in orders if month <= _DECEMBER]
    days = sorted({each.days[0] for each in found if isinstance(each, Dates)})
    return Dates(tuple(days), exact=True) if days else "unreadable"


def _day_number(_: Setting, n: Number) -> Rewritten:
    return Ordinal(n.value) if n.digits and 1 <= n.value <= _LONGEST_MONTH else None


def _spelled_date(s: Setting, o: Ordinal, month: Ordinal, y: Year | None) -> Rewritten:
    """Read "am dritten fünften": day and month, both as ordinals."""
    return _date(s, o.value, month.value, y) if month.value <= _DECEMBER else None


def _several_of_month(
    s: Setting, first: Number | Ordinal, last: Number | Ordinal, m: Month
) -> Rewritten:
    start, end = _named(s, first, m, None), _named(s, last, m, None)
    return (start, "dash", end) if isinstance(start, Dates) and isinstance(end, Dates) else None


def _month(s: Setting, m: Month, year: Year | None) -> Rewritten:
    return Spans((calendar.month_named(m.value, year.value if year else None, s.today),))


def _next_month_named(s: Setting, m: Month) -> Rewritten:
    span = calendar.month_named(m.value, None, s.today)
    if m.value == s.today.month:
        span = calendar.month_named(m.value, s.today.year + 1, s.today)
    return Spans((span,))


def _edge_of_month(s: Setting, part: str, m: Month, year: Year | None) -> Rewritten:
    """A part of this month that is over belongs to next year's."""
    span = calendar.month_named(m.value, year.value if year else None, s.today)
    found = calendar.edge(span, calendar.edge_named(part))
    if year is None and found.last is not None and found.last < s.today:
        later = calendar.month_named(m.value, s.today.year + 1, s.today)
        found = calendar.edge(later, calendar.edge_named(part))
    return Spans((found,))


def _nth_unit_of_month(
    s: Setting, o: Ordinal | None, last: str | None, u: Unit, m: Month, y: Year | None
) -> Rewritten:
    """Read "the first week of May": seven days from the first; "the last day of May"."""
    if not (o or last) or u.measure not in DAYS_OF:
        return None
    month = calendar.month_named(m.value, y.value if y else None, s.today)
    length = DAYS_OF[u.measure]
    if o is None:
        end = month.last or month.first
        return Spans((Span(calendar.plus(end, 1 - length), end),))
    first = calendar.plus(month.first, length * (o.value - 1))
    if first.month != month.first.month:
        return "unreadable"
    return Spans((Span(first, calendar.plus(first, length - 1)),))


def _nth_of_month(
    s: Setting, o: Ordinal | None, last: str | None, w: Weekday, m: Month, y: Year | None
) -> Rewritten:
    span = calendar.month_named(m.value, y.value if y else None, s.today)
    return nth_weekday(o, last, w, span)


def _week_number(s: Setting, n: Number) -> Rewritten:
    week = calendar.week_numbered(n.value, s.today)
    return Spans((week,)) if week else "unreadable"


def nth_weekday(o: Ordinal | None, last: str | None, w: Weekday, span: Span) -> Dates | str | None:
    """The first, second or last such weekday of a stretch of days."""
    if o is None and last is None:
        return None
    days = calendar.weekdays_within(span, w.value)
    index = o.value - 1 if o and not last else -1
    return Dates((days[index],), exact=True) if -1 <= index < len(days) else "unreadable"


DATES = (
    rule("on on", lambda _: "on"),
    rule(f"M O of? on? {WHICH} U", lambda s, m, o, which, u: _of_year(s, which, u, m, o)),
    rule(f"O of? O of? on? {WHICH} U", lambda s, o, m, which, u: _of_year(s, which, u, o, m)),
    rule(f"MX of? on? {WHICH} U", lambda s, each, which, u: _of_year(s, which, u, each)),
    rule("Z", _slashed),
    rule("X Y", _dotted),
    rule("on X", _dotted),
    rule(
        "from? NO <dash|until|to> on? NO of? on? M",
        lambda s, a, _, b, m: _several_of_month(s, a, b, m),
    ),
    rule("between on? NO and on? NO of? on? M", _several_of_month),
    rule("M on? NO <dash|until|to> on? NO", lambda s, m, a, _, b: _several_of_month(s, a, b, m)),
    rule("O M U", lambda _, o, m, u: (o, u, m)),
    rule("O half_of of? in? on? M", _half_of_month),
    rule("O M half_of", _half_of_month),
    rule("NO of? on? M N N", _named_spelled_year),
    rule("M on? O N N", lambda s, m, o, a, b: _named_spelled_year(s, o, m, a, b)),
    rule("NO of? on? M N", _named_short_year),
    rule("NO of? on? M on? Y?", _named),
    rule("M on? O Y?", lambda s, m, o, y: _named(s, o, m, y)),
    rule("M on? N Y?", lambda s, m, n, y: _named(s, n, m, y) if n.digits else None),
    rule("O of? O Y?", _spelled_date),
    rule("O thing", lambda _, _o: "that"),
    rule("on N", _day_number),
    rule("kw N", _week_number),
    rule("O? <last>? W in? of? on? M Y?", _nth_of_month),
    rule("O? <last>? U in? of? on? M Y?", _nth_unit_of_month),
    rule(f"{EDGES} dash? of? in? on? M Y?", _edge_of_month),
    rule("next M", _next_month_named),
)
"""Before the relative days."""

LEFT_DATES = (
    rule("X at? C", _dotted_with_time),
    rule("X at? X", _two_dotted),
    rule("X", _bare_dotted),
    rule("M Y?", _month),
)
"""After them: what they would have used is no date of its own."""
