"""The shared grammar of days that are counted from today, from a weekday or from another day."""

from dataclasses import replace
from datetime import UTC, date, timedelta

from tools.when import calendar
from tools.when.nodes import (
    DAYS_OF,
    Dates,
    Dotted,
    Moment,
    Number,
    Ordinal,
    Span,
    Spans,
    Unit,
    Weekday,
)
from tools.when.rules import WHICH, Rewritten, Setting, rule

_IDIOMATIC_WEEK = 8
"""Days: German "in acht Tagen" is a week to most and eight days to some."""
_WHOLE_WEEKS = (7, _IDIOMATIC_WEEK, 14)
"""Days by which a weekday stays a weekday: "Freitag in vierzehn Tagen"."""
_FIVE_TENTHS = 5
_FARTHEST = 1000
"""Units ahead; more is noise."""


def _weekday_of_week(s: Setting, which: str, u: Unit, w: Weekday) -> Rewritten:
    if u.measure != "week":
        return None
    (week,) = calendar.period("week", calendar.which(which), s.today)
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
    if u.measure == "day" and n and n.value in _WHOLE_WEEKS:
        return replace(w, weeks=n.value // 7)
    return _weeks_after(s, n, u, w)


def _weekday_in_weeks(s: Setting, n: Number | None, u: Unit, w: Weekday) -> Rewritten:
    """Read "in two weeks on Tuesday": in that calendar week, or after the coming Tuesday."""
    if u.measure != "week":
        return None
    weeks = n.value if n else 1
    by_week = calendar.plus(calendar.monday(s.today), 7 * weeks + w.value)
    after = calendar.weekday(replace(w, weeks=weeks), s.today)[0]
    return Dates(tuple(sorted({by_week, after})))


def later(base: date, n: int, u: Unit) -> date | None:
    """The day so many days, weeks, months or years after another."""
    if n > _FARTHEST:
        return None
    if u.measure in DAYS_OF:
        return calendar.plus(base, n * DAYS_OF[u.measure])
    if u.measure in ("month", "year"):
        return calendar.plus_months(base, n * (12 if u.measure == "year" else 1))
    return None


def _in(s: Setting, about: str | None, n: Number | None, half: str | None, u: Unit) -> Rewritten:
    """Read "in three days", "in a week", "in two hours"."""
    count = n.value if n else 1
    if u.measure in ("hour", "minute"):
        minutes = count * (60 if u.measure == "hour" else 1)
        if half:
            minutes += 30 if n else -30
        return _elapsed(s, minutes)
    if half:
        months = 12 * count + 6 if n else 6
        return Dates((calendar.plus_months(s.today, months),)) if u.measure == "year" else None
    day = later(s.today, count, u)
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
    day = later(s.today, -(n.value if n else 1), u)
    return Dates((day,), exact=True) if day else None


def _from_base(s: Setting, n: Number | None, u: Unit, base: Dates | Weekday | Ordinal) -> Rewritten:
    """Read "two weeks from tomorrow", "heute in einer Woche"."""
    days = [later(day, n.value if n else 1, u) for day in calendar.days_of(base, s.today)]
    if u.measure == "day" and n and n.value == _IDIOMATIC_WEEK:
        days += [calendar.plus(day, 7) for day in calendar.days_of(base, s.today)]
    found = sorted({day for day in days if day})
    return Dates(tuple(found)) if found else None


def _base_in(s: Setting, base: Dates, n: Number | None, u: Unit) -> Rewritten:
    return _from_base(s, n, u, base)


def _relative(s: Setting, n: Number | None, u: Unit, base: Dates | Weekday) -> Rewritten:
    if isinstance(base, Weekday):
        return _weeks_after(s, n, u, base)
    return _from_base(s, n, u, base)


RELATIVE = (
    # Weekdays of weeks
    rule(f"{WHICH} U in? of? on? W <or|dash|until|to|and> on? W", _two_of_week),
    rule(f"W <or|dash|until|to|and> on? W in? of? on? {WHICH} U", _week_of_two),
    rule(f"{WHICH} U in? of? on? at? W", _weekday_of_week),
    rule(f"W in? of? on? {WHICH} U", _week_of_weekday),
    # So much later
    rule("in a? N? U on? W", _weekday_in_weeks),
    rule("W in a? N? U", _after_weeks),
    rule("W N? U", _after_weeks),
    rule("D in? a? N? U", _base_in),
    rule("a? N? U from|after|on DW", _relative),
    rule("a U D", lambda s, u, d: _from_base(s, None, u, d)),
    rule("N U D", _from_base),
    rule("in X U", _decimal),
    rule("in <about>? a? N? and? a? <half>? a? U from_now?", _in),
    rule("<about> in a? N? and? a? <half>? a? U", _in),
    rule("a? N? and? a? <half>? a? U from_now", lambda s, n, h, u: _in(s, None, n, h, u)),
    rule("N? U ago", _ago),
)
