"""What tools that end in a time have in common: offering slots, reading back, asking names."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from booking.bookings import Booking
from booking.business import EventType, Service
from booking.errors import CalendarUnavailable, SlotTaken
from booking.slots import Slot, choose
from tools.conversation import Offer, Person, ReadBack
from tools.reply import Reply, SpokenSlot, Status
from tools.speech import (
    full_time,
    offering,
    one_time,
    sentence,
    service_of,
    spoken_booking,
    spoken_slot,
)
from tools.tool import ToolContext

_SPREAD = timedelta(minutes=60)
"""Two offers less than an hour apart rarely differ for the caller."""

_AT_MOST = 3


def known(context: ToolContext) -> dict[str, str]:
    """What this call has learnt so far, in the words of the contract."""
    conversation = context.conversation
    facts = {
        "service": service_name(context),
        "date": conversation.date_text,
        "time": conversation.time_text,
        "staff": _staff_name(context),
        "name": conversation.person.name if conversation.person else None,
        "number": context.caller,
    }
    return {name: value for name, value in facts.items() if value}


def offer(context: ToolContext, service: Service, slots: Sequence[Slot]) -> list[SpokenSlot]:
    """Give slots their letters in this call."""
    return [
        spoken_slot(context, context.conversation.letter_for(_offer(service, slot)), slot)
        for slot in slots
    ]


def best(context: ToolContext, slots: Iterable[Slot], near: datetime | None) -> list[Slot]:
    """Up to three slots to offer, closest to a wish, apart from each other."""
    return choose(slots, near=near, zone=context.zone, apart=_SPREAD)


def best_with(context: ToolContext, slots: Iterable[Slot], near: datetime | None) -> list[Slot]:
    """The same where somebody was wished for: their best, then the best that others have."""
    wished = context.conversation.staff
    slots = list(slots)
    own = [slot for slot in slots if slot.event_type.staff and slot.event_type.staff.slug == wished]
    if wished is None or not own:
        return best(context, slots, near)
    first, *more = best(context, own, near)
    theirs = best(context, [slot for slot in slots if slot not in own], near)
    return [first, *theirs[:1], *more][:_AT_MOST]


def letter_of(said: str | None) -> str:
    """The letter of a slot as a model writes it: `a`, `B.`."""
    return (said or "").strip().rstrip(".").upper()


def offered(context: ToolContext, letter: str) -> tuple[Service, Slot] | None:
    """The service and slot behind a letter of this call."""
    found = context.conversation.offers.get(letter)
    if found is None:
        return None
    service = next((s for s in context.business.services if s.slug == found.service), None)
    kind = context.business.event_types.get(found.event_type_id)
    return (service, Slot(kind, found.start)) if service and kind else None


async def propose(context: ToolContext, service: Service, slot: Slot) -> Reply:
    """Hold one slot for this call and read it back, or ask for the name that is still missing.

    Raises:
        SlotTaken: Somebody else is faster.
    """
    conversation = context.conversation
    await context.desk.hold(context.business, slot, call_id=context.call_id, now=context.now)
    (spoken,) = offer(context, service, [slot])
    conversation.wished = spoken.id
    if conversation.person is None:
        conversation.read_back = None
        return Reply(
            Status.AVAILABLE,
            say=sentence(context.words.free_ask_name.format(slot=one_time(context, slot.start))),
            slots=[spoken],
            known=known(context),
            missing=["name"],
        )
    return Reply(
        Status.AVAILABLE,
        say=read_back(context, service, slot, conversation.person),
        slots=[spoken],
        known=known(context),
    )


def read_back(context: ToolContext, service: Service, slot: Slot, person: Person) -> str:
    """Say everything that a yes would book, and remember that exactly this was said."""
    letter = context.conversation.letter_for(_offer(service, slot))
    context.conversation.wished = letter
    context.conversation.read_back = ReadBack(letter=letter, name=person.name)
    return sentence(
        context.words.read_back.format(
            service=service.name,
            slot=full_time(context, slot.start) + with_staff(context, slot.event_type),
            name=person.name,
        )
    )


async def taken(
    context: ToolContext, service: Service, slot: Slot, *, moving: Booking | None = None
) -> Reply:
    """The slot has gone: say so and offer the next best ones."""
    conversation = context.conversation
    conversation.read_back = conversation.wished = None
    try:
        async with asyncio.timeout_at(context.answer_by):
            found = await context.desk.around(
                context.business,
                context.line,
                service,
                slot,
                call_id=context.call_id,
                customer_id=moving.customer_id if moving else customer_id(context),
                now=context.now,
                moving=moving,
            )
        free = [other for other in found.slots if other.start != slot.start]
        others = best_with(context, free, slot.start)
    except (CalendarUnavailable, TimeoutError):  # that it has gone must be said all the same
        others = []
    if not others:
        return Reply(
            Status.SLOT_TAKEN,
            say=context.words.slot_taken_no_other,
            known=known(context),
            missing=["date"],
        )
    return Reply(
        Status.SLOT_TAKEN,
        say=offering(context, context.words.slot_taken, others),
        slots=offer(context, service, others),
        known=known(context),
    )


async def propose_or_taken(context: ToolContext, service: Service, slot: Slot) -> Reply:
    """`propose`, or the next best slots if somebody else was faster."""
    try:
        return await propose(context, service, slot)
    except SlotTaken:
        return await taken(context, service, slot)


def already_booked(standing: Sequence[Booking], context: ToolContext) -> Reply:
    """Name the appointments that stand at a wished time, and ask what to do about it."""
    said = [
        f"{one_time(context, booking.start_at)} {service.name if service else ''}".strip()
        for booking in standing
        for service in [service_of(context, booking)]
    ]
    return Reply(
        Status.ALREADY_BOOKED,
        say=context.words.already_booked.format(bookings=context.words.all_of(said)),
        bookings=[spoken_booking(context, booking) for booking in standing],
        known=known(context),
    )


def need_name(context: ToolContext, say: str) -> Reply:
    """Ask for the name: once in a call, besides the question that an offer ends with."""
    context.conversation.name_question_used = True
    return Reply(Status.NEED_NAME, say=say, known=known(context), missing=["name"])


def customer_id(context: ToolContext) -> UUID | None:
    """The customer whom this call is about, once that is known."""
    person = context.conversation.person
    return person.customer_id if person else None


def with_staff(context: ToolContext, kind: EventType) -> str:
    """Who performs it, said only where the caller asked for somebody."""
    if context.conversation.staff is None or kind.staff is None:
        return ""
    return " " + context.words.with_staff.format(staff=kind.staff.name)


def _staff_name(context: ToolContext) -> str | None:
    slug = context.conversation.staff
    return next((who.name for who in context.business.staff if who.slug == slug), None)


def _offer(service: Service, slot: Slot) -> Offer:
    return Offer(service=service.slug, event_type_id=slot.event_type.id, start=slot.start)


def service_name(context: ToolContext) -> str | None:
    """The service that this call is about, as callers hear it."""
    slug = context.conversation.service
    return next((s.name for s in context.business.services if s.slug == slug), None)
