"""Which wall times a spoken time can mean: halves of the day, parts of the day, opening hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from tools.when.meaning import Between
from tools.when.nodes import HALF_DAY, WHOLE_DAY, Part, Spoken, Stretch

Opening = tuple[time, time] | Mapping[int, Sequence[tuple[time, time]]]
"""The same span every day, or weekday (0 = Monday) to spans. A span may end at midnight."""

_WAKING = (6 * 60, 22 * 60)
"""Nobody means three at night if three in the afternoon is possible; minutes since midnight."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the day, in minutes since midnight.

    Attributes:
        first: Where it starts; `None` is the opening.
        last: Where it ends; `None` is the closing.
        reach: Where a clock time called by it can lie: "four in the evening" is 16:00.
        over: From when on it is "after" it.
    """

    first: int | None
    last: int | None
    reach: tuple[int, int]
    over: int


def _h(hours: float) -> int:
    return int(hours * 60)


PARTS: Mapping[str, _Part] = {
    "early_morning": _Part(None, _h(10), (_h(4), _h(12)), _h(10)),
    "first_thing": _Part(None, _h(10), (_h(4), _h(12)), _h(10)),
    "dawn": _Part(None, _h(11), (_h(3), _h(12)), _h(11)),
    "morning": _Part(None, _h(12), (_h(1), _h(12)), _h(12)),
    "late_morning": _Part(_h(10), _h(12), (_h(9), _h(12)), _h(12)),
    "midday": _Part(_h(12), _h(14), (_h(11), _h(15)), _h(13)),
    "early_afternoon": _Part(_h(13), _h(15), (_h(12), _h(16)), _h(15)),
    "noon_on": _Part(_h(12), _h(17), (_h(12), _h(19)), _h(17)),
    "afternoon": _Part(_h(13), _h(17), (_h(12), _h(19)), _h(17)),
    "late_afternoon": _Part(_h(16), _h(18), (_h(14), _h(19)), _h(18)),
    "early_evening": _Part(_h(17), _h(19), (_h(16), _h(20)), _h(19)),
    "evening": _Part(_h(17), None, (_h(16), _h(24)), _h(21)),
    "late_evening": _Part(_h(19), None, (_h(18), _h(24)), _h(22)),
    "late": _Part(_h(16), None, (_h(14), _h(24)), _h(21)),
    "after_work": _Part(_h(17), None, (_h(16), _h(24)), _h(17)),
    "night": _Part(_h(21), _h(24), (_h(18), _h(30)), _h(24)),
}
"""`noon_on` is the English afternoon, which starts earlier than the German one."""

_OPENS, _CLOSES = _h(7), _h(21)
"""Ends of the parts that hang on opening hours where none are known."""


class Hours:
    """The opening hours that decide between the two halves of the day."""

    def __init__(self, opening: Opening | None) -> None:
        self._opening = opening

    def spans(self, day: date | None) -> tuple[tuple[int, int], ...]:
        """Minutes since midnight, ends exclusive; of all days if this one is closed or unknown."""
        if self._opening is None:
            return ()
        if isinstance(self._opening, tuple):
            return (_minutes(self._opening),)
        spans = self._opening.get(day.weekday(), ()) if day else ()
        return tuple(map(_minutes, spans)) or tuple(
            sorted({_minutes(span) for spans in self._opening.values() for span in spans})
        )

    def ends(self, day: date | None) -> tuple[int, int]:
        """The opening and the closing of a day."""
        spans = self.spans(day)
        if not spans:
            return _OPENS, _CLOSES
        return min(first for first, _ in spans), max(last for _, last in spans)

    def open_at(self, minutes: int, day: date | None, *, as_end: bool = False) -> bool:
        """Whether an appointment could start (or, `as_end`, end) at this time."""
        at = minutes - 1 if as_end else minutes
        return any(
            first <= at < last or first <= at + WHOLE_DAY < last for first, last in self.spans(day)
        )

    def touches(self, minutes: int, day: date | None) -> bool:
        """Whether this is within the opening hours or at one of their ends."""
        return self.open_at(minutes, day) or self.open_at(minutes, day, as_end=True)


def readings(
    spoken: Spoken,
    hours: Hours,
    day: date | None,
    parts: Sequence[Part] = (),
    *,
    as_end: bool = False,
) -> tuple[int, ...]:
    """The minutes since midnight that a spoken time can mean; none if it contradicts a part.

    Part of the day first, then opening hours, then that nobody comes at night.
    """
    possible = dial(spoken)
    if parts:
        return tuple(at for at in possible if all(within(at, part) for part in parts))
    if spoken.padded:
        if hours.touches(possible[0], day) or not hours.open_at(possible[-1], day):
            return possible[:1]
        return possible
    if len(possible) == 1:
        return possible
    for fits in (
        [at for at in possible if hours.open_at(at, day, as_end=as_end)],
        [at for at in possible if hours.touches(at, day)],
        [at for at in possible if _WAKING[0] <= at < _WAKING[1]],
    ):
        if fits:
            return tuple(fits)
    return possible


def window(
    stretch: Stretch, hours: Hours, day: date | None, parts: Sequence[Part]
) -> tuple[Between, ...]:
    """The stretches of wall time that a spoken stretch can mean; none if it contradicts itself."""
    firsts = _ends(stretch.earliest, hours, day, parts, as_end=False)
    lasts = _ends(stretch.latest, hours, day, parts, as_end=True)
    pairs: list[tuple[int | None, int | None]]
    if stretch.earliest is None or stretch.latest is None:
        pairs = [(first, last) for first in firsts or (None,) for last in lasts or (None,)]
    else:
        pairs = [*_shortest(firsts, lasts, hours, day)]
    if parts:
        return tuple(_clipped(first, last, parts[0], hours, day) for first, last in pairs)
    return tuple(Between(_wall(first), _wall(last)) for first, last in pairs)


def of_part(part: Part, hours: Hours, day: date | None) -> Between:
    """The wall times of a part of the day; opening hours set the ends that hang on them."""
    first, last = _part_ends(part, hours, day)
    return Between(_wall(first), _wall(last))


def at(minutes: int) -> time:
    """The wall time at these minutes since midnight."""
    return time(*divmod(minutes % WHOLE_DAY, 60))


def _minutes(span: tuple[time, time]) -> tuple[int, int]:
    first, last = (end.hour * 60 + end.minute for end in span)
    return first, last if last > first else last + WHOLE_DAY


def dial(spoken: Spoken) -> tuple[int, ...]:
    """The minutes since midnight at which a clock shows this time."""
    if spoken.twelve or (spoken.padded and spoken.minutes < HALF_DAY):
        return spoken.minutes % HALF_DAY, spoken.minutes % HALF_DAY + HALF_DAY
    return (spoken.minutes,)


def within(minutes: int, part: Part) -> bool:
    """Whether people call this time by that part of the day."""
    reach = PARTS[part.key].reach
    return reach[0] <= minutes < reach[1] or reach[0] <= minutes + WHOLE_DAY < reach[1]


def _part_ends(part: Part, hours: Hours, day: date | None) -> tuple[int, int]:
    opens, closes = hours.ends(day)
    known = PARTS[part.key]
    last = known.last if known.last is not None else max(closes, _CLOSES)
    if known.last is None and known.first is not None and closes > known.first:
        last = closes
    first = known.first if known.first is not None else min(opens, last - 60)
    if known.first is not None and first < closes < last:
        last = closes
    return first, last


def _ends(
    end: Spoken | Part | None,
    hours: Hours,
    day: date | None,
    parts: Sequence[Part],
    *,
    as_end: bool,
) -> tuple[int, ...]:
    if end is None:
        return ()
    if isinstance(end, Part):
        return (_part_ends(end, hours, day)[0],)
    return readings(end, hours, day, parts, as_end=as_end)


def _shortest(
    firsts: Sequence[int], lasts: Sequence[int], hours: Hours, day: date | None
) -> list[tuple[int, int]]:
    """The shortest stretches between two readings of their ends, while open if there is any."""
    pairs = [(first, last) for first in firsts for last in lasts if first < last]
    shortest = min((last - first for first, last in pairs), default=0)
    pairs = [(first, last) for first, last in pairs if last - first == shortest]
    return [pair for pair in pairs if hours.open_at(pair[0], day)] or pairs


def _clipped(
    first: int | None, last: int | None, part: Part, hours: Hours, day: date | None
) -> Between:
    """A stretch within a part of the day, which may reach on: "nachmittags ab vier"."""
    part_first, part_last = _part_ends(part, hours, day)
    if first is None:
        first = min(part_first, last - 1) if last is not None else part_first
    if last is None:
        reach = min(PARTS[part.key].reach[1], hours.ends(day)[1])
        last = max(part_last, reach, first + 1)
    return Between(_wall(first), _wall(last))


def _wall(minutes: int | None) -> time | None:
    if minutes is None or minutes % WHOLE_DAY == 0:
        return None
    return at(minutes)
