"""English."""

import re
from datetime import date, datetime, timedelta

from tools.words.cldr import day_of_month_and_month, money, number, quantity, weekday
from tools.words.language import Words

_LOCALE = "en_US"
_NAMED_WITHIN = timedelta(days=7)


def _near_day(day: date, today: date) -> str:
    if day == today:
        return "today"
    if day == today + timedelta(days=1):
        return "tomorrow"
    if today < day < today + _NAMED_WITHIN:
        return weekday(day, _LOCALE)
    return _full_day(day)


def _full_day(day: date) -> str:
    return f"{weekday(day, _LOCALE)}, {day_of_month_and_month(day, _LOCALE)}"


def _part_of_day(time: datetime) -> str:
    if time.hour < 12:  # noqa: PLR2004 - the clock's own numbers
        return "in the morning"
    return "in the afternoon" if time.hour < 18 else "in the evening"  # noqa: PLR2004


def _clock(time: datetime) -> str:
    """`2:30`; the part of the day is said once for a whole list."""
    if (time.hour, time.minute) == (12, 0):
        return "noon"
    return f"{(time.hour - 1) % 12 + 1}" + (f":{time.minute:02}" if time.minute else "")


def _full_clock(time: datetime) -> str:
    said = _clock(time)
    return said if said == "noon" else f"{said} {_part_of_day(time)}"


def _times_on(day: str, times: list[datetime]) -> str:
    parts: list[str] = []
    for position, time in enumerate(times):
        last_of_its_part = position + 1 == len(times) or _part_of_day(
            times[position + 1]
        ) != _part_of_day(time)
        parts.append(_full_clock(time) if last_of_its_part else _clock(time))
    day = f"{day}," if "," in day else day
    return f"{day} at {_either(parts)}"


def _either(parts: list[str]) -> str:
    return " or ".join(parts)


