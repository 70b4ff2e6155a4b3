"""`book`: nothing is written before the caller heard exactly this booking and said yes to it."""

from typing import ClassVar

from booking.bookings import Attendee, Booking, BookingState
from booking.business import Service
from booking.errors import AlreadyBooked, SlotTaken
from booking.names import normalised
from booking.slots import Slot
from tools.callbacks import call_back
from tools.conversation import Person, ReadBack
from tools.offers import (
    already_booked,
    known,
    letter_of,
    need_name,
    offer,
    offered,
    read_back,
    taken,
)
from tools.reply import Reply, Status
from tools.speech import full_time, one_time, spoken_booking
from tools.tool import Args, Tool, ToolContext
from tools.wish import exact_slot


class Book(Args):
    """Book an offered slot, confirmed once the caller said yes to its read-back."""

    required: ClassVar[tuple[str, ...]] = ("slot",)

    slot: str | None = None
    """Its letter."""
    confirmed: bool | None = None
    note: str | None = None


async def run(args: Book, context: ToolContext) -> Reply:
    """Read back what is about to be booked, or book it if that has been read back and agreed to."""
    conversation = context.conversation
    wanted = await _wanted(args.slot, context)
    if isinstance(wanted, Reply):
        return wanted
    service, slot = wanted
    if (person := conversation.person) is None:
        if conversation.name_question_used:
            return await call_back(context, reason="name not understood")
        conversation.wished = offer(context, service, [slot])[0].id
        return need_name(context, context.words.ask_name)
    (spoken,) = offer(context, service, [slot])
    agreed = conversation.read_back == ReadBack(letter=spoken.id, name=person.name)
    if not (args.confirmed and agreed):
        try:
            await context.desk.hold(
                context.business, slot, call_id=context.call_id, now=context.now
            )
        except SlotTaken:
            return await taken(context, service, slot)
        return Reply(
            Status.NEED_CONFIRMATION,
            say=read_back(context, service, slot, person),
            slots=[spoken],
            known=known(context),
        )
    return await _book(service, slot, person, args.note, context)


async def _wanted(said: str | None, context: ToolContext) -> tuple[Service, Slot] | Reply:
    letter = letter_of(said or context.conversation.wished)
    return offered(context, letter) or await exact_slot(said, context)


async def _book(
    service: Service, slot: Slot, person: Person, note: str | None, context: ToolContext
) -> Reply:
    attendee = Attendee(
        name=person.name,
        name_normalised=normalised(person.name),
        number=context.caller,
        language=context.words.language,
        salutation=person.salutation,
        customer_id=person.customer_id,
    )
    try:
        booking = await context.desk.book(
            context.business,
            context.line,
            call_id=context.call_id,
            service=service,
            slot=slot,
            attendee=attendee,
            note=note,
            now=context.now,
            answer_by=context.answer_by,
        )
    except SlotTaken:
        return await taken(context, service, slot)
    except AlreadyBooked as error:
        return already_booked(error.bookings, context)
    person.customer_id = booking.customer_id
    return _outcome(service, booking, context)


def _outcome(service: Service, booking: Booking, context: ToolContext) -> Reply:
    words = context.words
    if booking.state is BookingState.CONFIRMED:
        # What for and for whom was read back a moment ago.
        status, say = Status.BOOKED, words.booked.format(slot=one_time(context, booking.start_at))
    else:
        slot = full_time(context, booking.start_at)
        status, say = Status.REQUESTED, words.requested.format(service=service.name, slot=slot)
    return Reply(
        status,
        say=say,
        booking=spoken_booking(context, booking),
        known=known(context),
    )


tool = Tool("book", Book, run, writes=True)
