"""The shared grammar of clock times and of stretches between them. It runs after the days'."""

from dataclasses import replace

from tools.when.clock import PARTS, dial, within
from tools.when.nodes import (
    HALF_DAY,
    HOUR,
    WHOLE_DAY,
    Dates,
    Dotted,
    Lapse,
    Month,
    Number,
    Ordinal,
    Part,
    Spoken,
    SpokenChoice,
    Stretch,
    Weekday,
)
from tools.when.rules import Rewritten, Setting, rule
from tools.when.words import spoken

_LAST_HOUR = 24
_LAST_MINUTE = 59
_LONGEST_PAST, _LONGEST_LAPSE = 40, 180
"""Minutes that people count to or from a full hour; the longer if they name what they count."""
_PLAIN_PARTS = {"noon_on": "afternoon", "dawn": "morning"}
_TWO_FIGURES = 10
_LAST_ON_DIAL = 12
_ROUND = 5
"""Minutes: two bare numbers are a time if the second looks like minutes."""


def hour_of(number: int, minute: int = 0) -> Spoken | None:
    """A clock time by its hour and minute, or `None` if no clock shows it."""
    if not (0 <= number <= _LAST_HOUR and 0 <= minute <= _LAST_MINUTE):
        return None
    minutes = number * 60 + minute
    return spoken(minutes) if minutes <= WHOLE_DAY else None


def _full(operand: Number | Dotted | Spoken) -> Spoken | None:
    """An hour as a number, or already as a time."""
    if isinstance(operand, Number):
        return hour_of(operand.value)
    if isinstance(operand, Dotted):
        return hour_of(operand.first, operand.second)
    return operand


def _shifted(operand: Number | Spoken, minutes: int) -> Rewritten:
    hour = _full(operand)
    return hour.shifted(minutes) if hour and hour.minutes % 60 == 0 else None


def _at(_: Setting, n: Number) -> Rewritten:
    return hour_of(n.value)


def _spelled_hour(_: Setting, w: Weekday, n: Number) -> Rewritten:
    """Read "Friday ten": figures may be a day of the month, a number word is an hour."""
    hour = hour_of(n.value)
    return (w, hour) if hour and not n.digits else None


def _pair(_: Setting, h: Number, m: Number) -> Rewritten:
    """Read "nine thirty". Two figures that could be anything are left alone."""
    if m.value < _TWO_FIGURES or m.value % _ROUND:
        return None
    return hour_of(h.value, m.value)


def _hour_oh_minute(_: Setting, h: Number, zero: Number, m: Number) -> Rewritten:
    return hour_of(h.value, m.value) if zero.value == 0 and m.value < _TWO_FIGURES else None


def _hour_minute(_: Setting, h: Number, m: Number | None) -> Rewritten:
    return hour_of(h.value, m.value if m else 0)


def _dotted(_: Setting, x: Dotted) -> Rewritten:
    return hour_of(x.first, x.second) if x.padded else None


def _dotted_uhr(_: Setting, x: Dotted) -> Rewritten:
    return hour_of(x.first, x.second)


def _ordinal_hour(_: Setting, o: Ordinal) -> Rewritten:
    return hour_of(o.value) if o.dotted else None


def _meridiem(_: Setting, operand: Number | Dotted | Spoken, half: str) -> Rewritten:
    time = _full(operand)
    if time is None:
        return None
    if time.minutes >= HALF_DAY and not time.twelve:
        return time if half == "pm" and time.minutes < WHOLE_DAY else "unreadable"
    if time.minutes == 0 and not time.twelve:
        return time if half == "am" else "unreadable"
    minutes = time.minutes % HALF_DAY
    return Spoken(minutes + (HALF_DAY if half == "pm" else 0), twelve=False, about=time.about)


def _past(minutes: int, sign: int, operand: Number | Spoken, longest: int) -> Rewritten:
    return _shifted(operand, sign * minutes) if 1 <= minutes <= longest else None


def _may_be_hour(n: Number) -> bool:
    """Whether "10 to 12" may be a stretch. "Ten to twelve" in words never is."""
    return n.value % _ROUND > 0 or (n.digits and n.value <= _LAST_ON_DIAL)


def _counted(minutes: Number | Lapse, *, any_number: bool) -> int | None:
    """The minutes of "ten past" or "an hour before"; a bare number must look like minutes."""
    if isinstance(minutes, Lapse):
        unit = {"minute": 1, "hour": HOUR}.get(minutes.measure)
        return minutes.count * unit + minutes.half * unit // 2 if unit else None
    return minutes.value if any_number or minutes.value % _ROUND == 0 else None


