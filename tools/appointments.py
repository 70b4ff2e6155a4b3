"""The caller's own appointments: which there are, and which one is meant."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from booking.bookings import Booking, BookingState, span_of
from booking.hours import local_day
from booking.services import Found, find_service
from booking.slots import Span
from tools.conversation import ChangeReadBack
from tools.offers import customer_id, known
from tools.reply import Reply, SpokenBooking, Status
from tools.speech import AT_MOST_SPOKEN, full_time, service_of, spoken_booking
from tools.tool import ToolContext
from tools.when.meaning import Ambiguous, Day, Days, Instant, Meaning, Window
from tools.wish import HORIZON, resolved

_AT_MOST_LISTED = 6
"""In the envelope; nobody chooses among more on the phone."""

_GONE = {BookingState.CANCELLED, BookingState.FAILED}
_STANDS = {BookingState.CONFIRMED, BookingState.MOVING, BookingState.CANCELLING}


@dataclass(frozen=True, slots=True)
class Own:
    """The caller's appointments, next first, and those spoken of that do not stand any more."""

    standing: Sequence[Booking]
    gone: Sequence[Booking] = ()


async def own_appointments(context: ToolContext) -> Own:
    """What this caller may see and change.

    That is what was made in this call and what the identified person has. The owner of a number
    sees everybody's on it: a parent makes, moves and cancels for a child. Behind a hidden number
    nobody is identified.
    """
    conversation = context.conversation
    found = await context.desk.of_caller(
        context.business,
        call_id=context.call_id,
        customer_id=customer_id(context) if context.caller else None,
        number=context.caller if _speaks_for_number(context) else None,
        spoken_of=conversation.bookings.values(),
        now=context.now,
    )
    standing = [one for one in found if not is_gone(one) and span_of(one).end > context.now]
    for booking in standing:  # so that the next one is "1", whatever is asked first
        conversation.number_for(booking.id)
    return Own(standing, [one for one in found if one not in standing])


def _speaks_for_number(context: ToolContext) -> bool:
    """Whether the caller is the number's owner, or nobody else that we know."""
    conversation = context.conversation
    mine = customer_id(context)
    owner = next((one for one in conversation.on_number if one.is_owner), None)
    return owner is None or conversation.person is None or owner.customer_id == mine


def made_in_this_call(booking: Booking, context: ToolContext) -> bool:
    """Whether it may be changed whoever is calling, and without the rules of the house."""
    return booking.call_id == context.call_id


def is_gone(booking: Booking) -> bool:
    """Whether nothing will ever come of it again."""
    return booking.state in _GONE


def stands(booking: Booking) -> bool:
    """Whether the calendar holds it; otherwise it was only asked for yet."""
    return booking.state in _STANDS


def listed(bookings: Sequence[Booking], context: ToolContext) -> list[SpokenBooking]:
    """Appointments as the model sees them."""
    return [spoken_booking(context, booking) for booking in bookings[:_AT_MOST_LISTED]]


def said(booking: Booking, context: ToolContext) -> str:
    """An appointment in full: what, when, and for whom if that is not the caller."""
    words = context.words
    service = service_of(context, booking)
    phrase = words.appointment.format(
        service=service.name if service else words.an_appointment,
        slot=full_time(context, booking.start_at),
    )
    person = context.conversation.person
    if person is None or person.name == booking.attendee_name:
        return phrase
    return f"{phrase}, {words.for_person.format(name=booking.attendee_name)}"


def spans_of(meaning: Meaning, context: ToolContext) -> list[Span]:
    """The days or hours that words mean, to find appointments in; none if they name none."""
    match meaning:
        case Instant(start=start):
            return [local_day(context.local(start).date(), context.zone)]
        case Day(day=day):
            return [local_day(day, context.zone)]
        case Window(start=start, end=end):
            begin = start or context.now
            return [Span(begin, end or begin + HORIZON)]
        case Days(first=first, last=last):
            start = local_day(first, context.zone).start
            return [Span(start, local_day(last, context.zone).end if last else start + HORIZON)]
        case Ambiguous(candidates=candidates):
            return [span for each in candidates for span in spans_of(each, context)]
        case _:
            return []


def within(bookings: Sequence[Booking], spans: Sequence[Span]) -> list[Booking]:
    """The appointments that take place in any of these spans."""
    return [one for one in bookings if any(span.overlaps(span_of(one)) for span in spans)]


def meant(
    said_of_it: str | None, own: Own, context: ToolContext, *, agreed: bool
) -> Booking | Reply:
    """The appointment to change: by its number, by what was said of it, or the only one.

    Without a word it is the one that was read back, else the one made in this call. What is said
    narrows the choice where it fits anything; the read-back shows what was understood. A yes
    (`agreed`) may be a repetition, so then it may be one that does not stand any more.
    """
    conversation = context.conversation
    candidates = list(own.standing)
    if said_of_it is None:
        last = conversation.read_back
        known_ones = [*own.standing, *own.gone] if agreed else own.standing
        if isinstance(last, ChangeReadBack) and (one := _by_id(last.booking, known_ones)):
            return one
    elif number := re.fullmatch(r"\W*(\d+)\W*", said_of_it):
        spoken_of = conversation.bookings.get(number[1])
        if spoken_of and (one := _by_id(spoken_of, [*own.standing, *own.gone])):
            return one
    else:
        for narrowed in _NARROWING:
            candidates = narrowed(said_of_it, candidates, context) or candidates
    if len(candidates) == 1:
        return candidates[0]
    just_made = [one for one in candidates if made_in_this_call(one, context)]
    if just_made:
        return max(just_made, key=lambda one: one.created_at)
    if not candidates:
        return none_found(context)
    return which(candidates, context)


def none_found(context: ToolContext) -> Reply:
    """Nothing on this number: say so, and offer a human."""
    words = context.words
    say = words.none_found if context.caller else words.none_found_hidden
    return Reply(Status.NONE_FOUND, say=say, known=known(context))


def which(candidates: Sequence[Booking], context: ToolContext) -> Reply:
    """Ask which of several appointments is meant, naming the next two."""
    choices = [said(one, context) for one in candidates[:AT_MOST_SPOKEN]]
    return Reply(
        Status.NEED_CHOICE,
        say=context.words.ask_which_booking.format(bookings=context.words.either(choices)),
        bookings=listed(candidates, context),
        known=known(context),
    )


def _by_id(booking_id: UUID, among: Sequence[Booking]) -> Booking | None:
    return next((one for one in among if one.id == booking_id), None)


def _by_time(text: str, candidates: Sequence[Booking], context: ToolContext) -> list[Booking]:
    meaning = resolved(text, None, context)
    on_its_day = within(candidates, spans_of(meaning, context))
    if isinstance(meaning, Instant):
        return [one for one in on_its_day if one.start_at == meaning.start] or on_its_day
    return on_its_day


def _by_name(text: str, candidates: Sequence[Booking], _context: ToolContext) -> list[Booking]:
    heard = set(re.findall(r"\w+", text.casefold()))
    return [one for one in candidates if heard & set(one.attendee_name.casefold().split())]


def _by_service(text: str, candidates: Sequence[Booking], context: ToolContext) -> list[Booking]:
    match find_service(text, context.business.services, language=context.words.language):
        case Found(service=service):
            return [one for one in candidates if one.service_id == service.id]
        case _:
            return []


_NARROWING: tuple[Callable[[str, Sequence[Booking], ToolContext], list[Booking]], ...] = (
    _by_time,
    _by_name,
    _by_service,
)
