"""The shared grammar of days, weeks and months. It runs before the grammar of the clock."""

from dataclasses import replace
from datetime import UTC, date, timedelta

from tools.when import calendar
from tools.when.nodes import (
    Bound,
    Dates,
    Dotted,
    Edge,
    Moment,
    Month,
    Number,
    Ordinal,
    Part,
    Slashed,
    Span,
    Spans,
    Spoken,
    Unit,
    Weekday,
    Which,
    Year,
)
from tools.when.rules import Rewritten, Setting, rule

_DAYS_OF = {"day": 1, "week": 7}
_IDIOMATIC_WEEK = 8
"""Days: German "in acht Tagen" is a week to most and eight days to some."""
_A_FEW_DAYS = 5
_JANUARY, _OCTOBER, _DECEMBER = 1, 10, 12
_LONGEST_MONTH = 31
_FIVE_TENTHS = 5
_SHORT_YEARS = (25, 59)
_FARTHEST = 1000
"""Units ahead; more is noise."""


def days_of(node: Dates | Weekday | Ordinal, setting: Setting) -> tuple[date, ...]:
    """The days that one word for a day can mean by itself."""
    if isinstance(node, Weekday):
        return calendar.weekday(node, setting.today)
    if isinstance(node, Ordinal):
        return calendar.day_of_month(node.value, setting.today)
    return node.days


def _named(s: Setting, day: Number | Ordinal, month: Month, year: Year | None) -> Rewritten:
    return _date(s, day.value, month.value, year)


def _named_short_year(s: Setting, day: Number | Ordinal, month: Month, year: Number) -> Rewritten:
    """Read "15. Mai 26": no hour of the day is as high as that year."""
    if not (year.digits and _SHORT_YEARS[0] <= year.value <= _SHORT_YEARS[1]):
        return None
    return _date(s, day.value, month.value, Year(2000 + year.value))


def _date(s: Setting, day: int, month: int, year: Year | None) -> Rewritten:
    if year is not None:
        found = calendar.make(year.value, month, day)
    elif 1 <= month <= _DECEMBER:
        found = calendar.in_year(month, day, s.today)
    else:
        found = None
    return Dates((found,), exact=True) if found else "unreadable"


def _dotted(s: Setting, x: Dotted, year: Year | None = None) -> Rewritten:
    """ "15.1" is all that is left of 15.10. if the recogniser dropped a figure."""
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


def _slashed(s: Setting, z: Slashed) -> Rewritten:
    year = Year(z.year) if z.year is not None else None
    orders = {(z.second, z.first), (z.first, z.second)}
    if s.month_first is not None and z.first <= _DECEMBER and z.second <= _DECEMBER:
        orders = {(z.second, z.first) if s.month_first else (z.first, z.second)}
    found = [_date(s, day, month, year) for day, month in orders if month <= _DECEMBER]
    days = sorted({each.days[0] for each in found if isinstance(each, Dates)})
    return Dates(tuple(days), exact=True) if days else "unreadable"


def _which(word: str) -> Which:
    return word  # type: ignore[return-value]  # the patterns allow no other words


def _weekday(_: Setting, which: str, w: Weekday) -> Rewritten:
    return replace(w, which=_which(which))


def _weekday_of_week(s: Setting, which: str, u: Unit, w: Weekday) -> Rewritten:
    if u.measure != "week":
        return None
    (week,) = calendar.period("week", _which(which), s.today)
    return Dates((calendar.plus(week.first, w.value),))


def _two_of_week(
    s: Setting, which: str, u: Unit, one: Weekday, word: str, other: Weekday
) -> Rewritten:
    first, last = _weekday_of_week(s, which, u, one), _weekday_of_week(s, which, u, other)
    return (first, word, last) if isinstance(first, Dates) and isinstance(last, Dates) else None


def _week_of_two(
    s: Setting, one: Weekday, word: str, other: Weekday, which: str, u: Unit
) -> Rewritten:
    return _two_of_week(s, which, u, one, word, other)


def _week_of_weekday(s: Setting, w: Weekday, which: str, u: Unit) -> Rewritten:
    return _weekday_of_week(s, which, u, w)


