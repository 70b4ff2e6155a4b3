"""Phrase files of dates: each item through the resolver that all tools use."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from evals.grading import Grade
from tools.when.meaning import (
    Ambiguous,
    Between,
    Clock,
    Day,
    Days,
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
from tools.when.resolve import resolve

_ROUGHLY = timedelta(minutes=30)
"""How far on either side "around three" reaches."""
_MIDNIGHT_AT_THE_END = "24:00"

Wanted = Mapping[str, Any]
Ends = tuple[datetime | None, datetime | None]
"""Instants, the end exclusive; `None` is open."""


def grade(item: Mapping[str, Any]) -> Grade:
    """Grade one item; a day or a time taken that is not accepted is a silent error."""
    zone = ZoneInfo(item["tz"])
    now = datetime.fromisoformat(item["now"])
    hours = item.get("hours")
    meaning = resolve(
        item["date_text"],
        item["time_text"],
        now=now,
        zone=zone,
        language=item["lang"],
        hours=(_wall(hours[0]), _wall(hours[1])) if hours else None,
    )
    wanted = item["expect"]
    right = _accepted(meaning, wanted, zone, now) or bool(_kinds(meaning) & _further(wanted))
    return Grade(
        right=right,
        silent_wrong=not right and _took_something(meaning, wanted["kind"]),
        got=repr(meaning),
    )


def _accepted(meaning: Meaning, wanted: Wanted, zone: ZoneInfo, now: datetime) -> bool:
    kind = wanted["kind"]
    if kind == "ambiguous" and _is_question(meaning):
        return True
    if any(_is_alternative(meaning, each, zone, now) for each in wanted.get("alternatives", ())):
        return True
    match kind:
        case "instant" | "date":
            return _is_alternative(meaning, wanted["start"], zone, now)
        case "range":
            return _is_range(meaning, wanted, zone, now)
        case _:
            return kind in _kinds(meaning)


def _is_alternative(meaning: Meaning, wanted: str | Wanted, zone: ZoneInfo, now: datetime) -> bool:
    if not isinstance(wanted, str):
        return _accepted(meaning, wanted, zone, now)
    match meaning:
        case Instant(start=start) if "T" in wanted:
            return _same_instant(start, wanted, zone)
        case Day(day=day) if "T" not in wanted:
            return day == date.fromisoformat(wanted)
        case _:
            return False


def _same_instant(start: datetime, wanted: str, zone: ZoneInfo) -> bool:
    """Local wall time decides, unless the item gives an offset."""
    expected = datetime.fromisoformat(wanted)
    if expected.tzinfo is not None:
        return start == expected
    return start.astimezone(zone).replace(tzinfo=None) == expected


def _is_range(meaning: Meaning, wanted: Wanted, zone: ZoneInfo, now: datetime) -> bool:
    ends = _ends(meaning, zone, now)
    if ends is None:
        return False
    first, last = wanted.get("start"), wanted.get("end")
    in_days = not any("T" in end for end in (first, last) if end)
    slack = timedelta(minutes=wanted.get("slack_min", 0), days=wanted.get("slack_days", 0))
    wanted_start = _edge(first, zone, after=False)
    wanted_end = _edge(last, zone, after=in_days)
    return _start_fits(
        ends[0], wanted_start, slack, is_open=bool(wanted.get("open_start"))
    ) and _end_fits(ends[1], wanted_end, slack, is_open=bool(wanted.get("open_end")))


def _start_fits(
    got: datetime | None, wanted: datetime | None, slack: timedelta, *, is_open: bool
) -> bool:
    if got is None or wanted is None:
        return wanted is None or is_open
    return (is_open or got >= wanted - slack) and got <= wanted + slack


def _end_fits(
    got: datetime | None, wanted: datetime | None, slack: timedelta, *, is_open: bool
) -> bool:
    if got is None or wanted is None:
        return wanted is None or is_open
    return (is_open or got <= wanted + slack) and got >= wanted - slack


def _edge(text: str | None, zone: ZoneInfo, *, after: bool) -> datetime | None:
    """An end of a wanted range; `after` makes a last day the start of the next."""
    if text is None:
        return None
    if "T" not in text:
        day = date.fromisoformat(text) + timedelta(days=1 if after else 0)
        return datetime.combine(day, time.min, zone).astimezone(UTC)
    if text.endswith(_MIDNIGHT_AT_THE_END):
        return _edge(text.split("T", maxsplit=1)[0], zone, after=True)
    edge = datetime.fromisoformat(text)
    return (edge if edge.tzinfo else edge.replace(tzinfo=zone)).astimezone(UTC)


def _ends(meaning: Meaning, zone: ZoneInfo, now: datetime) -> Ends | None:
    match meaning:
        case Window(start=start, end=end):
            return start, end
        case Day(day=day):
            return _day_ends(day, day, None, zone)
        case Days(first=first, last=last, clock=clock):
            return _day_ends(first, last, clock, zone)
        case Soonest():
            return now, None
        case Instant(start=start, about=True):
            return start - _ROUGHLY, start + _ROUGHLY
        case _:
            return None


def _day_ends(first: date, last: date | None, clock: Clock | None, zone: ZoneInfo) -> Ends:
    between = clock if isinstance(clock, Between) else Between(clock, clock)
    start = datetime.combine(first, between.earliest or time.min, zone).astimezone(UTC)
    if last is None:
        return start, None
    if between.latest is None:
        last += timedelta(days=1)
    return start, datetime.combine(last, between.latest or time.min, zone).astimezone(UTC)


def _kinds(meaning: Meaning) -> set[str]:
    """The kinds of outcome that a meaning is. A question about days is also a `need_date`."""
    match meaning:
        case Instant(about=about):
            return {"instant", "range"} if about else {"instant"}
        case Day():
            return {"date"}
        case Window() | Days() | Soonest():
            return {"range"}
        case TimeOnly() | NeedDate() | Nothing():
            return {"need_date"}
        case NeedTime():
            return {"need_time"}
        case InThePast():
            return {"in_the_past"}
        case Ambiguous(candidates=candidates):
            starts = [each.start for each in candidates if isinstance(each, Instant)]
            same_day = len(starts) == len(candidates) and max(starts) - min(starts) < timedelta(
                days=1
            )
            return {"ambiguous", "need_time" if same_day else "need_date"}


def _is_question(meaning: Meaning) -> bool:
    return isinstance(meaning, Ambiguous | NeedDate | NeedTime | TimeOnly | Nothing)


def _took_something(meaning: Meaning, kind: str) -> bool:
    """Whether a day or a time was taken. "As soon as possible" takes neither."""
    if isinstance(meaning, Soonest):
        return kind != "need_date"
    return isinstance(meaning, Instant | Day | Window | Days)


def _further(wanted: Wanted) -> set[str]:
    kinds = wanted.get("or_kind", ())
    return {kinds} if isinstance(kinds, str) else set(kinds)


def _wall(text: str) -> time:
    """A wall time; `24:00`, which Python does not know, is midnight."""
    return time.min if text == _MIDNIGHT_AT_THE_END else time.fromisoformat(text)
