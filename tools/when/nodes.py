"""The values that stand behind the capital letters of a phrase while it is being read.

A phrase is first turned into a line of symbols, such as `W next at N uhr`. Lower-case symbols
are plain words of the grammar, capitals carry one of these values.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

HOUR = 60
"""Minutes."""
HALF_DAY = 12 * 60
"""Minutes."""
WHOLE_DAY = 24 * 60
"""Minutes."""

DAYS_OF = {"day": 1, "week": 7}
"""Measures that are a fixed number of days."""

Edge = Literal["start", "mid", "end"]
Measure = Literal["minute", "hour", "day", "week", "month", "year", "weekend"]
Which = Literal["plain", "this", "coming", "next", "after_next", "last"]


@dataclass(frozen=True, slots=True)
class Number:
    """`digits` tells 15 from "fifteen": recognisers write dates and hours differently."""

    letter: ClassVar[str] = "N"
    value: int
    digits: bool


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A day of some month, until a rule makes more of it.

    Attributes:
        value: The number.
        dotted: It is "15.", not "15th".
        spelled: It is a word, such as may also count anything else: "the first opening".
    """

    letter: ClassVar[str] = "O"
    value: int
    dotted: bool = False
    spelled: bool = False


@dataclass(frozen=True, slots=True)
class Dotted:
    """Two numbers with a dot: "4.5", a date or a time. `closed` says that a dot follows."""

    letter: ClassVar[str] = "X"
    first: int
    second: int
    closed: bool
    padded: bool


@dataclass(frozen=True, slots=True)
class Slashed:
    """Two numbers and perhaps a year with slashes, whose order depends on the country."""

    letter: ClassVar[str] = "Z"
    first: int
    second: int
    year: int | None


@dataclass(frozen=True, slots=True)
class Weekday:
    """A weekday (0 = Monday), which of them, and how many weeks after that one."""

    letter: ClassVar[str] = "W"
    value: int
    which: Which = "plain"
    weeks: int = 0


@dataclass(frozen=True, slots=True)
class Month:
    """A month by name, 1 to 12."""

    letter: ClassVar[str] = "M"
    value: int


@dataclass(frozen=True, slots=True)
class Year:
    """A year of four figures."""

    letter: ClassVar[str] = "Y"
    value: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A measure of time: "hours", "Woche"."""

    letter: ClassVar[str] = "U"
    measure: Measure


@dataclass(frozen=True, slots=True)
class Lapse:
    """So much time: "two weeks", "anderthalb Stunden". `half` adds half a unit."""

    letter: ClassVar[str] = "L"
    count: int
    measure: Measure
    half: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day, by its key in `parts.PARTS`."""

    letter: ClassVar[str] = "P"
    key: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A clock time as said.

    Attributes:
        minutes: Since midnight. Below 720 if `twelve`, up to 1440 otherwise.
        twelve: The half of the day was not said.
        padded: Written like "03:30": meant to be a 24-hour time, but models pad what they hear.
        about: Said to be rough.
    """

    letter: ClassVar[str] = "C"
    minutes: int
    twelve: bool
    padded: bool = False
    about: bool = False

    def shifted(self, minutes: int) -> "Spoken":
        """The time so many minutes later on the same dial."""
        dial = HALF_DAY if self.twelve else WHOLE_DAY
        return Spoken((self.minutes + minutes) % dial, self.twelve, self.padded, self.about)


@dataclass(frozen=True, slots=True)
class SpokenChoice:
    """Several clock times that the same words can mean."""

    letter: ClassVar[str] = "V"
    choices: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Between two clock times; an open end is `None`. Parts bound by where they start."""

    letter: ClassVar[str] = "K"
    earliest: Spoken | Part | None = None
    latest: Spoken | Part | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """The days that the words can mean. `exact` were given by number, so they can be over."""

    letter: ClassVar[str] = "D"
    days: tuple[date, ...]
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """From the first day to the last, both included; `last` may be open."""

    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Spans:
    """The stretches of days that the words can mean."""

    letter: ClassVar[str] = "S"
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a stretch that crosses days: "from Monday noon", "until Friday at three"."""

    letter: ClassVar[str] = "B"
    days: tuple[date, ...]
    clock: Spoken | Part
    opens: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant that needs no zone to be understood."""

    letter: ClassVar[str] = "I"
    start: datetime


Node = (
    Number
    | Ordinal
    | Dotted
    | Slashed
    | Weekday
    | Month
    | Year
    | Unit
    | Lapse
    | Part
    | Spoken
    | SpokenChoice
    | Stretch
    | Dates
    | Spans
    | Bound
    | Moment
)
