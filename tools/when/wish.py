"""What both texts say together, before it is held against the calendar and the clock."""

from dataclasses import dataclass
from datetime import date

from tools.when import calendar
from tools.when.heard import ClockNode, DayNode, Heard
from tools.when.nodes import Bound, Moment, Ordinal, Part, Weekday


@dataclass(frozen=True, slots=True)
class Wish:
    """A day and a time as said.

    Attributes:
        either: Several days or times are a choice, no contradiction.
        any_day: The day does not matter.
        soon: No day on purpose: the first that is free.
        unread_day: A day was said that was not understood.
        unread_clock: A time was said that was not understood.
    """

    days: tuple[DayNode, ...]
    clocks: tuple[ClockNode, ...]
    parts: tuple[Part, ...]
    bounds: tuple[Bound, ...]
    moments: tuple[Moment, ...]
    either: bool
    any_day: bool
    soon: bool
    unread_day: bool
    unread_clock: bool

    @property
    def names_day(self) -> bool:
        return bool(self.days or self.bounds or self.moments)

    @property
    def names_clock(self) -> bool:
        return bool(self.clocks or self.parts)


def wish_of(day: Heard, time: Heard, *, day_said: bool, time_said: bool, today: date) -> Wish:
    """Join what the text for the day and the text for the time say.

    Args:
        day: Heard in the text for the day.
        time: Heard in the text for the time.
        day_said: The text for the day was not empty.
        time_said: The text for the time was not empty.
        today: Of the line.
    """
    numbers = _day_numbers(day, clock_said=day.speaks_of_clock or time.speaks_of_clock, today=today)
    days = (*day.days, *(numbers or ()), *time.days)
    names_day = bool(days) or day.speaks_of_day or time.speaks_of_day
    lost_day = day_said and day.empty and not time.speaks_of_day
    lost_clock = (time_said and time.empty) or bool(time.numbers) or numbers is None
    return Wish(
        days=days,
        clocks=(*day.clocks, *time.clocks),
        parts=(*day.parts, *time.parts),
        bounds=(*day.bounds, *time.bounds),
        moments=(*day.moments, *time.moments),
        either=day.either or time.either,
        any_day=not names_day and "any" in day.wishes,
        soon=not names_day and "soon" in day.wishes | time.wishes,
        unread_day=day.unread_day or time.unread_day or lost_day or _vague(day, names_day),
        unread_clock=day.unread_clock
        or time.unread_clock
        or lost_clock
        or ("vague" in time.wishes and not time.speaks_of_clock),
    )


def _vague(day: Heard, names_day: bool) -> bool:
    return "vague" in day.wishes and not names_day


def _day_numbers(day: Heard, *, clock_said: bool, today: date) -> tuple[Ordinal, ...] | None:
    """Bare numbers in the text for the day: a day of the month, or `None` if it may be an hour.

    It is one if it stands alone in figures, if the time was said elsewhere, or if the weekday
    beside it falls on it.
    """
    if not day.numbers:
        return ()
    if len(day.numbers) > 1 or day.strange:
        return None
    number = Ordinal(day.numbers[0].value)
    if clock_said or (day.numbers[0].digits and not day.speaks_of_day):
        return (number,)
    match day.days:
        case [Weekday(value=weekday)]:
            days = calendar.day_of_month(number.value, today)
            return (number,) if any(each.weekday() == weekday for each in days) else None
    return None
