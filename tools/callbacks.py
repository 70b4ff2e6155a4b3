"""Promising that a human calls back: the way out of every dead end."""

from datetime import datetime, timedelta
from typing import Final

from booking.desk import CALLBACK_WITHIN
from booking.hours import after_open_time, local_day
from calls.numbers import grouped, heard
from tools.conversation import Callback
from tools.offers import known
from tools.reply import Reply, Status
from tools.speech import one_time
from tools.tool import ToolContext
from tools.when.meaning import Between, Clock, Day, Days, Instant, Meaning, TimeOnly, Window
from tools.wish import resolved
from tools.words import spoken_digits, words_in

_MOST_REASONS: Final = 3
_QUARTER: Final = timedelta(minutes=15)


async def call_back(
    context: ToolContext, *, reason: str, when: str | None = None, number: str | None = None
) -> Reply:
    """Note that somebody must call back, and promise it; or ask once for a number to call.

    One task in a call: a later request completes it.

    Args:
        context: Whose call.
        reason: For staff.
        when: When the caller can be reached, as said.
        number: As said.
    """
    callback, words = context.conversation.callback, context.words
    if reason not in callback.reasons:
        callback.reasons = [*callback.reasons, reason][-_MOST_REASONS:]
    understood = heard(number, spoken_digits(), dialled=context.line.number) if number else None
    callback.number = understood or callback.number
    _agree_on_time(callback, when, context)
    await _note(callback, context)
    unclear = number is not None and understood is None
    reachable = callback.number or context.caller
    if (unclear or reachable is None) and not callback.asked_for_number:
        callback.asked_for_number = True
        say = words.ask_number_again if unclear else words.ask_number
        return _reply(Status.CALLBACK_CREATED, say, context, missing=["number"])
    if reachable is None:
        return _reply(Status.NOT_PERMITTED, words.no_number, context)
    say = words.callback_created.format(when=callback.spoken)
    if understood:
        say += " " + words.read_back_number.format(number=_spoken(understood, context))
    return _reply(Status.CALLBACK_CREATED, say, context)


def _reply(
    status: Status, say: str, context: ToolContext, missing: list[str] | None = None
) -> Reply:
    facts = known(context)
    if number := context.conversation.callback.number:
        facts["number"] = number
    return Reply(status, say=say, known=facts, missing=missing or [])


def _agree_on_time(callback: Callback, when: str | None, context: ToolContext) -> None:
    """Choose by when: as the caller wishes, but while somebody is there to call."""
    earliest = _from_quarter(context.now), CALLBACK_WITHIN
    if when is not None:
        callback.when = when
        earliest = _reachable(resolved(when, None, context), when, context) or earliest
    elif callback.due_at is not None:
        return
    start, within = earliest
    due_at = after_open_time(context.line, start, within)
    spoken = one_time(context, due_at)
    callback.due_at = due_at
    callback.spoken = context.words.by_then.format(time=spoken) if within else spoken


def _reachable(
    meaning: Meaning, when: str, context: ToolContext
) -> tuple[datetime, timedelta] | None:
    """From when on a caller can be reached, and for how long it matters; `None` if unclear."""
    match meaning:
        case Instant(start=start):
            return start, timedelta()
        case Day(day=day):
            start = max(local_day(day, context.zone).start, _from_quarter(context.now))
            return start, CALLBACK_WITHIN
        case Window(start=start, end=end):
            begin = max(start or context.now, _from_quarter(context.now))
            return begin, min(end - begin, CALLBACK_WITHIN) if end else CALLBACK_WITHIN
        case Days(first=first, clock=clock):
            return _at(local_day(first, context.zone).start, clock, context), CALLBACK_WITHIN
        case TimeOnly():
            today = context.local(context.now).date()
            for day in (today, today + timedelta(days=1)):
                on_day = resolved(day.isoformat(), when, context)
                if isinstance(on_day, Instant | Window):
                    return _reachable(on_day, when, context)
            return None
        case _:
            return None


def _at(midnight: datetime, clock: Clock | None, context: ToolContext) -> datetime:
    earliest = clock.earliest if isinstance(clock, Between) else clock
    if earliest is None:
        return max(midnight, _from_quarter(context.now))
    wall = datetime.combine(context.local(midnight).date(), earliest, tzinfo=context.zone)
    return max(wall.astimezone(context.now.tzinfo), _from_quarter(context.now))


def _from_quarter(now: datetime) -> datetime:
    """The next full quarter of an hour: nobody promises a call by 11:07."""
    return now + (datetime.min.replace(tzinfo=now.tzinfo) - now) % _QUARTER


async def _note(callback: Callback, context: ToolContext) -> None:
    """Write the task down, in the language of those who will do it."""
    words, person = words_in(context.business.language), context.conversation.person
    note = words.callback_note.format(
        who=person.name if person else words.somebody, what="; ".join(callback.reasons)
    )
    if callback.when:
        note += " " + words.callback_note_when.format(when=callback.when)
    await context.desk.ask_for_callback(
        context.business,
        call_id=context.call_id,
        note=note,
        number=callback.number,
        due_at=callback.due_at or context.now,
        now=context.now,
    )


def _spoken(number: str, context: ToolContext) -> str:
    """A number as it is read back: digit by digit, with a pause where its country writes one."""
    words = context.words
    return ", ".join(
        " ".join(words.digits[int(sign)] if sign.isdigit() else words.plus for sign in group)
        for group in grouped(number, dialled=context.line.number)
    )
