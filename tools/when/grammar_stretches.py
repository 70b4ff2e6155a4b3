"""The shared grammar of stretches of days: weeks, months, and from one day to another."""

from dataclasses import replace

from tools.when import calendar
from tools.when.grammar_dates import nth_weekday
from tools.when.grammar_relative import later
from tools.when.nodes import (
    Bound,
    Dates,
    Lapse,
    Ordinal,
    Part,
    Span,
    Spans,
    Spoken,
    Unit,
    Weekday,
)
from tools.when.rules import EDGES, WHICH, Rewritten, Setting, rule

_A_FEW_DAYS = 5


def _period(s: Setting, which: str, u: Unit) -> Rewritten:
    spans = calendar.period(u.measure, calendar.which(which), s.today)
    return Spans(spans) if spans else None


def _weekend(s: Setting, u: Unit) -> Rewritten:
    return _period(s, "plain", u) if u.measure == "weekend" else None


def _edge_of_period(s: Setting, part: str, which: str | None, u: Unit) -> Rewritten:
    """Without "next", the start of a week that has begun may be the next week's too."""
    if u.measure not in ("week", "month"):
        return None
    edge = calendar.edge_named(part)
    periods = calendar.period(u.measure, calendar.which(which or "this"), s.today)
    spans = [calendar.edge(span, edge) for span in periods]
    if which is None and spans[0].first < s.today and edge == "start":
        later = calendar.period(u.measure, "next", s.today)
        spans += [calendar.edge(span, edge) for span in later]
    elif which is None and spans[0].last is not None and spans[0].last < s.today:
        later = calendar.period(u.measure, "next", s.today)
        spans = [calendar.edge(span, edge) for span in later]
    return Spans(tuple(spans))


def _edge_of_spans(_: Setting, part: str, spans: Spans) -> Rewritten:
    return Spans(tuple(calendar.edge(span, calendar.edge_named(part)) for span in spans.spans))


def _spans_edge(s: Setting, spans: Spans, part: str) -> Rewritten:
    return _edge_of_spans(s, part, spans)


def _nth_of_spans(
    _: Setting, o: Ordinal | None, last: str | None, w: Weekday, spans: Spans
) -> Rewritten:
    return nth_weekday(o, last, w, spans.spans[0])


def _nth_of_unit(
    s: Setting, o: Ordinal | None, last: str | None, w: Weekday, which: str | None, u: Unit
) -> Rewritten:
    if u.measure != "month" or not (o or last):
        return None
    (span,) = calendar.period("month", calendar.which(which or "this"), s.today)
    return nth_weekday(o, last, w, span)


def _day_of_month(s: Setting, o: Ordinal, this: str | None, u: Unit) -> Rewritten:
    """Read "the 15th of the month", or "of this month", which leaves no choice of month."""
    if u.measure != "month":
        return None
    day = calendar.make(s.today.year, s.today.month, o.value)
    return Dates((day,), exact=True) if this and day else o


def _one_or_other(s: Setting, one: str, other: str, u: Unit) -> Rewritten:
    """Read "this week or next": both, as one stretch."""
    first = calendar.period(u.measure, calendar.which(one), s.today)
    last = calendar.period(u.measure, calendar.which(other), s.today)
    return Spans((Span(first[0].first, last[-1].last),)) if first and last else None


def _week_of(s: Setting, u: Unit, base: Dates | Ordinal) -> Rewritten:
    if u.measure != "week":
        return None
    mondays = sorted({calendar.monday(day) for day in calendar.days_of(base, s.today)})
    return Spans(tuple(Span(day, calendar.plus(day, 6)) for day in mondays))


def _within(s: Setting, lapse: Lapse) -> Rewritten:
    """Read "the next three days", "within two weeks"."""
    last = later(s.today, lapse)
    return Spans((Span(s.today, last),)) if last else None


def _within_one(s: Setting, u: Unit) -> Rewritten:
    """Read "within the next week"."""
    return _within(s, Lapse(1, u.measure))


def _few_days(s: Setting) -> Rewritten:
    return Spans((Span(s.today, calendar.plus(s.today, _A_FEW_DAYS)),))


def _this_part(s: Setting, p: Part) -> Rewritten:
    return Dates((s.today,)), p


def _days_to(
    s: Setting, first: Dates | Weekday | Ordinal, last: Dates | Weekday | Ordinal
) -> Rewritten:
    """A stretch of days; what ends it is sought from its first day on."""
    if isinstance(first, Ordinal) and isinstance(last, Dates) and len(last.days) == 1:
        start = calendar.make(last.days[0].year, last.days[0].month, first.value)
        return Spans((Span(start, last.days[0]),)) if start and start <= last.days[0] else None
    spans = []
    for start in calendar.days_of(first, s.today):
        ends = [end for end in calendar.days_of(last, start) if end > start]
        spans += [Span(start, end) for end in ends[:1]]
    return Spans(tuple(spans)) if spans else None


