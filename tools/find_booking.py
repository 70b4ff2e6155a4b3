"""`find_booking`: when the caller is expected, next first."""

from collections.abc import Sequence

from booking.bookings import Booking
from tools.appointments import (
    listed,
    none_found,
    own_appointments,
    said,
    spans_of,
    stands,
    within,
)
from tools.offers import known
from tools.reply import Reply, Status
from tools.speech import sentence
from tools.tool import Args, Tool, ToolContext
from tools.when.meaning import InThePast
from tools.wish import resolved


class FindBooking(Args):
    """Tell the caller's own appointments."""

    date: str | None = None


async def run(args: FindBooking, context: ToolContext) -> Reply:
    """Name the next appointment, on the wished day if one was named, and offer the others."""
    words = context.words
    own = (await own_appointments(context)).standing
    meaning = resolved(args.date, None, context)
    if isinstance(meaning, InThePast):
        today = words.full_day(context.local(context.now).date())
        say = words.in_the_past.format(today=today)
        return Reply(Status.IN_THE_PAST, say=say, known=known(context), missing=["date"])
    if not own:
        return none_found(context)
    spans = spans_of(meaning, context)
    if not spans:
        return _found(own, words.found_next if len(own) > 1 else words.found, context)
    fitting = within(own, spans)
    if fitting:
        return _found(fitting, words.found, context)
    return Reply(
        Status.NONE_FOUND,
        say=words.none_found_then.format(booking=said(own[0], context)),
        bookings=listed(own, context),
        known=known(context),
    )


def _found(bookings: Sequence[Booking], template: str, context: ToolContext) -> Reply:
    words = context.words
    first, others = bookings[0], len(bookings) - 1
    if not stands(first):
        template = words.found_requested
    say = sentence(template.format(booking=said(first, context)))
    if others:
        say += " " + (words.hear_the_other if others == 1 else words.hear_the_others)
    return Reply(Status.FOUND, say=say, bookings=listed(bookings, context), known=known(context))


tool = Tool("find_booking", FindBooking, run)