def _weeks_after(_: Setting, n: Number | None, u: Unit, w: Weekday) -> Rewritten:
    return replace(w, weeks=n.value if n else 1) if u.measure == "week" else None


def _after_weeks(s: Setting, w: Weekday, n: Number | None, u: Unit) -> Rewritten:
    if u.measure == "day" and n and n.value in (_IDIOMATIC_WEEK, 7, 14):
        return replace(w, weeks=n.value // 7)
    return _weeks_after(s, n, u, w)


def _weekday_in_weeks(s: Setting, n: Number | None, u: Unit, w: Weekday) -> Rewritten:
    """ "In two weeks on Tuesday": the calendar week, or so long after the coming Tuesday."""
    if u.measure != "week":
        return None
    weeks = n.value if n else 1
    by_week = calendar.plus(calendar.monday(s.today), 7 * weeks + w.value)
    after = calendar.weekday(replace(w, weeks=weeks), s.today)[0]
    return Dates(tuple(sorted({by_week, after})))


def _later(s: Setting, base: date, n: int, u: Unit) -> date | None:
    if n > _FARTHEST:
        return None
    if u.measure in _DAYS_OF:
        return calendar.plus(base, n * _DAYS_OF[u.measure])
    if u.measure in ("month", "year"):
        return calendar.plus_months(base, n * (12 if u.measure == "year" else 1))
    return None


def _in(s: Setting, about: str | None, n: Number | None, half: str | None, u: Unit) -> Rewritten:
    """ "In three days", "in a week", "in two hours"."""
    count = n.value if n else 1
    if u.measure in ("hour", "minute"):
        minutes = count * (60 if u.measure == "hour" else 1)
        if half:
            minutes += 30 if n else -30
        return _elapsed(s, minutes)
    if half:
        months = 12 * count + 6 if n else 6
        return Dates((calendar.plus_months(s.today, months),)) if u.measure == "year" else None
    day = _later(s, s.today, count, u)
    if day is None:
        return None
    if u.measure == "day" and count == _IDIOMATIC_WEEK:
        return Dates((calendar.plus(s.today, 7), day))
    if about:
        return Spans((Span(calendar.plus(day, -2), calendar.plus(day, 2)),))
    return Dates((day,))


def _decimal(s: Setting, x: Dotted, u: Unit) -> Rewritten:
    return (
        _in(s, None, Number(x.first, digits=True), "half", u) if x.second == _FIVE_TENTHS else None
    )


def _elapsed(s: Setting, minutes: int) -> Rewritten:
    if minutes > _FARTHEST * 60:
        return None
    start = s.now.astimezone(UTC).replace(second=0, microsecond=0)
    return Moment(start + timedelta(minutes=minutes))


def _ago(s: Setting, n: Number | None, u: Unit) -> Rewritten:
    day = _later(s, s.today, -(n.value if n else 1), u)
    return Dates((day,), exact=True) if day else None


def _from_base(s: Setting, n: Number | None, u: Unit, base: Dates | Weekday | Ordinal) -> Rewritten:
    """ "Two weeks from tomorrow", "heute in einer Woche"."""
    days = [_later(s, day, n.value if n else 1, u) for day in days_of(base, s)]
    if u.measure == "day" and n and n.value == _IDIOMATIC_WEEK:
        days += [calendar.plus(day, 7) for day in days_of(base, s)]
    found = sorted({day for day in days if day})
    return Dates(tuple(found)) if found else None


def _base_in(s: Setting, base: Dates, n: Number | None, u: Unit) -> Rewritten:
    return _from_base(s, n, u, base)


def _period(s: Setting, which: str, u: Unit) -> Rewritten:
    spans = calendar.period(u.measure, _which(which), s.today)
    return Spans(spans) if spans else None


def _weekend(s: Setting, u: Unit) -> Rewritten:
    return _period(s, "plain", u) if u.measure == "weekend" else None


def _edge_of_period(s: Setting, part: str, which: str | None, u: Unit) -> Rewritten:
    """Without "next", the start of a month that has begun is the next month's."""
    if u.measure not in ("week", "month"):
        return None
    spans = [
        calendar.edge(span, _edge(part))
        for span in calendar.period(u.measure, _which(which or "this"), s.today)
    ]
    if which is None and spans[0].last is not None and spans[0].last < s.today:
        spans = [
            calendar.edge(span, _edge(part)) for span in calendar.period(u.measure, "next", s.today)
        ]
    return Spans(tuple(spans))


def _edge_of_spans(_: Setting, part: str, spans: Spans) -> Rewritten:
    return Spans(tuple(calendar.edge(span, _edge(part)) for span in spans.spans))


def _spans_edge(s: Setting, spans: Spans, part: str) -> Rewritten:
    return _edge_of_spans(s, part, spans)


def _edge_of_month(s: Setting, part: str, m: Month, year: Year | None) -> Rewritten:
    """A part of this month that is over belongs to next year's."""
    span = calendar.month_named(m.value, year.value if year else None, s.today)
    found = calendar.edge(span, _edge(part))
    if year is None and found.last is not None and found.last < s.today:
        later = calendar.month_named(m.value, s.today.year + 1, s.today)
        found = calendar.edge(later, _edge(part))
    return Spans((found,))


def _edge(word: str) -> Edge:
    return "start" if word in ("start", "early") else "mid" if word == "mid" else "end"


def _month(s: Setting, m: Month, year: Year | None) -> Rewritten:
    return Spans((calendar.month_named(m.value, year.value if year else None, s.today),))


def _next_month_named(s: Setting, m: Month) -> Rewritten:
    span = calendar.month_named(m.value, None, s.today)
    if m.value == s.today.month:
        span = calendar.month_named(m.value, s.today.year + 1, s.today)
    return Spans((span,))


def _nth_weekday(
    s: Setting, o: Ordinal | None, last: str | None, w: Weekday, span: Span
) -> Rewritten:
    days = calendar.weekdays_within(span, w.value)
    index = -1 if last or o is None else o.value - 1
    return Dates((days[index],), exact=True) if -1 <= index < len(days) else "unreadable"


def _nth_unit_of_month(
    s: Setting, o: Ordinal | None, last: str | None, u: Unit, m: Month, y: Year | None
) -> Rewritten:
    """Read "the first week of May": seven days from the first; "the last day of May"."""
    if not (o or last) or u.measure not in _DAYS_OF:
        return None
    month = calendar.month_named(m.value, y.value if y else None, s.today)
    length = _DAYS_OF[u.measure]
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
    return _nth_weekday(s, o, last, w, span) if o or last else None


def _nth_of_spans(
    s: Setting, o: Ordinal | None, last: str | None, w: Weekday, spans: Spans
) -> Rewritten:
    return _nth_weekday(s, o, last, w, spans.spans[0]) if o or last else None


def _nth_of_unit(
    s: Setting, o: Ordinal | None, last: str | None, w: Weekday, which: str | None, u: Unit
) -> Rewritten:
    if u.measure != "month" or not (o or last):
        return None
    (span,) = calendar.period("month", _which(which or "this"), s.today)
    return _nth_weekday(s, o, last, w, span)


def _week_number(s: Setting, n: Number) -> Rewritten:
    for year in (s.today.year, s.today.year + 1):
        try:
            first = date.fromisocalendar(year, n.value, 1)
        except ValueError:
            return "unreadable"
        if first + timedelta(days=6) >= s.today:
            return Spans((Span(first, first + timedelta(days=6)),))
    return "unreadable"


def _one_or_other(s: Setting, one: str, other: str, u: Unit) -> Rewritten:
    """Read "this week or next": both, as one stretch."""
    first = calendar.period(u.measure, _which(one), s.today)
    last = calendar.period(u.measure, _which(other), s.today)
    return Spans((Span(first[0].first, last[-1].last),)) if first and last else None


def _week_of(s: Setting, u: Unit, base: Dates | Ordinal) -> Rewritten:
    if u.measure != "week":
        return None
    mondays = sorted({calendar.monday(day) for day in days_of(base, s)})
    return Spans(tuple(Span(day, calendar.plus(day, 6)) for day in mondays))


def _days_to(
    s: Setting, first: Dates | Weekday | Ordinal, last: Dates | Weekday | Ordinal
) -> Rewritten:
    """A stretch of days; what ends it is sought from its first day on."""
    if isinstance(first, Ordinal) and isinstance(last, Dates) and len(last.days) == 1:
        start = calendar.make(last.days[0].year, last.days[0].month, first.value)
        return Spans((Span(start, last.days[0]),)) if start and start <= last.days[0] else None
    spans = []
    for start in days_of(first, s):
        there = replace(s, now=s.now.replace(year=start.year, month=start.month, day=start.day))
        ends = [end for end in days_of(last, there) if end > start]
        spans += [Span(start, end) for end in ends[:1]]
    return Spans(tuple(spans)) if spans else None


def _days_from(s: Setting, word: str, base: Dates | Weekday | Ordinal | Spans) -> Rewritten:
    """ "From Monday", "after the 15th", "until Friday", "before next week"."""
    if isinstance(base, Spans):
        spans = base.spans
    else:
        spans = tuple(Span(day, day) for day in days_of(base, s))
    found = []
    for span in spans:
        last = span.last or span.first
        match word:
            case "from":
                found.append(Span(span.first, None))
            case "after":
                found.append(Span(calendar.plus(last, 1), None))
            case "until":
                found.append(Span(s.today, last))
            case _:
                found.append(Span(s.today, calendar.plus(span.first, -1)))
    return Spans(tuple(found)) if found else None


def _or_later(s: Setting, base: Dates | Weekday | Ordinal, word: str) -> Rewritten:
    return _days_from(s, {"onwards": "from", "at_latest": "until"}[word], base)


def _part_of_week(s: Setting, spans: Spans, word: str, w: Weekday) -> Rewritten:
    """ "Next week from Wednesday": the weekday within that week."""
    found = []
    for span in spans.spans:
        for day in calendar.weekdays_within(span, w.value)[:1]:
            if word in ("from", "after"):
                found.append(Span(calendar.plus(day, word == "after"), span.last))
            else:
                found.append(Span(span.first, calendar.plus(day, -(word == "before"))))
    return Spans(tuple(found)) if found else None


def _week_part_of(s: Setting, word: str, w: Weekday, spans: Spans) -> Rewritten:
    return _part_of_week(s, spans, word, w)


def _within(s: Setting, n: Number | None, u: Unit) -> Rewritten:
    """ "The next three days", "within two weeks"."""
    if u.measure in ("hour", "minute"):
        return None
    last = _later(s, s.today, n.value if n else 1, u)
    return Spans((Span(s.today, last),)) if last else None


def _few_days(s: Setting) -> Rewritten:
    return Spans((Span(s.today, calendar.plus(s.today, _A_FEW_DAYS)),))


def _bound(s: Setting, word: str, day: Dates | Weekday, clock: Spoken | Part) -> Rewritten:
    if word in ("from", "after"):
        return Bound(days_of(day, s), clock, opens=True)
    return Bound(days_of(day, s), clock, opens=False)


def _this_part(s: Setting, p: Part) -> Rewritten:
    return Dates((s.today,)), p


def _day_number(_: Setting, n: Number) -> Rewritten:
    return Ordinal(n.value) if n.digits and 1 <= n.value <= _LONGEST_MONTH else None


def _spelled_date(s: Setting, o: Ordinal, month: Ordinal, y: Year | None) -> Rewritten:
    """ "Am dritten fünften": day and month, both as ordinals."""
    return _date(s, o.value, month.value, y) if month.value <= _DECEMBER else None


def _several_of_month(
    s: Setting, first: Number | Ordinal, last: Number | Ordinal, m: Month
) -> Rewritten:
    start, end = _named(s, first, m, None), _named(s, last, m, None)
    return (start, "dash", end) if isinstance(start, Dates) and isinstance(end, Dates) else None


_WHICH = "<this|coming|next|after_next|last>"
_EDGE = "<start|mid|end|early|late>"

DAYS = (
    rule("on on", lambda _: "on"),
    rule("Z", _slashed),
    rule("X Y", _dotted),
    rule("on X", _dotted),
    # Days of a month
    rule(
        "from? NO <dash|until|to> on? NO of? on? M",
        lambda s, a, _, b, m: _several_of_month(s, a, b, m),
    ),
    rule("between on? NO and on? NO of? on? M", _several_of_month),
    rule("M on? NO <dash|until|to> on? NO", lambda s, m, a, _, b: _several_of_month(s, a, b, m)),
    rule("NO of? on? M N", _named_short_year),
    rule("NO of? on? M on? Y?", _named),
    rule("M on? O Y?", lambda s, m, o, y: _named(s, o, m, y)),
    rule("M on? N Y?", lambda s, m, n, y: _named(s, n, m, y) if n.digits else None),
    rule("O of? O Y?", _spelled_date),
    rule("on N", _day_number),
    # Parts of weeks, months and years
    rule("kw N", _week_number),
    rule("O? <last>? W in? of? on? M Y?", _nth_of_month),
    rule("O? <last>? U in? of? on? M Y?", _nth_unit_of_month),
    rule(f"{_EDGE} of? in? on? {_WHICH}? U", _edge_of_period),
    rule(f"{_EDGE} dash? of? in? on? M Y?", _edge_of_month),
    rule("O? <last>? W in? of? on? <this|next|after_next>? U", _nth_of_unit),
    rule("O of? in? on? this? U", lambda _, o, u: o if u.measure == "month" else None),
    rule("next M", _next_month_named),
    # Weekdays of weeks
    rule(f"{_WHICH} U in? of? on? W <or|dash|until|to|and> on? W", _two_of_week),
    rule(f"W <or|dash|until|to|and> on? W in? of? on? {_WHICH} U", _week_of_two),
    rule(f"{_WHICH} U in? of? on? at? W", _weekday_of_week),
    rule(f"W in? of? on? {_WHICH} U", _week_of_weekday),
    # So much later
    rule("in a N? U on? W", lambda s, n, u, w: _weekday_in_weeks(s, n, u, w)),
    rule("in N U on? W", _weekday_in_weeks),
    rule("W in a N? U", _after_weeks),
    rule("W in N U", _after_weeks),
    rule("W N U", _after_weeks),
    rule("W U", lambda s, w, u: _after_weeks(s, w, None, u)),
    rule("D in a? N? U", _base_in),
    rule("D N? U", _base_in),
    rule("a? N? U from|after|on DW", lambda s, n, u, d: _relative(s, n, u, d)),
    rule("a U D", lambda s, u, d: _from_base(s, None, u, d)),
    rule("N U D", _from_base),
    rule("in X U", _decimal),
    rule("in <about>? a? N? and? a? <half>? a? U from_now?", _in),
    rule("<about> in a? N? and? a? <half>? a? U", _in),
    rule("a? N? and? a? <half>? U from_now", lambda s, n, h, u: _in(s, None, n, h, u)),
    rule("N? U ago", _ago),
    rule("X", lambda s, x: None if s.in_time and x.padded and x.first <= 24 else _dotted(s, x)),
    # Stretches
    rule("<this|next|coming> or <this|next|after_next> U", _one_or_other),
    rule("next N U", _within),
    rule("within a? on? N? U", _within),
    rule("few_days", _few_days),
    rule(f"{_WHICH} U", _period),
    rule("U", _weekend),
    rule(f"{_EDGE} of? in? on? S", _edge_of_spans),
    rule("S on? <start|mid|end>", _spans_edge),
    rule(f"{_WHICH} W", _weekday),
    rule("W <after_next>", lambda s, w, _: replace(w, which="after_next")),
    rule("O? <last>? W in? of? on? S", _nth_of_spans),
    rule("U of on? DO", _week_of),
    rule("M Y?", _month),
    rule("this P", _this_part),
)


def _relative(s: Setting, n: Number | None, u: Unit, base: Dates | Weekday) -> Rewritten:
    if isinstance(base, Weekday):
        return _weeks_after(s, n, u, base)
    return _from_base(s, n, u, base)


STRETCHES = (
    rule("S in? on? <from|after|until|before> on? W", _part_of_week),
    rule("<from|after|until|before> on? W in? of? on? S", _week_part_of),
    rule("<from|after|until|before> on? DW at? in? on? CP", _bound),
    rule("from? on? DWO dash|until|to on? DWO", _days_to),
    rule("from on? DWO on DWO", _days_to),
    rule("between on? DWO and on? DWO", _days_to),
    rule("from? on? DWO <onwards|at_latest>", _or_later),
    rule("<from|after|until|before> on? DWOS", _days_from),
)
