"""Looking for times to offer: what was wished, what is closest to it, or why there is none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from booking.bookings import Booking
from booking.business import EventType, Service
from booking.hours import local_day
from booking.slots import Slot, Span
from tools.offers import best, best_with, known, offer
from tools.reply import Reply, Status
from tools.ruled_out import Refusal, last_bookable, ruled_out
from tools.speech import offering, one_time, sentence
from tools.tool import ToolContext
from tools.wish import HORIZON, Search, horizon

_WEEK: Final = timedelta(days=7)
_MONTH: Final = timedelta(days=31)
"""Of a longer stretch the first two weeks are looked through, then at most as much again as this:
three times are to be found, and Cal.com is asked about a month at most."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What was found for a wish."""

    wanted: Sequence[Slot]
    """Free, and as wished."""
    free: Sequence[Slot]
    """Free in the week from then on, also with others than the one who was wished for."""
    refusal: Refusal | None
    """Why the wish can never be met, and the sentence that says so."""
    in_doubt: bool
    until: datetime | None = None
    """Where looking ended, if the wish goes on."""


async def look(
    kinds: Sequence[EventType],
    search: Search,
    context: ToolContext,
    *,
    customer_id: UUID | None,
    moving: Booking | None = None,
    others: Sequence[EventType] = (),
) -> Outlook:
    """Look for a wish and around it, with one question to the calendar where one will do.

    Args:
        kinds: Through which the wish may be met.
        search: When.
        context: Of the tool call.
        customer_id: Whose other appointments are in the way.
        moving: What is in nobody's way, because it shall be moved.
        others: Through which else alternatives may be offered.

    Raises:
        CalendarUnavailable: Nobody can tell.
        ServiceUnavailable: Cal.com does not know these event types.
    """
    refusal = ruled_out(search, kinds, context)
    ours = {kind.id for kind in kinds}
    free: list[Slot] = []
    wanted: list[Slot] = []
    in_doubt, end = False, search.span.start
    for span in _spans(search, refusal, kinds, context):
        found = await context.desk.find(
            context.business,
            context.line,
            [*kinds, *others],
            span,
            call_id=context.call_id,
            customer_id=customer_id,
            now=context.now,
            moving=moving,
        )
        free += found.slots
        in_doubt |= found.in_doubt
        end = span.end
        if not refusal:
            wanted += [
                slot
                for slot in found.slots
                if slot.event_type.id in ours and search.accepts(slot, context)
            ]
        if wanted or (refusal and free):
            break
    if moving is not None:  # who comes to Anna shall stay with Anna, where she has time
        for slots in (free, wanted):
            slots.sort(key=lambda slot: slot.event_type.id != moving.event_type_id)
    return Outlook(wanted, free, refusal, in_doubt, end if end < search.span.end else None)


def offer_times(service: Service, outlook: Outlook, search: Search, context: ToolContext) -> Reply:
    """Offer the best of what was wished."""
    words = context.words
    chosen = best(context, outlook.wanted, search.near)
    template = words.offer_in_doubt if outlook.in_doubt else words.offer
    return Reply(
        Status.AVAILABLE,
        say=offering(context, template, chosen),
        slots=offer(context, service, chosen),
        known=known(context),
    )


def nothing_free(service: Service, outlook: Outlook, search: Search, context: ToolContext) -> Reply:
    """Say why the wish cannot be met, and what is closest to it."""
    words = context.words
    too_far = outlook.refusal is not None and outlook.refusal[0] is Status.TOO_FAR
    near = None if too_far else search.near
    wished = context.conversation.staff
    free = [
        slot
        for slot in outlook.free
        if slot.start != search.exact
        or (slot.event_type.staff is not None and slot.event_type.staff.slug != wished)
    ]
    others = _instead(free, search, context) or best_with(context, free, near)
    status, why = outlook.refusal or (Status.NONE_FREE, "")
    if why:
        say = f"{why} {offering(context, words.offer, others) if others else words.ask_day}"
    elif others:
        say = _elsewhen(search, context, others)
    elif outlook.until is not None:
        status = Status.NEED_DATE
        day = words.full_day(context.local(outlook.until - timedelta(microseconds=1)).date())
        say = words.nothing_until.format(day=day)
    else:
        say = words.none_free.format(when=_when(search, context))
    return Reply(
        status,
        say=sentence(say),
        slots=offer(context, service, others),
        known=known(context),
        missing=[] if others else ["date"],
    )


def _instead(free: Sequence[Slot], search: Search, context: ToolContext) -> list[Slot]:
    """For a time of today that is over: the next free one, and the closest to it tomorrow."""
    if search.passed is None:
        return []
    today = context.local(context.now).date()
    rest = [slot for slot in free if context.local(slot.start).date() == today]
    tomorrow = [slot for slot in free if slot not in rest and search.span.covers(slot.start)]
    return [*best(context, rest, None)[:1], *best(context, tomorrow, search.near)[:1]]


def _elsewhen(search: Search, context: ToolContext, others: Sequence[Slot]) -> str:
    words = context.words
    when = _when(search, context)
    if (staff := known(context).get("staff")) is None:
        return offering(context, words.offer_elsewhen, others, when=when)
    not_with_them = words.without_staff.format(when=when, staff=staff)
    return f"{not_with_them} {offering(context, words.offer, others)}"


def _spans(
    search: Search, refusal: Refusal | None, kinds: Sequence[EventType], context: ToolContext
) -> Iterator[Span]:
    """The wished span and the week from its beginning, so that no second question is needed.

    What lies beyond the fortnight that is kept warm is looked at only if nothing else is free.
    """
    too_far = refusal is not None and refusal[0] is Status.TOO_FAR
    start = context.now if too_far else max(search.span.start, context.now)
    today = local_day(context.local(start).date(), context.zone)
    end = today.end if too_far else min(search.span.end, last_bookable(kinds, context.now))
    end = max(end, today.start + _WEEK)
    known_until = horizon(context)
    if search.span.end <= known_until < end and start < known_until:
        yield Span(start, known_until)
        yield Span(known_until, end)
        return
    if end - start <= _MONTH:
        yield Span(start, end)
        return
    yield Span(start, today.start + HORIZON)
    yield Span(today.start + HORIZON, min(end, today.start + HORIZON + _MONTH))


def _when(search: Search, context: ToolContext) -> str:
    """The wished time as said back: a start, a day, or just "then"."""
    if search.exact:
        return one_time(context, search.exact)
    if search.day:
        return context.words.near_day(search.day, context.local(context.now).date())
    return context.words.then
