"""The shared grammar of days that are counted from today, from a weekday or from another day."""

from dataclasses import replace
from datetime import UTC, date, timedelta

from tools.when import calendar
from tools.when.nodes import (
    DAYS_OF,
    HOUR,
    Dates,
    Dotted,
    Lapse,
    Moment,
    Number,
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


def _lapse(_: Setting, n: Number | None, u: Unit) -> Rewritten:
    return Lapse(n.value if n else 1, u.measure)


def _and_a_half(_: Setting, n: Number, u: Unit) -> Rewritten:
    return Lapse(n.value, u.measure, half=True)


def _half(_: Setting, u: Unit) -> Rewritten:
    return Lapse(0, u.measure, half=True)


def _decimal(_: Setting, x: Dotted, u: Unit) -> Rewritten:
    return Lapse(x.first, u.measure, half=True) if x.second == _FIVE_TENTHS else None


def later(base: date, lapse: Lapse) -> date | None:
    """The day so many days, weeks, months or years after another, or `None` if that is no day."""
    if lapse.count > _FARTHEST:
        return None
    if lapse.half:
        months = 12 * lapse.count + 6
        return calendar.plus_months(base, months) if lapse.measure == "year" else None
    if lapse.measure in DAYS_OF:
        return calendar.plus(base, lapse.count * DAYS_OF[lapse.measure])
    if lapse.measure in ("month", "year"):
        return calendar.plus_months(base, lapse.count * (12 if lapse.measure == "year" else 1))
    return None


def _weekday_later(_: Setting, w: Weekday, lapse: Lapse) -> Rewritten:
    """Read "Friday in two weeks", "Dienstag in acht Tagen"."""
    if lapse.half:
        return None
    if lapse.measure == "day" and lapse.count in _WHOLE_WEEKS:
        return replace(w, weeks=lapse.count // 7)
    return replace(w, weeks=lapse.count) if lapse.measure == "week" else None


def _week_later(s: Setting, w: Weekday, u: Unit) -> Rewritten:
    """Read "Friday week"."""
    return _weekday_later(s, w, Lapse(1, u.measure))


def _weekday_in_weeks(s: Setting, lapse: Lapse, w: Weekday) -> Rewritten:
    """Read "in two weeks on Tuesday": in that calendar week, or after the coming Tuesday."""
    if lapse.measure != "week" or lapse.half:
        return None
    by_week = calendar.plus(calendar.monday(s.today), 7 * lapse.count + w.value)
    after = calendar.weekday(replace(w, weeks=lapse.count), s.today)[0]
    return Dates(tuple(sorted({by_week, after})))


def _in(s: Setting, about: str | None, lapse: Lapse) -> Rewritten:
    """Read "in three days", "in a week", "in two hours"."""
    if lapse.measure in ("hour", "minute"):
        return _elapsed(s, lapse)
    day = later(s.today, lapse)
    if day is None:
        return None
    if lapse.measure == "day" and lapse.count == _IDIOMATIC_WEEK:
        return Dates((calendar.plus(s.today, 7), day))
    if about:
        return Spans((Span(calendar.plus(day, -2), calendar.plus(day, 2)),))
    return Dates((day,))


def _elapsed(s: Setting, lapse: Lapse) -> Rewritten:
    minutes = lapse.count * (HOUR if lapse.measure == "hour" else 1)
    if lapse.half and lapse.measure == "hour":
        minutes += HOUR // 2
    if minutes > _FARTHEST * HOUR:
        return None
    start = s.now.astimezone(UTC).replace(second=0, microsecond=0)
    return Moment(start + timedelta(minutes=minutes))


def _ago(s: Setting, lapse: Lapse) -> Rewritten:
    day = later(s.today, replace(lapse, count=-lapse.count))
    return Dates((day,), exact=True) if day else None


def _day_later(_: Setting, base: Dates, lapse: Lapse) -> Rewritten:
    """Read "two weeks from tomorrow", "heute in einer Woche"."""
    days = [later(day, lapse) for day in base.days]
    if lapse.measure == "day" and lapse.count == _IDIOMATIC_WEEK:
        days += [calendar.plus(day, 7) for day in base.days]
    found = sorted({day for day in days if day})
    return Dates(tuple(found)) if found else None


def _tomorrow_week(s: Setting, base: Dates, u: Unit) -> Rewritten:
    return _day_later(s, base, Lapse(1, u.measure)) if u.measure == "week" else None


def _after_day(s: Setting, u: Unit, base: Dates) -> Rewritten:
    """Read "the day after Christmas"."""
    return _day_later(s, base, Lapse(1, u.measure)) if u.measure == "day" else None


def _before_day(s: Setting, u: Unit, base: Dates) -> Rewritten:
    """Read "the day before Christmas"."""
    return _day_later(s, base, Lapse(-1, u.measure)) if u.measure == "day" else None


def _after(s: Setting, lapse: Lapse, base: Dates | Weekday) -> Rewritten:
    if isinstance(base, Weekday):
        return _weekday_later(s, base, lapse)
    return _day_later(s, base, lapse)


RELATIVE = (
    # So much time
    rule("a? N and? a? half U", _and_a_half),
    rule("a? half a? U", _half),
    rule("a? X U", _decimal),
    rule("a? N U", _lapse),
    rule("a U", lambda s, u: _lapse(s, None, u)),
    # Weekdays of weeks
    rule(f"{WHICH} U in? of? on? W <or|dash|until|to|and> on? W", _two_of_week),
    rule(f"W <or|dash|until|to|and> on? W in? of? on? {WHICH} U", _week_of_two),
    rule(f"{WHICH} U in? of? on? at? W", _weekday_of_week),
    rule(f"W in? of? on? {WHICH} U", _week_of_weekday),
    # So much later
    rule("in L on? W", _weekday_in_weeks),
    rule("W in? L", _weekday_later),
    rule("W U", _week_later),
    rule("D in? L", _day_later),
    rule("D U", _tomorrow_week),
    rule("L from|after|on DW", _after),
    rule("on? U after D", _after_day),
    rule("on? U before D", _before_day),
    rule("L D", _after),
    rule("in <about>? L from_now?", _in),
    rule("<about> in L", _in),
    rule("L from_now", lambda s, lapse: _in(s, None, lapse)),
    rule("L ago", _ago),
)
