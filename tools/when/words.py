"""From text to symbols: figures by their shape, words by the language's lexicon."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import cast

from tools.when import calendar
from tools.when.language import Language
from tools.when.lexicon import folded
from tools.when.nodes import (
    HALF_DAY,
    HOUR,
    WHOLE_DAY,
    Dates,
    Dotted,
    Measure,
    Moment,
    Month,
    Node,
    Number,
    Ordinal,
    Part,
    Slashed,
    Spoken,
    Unit,
    Weekday,
    Year,
)
from tools.when.rules import Line, Setting

_IN_A_WORD = re.compile(r"(?<=\w)['’‘`´\"](?=\w)")
_MERIDIEM = re.compile(r"\b([ap])\s?\.\s?m\b\.?")
_CENTURY, _LAST_CENTURY = 2000, 60
GAP = "gap"
"""Where a word stood that the language does not list."""
_YEARS = range(1900, 2200)
_MINUTES = range(60)
_SHORTEST_CLOCK, _LONGEST_CLOCK = 3, 4
"""Figures of a time without a colon: 930, 1430."""
_FIGURES = re.compile(
    r"""
      (?P<iso>\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2})
        (?:[t\s]\s*(?P<iso_time>\d{1,2}:\d{2})(?::\d{2}(?:[.,]\d+)?)?
        \s*(?P<offset>z|[+-]\d{2}:?\d{2})?(?![\d:]))?
    | (?P<dated>\d{1,2})\s?\.\s?(?P<dated_month>\d{1,2})\s?\.\s?
        (?P<dated_year>\d{4}|\d{2})(?![\d.:])(?!\s?uhr)
    | (?P<slashed>\d{1,2})/(?P<slashed_second>\d{1,2})(?:/(?P<slashed_year>\d{4}|\d{2}))?(?![\d/])
    | (?P<dashed>\d{1,2})-(?P<dashed_second>\d{1,2})-(?P<dashed_year>\d{4})(?!\d)
    | (?P<hour>\d{1,2})(?::|h(?=\d))(?P<minute>\d{2})(?::\d{2})?(?!\d)
    | (?P<dotted>\d{1,2})\.\s?(?P<dotted_second>\d{1,2})(?P<closed>\.)?(?!\d)
    | (?P<ordinal>\d{1,2})(?:st|nd|rd|th|ten|te|ter|tes|er)(?![^\W\d_])
    | (?P<ordinal_dot>\d{1,2})\.(?!\d)
    | (?P<number>\d+)
    | (?P<hyphen>(?<=[^\W\d_])-(?=[^\W\d_]))
    | (?P<dash>[-–—])
    | (?P<word>[^\W\d_]+)
    """,
    re.VERBOSE,
)


def line_of(text: str, language: Language, setting: Setting) -> Line:
    """The symbols of a text. Words that the language does not list leave no trace."""
    line = Line()
    pieces, hyphened = _pieces(text, language)
    words = [match["word"] or "" for match in pieces]
    position = 0
    while position < len(pieces):
        if position in hyphened:
            line.symbols += line.put("dash")
        match = pieces[position]
        if match["word"]:
            nodes, taken = _split(words, position, language, setting)
            if not taken:
                nodes, taken = _listed(words, position, language, setting)
            line.known += taken
            if not taken:
                mended = language.lexicon.mended(match["word"]) or (GAP,)
                nodes = [_node(symbol, setting) for symbol in mended]
                line.unknown += 1
        else:
            nodes, taken = _figure(match, language, setting), 1
        line.symbols += "".join(map(line.put, nodes))
        position += taken or 1
    _close_gaps(line)
    return line


def _close_gaps(line: Line) -> None:
    """Forget where unknown words were, but where one may be a day or belong to a number."""
    symbols = line.symbols.split()
    kept: list[str] = []
    for position, symbol in enumerate(symbols):
        if symbol != GAP:
            kept.append(symbol)
        elif kept and _counts(line, symbols, position - 1):
            kept[-1] = "doubt"
        elif _stands_for_a_day(following := symbols[position + 1 :]) or (
            kept[-1:] in (["uhr"], ["on"]) and _is_number(following)
        ):
            kept.append("doubt")
    line.symbols = "".join(f" {symbol}" for symbol in kept)


def _stands_for_a_day(following: Sequence[str]) -> bool:
    """Whether a month follows that has no other day: "the frteenth of may"."""
    words = [symbol for symbol in following if symbol not in ("of", "on")][:2]
    return bool(words) and words[0][0] == "M" and not (len(words) > 1 and words[1][0] in "ON")


def _is_number(following: Sequence[str]) -> bool:
    """Whether a number is next, which counts something else: "16 Uhr, Zimmer 12"."""
    dated = len(following) > 1 and following[1][0] in "MY"
    return bool(following) and following[0].startswith("N") and not dated


def _counts(line: Line, symbols: Sequence[str], position: int) -> bool:
    """Whether an ordinal may count what follows; the second of two is a month."""
    return _is_spelled_ordinal(line, symbols[position]) and not (
        position and _is_spelled_ordinal(line, symbols[position - 1])
    )


def _is_spelled_ordinal(line: Line, symbol: str) -> bool:
    node = line.values[int(symbol[1:])] if symbol.startswith("O") else None
    return isinstance(node, Ordinal) and node.spelled


def _split(
    words: Sequence[str], position: int, language: Language, setting: Setting
) -> tuple[list[Node | str], int]:
    """The value of a day that a recogniser wrote as two words: "thurs day", "drit ten"."""
    symbols = language.lexicon.joined(*words[position : position + 2])
    return [_node(symbol, setting) for symbol in symbols], 2 if symbols else 0


def _listed(
    words: Sequence[str], position: int, language: Language, setting: Setting
) -> tuple[list[Node | str], int]:
    symbols, taken = language.lexicon.longest(words, position)
    return [_node(symbol, setting) for symbol in symbols], taken


def _pieces(text: str, language: Language) -> tuple[list[re.Match[str]], set[int]]:
    """The words and figures of a text, and which of them hang on the one before by a hyphen."""
    plain = folded(unicodedata.normalize("NFKC", text))
    plain = _MERIDIEM.sub(r"\1m", _IN_A_WORD.sub("", plain))
    pieces: list[re.Match[str]] = []
    hyphened: set[int] = set()
    for match in _FIGURES.finditer(plain):
        if match["hyphen"]:
            hyphened.add(len(pieces))
        elif match["word"] not in language.hesitations:
            pieces.append(match)
    return pieces, hyphened


def _feast(value: str, setting: Setting) -> Node | str:
    """A feast by its date, by its days from Easter Sunday, or as the fourth Thursday of a month."""
    found: date | None
    if "/" in value:
        month, nth, weekday = map(int, value.split("/"))
        found = calendar.nth_weekday(month, nth, weekday, setting.today)
    elif value[0] in "+-":
        found = calendar.from_easter(int(value), setting.today)
    else:
        found = calendar.in_year(int(value[:2]), int(value[2:]), setting.today)
    return Dates((found,), exact=True) if found else "unreadable"


VALUES: Mapping[str, Callable[[str, Setting], Node | str]] = {
    "number": lambda value, _: Number(int(value), digits=False),
    "ordinal": lambda value, _: Ordinal(int(value), spelled=True),
    "weekday": lambda value, _: Weekday(int(value)),
    "month": lambda value, _: Month(int(value)),
    "year": lambda value, _: Year(int(value)),
    "day": lambda value, setting: Dates((calendar.plus(setting.today, int(value)),)),
    "clock": lambda value, _: Spoken(int(value), twelve=False),
    "part": lambda value, _: Part(value),
    "unit": lambda value, _: Unit(cast("Measure", value)),
    "feast": _feast,
}
"""What the symbols of a lexicon with a colon become."""


def _node(symbol: str, setting: Setting) -> Node | str:
    kind, colon, value = symbol.partition(":")
    return VALUES[kind](value, setting) if colon else symbol


def _figure(match: re.Match[str], language: Language, setting: Setting) -> list[Node | str]:
    if match["iso"]:
        return _iso(match)
    if match["dated"]:
        return [_dated(match["dated_year"], match["dated_month"], match["dated"])]
    for kind in ("slashed", "dashed"):
        if match[kind]:
            year = match[f"{kind}_year"]
            second = int(match[f"{kind}_second"])
            return [Slashed(int(match[kind]), second, _year(year) if year else None)]
    if match["hour"]:
        return [_clock(match["hour"], match["minute"])]
    if match["dotted"]:
        return [
            Dotted(
                int(match["dotted"]),
                int(match["dotted_second"]),
                closed=bool(match["closed"]),
                padded=len(match["dotted_second"]) > 1,
            )
        ]
    if match["ordinal"]:
        return [Ordinal(int(match["ordinal"]))]
    if match["ordinal_dot"]:
        value = int(match["ordinal_dot"])
        return [
            Ordinal(value, dotted=True) if language.dotted_ordinals else Number(value, digits=True)
        ]
    if match["number"]:
        return [_number(match["number"], setting)]
    return ["dash"]


def _iso(match: re.Match[str]) -> list[Node | str]:
    year, month, day = match["iso"].replace("/", "-").split("-")
    dates = _dated(year, month, day)
    if not match["iso_time"] or isinstance(dates, str):
        return [dates]
    hour, minute = map(int, match["iso_time"].split(":"))
    minutes = hour * HOUR + minute
    if minutes > WHOLE_DAY or minute not in _MINUTES:
        return [dates, "no_time"]
    if match["offset"]:
        midnight = f"{dates.days[0]:%Y-%m-%d}T00:00:00{match['offset'].replace('z', '+00:00')}"
        try:
            start = datetime.fromisoformat(midnight) + timedelta(minutes=minutes)
        except ValueError:
            return ["unreadable"]
        return [Moment(start.astimezone(UTC))]
    return [dates, Spoken(minutes, twelve=False)] if minutes else [dates]


def _dated(year: str, month: str, day: str) -> Dates | str:
    number = _year(year)
    found = calendar.make(number, int(month), int(day)) if number in _YEARS else None
    return Dates((found,), exact=True) if found else "unreadable"


def _year(text: str) -> int:
    """A year; of two figures, those that lie far ahead are of the last century: birthdays."""
    if len(text) > len("26"):
        return int(text)
    return int(text) + _CENTURY - (100 if int(text) >= _LAST_CENTURY else 0)


def _clock(hour: str, minute: str) -> Spoken | str:
    minutes = int(hour) * 60 + int(minute)
    if minutes > WHOLE_DAY or int(minute) not in _MINUTES:
        return "no_time"
    padded = hour.startswith("0") and int(hour) > 0
    return spoken(minutes, padded=padded)


def spoken(minutes: int, *, padded: bool = False) -> Spoken:
    """A clock time by its figures: from one to a quarter to one either half of the day is meant."""
    twelve = HOUR <= minutes < HALF_DAY + HOUR and not padded
    return Spoken(minutes % HALF_DAY if twelve else minutes, twelve, padded)


def _number(text: str, setting: Setting) -> Node | str:
    if len(text) > _LONGEST_CLOCK or (len(text) == _SHORTEST_CLOCK and text[0] == "0"):
        return "unreadable"
    if len(text) == _LONGEST_CLOCK and not setting.in_time and int(text) in _YEARS:
        return Year(int(text))
    if len(text) >= _SHORTEST_CLOCK:
        return _clock(text[:-2], text[-2:])
    return Number(int(text), digits=True)