def _days_from(s: Setting, word: str, base: Dates | Weekday | Ordinal | Spans) -> Rewritten:
    """Read "from Monday", "after the 15th", "until Friday", "before next week"."""
    if isinstance(base, Spans):
        spans = base.spans
    else:
        spans = tuple(Span(day, day) for day in calendar.days_of(base, s.today))
    found = []
    for span in spans:
        last = span.last or span.first
        match word:
            case "from" | "onwards":
                found.append(Span(span.first, None))
            case "after":
                found.append(Span(calendar.plus(last, 1), None))
            case "until" | "at_latest":
                found.append(Span(s.today, last))
            case _:
                found.append(Span(s.today, calendar.plus(span.first, -1)))
    return Spans(tuple(found)) if found else None


def _or_later(s: Setting, base: Dates | Weekday | Ordinal, word: str) -> Rewritten:
    return _days_from(s, word, base)


def _part_of_week(_: Setting, spans: Spans, word: str, w: Weekday) -> Rewritten:
    """Read "next week from Wednesday": the weekday within that week."""
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


def _weekday_dated(s: Setting, w: Weekday, day: Dates | Ordinal) -> Rewritten:
    """Read "Friday the 6th", which is one end of a stretch, as one day."""
    found = [each for each in calendar.days_of(day, s.today) if each.weekday() == w.value]
    return Dates((found[0],), exact=True) if len(found) == 1 else None


def _dated_to(
    s: Setting,
    a: Weekday,
    first: Dates | Ordinal,
    b: Weekday,
    last: Dates | Ordinal,
) -> Rewritten:
    start, end = _weekday_dated(s, a, first), _weekday_dated(s, b, last)
    if not (isinstance(start, Dates) and isinstance(end, Dates)):
        return None
    return _days_to(s, start, end)


def _dated_from(s: Setting, word: str, w: Weekday, day: Dates | Ordinal) -> Rewritten:
    base = _weekday_dated(s, w, day)
    return _days_from(s, word, base) if isinstance(base, Dates) else None


def _bound(s: Setting, word: str, day: Dates | Weekday, clock: Spoken | Part) -> Rewritten:
    if word in ("from", "after", "onwards"):
        return Bound(calendar.days_of(day, s.today), clock, opens=True)
    return Bound(calendar.days_of(day, s.today), clock, opens=False)


PERIODS = (
    rule(f"{EDGES} of? in? on? {WHICH}? U", _edge_of_period),
    rule("O? <last>? W in? of? on? <this|next|after_next>? U", _nth_of_unit),
    rule("O of? in? on? <this>? U", _day_of_month),
)
"""Before the relative days, which count in the same units."""

STRETCHES = (
    rule("<this|next|coming> or <this|next|after_next> U", _one_or_other),
    rule("within on? next? L", _within),
    rule("within on? next? U", _within_one),
    rule("next L", _within),
    rule("few_days", _few_days),
    rule(f"{WHICH} U", _period),
    rule("U", _weekend),
    rule(f"{EDGES} of? in? on? S", _edge_of_spans),
    rule("S on? <start|mid|end>", _spans_edge),
    rule(f"{WHICH} W", lambda _, which, w: replace(w, which=which)),
    rule("W <after_next|coming|next>", lambda _, w, which: replace(w, which=which)),
    rule("O? <last>? W in? of? on? S", _nth_of_spans),
    rule("U of on? DO", _week_of),
    rule("this P", _this_part),
)
"""After the relative days."""

_INSTEAD = (
    rule("DWOS instead on? DWOS", lambda _, wanted, _unwanted: wanted),
    rule("instead on? DWOS on? DWOS", lambda _, _unwanted, wanted: wanted),
    rule("NC instead at? NC", lambda _, wanted, _unwanted: wanted),
    rule("instead at? C at? C", lambda _, _unwanted, wanted: wanted),
)

BOUNDS = (
    *_INSTEAD,
    rule("move from on? DWO to on? DWO", lambda _, _from, to: to),
    rule("from? on? W on? DO dash|until|to on? W on? DO", _dated_to),
    rule("<from|after|until|before> on? W on? DO", _dated_from),
    rule("S in? on? <from|after|until|before> on? W", _part_of_week),
    rule("<from|after|until|before> on? W in? of? on? S", _week_part_of),
    rule("<from|after|until|before|onwards|at_latest> on? DW at? in? on? CP", _bound),
    rule("from? on? DWO dash|until|to on? DWO", _days_to),
    rule("from on? DWO on DWO", _days_to),
    rule("between on? DWO and on? DWO", _days_to),
    rule("DWO or? at_latest on? DWO", _days_to),
    rule("DWO or? on? DWO at_latest", _days_to),
    rule("<onwards|at_latest> at? on? DWOS", _days_from),
    rule("from? on? DWO <onwards|at_latest>", _or_later),
    rule("<from|after|until|before> in? on? DWOS", _days_from),
    rule("on? W <after|before> on? doubt", lambda *_: "unreadable"),
)
"""After the clock, whose times may belong to their ends."""
