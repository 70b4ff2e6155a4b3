"""A wish held against the calendar, the opening hours and the clock: its meaning."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from tools.when import days as day_words
from tools.when import wall
from tools.when.clock import Hours, at, dial, of_part, readings, window
from tools.when.meaning import (
    Ambiguous,
    Between,
    Clock,
    Day,
    Days,
    Found,
    Instant,
    InThePast,
    Meaning,
    NeedDate,
    NeedTime,
    Nothing,
    Soonest,
    TimeOnly,
    Window,
)
from tools.when.nodes import WHOLE_DAY, Bound, Part, Span, Spoken, SpokenChoice, Stretch
from tools.when.rules import Setting
from tools.when.wish import Wish

_Minutes = int | Between
"""A start in minutes since midnight, up to 1440, or a stretch."""


def settle(wish: Wish, setting: Setting, hours: Hours) -> Meaning:
    """The meaning of a wish; a question wherever it has more than one or none."""
    if wish.unread_day:
        return NeedDate(clock=_first_clock(wish, hours))
    if wish.unread_clock and (wish.moments or wish.bounds):
        return NeedDate()
    if wish.moments:
        return _moment(wish, setting, hours)
    if wish.bounds:
        return _bounded(wish, setting, hours)
    if not wish.days:
        return _without_day(wish, hours)
    candidates = day_words.of(wish.days, setting.today, either=wish.either)
    if not candidates.spans:
        return NeedDate(clock=_first_clock(wish, hours))
    if candidates.doubtful:
        return _doubtful(candidates.spans, wish, setting, hours)
    if wish.unread_clock:
        return _without_clock(candidates.spans, setting)
    return _chosen(candidates.spans, wish, setting, hours)


def _without_day(wish: Wish, hours: Hours) -> Meaning:
    clocks = _clocks(wish, hours, None)
    if wish.soon:
        return Soonest(_clock(clocks[0]) if len(clocks) == 1 else None)
    if wish.unread_clock:
        return NeedDate()
    if not wish.names_clock:
        return Nothing(wish.any_day)
    return TimeOnly(tuple(map(_clock, clocks)), wish.any_day) if clocks else NeedDate()


def _doubtful(spans: Sequence[Span], wish: Wish, setting: Setting, hours: Hours) -> NeedDate:
    ahead = [span.first for span in spans if span.first >= setting.today]
    return NeedDate(tuple(ahead), _first_clock(wish, hours))


def _without_clock(spans: Sequence[Span], setting: Setting) -> Meaning:
    found = [day for day in (_days(span, setting, None) for span in spans) if day]
    if not found:
        return InThePast(spans[-1].first)
    if len(found) > 1:
        return Ambiguous(tuple(found))
    return NeedTime(found[0])


def _chosen(spans: Sequence[Span], wish: Wish, setting: Setting, hours: Hours) -> Meaning:
    """All readings of the days with all readings of the time, without what is over."""
    open_ended: list[Found] = []
    past: list[datetime | date] = []
    for span in spans:
        day = span.first if span.first == span.last else None
        clocks = _clocks(wish, hours, day)
        if len(spans) > 1 and len(clocks) > 1:
            return _without_clock(spans, setting)
        if wish.names_clock and not clocks:
            known = _days(span, setting, None)
            return NeedTime(known) if known else InThePast(span.first)
        for clock in clocks or (None,):
            found = (
                _on_days(span, clock, setting)
                if day is None
                else _on_day(day, clock, setting, wish)
            )
            if isinstance(found, NeedTime):
                return found
            for each in found:
                if _over(each, setting):
                    past.append(_what_passed(each))
                else:
                    open_ended.append(each)
    return _one_of(open_ended, past)


def _one_of(found: Sequence[Found], past: Sequence[datetime | date]) -> Meaning:
    unique = list(dict.fromkeys(found))
    if len(unique) == 1:
        return unique[0]
    if unique:
        return Ambiguous(tuple(unique))
    return InThePast(past[0]) if past else NeedDate()


def _on_day(
    day: date, clock: _Minutes | None, setting: Setting, wish: Wish
) -> Sequence[Found] | NeedTime:
    if clock is None:
        return [Day(day)]
    if isinstance(clock, Between):
        start = wall.start_of(day, clock.earliest, setting.zone)
        return [Window(start, wall.end_of(day, clock.latest, setting.zone))]
    if clock == WHOLE_DAY:
        day, clock = day + timedelta(days=1), 0
    about = any(isinstance(node, Spoken) and node.about for node in wish.clocks)
    instants = wall.instants(day, at(clock), setting.zone)
    if not instants:
        return NeedTime(Day(day), wall.around_gap(day, at(clock), setting.zone))
    return [Instant(start, about) for start in instants]


def _on_days(span: Span, clock: _Minutes | None, setting: Setting) -> Sequence[Found]:
    found = _days(span, setting, _clock(clock) if clock is not None else None)
    return [found or Days(span.first, span.last)]


def _days(span: Span, setting: Setting, clock: Clock | None) -> Day | Days | None:
    """A stretch of days from today on, or `None` if it is over."""
    if span.last is not None and span.last < setting.today:
        return None
    first = max(span.first, setting.today)
    if first == span.last and clock is None:
        return Day(first)
    return Days(first, span.last, clock)


def _clocks(wish: Wish, hours: Hours, day: date | None) -> tuple[_Minutes, ...]:
    """The readings of the time, on this day; none if none was said or it contradicts itself."""
    times = [node for node in wish.clocks if isinstance(node, Spoken)]
    stretches = [node for node in wish.clocks if isinstance(node, Stretch)]
    choices = [node for node in wish.clocks if isinstance(node, SpokenChoice)]
    if choices:
        times += choices[0].choices
    if times:
        starts = _starts(times, wish.parts, hours, day)
        windows = [each for node in stretches for each in window(node, hours, day, wish.parts)]
        if windows:
            starts = tuple(start for start in starts if any(at(start) in each for each in windows))
        return starts
    if stretches:
        return _met([window(node, hours, day, wish.parts) for node in stretches])
    return _parts(wish.parts, hours, day)


def _starts(
    times: Sequence[Spoken], parts: Sequence[Part], hours: Hours, day: date | None
) -> tuple[int, ...]:
    """Two words for one time decide each other's half of the day; else each is a reading."""
    both = set.intersection(*(set(dial(time)) for time in times))
    exact = [time for time in times if len(dial(time)) == 1]
    if both and exact:
        return readings(exact[0], hours, day, parts)
    found: dict[int, None] = {}
    for each in times[:1] if both else times:
        found |= dict.fromkeys(readings(each, hours, day, parts))
    return tuple(found)


