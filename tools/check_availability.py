"""`check_availability`: free times, or the one question that stands before them."""

from datetime import datetime, timedelta

from booking.bookings import Booking
from booking.business import EventType, Service
from booking.hours import local_day, open_on, within_hours
from booking.slots import Slot, Span, choose
from tools.offers import already_booked, customer_id, known, offer, propose_or_taken
from tools.reply import Reply, Status
from tools.speech import alternatives, one_time, sentence
from tools.tool import Args, Tool, ToolContext
from tools.wish import Search, event_types, wished_service, wished_staff, wished_time

_SPREAD = timedelta(minutes=60)
_WEEK = timedelta(days=7)
_FARTHEST_DAYS = 360
"""Of event types without a booking window: days are said without a year, so none may recur."""


class CheckAvailability(Args):
    """Find free times. Pass day and time in the caller's words."""

    service: str | None = None
    """What the caller wants."""
    date: str | None = None
    """Only if the caller named a day."""
    time: str | None = None
    """Only if the caller named a time."""
    staff: str | None = None
    """Only if the caller wishes somebody."""


async def run(args: CheckAvailability, context: ToolContext) -> Reply:
    """Look for what was wished; offer it, or what is closest to it, or ask what is missing."""
    service = wished_service(args.service, context)
    if isinstance(service, Reply):
        return service
    if question := wished_staff(args.staff, context):
        return question
    search = wished_time(args.date, args.time, context)
    if isinstance(search, Reply):
        return search
    return await _look(service, search, context)


async def _look(service: Service, search: Search, context: ToolContext) -> Reply:
    kinds = event_types(service, context)
    refusal = _refusal(search, kinds, context)
    found = await context.desk.find(
        context.business,
        context.line,
        kinds,
        _with_alternatives(search, refusal, context),
        call_id=context.call_id,
        customer_id=customer_id(context),
        now=context.now,
    )
    wanted = [] if refusal else [slot for slot in found.slots if search.accepts(slot, context)]
    if wanted and search.exact:
        return await propose_or_taken(context, service, wanted[0])
    if search.exact and (standing := await _own_then(search.exact, kinds, context)):
        return already_booked(standing, context)
    if wanted:
        return _offer(service, wanted, search, context, in_doubt=found.in_doubt)
    return _nothing(service, found.slots, search, refusal, context)


async def _own_then(start: datetime, kinds: list[EventType], context: ToolContext) -> list[Booking]:
    """The caller's own appointments at the wished time, which is why nobody offers it to them."""
    customer = customer_id(context)
    if customer is None or not kinds:
        return []
    return await context.desk.appointments(
        context.business, customer, Span(start, start + kinds[0].length), now=context.now
    )


def _with_alternatives(
    search: Search, refusal: tuple[Status, str] | None, context: ToolContext
) -> Span:
    """The wished span and the week from its beginning, so that no second question is needed."""
    too_far = refusal is not None and refusal[0] is Status.TOO_FAR
    start = context.now if too_far else max(search.span.start, context.now)
    today = local_day(context.local(start).date(), context.zone)
    end = today.end if too_far else search.span.end
    return Span(start, max(end, today.start + _WEEK))


def _refusal(
    search: Search, kinds: list[EventType], context: ToolContext
) -> tuple[Status, str] | None:
    """Why no calendar needs to be asked for this wish, and the sentence that says so."""
    words = context.words
    last = context.now + max(
        (timedelta(days=kind.booking_window_days or _FARTHEST_DAYS) for kind in kinds),
        default=timedelta(),
    )
    if search.span.start > last:
        day = words.full_day(context.local(last).date())
        return Status.TOO_FAR, words.too_far.format(day=day)
    if search.day is None:
        return None
    spans = open_on(context.line, search.day)
    if spans == []:
        return Status.CLOSED, words.closed.format(day=words.full_day(search.day))
    if search.exact is None:
        return None
    if not within_hours([Slot(kind, search.exact) for kind in kinds], context.line):
        return Status.OUTSIDE_HOURS, words.outside_hours.format(
            day=words.full_day(search.day),
            hours=words.all_of([_said(span, context) for span in spans or []]),
        )
    notice = min((kind.minimum_notice_minutes for kind in kinds), default=0)
    if search.exact < context.now + timedelta(minutes=notice):
        return Status.TOO_SOON, words.too_soon
    return None


def _offer(
    service: Service,
    wanted: list[Slot],
    search: Search,
    context: ToolContext,
    *,
    in_doubt: bool,
) -> Reply:
    chosen = choose(wanted, near=search.near, apart=_SPREAD)
    template = context.words.offer_in_doubt if in_doubt else context.words.offer
    return Reply(
        Status.AVAILABLE,
        say=template.format(slots=alternatives(context, chosen)),
        slots=offer(context, service, chosen),
        known=known(context),
    )


def _nothing(
    service: Service,
    free: list[Slot],
    search: Search,
    refusal: tuple[Status, str] | None,
    context: ToolContext,
) -> Reply:
    """Say why the wish cannot be met, and what is closest to it."""
    words = context.words
    near = search.near or search.span.start
    others = choose([slot for slot in free if slot.start != search.exact], near=near, apart=_SPREAD)
    if refusal:
        status, why = refusal
        say = f"{why} {words.offer.format(slots=alternatives(context, others))}" if others else why
    elif others:
        status = Status.NONE_FREE
        say = words.offer_elsewhen.format(
            when=_when(search, context), slots=alternatives(context, others)
        )
    else:
        status = Status.NONE_FREE
        say = words.none_free.format(when=_when(search, context))
    return Reply(
        status,
        say=sentence(say),
        slots=offer(context, service, others),
        known=known(context),
        missing=[] if others else ["date"],
    )


def _when(search: Search, context: ToolContext) -> str:
    """The wished time as said back: a start, a day, or just "then"."""
    if search.exact:
        return one_time(context, search.exact)
    if search.day:
        return context.words.near_day(search.day, context.local(context.now).date())
    return context.words.then


def _said(span: Span, context: ToolContext) -> str:
    opens, closes = context.local(span.start), context.local(span.end)
    return context.words.from_to.format(
        opens=context.words.clock(opens), closes=context.words.clock(closes)
    )


tool = Tool("check_availability", CheckAvailability, run)
