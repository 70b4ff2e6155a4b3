"""Turns slots and bookings into sentences in the caller's language."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from booking.bookings import Booking
from booking.business import Service
from booking.slots import Slot
from tools.reply import SpokenBooking, SpokenSlot
from tools.tool import ToolContext

_AT_MOST_SPOKEN = 2
"""More than two alternatives in one sentence are not remembered; the rest stays in the envelope."""


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


def alternatives(context: ToolContext, slots: Sequence[Slot]) -> str:
    """The best two slots in one phrase, in order of time, a day said once for both."""
    by_day: dict[date, list[datetime]] = {}
    for slot in sorted(slots[:_AT_MOST_SPOKEN], key=lambda slot: slot.start):
        local = context.local(slot.start)
        by_day.setdefault(local.date(), []).append(local)
    today = context.local(context.now).date()
    return context.words.either(
        [
            context.words.times_on(context.words.near_day(day, today), times)
            for day, times in by_day.items()
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
        end=context.local(booking.end_at),
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