def _parts(parts: Sequence[Part], hours: Hours, day: date | None) -> tuple[Between, ...]:
    if not parts:
        return ()
    windows = [of_part(part, hours, day) for part in parts]
    return _met([(each,) for each in windows]) or tuple(windows)


def _met(stretches: Sequence[Sequence[Between]]) -> tuple[Between, ...]:
    """What all stretches have in common, in each of their readings."""
    found: list[Between] = list(stretches[0])
    for others in stretches[1:]:
        found = [both for one in found for other in others if (both := _intersected(one, other))]
    return tuple(dict.fromkeys(found))


def _intersected(one: Between, other: Between) -> Between | None:
    earliest = max((each.earliest for each in (one, other) if each.earliest), default=None)
    latest = min((each.latest for each in (one, other) if each.latest), default=None)
    if earliest and latest and earliest >= latest:
        return None
    return Between(earliest, latest)


def _first_clock(wish: Wish, hours: Hours) -> Clock | None:
    clocks = _clocks(wish, hours, None)
    return _clock(clocks[0]) if len(clocks) == 1 else None


def _clock(minutes: _Minutes) -> Clock:
    return minutes if isinstance(minutes, Between) else at(minutes)


def _moment(wish: Wish, setting: Setting, hours: Hours) -> Meaning:
    starts = {node.start for node in wish.moments}
    local = [start.astimezone(setting.zone) for start in starts]
    found: list[Found] = [Instant(start) for start in sorted(starts)]
    if wish.days:
        spans = day_words.of(wish.days, setting.today).spans
        if not any(
            span.first <= each.date() <= (span.last or each.date())
            for span in spans
            for each in local
        ):
            return NeedDate(
                tuple(sorted({each.date() for each in local} | {span.first for span in spans}))
            )
    clocks = _clocks(wish, hours, local[0].date())
    if clocks and not any(_fits(each.time(), clock) for each in local for clock in clocks):
        return NeedTime(Day(local[0].date()), tuple(sorted(starts)))
    past = [each.start for each in found if isinstance(each, Instant) and _over(each, setting)]
    return _one_of([each for each in found if not _over(each, setting)], past)


def _fits(local: time, clock: _Minutes) -> bool:
    return local in clock if isinstance(clock, Between) else local == at(clock)


def _bounded(wish: Wish, setting: Setting, hours: Hours) -> Meaning:
    """Stretches whose ends lie on different days: "from Monday noon until Wednesday at three"."""
    opens = [bound for bound in wish.bounds if bound.opens]
    closes = [bound for bound in wish.bounds if not bound.opens]
    if wish.days or wish.names_clock or wish.unread_clock or len(opens) > 1 or len(closes) > 1:
        return NeedDate()
    starts = _ends(opens, setting, hours) if opens else (None,)
    ends = _ends(closes, setting, hours) if closes else (None,)
    found: list[Found] = [
        Window(start or setting.now.astimezone(UTC), end)
        for start in starts
        for end in ends
        if start is None or end is None or start < end
    ]
    past = [_what_passed(each) for each in found if _over(each, setting)]
    return _one_of([each for each in found if not _over(each, setting)], past)


def _ends(bounds: Sequence[Bound], setting: Setting, hours: Hours) -> tuple[datetime | None, ...]:
    return tuple(
        end for bound in bounds for day in bound.days for end in _end(bound, day, setting, hours)
    )


def _end(bound: Bound, day: date, setting: Setting, hours: Hours) -> Iterable[datetime]:
    if isinstance(bound.clock, Part):
        part = of_part(bound.clock, hours, day)
        if bound.opens:
            return [wall.start_of(day, part.earliest, setting.zone)]
        return [wall.end_of(day, part.latest, setting.zone)]
    return [
        wall.start_of(day, at(minutes), setting.zone)
        for minutes in readings(bound.clock, hours, day, as_end=not bound.opens)
    ]


def _over(found: Found, setting: Setting) -> bool:
    now = setting.now
    match found:
        case Instant(start=start):
            return start < now
        case Day(day=day):
            return day < setting.today
        case Window(end=end):
            return end is not None and end <= now
        case Days(last=last):
            return last is not None and last < setting.today


def _what_passed(found: Found) -> datetime | date:
    match found:
        case Instant(start=start):
            return start
        case Day(day=day):
            return day
        case Window(start=start, end=end):
            return end or start or datetime.max.replace(tzinfo=UTC)
        case Days(first=first):
            return first