def _minutes_past(_: Setting, counted: Number | Lapse, word: str, o: Number | Spoken) -> Rewritten:
    minutes = _counted(counted, any_number=False)
    if minutes is None:
        return None
    if word == "to" and isinstance(counted, Number) and _may_be_hour(counted):
        return "unreadable"
    longest = _LONGEST_LAPSE if isinstance(counted, Lapse) else _LONGEST_PAST
    return _past(minutes, 1 if word in ("past", "after") else -1, o, longest)


def _minutes_past_half(
    s: Setting, counted: Number | Lapse, word: str, o: Number | Spoken
) -> Rewritten:
    half = _shifted(o, s.bare_half)
    minutes = _counted(counted, any_number=True)
    if not isinstance(half, Spoken) or minutes is None or minutes > _LONGEST_PAST:
        return None
    return half.shifted(minutes if word in ("past", "after") else -minutes)


def _bare_quarter(_: Setting, o: Number | Spoken) -> Rewritten:
    """Read "viertel fünf": a quarter past four, unless a recogniser lost "vor" or "nach"."""
    hour = _full(o)
    if hour is None or hour.minutes % 60:
        return None
    return SpokenChoice((hour.shifted(-45), hour.shifted(15)))


def _about(_: Setting, c: Spoken) -> Rewritten:
    return replace(c, about=True)


def _about_hour(_: Setting, n: Number) -> Rewritten:
    hour = hour_of(n.value)
    return replace(hour, about=True) if hour else None


def _with_part(_: Setting, p: Part, n: Number) -> Rewritten:
    hour = hour_of(n.value)
    return (p, hour) if hour else None


def _part_with_dotted(s: Setting, p: Part, o: Ordinal) -> Rewritten:
    return _with_part(s, p, Number(o.value, digits=True)) if o.dotted else None


def _early_or_late(_: Setting, word: str, p: Part) -> Part | None:
    key = f"{word}_{_PLAIN_PARTS.get(p.key, p.key)}"
    return Part(key) if key in PARTS else None


def _early_or_late_today(s: Setting, word: str, p: Part) -> Rewritten:
    part = _early_or_late(s, word, p)
    return ("this", part) if part else None


def _pair_of_half(s: Setting, h: Number, m: Number, half: str) -> Rewritten:
    time = hour_of(h.value, m.value)
    return _meridiem(s, time, half) if time else None


def _day_before_time(s: Setting, month: Month, day: Number, n: Number, half: str) -> Rewritten:
    """Read "May 10 11 am": the month has the first claim to a number."""
    time = _meridiem(s, n, half)
    return (month, day, time) if isinstance(time, Spoken) else None


def _hyphened(_: Setting, a: Number, b: Number) -> Rewritten:
    """Read "four-fifteen": between figures it would be a stretch."""
    return None if a.digits or b.digits else (a, b)


def _rough_of_half(s: Setting, operand: Number | Spoken, half: str) -> Rewritten:
    time = _meridiem(s, operand, half)
    return replace(time, about=True) if isinstance(time, Spoken) else time


def _half_as_part(_: Setting, day: Dates | Weekday, half: str) -> Rewritten:
    return day, Part("morning" if half == "am" else "afternoon")


def _part_with(_: Setting, n: Number, p: Part) -> Rewritten:
    hour = hour_of(n.value)
    return (hour, p) if hour else None


def _of_part(_: Setting, c: Spoken, p: Part) -> Rewritten:
    """Read "four in the afternoon": the part decides the half of the day."""
    meant = [at for at in dial(c) if within(at, p)]
    if len(meant) != 1:
        return "no_time"
    return Spoken(meant[0], twelve=False, about=c.about)


def _day_part_with(_: Setting, n: Number, d: Dates, p: Part) -> Rewritten:
    hour = hour_of(n.value)
    return (hour, d, p) if hour else None


def _between(_: Setting, a: Spoken | Part | Number, b: Spoken | Part | Number) -> Rewritten:
    first = _full(a) if isinstance(a, Number) else a
    last = _full(b) if isinstance(b, Number) else b
    return Stretch(first, last) if first and last else None


def _between_halves(s: Setting, a: Spoken | Number, b: Spoken | Number, half: str) -> Rewritten:
    last = _meridiem(s, b, half)
    return _between(s, a, last) if isinstance(last, Spoken) else None


def _to_halves(s: Setting, a: Spoken | Number, b: Spoken | Number, half: str) -> Rewritten:
    if isinstance(a, Number) and not _may_be_hour(a):
        return None
    return _between_halves(s, a, b, half)


