"""`check_availability`: free times, or the one question that stands before them."""

from datetime import datetime

from booking.bookings import Booking
from booking.business import EventType, Service
from booking.slots import Span
from tools.looking import look, nothing_free, offer_times
from tools.offers import already_booked, customer_id, propose_or_taken
from tools.reply import Reply
from tools.staff import does_not_do_this, event_types, others, wished_staff
from tools.tool import Args, Tool, ToolContext
from tools.wish import Search, wished_service, wished_time


class CheckAvailability(Args):
    """Find free times. Use the caller's words; leave out what was not said."""

    service: str | None = None
    date: str | None = None
    time: str | None = None
    staff: str | None = None


async def run(args: CheckAvailability, context: ToolContext) -> Reply:
    """Look for what was wished; offer it, or what is closest to it, or ask what is missing.

    All that was said is noted before anything is asked, so that one question costs no answer.
    """
    search = wished_time(args.date, args.time, context)
    whom = wished_staff(args.staff, context)
    service = wished_service(args.service, context)
    if isinstance(search, Reply) and not context.conversation.waits_for_day:
        return search  # what was said of the day and not understood would be lost
    if isinstance(service, Reply):
        return service
    if whom is not None:
        return whom
    if isinstance(search, Reply):
        return search
    return await _look(service, search, context)


async def _look(service: Service, search: Search, context: ToolContext) -> Reply:
    kinds = event_types(service, context)
    if service.event_types and not kinds:
        return does_not_do_this(service, context)
    outlook = await look(
        kinds,
        search,
        context,
        customer_id=customer_id(context),
        others=others(service, context),
    )
    if outlook.wanted and search.exact:
        return await propose_or_taken(context, service, outlook.wanted[0])
    if search.exact and (standing := await _own_then(search.exact, kinds, context)):
        return already_booked(standing, context)
    if outlook.wanted:
        return offer_times(service, outlook, search, context)
    return nothing_free(service, outlook, search, context)


async def _own_then(start: datetime, kinds: list[EventType], context: ToolContext) -> list[Booking]:
    """The caller's own appointments at the wished time, which is why nobody offers it to them."""
    customer = customer_id(context)
    if customer is None or not kinds:
        return []
    return await context.desk.appointments(
        context.business, customer, Span(start, start + kinds[0].length), now=context.now
    )


tool = Tool("check_availability", CheckAvailability, run)
