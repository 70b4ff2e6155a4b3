"""`reschedule`: find it, find the new time, say what it costs, hear yes, move it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from booking.bookings import Booking, BookingState
from booking.business import EventType, Service
from booking.errors import SlotTaken
from booking.slots import Slot
from tools.appointments import none_found, said
from tools.callbacks import call_back
from tools.changing import fee_or_refusal, to_change
from tools.conversation import ChangeReadBack
from tools.looking import look, nothing_free, offer_times
from tools.offers import known, letter_of, offer, taken, with_staff
from tools.refusals import unchanged
from tools.relative import on_their_own
from tools.reply import Reply, Status, Was
from tools.speech import full_time, service_of, spoken_booking
from tools.staff import event_types
from tools.tool import Args, Tool, ToolContext
from tools.wish import Search, exactly, wished_time
from tools.words import words_in


class Reschedule(Args):
    """Move an appointment: new time first, confirmed once the caller said yes to the read-back."""

    booking: str | None = None
    """Number, or as said."""
    slot: str | None = None
    """Its letter."""
    date: str | None = None
    time: str | None = None
    confirmed: bool | None = None


async def run(args: Reschedule, context: ToolContext) -> Reply:
    """Offer times to move to, read one back, or move there if that has been agreed to."""
    agreed = bool(args.confirmed)
    booking = await to_change(args.booking, context, agreed=agreed, wish=_for_staff(args, context))
    if isinstance(booking, Reply):
        return booking
    service = service_of(context, booking)
    if booking.state is BookingState.CANCELLED:
        return none_found(context)
    if service is None:
        return await call_back(context, reason=_for_staff(args, context))
    verdict = await context.desk.may_move(
        context.business, context.line, booking, call_id=context.call_id, now=context.now
    )
    fee = fee_or_refusal(verdict, booking, context, moves=True)
    if isinstance(fee, Reply):
        return fee
    search = _new_time(args, booking, context)
    if isinstance(search, Reply):
        return search
    if search.exact == booking.start_at:
        return unchanged(booking, context)
    if agreed and (slot := _agreed_slot(booking, search.exact, fee, context)):
        return await _move(booking, service, slot, context)
    return await _find(booking, service, search, fee, context)


def _for_staff(args: Reschedule, context: ToolContext) -> str:
    words = words_in(context.business.language)
    when = " ".join(part for part in (args.date, args.time) if part)
    return words.note_to_move.format(
        booking=args.booking or words.an_appointment, when=when or words.another_time
    )


def _new_time(args: Reschedule, booking: Booking, context: ToolContext) -> Search | Reply:
    """Where it shall move to. A time alone means the day on which it stands."""
    conversation = context.conversation
    if conversation.moving != booking.id:  # what was said of time before was said of something else
        conversation.moving = booking.id
        conversation.date_text = conversation.time_text = None
        conversation.waits_for_day = False
        conversation.unclear = None
    offered_there = conversation.offers.get(letter_of(args.slot))
    if offered_there:
        return exactly(offered_there.start, context)
    stands_at = context.local(booking.start_at)
    said_date, said_time = on_their_own(
        args.date or args.slot, args.time, stands_at=stands_at, context=context
    )
    if said_date is None and said_time is None:
        heard = conversation.read_back
        if args.confirmed and isinstance(heard, ChangeReadBack) and heard.moves_to:
            return exactly(heard.moves_to, context)
        if conversation.date_text is None and conversation.unclear is None:
            say = context.words.ask_day
            return Reply(Status.NEED_DATE, say=say, known=known(context), missing=["date"])
    if said_date is None and conversation.date_text is None and conversation.unclear is None:
        said_date = stands_at.date().isoformat()
    search = wished_time(said_date, said_time, context)
    if agreed_to := _repeated(search, args, context):
        return exactly(agreed_to, context)
    if isinstance(search, Reply) or search.near or search.day is None:
        return search
    same_time = datetime.combine(search.day, stands_at.time(), tzinfo=context.zone)
    return replace(search, near=same_time.astimezone(context.now.tzinfo))


def _repeated(search: Search | Reply, args: Reschedule, context: ToolContext) -> datetime | None:
    """The start that was read back, if a yes comes with the day for which it was found."""
    heard = context.conversation.read_back
    if not args.confirmed or not isinstance(heard, ChangeReadBack) or heard.moves_to is None:
        return None
    if isinstance(search, Reply) or search.exact or not search.span.covers(heard.moves_to):
        return None
    return heard.moves_to


def _agreed_slot(
    booking: Booking, start: datetime | None, fee: str, context: ToolContext
) -> Slot | None:
    """The slot to which exactly this booking shall move at exactly this fee, if that was heard."""
    heard = context.conversation.read_back
    if not isinstance(heard, ChangeReadBack) or start is None or heard.event_type_id is None:
        return None
    kind = context.business.event_types.get(heard.event_type_id)
    agreed = _read_back(booking, start, heard.event_type_id, fee)
    return Slot(kind, start) if kind and heard == agreed else None


def _read_back(booking: Booking, to: datetime, event_type_id: UUID, fee: str) -> ChangeReadBack:
    return ChangeReadBack(
        booking=booking.id,
        stands_at=booking.start_at,
        moves_to=to,
        event_type_id=event_type_id,
        fee=fee,
    )


async def _find(
    booking: Booking, service: Service, search: Search, fee: str, context: ToolContext
) -> Reply:
    kinds: list[EventType] = event_types(service, context) or list(service.event_types)
    outlook = await look(kinds, search, context, customer_id=booking.customer_id, moving=booking)
    if not outlook.wanted:
        return nothing_free(service, outlook, search, context)
    if search.exact is None:
        return offer_times(service, outlook, search, context)
    slot = outlook.wanted[0]
    try:
        await context.desk.hold(
            context.business, slot, call_id=context.call_id, now=context.now, moving=booking
        )
    except SlotTaken:
        return await taken(context, service, slot, moving=booking)
    (spoken,) = offer(context, service, [slot])
    context.conversation.read_back = _read_back(booking, slot.start, slot.event_type.id, fee)
    return Reply(
        Status.NEED_CONFIRMATION,
        say=context.words.move_read_back.format(
            booking=said(booking, context),
            slot=full_time(context, slot.start) + _host_if_new(booking, slot, context),
            fee=fee,
        ),
        slots=[spoken],
        bookings=[spoken_booking(context, booking)],
        known=known(context),
    )


def _host_if_new(booking: Booking, slot: Slot, context: ToolContext) -> str:
    host = slot.event_type.staff
    if host is None or host.id == booking.staff_id:
        return with_staff(context, slot.event_type)
    return " " + context.words.with_staff.format(staff=host.name)


async def _move(booking: Booking, service: Service, slot: Slot, context: ToolContext) -> Reply:
    try:
        moved = await context.desk.move(
            context.business,
            context.line,
            call_id=context.call_id,
            booking_id=booking.id,
            slot=slot,
            now=context.now,
            answer_by=context.answer_by,
        )
    except SlotTaken:
        return await taken(context, service, slot, moving=booking)
    was = Was(context.local(booking.start_at), full_time(context, booking.start_at))
    if moved.state is BookingState.CONFIRMED:
        say = context.words.moved.format(
            service=service.name, slot=full_time(context, moved.start_at), was=was.spoken
        )
        spoken = replace(spoken_booking(context, moved), was=was)
        return Reply(Status.MOVED, say=say, booking=spoken, known=known(context))
    return Reply(
        Status.REQUESTED,
        say=context.words.move_requested.format(
            booking=said(booking, context), slot=full_time(context, slot.start)
        ),
        booking=spoken_booking(context, booking),
        known=known(context),
    )


tool = Tool("reschedule", Reschedule, run, writes=True)
