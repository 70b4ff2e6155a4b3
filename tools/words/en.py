"""English."""

from datetime import date, datetime, timedelta

from tools.words.cldr import day_of_month_and_month, weekday
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


ENGLISH = Words(
    language="en",
    weekday=lambda day: weekday(day, _LOCALE),
    near_day=_near_day,
    full_day=_full_day,
    times_on=_times_on,
    clock=_full_clock,
    either=_either,
    all_of=_all_of,
    with_staff="with {staff}",
    then="then",
    from_to="from {opens} to {closes}",
    offer="I have {slots}. Which would you like?",
    offer_elsewhen="{when} is not free. I have {slots}. Would one of those suit you?",
    offer_in_doubt="Our calendar is slow, but I should have {slots}. Which would you like?",
    free_ask_name="{slot} is free for {service}. What name is the appointment for?",
    read_back="That is {service} on {slot}, for {name}. Shall I book it?",
    booked="You are booked: {service} on {slot}, for {name}.",
    requested=(
        "I have noted your wish for {service} on {slot}. The calendar has not confirmed it yet; "
        "we will let you know."
    ),
    slot_taken="I am sorry, that time has just been taken. I have {slots}. Would that suit you?",
    slot_taken_no_other="I am sorry, that time has just been taken. Which other day suits you?",
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
    too_soon="That is too soon for us to prepare. The next I have is {slots}.",
    too_far="We do not book that far ahead yet; the last day is {day}. Which day would suit you?",
    closed="We are closed on {day}.",
    outside_hours="We are not open at that time; on {day}, we are there {hours}.",
    ask_name="What name is the appointment for?",
    ask_name_again="Sorry, I did not catch the name. What is the first and last name, please?",
    name_noted="Thank you, {address}.",
    name_noted_plainly="Thank you.",
    ask_which_person="Is that for {names}?",
    ask_which_staff="Would that be with {staff}?",
    callback_created="I will have someone call you back.",
    not_permitted="I am sorry, I cannot do that on this line.",
    limited="One moment, please. Let us take this step by step.",
    calendar_unavailable=(
        "I cannot reach the calendar just now. Shall someone call you back, or shall I try again?"
    ),
    technical_fault="I am sorry, something did not work just now. Shall I try that once more?",
)
