"""Turns slots and bookings into sentences in the caller's language."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from booking.bookings import Booking, span_of
from booking.business import Service
from booking.hours import closure_on
from booking.slots import Slot
from tools.reply import SpokenBooking, SpokenSlot
from tools.tool import ToolContext

AT_MOST_SPOKEN = 2
"""More than two alternatives in one sentence are not remembered; the rest stays in the envelope."""

_LONGEST_SAID = 48
"""Of the name of a holiday: some are whole sentences in official language."""


def sentence(text: str) -> str:
    """Begin with a capital letter, whatever was filled in first."""
    return text[:1].upper() + text[1:]


def one_time(context: ToolContext, start: datetime) -> str:
    """A start as said in passing: `tomorrow at 9 in the morning`."""
    local = context.local(start)
    return context.words.times_on(
        context.words.near_day(local.date(), context.local(context.now).date()), [local]
    )


def full_time(context: ToolContext, start: datetime) -> str:
    """A start as read back: `Tuesday, April 14, at 4:15 in the afternoon`."""
    local = context.local(start)
    return context.words.times_on(context.words.full_day(local.date()), [local])


def closed_on(context: ToolContext, day: date) -> str:
    """Why the line is closed on a day, as far as anybody has told us in the caller's language."""
    words, line = context.words, context.line
    said = words.full_day(day)
    closure = closure_on(line, day)
    if closure is not None and closure.reason and words.language == line.language:
        return words.closed_because.format(day=said, reason=closure.reason)
    holiday = line.holidays.get(day, {}).get(words.language, "")
    if closure is None and 0 < len(holiday) <= _LONGEST_SAID:
        return words.closed_on_holiday.format(day=said, holiday=holiday)
    return words.closed.format(day=said)


def offering(context: ToolContext, template: str, slots: Sequence[Slot], **facts: str) -> str:
    """A sentence about the best two slots, and the question that fits one or two."""
    words = context.words
    question = words.which_suits if len(slots) > 1 else words.would_it_suit
    return f"{template.format(slots=_alternatives(context, slots), **facts)} {question}"


def _alternatives(context: ToolContext, slots: Sequence[Slot]) -> str:
    """The best two slots in one phrase, in order of time, a day said once for both.

    Who performs them is said where somebody was wished for and another could do it as well.
    """
    said = sorted(slots[:AT_MOST_SPOKEN], key=lambda slot: slot.start)
    wished = context.conversation.staff
    hosts = [slot.event_type.staff for slot in said]
    names_hosts = wished is not None and any(host and host.slug != wished for host in hosts)
    by_day: dict[tuple[date, str], list[datetime]] = {}
    for slot, host in zip(said, hosts, strict=True):
        local = context.local(slot.start)
        who = context.words.with_staff.format(staff=host.name) if names_hosts and host else ""
        by_day.setdefault((local.date(), who), []).append(local)
    today = context.local(context.now).date()
    return context.words.either(
        [
            f"{context.words.times_on(context.words.near_day(day, today), times)} {who}".strip()
            for (day, who), times in by_day.items()
        ]
    )


def spoken_slot(context: ToolContext, letter: str, slot: Slot) -> SpokenSlot:
    """A slot as the model sees it."""
    return SpokenSlot(
        id=letter,
        start=context.local(slot.start),
        spoken=one_time(context, slot.start),
        staff=slot.event_type.staff.name if slot.event_type.staff else None,
    )


def spoken_booking(context: ToolContext, booking: Booking) -> SpokenBooking:
    """A booking as the model sees it, under its number in this call."""
    service = service_of(context, booking)
    staff = next((who for who in context.business.staff if who.id == booking.staff_id), None)
    return SpokenBooking(
        id=context.conversation.number_for(booking.id),
        service=service.name if service else "",
        start=context.local(booking.start_at),
        end=context.local(span_of(booking).end),
        spoken=full_time(context, booking.start_at),
        name=booking.attendee_name,
        staff=staff.name if staff else None,
    )


def service_of(context: ToolContext, booking: Booking) -> Service | None:
    """The service of a booking; `None` if it has left the business's list since."""
    services = context.business.services
    return next((service for service in services if service.id == booking.service_id), None)


def names(services: Iterable[Service]) -> list[str]:
    """What callers hear of services."""
    return [service.name for service in services]