def _open(_: Setting, word: str, a: Spoken | Part | Number) -> Rewritten:
    end = _full(a) if isinstance(a, Number) else a
    if end is None:
        return None
    if isinstance(end, Part) and word == "after":
        return Stretch(earliest=Spoken(PARTS[end.key].over, twelve=False))
    opens = word in ("from", "after", "onwards")
    return Stretch(earliest=end) if opens else Stretch(latest=end)


def _open_end(s: Setting, a: Spoken | Part | Number, word: str) -> Rewritten:
    return _open(s, word, a)


def _duration(_: Setting, lapse: Lapse) -> Rewritten:
    """Read over how long it is to last."""
    return "" if lapse.measure in ("minute", "hour") else None


def _bare(s: Setting, n: Number) -> Rewritten:
    return hour_of(n.value) if s.in_time else None


FIGURES = (
    rule("N uhr N N", _hour_oh_minute),
    rule("N uhr N U?", lambda s, h, m, _: _hour_minute(s, h, m)),
    rule("N uhr", lambda s, h: _hour_minute(s, h, None)),
    rule("N hundred U?", lambda _, n, _u: hour_of(n.value)),
    rule("X uhr", _dotted_uhr),
    rule("N dash N", _hyphened),
    rule("N N N", _hour_oh_minute),
    rule("M N N <am|pm>", _day_before_time),
    rule("N N <am|pm>", _pair_of_half),
    rule("NCX <am|pm>", _meridiem),
    rule("C uhr", lambda _, c: c),
    rule("C U", lambda _, c, u: c if u.measure == "hour" else None),
    rule("at X", _dotted_uhr),
    rule("at O", _ordinal_hour),
    rule("<early|late> in? on? P", _early_or_late),
    rule("<early|late> this P", _early_or_late_today),
    rule("P <early|late>", lambda s, p, word: _early_or_late(s, word, p)),
)
"""Times that are known by their shape; they run before the days', which also want numbers."""

CLOCK = (
    # Counted to and from
    rule("NL <past|after|before|to> half NC", _minutes_past_half),
    rule("half past|after NC", lambda _, o: _shifted(o, 30)),
    rule("half NC", lambda s, o: _shifted(o, s.bare_half)),
    rule("quarter past|after NC", lambda _, o: _shifted(o, 15)),
    rule("quarter before|to|of|until NC", lambda _, o: _shifted(o, -15)),
    rule("threequarters NC", lambda _, o: _shifted(o, -15)),
    rule("quarter NC", _bare_quarter),
    # Stretches that say so at once: "from ten to two" is not ten minutes before two
    rule("from at? NC dash|until|to at? NC <am|pm>", _between_halves),
    rule("from at? NC dash|until|to at? NC", _between),
    rule("NC dash|until at? NC <am|pm>", _between_halves),
    rule("NC to at? NC <am|pm>", _to_halves),
    rule("NL <past|after|before|to> NC", _minutes_past),
    # Halves of the day
    rule("N N", _pair),
    rule("NC about <am|pm>", _rough_of_half),
    rule("NC <am|pm>", _meridiem),
    rule("DW <am|pm>", _half_as_part),
    rule("P at? O", _part_with_dotted),
    rule("P at? N", _with_part),
    rule("N in? on? P", _part_with),
    rule("P at? C", lambda s, p, c: _of_part(s, c, p)),
    rule("C in? on? P", _of_part),
    rule("N in? on? D P", _day_part_with),
    rule("N or C", lambda _, n, c: (h, "or", c) if (h := hour_of(n.value)) else None),
    rule("C or at? N", lambda _, c, n: (c, "or", h) if (h := hour_of(n.value)) else None),
    rule("W N", _spelled_hour),
    # Stretches
    rule("between at? NC and at? NC", _between),
    rule("NC dash|until|to at? NC", _between),
    rule("from P dash|until|to P", _between),
    rule("at N", _at),
    rule("about on? N", _about_hour),
    rule("N about", _about_hour),
    rule("about at? C", _about),
    rule("C about", _about),
    rule("<onwards|at_latest> at? on? NCP", _open),
    rule("from? at? NC on? <onwards|at_latest>", _open_end),
    rule("<from|after|until|before> at? on? NCP", _open),
    rule("N people", lambda _, _n: ""),
    rule("asks N", lambda _, _n: ""),
    rule("X", lambda s, x: _dotted(s, x) if s.in_time else None),
    rule("O", lambda s, o: _ordinal_hour(s, o) if s.in_time else None),
    rule("N", _bare),
    rule("early", lambda _: Part("dawn")),
    rule("late", lambda _: Part("late")),
    rule("L", _duration),
)