def _all_of(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


WORDS = Words(
    language="en",
    weekday=lambda day: weekday(day, _LOCALE),
    near_day=_near_day,
    full_day=_full_day,
    times_on=_times_on,
    clock=_full_clock,
    quantity=lambda stretch: quantity(stretch, _LOCALE),
    money=lambda amount, currency: money(amount, currency, _LOCALE),
    number=lambda value: number(value, _LOCALE),
    either=_either,
    all_of=_all_of,
    digits=("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    plus="plus",
    heard_digits={"oh": "0", "o": "0", "nought": "0"},
    anybody=(
        "any",
        "anybody",
        "anyone",
        "whoever",
        "who ever is free",
        "whoever is free",
        "someone",
        "somebody",
        "either",
        "either one",
        "no preference",
        "i don't mind",
        "don't mind",
        "does not matter",
        "doesn't matter",
        "first available",
        "any staff",
        "all",
    ),
    later=re.compile(r"\blater\b", re.IGNORECASE),
    earlier=re.compile(r"\b(earlier|sooner)\b", re.IGNORECASE),
    same_time=re.compile(r"\b(at )?(the )?same (time|hour)\b", re.IGNORECASE),
    with_staff="with {staff}",
    without_staff="{when} is not free with {staff}.",
    staff_does_not="For {service}, I cannot book {staff}. Would {others} suit you?",
    staff_not_chosen=(
        "For {service}, you see whoever is free; I cannot promise {staff}. Is that all right?"
    ),
    greeting="{business}, hello. How can I help?",
    still_there="Are you still there?",
    goodbye="Thank you for calling. Goodbye.",
    one_moment="One moment, please.",
    then="then",
    from_to="from {opens} to {closes}",
    which_suits="Which suits you?",
    would_it_suit="Would that suit you?",
    offer="I have {slots}.",
    offer_elsewhen="{when} is not free, but I have {slots}.",
    offer_in_doubt="Our calendar is slow, but I should have {slots}.",
    free_ask_name="{slot} is free. What name is it for?",
    read_back="{service} on {slot}, for {name}. Shall I book it?",
    booked="Booked: {slot}.",
    requested=(
        "I have noted {service} on {slot}. That is not confirmed yet; we will let you know."
    ),
    slot_taken="Sorry, that time has just been taken. I have {slots}.",
    slot_taken_no_other="Sorry, that time has just been taken. Which other day suits you?",
    already_booked="You already have an appointment then: {bookings}. What would you like to do?",
    none_free="I have nothing free {when}. Is there another day that suits you?",
    ask_service="What would you like to come in for?",
    ask_service_among="Would that be {services}?",
    unknown_service="I am afraid we do not offer that. Would {services} help you?",
    service_unavailable="I cannot book {service} by phone just now. Shall someone call you back?",
    ask_day="Which day would suit you?",
    ask_which_day="Do you mean {days}?",
    ask_time="What time would suit you?",
    ask_which_time="Do you mean {times}?",
    ask_what_next="How can I help you?",
    in_the_past="That is already past; today is {today}. Which day do you mean?",
    time_passed="{time} has already passed.",
    too_soon="That is too soon for us to prepare.",
    too_far="We do not book that far ahead yet; the last day is {day}.",
    closed="We are closed on {day}.",
    closed_then="We are closed on those days.",
    nothing_until="I have found no time until {day}. Which day after that would suit you?",
    closed_on_holiday="{day} is {holiday}, so we are closed.",
    closed_because="We are closed on {day}: {reason}.",
    outside_hours="On {day}, we are open {hours}.",
    ask_name="What name is the appointment for?",
    ask_name_again="Sorry, I did not catch the name. What is the first and last name, please?",
    name_noted="Thank you, {address}.",
    name_noted_plainly="Thank you.",
    ask_which_person="Is that for {names}?",
    ask_which_staff="Would that be with {staff}?",
    appointment="{service} on {slot}",
    an_appointment="an appointment",
    for_person="for {name}",
    found="You are booked for {booking}.",
    found_next="Your next appointment is {booking}.",
    found_requested="You have asked for {booking}; it is not confirmed yet.",
    hear_the_other="Would you like to hear the other one, too?",
    hear_the_others="Would you like to hear the others, too?",
    none_found=(
        "I cannot find an appointment of yours on this number. Would you like to make one, or "
        "shall someone call you back?"
    ),
    none_found_hidden=(
        "Your number is hidden, so I cannot look up your appointments. Shall someone call you back?"
    ),
    none_found_then="I see none of yours then. Your next appointment is {booking}.",
    cancel_read_back="That is {booking}.{fee} Shall I cancel it?",
    cancelled="Your appointment is cancelled: {booking}.",
    cancel_requested=(
        "I have noted that you wish to cancel {booking}. It is not confirmed yet; "
        "we will let you know."
    ),
    move_read_back="That moves {booking} to {slot}.{fee} Shall I do that?",
    moved="Your appointment for {service} is moved to {slot}; before, it was on {was}.",
    move_requested=(
        "I have noted your wish to move {booking} to {slot}. Until that is confirmed, the old "
        "time stands; we will let you know."
    ),
    unchanged="That is when your appointment is already: {booking}.",
    fee="That costs {amount}.",
    share_of_price="{percent} percent of the price",
    too_late_to_cancel=(
        "Your appointment is {when} already; by phone, it can be cancelled up to {notice} before. "
        "Shall someone call you back?"
    ),
    too_late_to_move=(
        "Your appointment is {when} already; by phone, it can be moved up to {notice} before. "
        "Shall someone call you back?"
    ),
    moved_too_often=(
        "That appointment has been moved as often as is possible by phone. "
        "Shall someone call you back?"
    ),
    cancelled_too_often=(
        "I cannot cancel another appointment by phone. Shall someone call you back?"
    ),
    already_begun="That appointment has begun already. Shall someone call you back?",
    being_changed="That appointment is just being changed, and I cannot see the outcome yet.",
    gone_meanwhile="That appointment is not in our calendar any more. What would you like to do?",
    changed_meanwhile="That appointment has been changed: it is {booking} now.",
    hidden_may_not_change="Your number is hidden, so I cannot change appointments myself.",
    note_to_cancel="wishes to cancel {booking}",
    note_to_move="wishes to move {booking} to {when}",
    another_time="another time",
    reason_to_cancel="Cancelled by phone",
    ask_which_booking="Which one do you mean: {bookings}?",
    callback_created="Someone will call you back {when}.",
    by_then="by {time}",
    ask_number="I have noted that you would like a call. What number can we reach you on?",
    ask_number_again="I did not get that number. Could you say it digit by digit, please?",
    read_back_number="I have the number {number}.",
    no_number=(
        "Without a number nobody can call you back, but I have noted what it is about. "
        "Please call us again."
    ),
    callback_note="{who}: {what}.",
    callback_note_when="To be reached: {when}.",
    somebody="Somebody",
    no_reason="wishes to speak with somebody",
    not_permitted="I am sorry, I cannot do that on this line.",
    limited="One moment, please. Let us take this step by step.",
    calendar_unavailable=(
        "I cannot reach the calendar just now. Shall someone call you back, or shall I try again?"
    ),
    technical_fault="I am sorry, something did not work just now. Shall I try that once more?",
)
