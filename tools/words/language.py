"""What a language must bring: sentences for every outcome and ways to say days, times and lists.

A language is one value of this class, so the type checker finds a sentence that is missing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Templates and speech of one language. Braces name what is filled in, always speakable."""

    language: str
    """As in requests and business files: `en`, `de`."""

    weekday: Callable[[date], str]
    near_day: Callable[[date, date], str]
    """(day, today) as said in an offer: `tomorrow`, `Tuesday`, `Tuesday, April 14`."""
    full_day: Callable[[date], str]
    """A day with weekday and date, as said in a read-back. Never a year."""
    times_on: Callable[[str, list[datetime]], str]
    """(said day, its local times) as one phrase: `Tuesday at 2:30 or 4 in the afternoon`."""
    clock: Callable[[datetime], str]
    """A local time alone: `2:30 in the afternoon`."""
    either: Callable[[list[str]], str]
    """`a or b`."""
    all_of: Callable[[list[str]], str]
    """`a, b and c`."""

    with_staff: str
    then: str
    """Stands in for a wished time that is no single day."""
    from_to: str
    offer: str
    offer_elsewhen: str
    offer_in_doubt: str
    free_ask_name: str
    read_back: str
    booked: str
    requested: str
    slot_taken: str
    slot_taken_no_other: str
    already_booked: str
    none_free: str
    ask_service: str
    ask_service_among: str
    unknown_service: str
    service_unavailable: str
    ask_day: str
    ask_which_day: str
    ask_time: str
    ask_which_time: str
    ask_what_next: str
    in_the_past: str
    too_soon: str
    too_far: str
    closed: str
    outside_hours: str
    ask_name: str
    ask_name_again: str
    name_noted: str
    name_noted_plainly: str
    """Where nothing but a first name is known: nobody is addressed by that alone."""
    ask_which_person: str
    ask_which_staff: str
    callback_created: str
    not_permitted: str
    limited: str
    calendar_unavailable: str
    technical_fault: str
    """Said when something broke: no promise, no silence."""
