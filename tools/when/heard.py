"""What was understood of a text: the nodes that the grammar left, sorted by what they speak of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tools.when import calendar
from tools.when.grammar_clock import CLOCK, FIGURES, hour_of
from tools.when.grammar_dates import DATES, LEFT_DATES
from tools.when.grammar_relative import RELATIVE
from tools.when.grammar_stretches import BOUNDS, PERIODS, STRETCHES
from tools.when.language import Language
from tools.when.nodes import (
    Bound,
    Dates,
    Moment,
    Node,
    Number,
    Ordinal,
    Part,
    Spans,
    Spoken,
    SpokenChoice,
    Stretch,
    Weekday,
)
from tools.when.rules import Line, Setting, run
from tools.when.words import line_of

GRAMMAR = (
    *FIGURES,
    *DATES,
    *PERIODS,
    *RELATIVE,
    *STRETCHES,
    *LEFT_DATES,
    *CLOCK,
    *BOUNDS,
)
"""In this order: what is surest by its shape first, what takes anything last."""

DayNode = Dates | Weekday | Ordinal | Spans
ClockNode = Spoken | SpokenChoice | Stretch

_HARMLESS = frozenset(
    (
        "a",
        "about",
        "am",
        "and",
        "asks",
        "but",
        "dash",
        "given",
        "in",
        "move",
        "of",
        "oh",
        "on",
        "thing",
        "this",
        "to",
        "within",
    )
)
"""Words of the grammar that change nothing where no rule wanted them."""
_WISHES = frozenset({"soon", "any", "blank", "vague"})
_UNREADABLE = frozenset({"every", "midnight", "not", "several", "that", "zone"})
"""Words whose meaning is a question, whatever stands around them."""
_CLOCK_WORDS = frozenset(
    (
        "half",
        "hundred",
        "late",
        "late_in",
        "midnight",
        "no_time",
        "past",
        "quarter",
        "threequarters",
        "uhr",
        "zone",
    )
)
_NOT_BUT = re.compile(r"( not(?: (?!not |but |correct )[^ ]+)+) but(?![^ ])")
"""What is ruled out before what is wanted: "not Monday but Tuesday"."""
_BOUNDS = frozenset({"from", "until", "after", "before", "between", "doubt"})
"""Words that are, or whose object is, not understood; after a day it was hardly another one."""
WORDS_WITHOUT_RULE = _HARMLESS | _WISHES | _UNREADABLE | {"correct", "no_time", "or"}
"""Words that a lexicon may use although no rule reads them."""


@dataclass(slots=True)
class Heard:
    """What one text says, or two that belong together.

    Attributes:
        numbers: Bare numbers that no rule could place.
        wishes: Of `soon`, `any`, `blank` and `vague`, those that were said.
        either: It says "or".
        strange: It holds words that the language does not list.
        unread_day: Something that speaks of a day was not understood.
        unread_clock: Something that speaks of a time was not understood.
    """

    days: list[DayNode] = field(default_factory=list[DayNode])
    clocks: list[ClockNode] = field(default_factory=list[ClockNode])
    parts: list[Part] = field(default_factory=list[Part])
    bounds: list[Bound] = field(default_factory=list[Bound])
    moments: list[Moment] = field(default_factory=list[Moment])
    numbers: list[Number] = field(default_factory=list[Number])
    wishes: set[str] = field(default_factory=set[str])
    either: bool = False
    strange: bool = False
    unread_day: bool = False
    unread_clock: bool = False

    @property
    def speaks_of_day(self) -> bool:
        return bool(self.days or self.bounds or self.moments)

    @property
    def speaks_of_clock(self) -> bool:
        return bool(self.clocks or self.parts or self.bounds or self.moments)

    @property
    def empty(self) -> bool:
        """Nothing in the text speaks of a day or a time, and it is no placeholder either."""
        return not (
            self.speaks_of_day
            or self.speaks_of_clock
            or self.numbers
            or self.wishes
            or self.unread_day
            or self.unread_clock
        )


def hear(
    text: str, languages: Sequence[Language], setting: Setting, *, day_given: bool = False
) -> Heard:
    """Read one text in the language that knows most of its words, the first one if in doubt.

    `day_given` tells a time's text that its day stands elsewhere.
    """
    if not text:
        return Heard()
    language, line = languages[0], line_of(text, languages[0], setting)
    for other in languages[1:] if line.unknown else ():
        heard_in_other = line_of(text, other, setting)
        if heard_in_other.known > line.known and heard_in_other.known >= heard_in_other.unknown:
            language, line = other, heard_in_other
    setting = replace(setting, bare_half=language.bare_half)
    heard = Heard()
    for symbols in _NOT_BUT.sub(r"\1 correct", line.symbols).split(" correct"):
        start = " given" if day_given else ""
        said = _sorted(_read(Line(start + symbols, line.values), language, setting), setting)
        heard = _corrected(heard, said)
    heard.strange = line.unknown > 0
    return heard


def _read(line: Line, language: Language, setting: Setting) -> Line:
    run(language.rules, line, setting)
    run(GRAMMAR, line, setting)
    return line


def _sorted(line: Line, setting: Setting) -> Heard:
    heard = Heard()
    dangling = False
    for node in line.nodes():
        dangling = node == "at" or (dangling and node in _HARMLESS)
        if isinstance(node, str):
            _word(heard, node, in_time=setting.in_time)
        else:
            _keep(heard, node, in_time=setting.in_time)
    if dangling and not heard.speaks_of_clock:
        heard.unread_clock = True
    return heard


def _keep(heard: Heard, node: Node, *, in_time: bool) -> None:
    match node:
        case Dates() | Weekday() | Ordinal() | Spans():
            heard.days.append(node)
        case Spoken() | SpokenChoice() | Stretch():
            heard.clocks.append(node)
        case Part():
            heard.parts.append(node)
        case Bound():
            heard.bounds.append(node)
        case Moment():
            heard.moments.append(node)
        case Number():
            heard.numbers.append(node)
        case _:
            _unread(heard, clock=in_time)


def _word(heard: Heard, word: str, *, in_time: bool) -> None:
    if word in _WISHES:
        heard.wishes.add(word)
    elif word == "or":
        heard.either = True
    elif word not in _HARMLESS and word != "at":
        one_day = any(not isinstance(day, Spans) for day in heard.days)
        clock = word in _CLOCK_WORDS or (word in _BOUNDS and one_day)
        _unread(heard, clock=in_time or clock)


def _unread(heard: Heard, *, clock: bool) -> None:
    if clock:
        heard.unread_clock = True
    else:
        heard.unread_day = True


def _placed(before: Heard, after: Heard) -> Heard:
    """A bare number that corrects a time is an hour; one that corrects a day is a day's."""
    if len(after.numbers) != 1:
        return after
    number = after.numbers[0].value
    hour = hour_of(number)
    if before.clocks and hour and not after.speaks_of_clock:
        return replace(after, numbers=[], clocks=[hour])
    if before.days and not after.speaks_of_day:
        return replace(after, numbers=[], days=[Ordinal(number)])
    return after


def _corrected(before: Heard, after: Heard) -> Heard:
    """What stands after "no, I mean" replaces what it speaks of; the rest stays."""
    if after.empty:
        return before
    after = _placed(before, after)
    days: Sequence[DayNode] = after.days
    match before.days, after.days:
        case [Dates(days=(day,))], [Ordinal(value=number)]:
            moved = calendar.make(day.year, day.month, number)
            days = [Dates((moved,), exact=True)] if moved else days
    if not after.speaks_of_day:
        after = replace(after, days=before.days, bounds=before.bounds, moments=before.moments)
        after.unread_day = after.unread_day or before.unread_day
    else:
        after = replace(after, days=list(days))
    if not after.speaks_of_clock:
        after = replace(after, clocks=before.clocks, parts=before.parts)
        after.unread_clock = after.unread_clock or before.unread_clock
    return after
