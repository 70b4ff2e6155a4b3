"""`cancel`: the booking and its fee are read back, and only a yes to that ends it."""

from booking.bookings import Booking, BookingState
from tools.appointments import said
from tools.changing import fee_or_refusal, to_change
from tools.conversation import ChangeReadBack
from tools.offers import known
from tools.reply import Reply, Status
from tools.speech import spoken_booking
from tools.tool import Args, Tool, ToolContext
from tools.words import words_in


class Cancel(Args):
    """Cancel an appointment, confirmed once the caller said yes to the read-back."""

    booking: str | None = None
    """Number, or as said."""
    confirmed: bool | None = None
    reason: str | None = None


async def run(args: Cancel, context: ToolContext) -> Reply:
    """Read back what is about to be cancelled, or cancel it if that has been agreed to."""
    conversation, words = context.conversation, context.words
    agreed = bool(args.confirmed)
    staff_words = words_in(context.business.language)
    wish = staff_words.note_to_cancel.format(booking=args.booking or staff_words.an_appointment)
    booking = await to_change(args.booking, context, agreed=agreed, wish=wish)
    if isinstance(booking, Reply):
        return booking
    if booking.state is BookingState.CANCELLED:
        return _outcome(booking, context)
    verdict = await context.desk.may_cancel(
        context.business, context.line, booking, call_id=context.call_id, now=context.now
    )
    fee = fee_or_refusal(verdict, booking, context, moves=False)
    if isinstance(fee, Reply):
        return fee
    heard = ChangeReadBack(booking=booking.id, stands_at=booking.start_at, fee=fee)
    if not (agreed and conversation.read_back == heard):
        conversation.read_back = heard
        return Reply(
            Status.NEED_CONFIRMATION,
            say=words.cancel_read_back.format(booking=said(booking, context), fee=fee),
            bookings=[spoken_booking(context, booking)],
            known=known(context),
        )
    ended = await context.desk.cancel(
        context.business,
        call_id=context.call_id,
        booking_id=booking.id,
        reason=args.reason or staff_words.reason_to_cancel,
        now=context.now,
        answer_by=context.answer_by,
    )
    return _outcome(ended, context)


def _outcome(booking: Booking, context: ToolContext) -> Reply:
    is_gone = booking.state is BookingState.CANCELLED
    template = context.words.cancelled if is_gone else context.words.cancel_requested
    return Reply(
        Status.CANCELLED if is_gone else Status.REQUESTED,
        say=template.format(booking=said(booking, context)),
        booking=spoken_booking(context, booking),
        known=known(context),
    )


tool = Tool("cancel", Cancel, run, writes=True)
