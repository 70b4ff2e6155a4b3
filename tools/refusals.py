"""What is said when the desk refuses for a reason to which no tool has an answer of its own."""

from booking.bookings import Booking
from booking.errors import (
    AlreadyBegun,
    AlreadyBooked,
    BeingChanged,
    BookingError,
    CalendarUnavailable,
    ChangedMeanwhile,
    ServiceUnavailable,
    SlotTaken,
    Unchanged,
)
from tools.appointments import is_gone, listed, said
from tools.callbacks import call_back
from tools.offers import already_booked, known, service_name
from tools.reply import Reply, Status
from tools.speech import spoken_booking
from tools.tool import ToolContext


async def reply_to(error: BookingError, context: ToolContext) -> Reply:
    """Words for a refusal; a dead end leads to a human."""
    words = context.words
    match error:
        case SlotTaken():
            return _plain(Status.SLOT_TAKEN, words.slot_taken_no_other, context, ["date"])
        case AlreadyBooked(bookings=standing):
            return already_booked(standing, context)
        case Unchanged(booking=booking):
            return unchanged(booking, context)
        case ChangedMeanwhile(booking=booking):
            return _changed_meanwhile(booking, context)
        case AlreadyBegun():
            return _plain(Status.NOT_PERMITTED, words.already_begun, context)
        case BeingChanged():
            promised = await call_back(context, reason=str(error))
            return Reply(
                promised.status,
                say=f"{words.being_changed} {promised.say}",
                known=promised.known,
                missing=promised.missing,
            )
        case ServiceUnavailable(is_known=known_before):
            if not known_before:
                context.desk.look_into_links(context.business, now=context.now)
            say = words.service_unavailable.format(service=service_name(context) or "")
            return _plain(Status.SERVICE_UNAVAILABLE, say, context)
        case CalendarUnavailable():
            fault, say = Status.TECHNICAL_FAULT, words.calendar_unavailable
            return Reply(fault, say=say, ok=False, known=known(context))
        case _:
            return await call_back(context, reason=str(error))


def unchanged(booking: Booking, context: ToolContext) -> Reply:
    """It stands at the wished time already."""
    return Reply(
        Status.UNCHANGED,
        say=context.words.unchanged.format(booking=said(booking, context)),
        booking=spoken_booking(context, booking),
        known=known(context),
    )


def _changed_meanwhile(booking: Booking, context: ToolContext) -> Reply:
    if is_gone(booking):
        return _plain(Status.NONE_FOUND, context.words.gone_meanwhile, context)
    return Reply(
        Status.FOUND,
        say=context.words.changed_meanwhile.format(booking=said(booking, context)),
        bookings=listed([booking], context),
        known=known(context),
    )


def _plain(
    status: Status, say: str, context: ToolContext, missing: list[str] | None = None
) -> Reply:
    return Reply(status, say=say, known=known(context), missing=missing or [])
