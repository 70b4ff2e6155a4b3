"""What a language must bring: sentences for every outcome and ways to say days, times and lists.

A language is one value of this class, so the type checker finds a sentence that is missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from re import Pattern


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
    quantity: Callable[[timedelta], str]
    """A stretch of time: `24 hours`, `3 days`."""
    money: Callable[[Decimal, str], str]
    """(amount, ISO 4217 code): `12.50 euros`."""
    number: Callable[[Decimal], str]
    either: Callable[[list[str]], str]
    """`a or b`."""
    all_of: Callable[[list[str]], str]
    """`a, b and c`."""

    digits: tuple[str, ...]
    """Zero to nine, as numbers are read out."""
    plus: str
    heard_digits: Mapping[str, str]
    """Other words that callers use for them: `{"oh": "0"}`."""

    anybody: tuple[str, ...]
    """What is said instead of a name by whoever does not mind who it is."""

    later: Pattern[str]
    """What follows a stretch of time when an appointment shall be moved on by it."""
    earlier: Pattern[str]
    same_time: Pattern[str]

    with_staff: str
    without_staff: str
    """`{when} is not free with {staff}`: the start of a sentence about whom else there is."""
    staff_does_not: str
    staff_not_chosen: str
    greeting: str
    """The first words of a call, where they are ours."""
    still_there: str
    """Into a long silence."""
    goodbye: str
    one_moment: str
    """Said while a tool takes its time."""
    then: str
    """Stands in for a wished time that is no single day."""
    from_to: str
    which_suits: str
    """Ends an offer of several slots, and `would_it_suit` that of one."""
    would_it_suit: str
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
    time_passed: str
    too_soon: str
    too_far: str
    closed: str
    closed_on_holiday: str
    """`{holiday}` is its name, uninflected."""
    closed_because: str
    """`{reason}` is as the business wrote it."""
    closed_then: str
    """The same of several days."""
    nothing_until: str
    """Of a stretch too long to be looked through."""
    outside_hours: str
    ask_name: str
    ask_name_again: str
    name_noted: str
    name_noted_plainly: str
    """Where nothing but a first name is known: nobody is addressed by that alone."""
    ask_which_person: str
    ask_which_staff: str
    appointment: str
    """An appointment in full; `slot` is a start with weekday and date."""
    an_appointment: str
    """Where the service has left the business's list."""
    for_person: str
    found: str
    found_next: str
    found_requested: str
    hear_the_other: str
    hear_the_others: str
    none_found: str
    none_found_then: str
    none_found_hidden: str
    ask_which_booking: str
    cancel_read_back: str
    cancelled: str
    cancel_requested: str
    move_read_back: str
    moved: str
    move_requested: str
    unchanged: str
    fee: str
    share_of_price: str
    too_late_to_cancel: str
    too_late_to_move: str
    moved_too_often: str
    cancelled_too_often: str
    already_begun: str
    being_changed: str
    gone_meanwhile: str
    changed_meanwhile: str
    hidden_may_not_change: str
    note_to_cancel: str
    note_to_move: str
    another_time: str
    reason_to_cancel: str
    """For the host, who has it in the calendar."""
    callback_created: str
    """`when` is a time to the minute, or `by_then`."""
    by_then: str
    ask_number: str
    ask_number_again: str
    read_back_number: str
    no_number: str
    callback_note: str
    """For staff, in their language."""
    callback_note_when: str
    somebody: str
    no_reason: str
    not_permitted: str
    limited: str
    calendar_unavailable: str
    technical_fault: str
    """Said when something broke: no promise, no silence."""
