"""What a caller's words for a day and a time can turn out to mean.

`Meaning` is a closed union. Nothing in it is ever filled in: a value that stands here was said.
Instants are aware UTC, days are days of the line's zone, ends of instants and of times of day
are exclusive, ends of day ranges are inclusive because callers say them so.
"""

from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class Between:
    """A stretch of wall time, the same on whichever day it applies to.

    An end that is `None` was left open: from the opening, or until the closing.
    """

    earliest: time | None = None
    latest: time | None = None

    def __contains__(self, wall: time) -> bool:
        """Whether an appointment may start at this wall time."""
        return (self.earliest is None or self.earliest <= wall) and (
            self.latest is None or wall < self.latest
        )


Clock = time | Between
"""A wall time, or a stretch of it."""


@dataclass(frozen=True, slots=True)
class Instant:
    """One start. `about` is true when it was said to be rough: "gegen drei", "around three"."""

    start: datetime
    about: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One day; no time was said, or any time will do."""

    day: date


@dataclass(frozen=True, slots=True)
class Window:
    """One stretch of time: "Tuesday between two and four", "until Friday noon".

    `None` is an end nobody bounded. A window said for one day ends with that day at the latest.
    """

    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Days:
    """Several days, first and last included, and what was said of the time on each of them.

    `last` is `None` for "from Monday on".
    """

    first: date
    last: date | None
    clock: Clock | None = None


@dataclass(frozen=True, slots=True)
class Soonest:
    """No day, on purpose: "as soon as possible". The next free times answer it."""

    clock: Clock | None = None


@dataclass(frozen=True, slots=True)
class TimeOnly:
    """A time without any day. Ask for the day and keep the time.

    Attributes:
        clocks: One, or both readings of a time that opening hours did not settle.
        any_day: The caller, or the model, said that the day does not matter.
    """

    clocks: tuple[Clock, ...]
    any_day: bool = False


@dataclass(frozen=True, slots=True)
class NeedDate:
    """A day was said and not understood, or does not exist; ask for it.

    Attributes:
        candidates: Days that a good question names, nearest first.
        clock: The time that was said with it, to be kept.
    """

    candidates: tuple[date, ...] = ()
    clock: Clock | None = None


@dataclass(frozen=True, slots=True)
class NeedTime:
    """The day is clear, the time said for it is not or does not exist on it; ask for the time.

    Attributes:
        day: What is already understood.
        candidates: Starts that a good question names.
    """

    day: Day | Days
    candidates: tuple[datetime, ...] = ()


Found = Instant | Day | Window | Days
"""What calendars can be asked for."""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Two or more readings, earliest first; ask which, naming the first two."""

    candidates: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class InThePast:
    """It was understood, and it is over.

    Attributes:
        what: The start, or the end of the stretch, that has passed (aware UTC), or the day if no
            time was said.
    """

    what: datetime | date


@dataclass(frozen=True, slots=True)
class Nothing:
    """Neither a day nor a time was said.

    Attributes:
        any_day: It was said that the day does not matter: "egal wann", "any".
    """

    any_day: bool = False


Meaning = (
    Instant
    | Day
    | Window
    | Days
    | Soonest
    | TimeOnly
    | NeedDate
    | NeedTime
    | Ambiguous
    | InThePast
    | Nothing
)
