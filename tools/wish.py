"""What a caller wants, from a tool's arguments and from what the call already knows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from booking.business import EventType, Service
from booking.hours import local_day
from booking.services import Found, NotOffered, NotSaid, SeveralFit, find_service
from booking.slots import Slot, Span
from tools.offers import known, offered, taken
from tools.reply import Reply, Status
from tools.speech import names, one_time
from tools.tool import ToolContext
from tools.when.meaning import (
    Ambiguous,
    Between,
    Clock,
    Day,
    Days,
    Instant,
    InThePast,
    Meaning,
    NeedDate,
    NeedTime,
    Nothing,
    Soonest,
    TimeOnly,
    Window,
)
from tools.when.resolve import resolve

HORIZON: Final = timedelta(days=14)
"""How far "as soon as possible" looks, today included."""

_SUGGESTED = 2
"""Services or days named in one question."""


@dataclass(frozen=True, slots=True)
class Search:
    """When to look. `span` bounds the starts; `clock` is wall time that holds on each day."""

    span: Span
    exact: datetime | None = None
    """The one start that was wished."""
    near: datetime | None = None
    """Closeness to this ranks what else is offered."""
    clock: Clock | None = None
    day: date | None = None
    """The one local day that was wished, if it was one."""

    def accepts(self, slot: Slot, context: ToolContext) -> bool:
        """Whether a slot is what was wished for."""
        if self.exact:
            return slot.start == self.exact
        if not self.span.covers(slot.start):
            return False
        wall = context.local(slot.start).time()
        match self.clock:
            case None:
                return True
            case Between() as between:
                return wall in between
            case exactly:
                return wall == exactly


def wished_service(said: str | None, context: ToolContext) -> Service | Reply:
    """The service that was named now or earlier in the call, or the one question to ask."""
    conversation = context.conversation
    services = context.business.services
    match find_service(said, services, language=context.words.language):
        case Found(service=service):
            conversation.service = service.slug
            return service
        case SeveralFit(candidates=candidates):
            return Reply(
                Status.NEED_SERVICE,
                say=context.words.ask_service_among.format(
                    services=context.words.either(names(candidates[:_SUGGESTED]))
                ),
                known=known(context),
                missing=["service"],
            )
        case NotOffered(suggestions=suggestions):
            suggested = names((suggestions or services)[:_SUGGESTED])
            return Reply(
                Status.UNKNOWN_SERVICE,
                say=context.words.unknown_service.format(services=context.words.either(suggested)),
                known=known(context),
                missing=["service"],
            )
        case NotSaid():
            kept = next((s for s in services if s.slug == conversation.service), None)
            return kept or Reply(
                Status.NEED_SERVICE,
                say=context.words.ask_service,
                known=known(context),
                missing=["service"],
            )


def wished_staff(said: str | None, context: ToolContext) -> Reply | None:
    """Note whom the caller wishes to see; ask if the name fits nobody, or several."""
    if said is None:
        return None
    staff = context.business.staff
    in_names = [_name_words(someone.name) for someone in staff]
    # A title that all of them bear tells nobody apart.
    borne_by_all = set.intersection(*in_names) if len(in_names) > 1 else set()
    telling = _name_words(said) - borne_by_all
    fitting = [someone for someone, words in zip(staff, in_names, strict=True) if telling & words]
    if len(fitting) == 1:
        context.conversation.staff = fitting[0].slug
        return None
    candidates = [someone.name for someone in fitting or staff]
    return Reply(
        Status.NEED_CHOICE,
        say=context.words.ask_which_staff.format(staff=context.words.either(candidates[:3])),
        known=known(context),
        missing=["staff"],
    )


def _name_words(name: str) -> set[str]:
    return set(name.casefold().replace("-", " ").split())


def event_types(service: Service, context: ToolContext) -> list[EventType]:
    """The event types that a wish may be booked through, the wished staff member's only."""
    wished = context.conversation.staff
    return [
        kind
        for kind in service.event_types
        if wished is None or (kind.staff is not None and kind.staff.slug == wished)
    ]


def wished_time(
    said_date: str | None, said_time: str | None, context: ToolContext
) -> Search | Reply:
    """When the caller wants to come, or the one question to ask about it."""
    meaning = _meaning(said_date, said_time, context)
    match meaning:
        case Instant(start=start, about=about):
            day = context.local(start).date()
            return Search(
                local_day(day, context.zone), exact=None if about else start, near=start, day=day
            )
        case Day(day=day):
            return Search(local_day(day, context.zone), day=day)
        case Window():
            return _search_window(meaning, context)
        case Days(first=first, last=last, clock=clock):
            until = local_day(last, context.zone).end if last else context.now + HORIZON
            return Search(Span(local_day(first, context.zone).start, until), clock=clock)
        case Soonest(clock=clock):
            return Search(Span(context.now, context.now + HORIZON), clock=clock)
        case Nothing():
            return Search(Span(context.now, context.now + HORIZON))
        case _:
            return _question(meaning, context)


def _meaning(said_date: str | None, said_time: str | None, context: ToolContext) -> Meaning:
    """Resolve what is said now; a time alone means the day that the call is talking about."""
    conversation = context.conversation
    waited_for_day = conversation.waits_for_day
    meaning = _resolve(said_date, said_time, context)
    match meaning:
        case TimeOnly() if conversation.date_text:
            meaning = _resolve(conversation.date_text, said_time or said_date, context)
        case Day() if waited_for_day:
            meaning = _resolve(said_date or said_time, conversation.time_text, context)
        case Nothing() if conversation.date_text:
            meaning = _resolve(conversation.date_text, conversation.time_text, context)
    conversation.waits_for_day = isinstance(meaning, TimeOnly)
    if isinstance(meaning, TimeOnly):
        conversation.time_text = said_time or said_date
    elif isinstance(meaning, Instant | Day | Window | Days):
        if said_date and not waited_for_day:  # another day: the time was said of the former
            conversation.time_text = said_time
        conversation.time_text = said_time or conversation.time_text
        conversation.date_text = said_date or conversation.date_text or said_time
    return meaning


def _resolve(said_date: str | None, said_time: str | None, context: ToolContext) -> Meaning:
    return resolve(
        said_date,
        said_time,
        now=context.now,
        zone=context.zone,
        language=context.words.language,
        hours=context.line.opening_hours,
    )


def _search_window(window: Window, context: ToolContext) -> Search:
    start = window.start or context.now
    end = window.end or start + HORIZON
    first, last = context.local(start).date(), context.local(end - timedelta(minutes=1)).date()
    return Search(
        Span(start, end),
        near=window.start or window.end,
        day=first if first == last else None,
    )


def _question(meaning: Meaning, context: ToolContext) -> Reply:
    """The one precise question for what cannot be looked up yet."""
    words = context.words
    match meaning:
        case InThePast():
            today = words.full_day(context.local(context.now).date())
            return _ask(Status.IN_THE_PAST, words.in_the_past.format(today=today), "date", context)
        case NeedDate(candidates=days) if days:
            said = words.either([words.full_day(day) for day in days[:_SUGGESTED]])
            return _ask(Status.NEED_DATE, words.ask_which_day.format(days=said), "date", context)
        case NeedTime(candidates=starts) if starts:
            said = words.either([one_time(context, start) for start in starts[:_SUGGESTED]])
            return _ask(Status.NEED_TIME, words.ask_which_time.format(times=said), "time", context)
        case NeedTime():
            return _ask(Status.NEED_TIME, words.ask_time, "time", context)
        case Ambiguous(candidates=readings):
            return _which(readings[:_SUGGESTED], context)
        case _:
            return _ask(Status.NEED_DATE, words.ask_day, "date", context)


def _which(readings: tuple[Instant | Day | Window | Days, ...], context: ToolContext) -> Reply:
    words = context.words
    days = [_day_of(reading, context) for reading in readings]
    if len(set(days)) > 1:
        said = words.either([words.full_day(day) for day in days])
        return _ask(Status.NEED_DATE, words.ask_which_day.format(days=said), "date", context)
    starts = [reading.start for reading in readings if isinstance(reading, Instant | Window)]
    said = words.either([one_time(context, start) for start in starts if start])
    return _ask(Status.NEED_TIME, words.ask_which_time.format(times=said), "time", context)


def _day_of(reading: Instant | Day | Window | Days, context: ToolContext) -> date:
    match reading:
        case Day(day=day):
            return day
        case Days(first=first):
            return first
        case Instant(start=start):
            return context.local(start).date()
        case Window(start=start, end=end):
            return context.local(start or end or context.now).date()


def _ask(status: Status, say: str, missing: str, context: ToolContext) -> Reply:
    return Reply(status, say=say, known=known(context), missing=[missing])


async def exact_slot(said: str | None, context: ToolContext) -> tuple[Service, Slot] | Reply:
    """The slot that a spoken or ISO time means: one that was offered, or one that is listed now.

    Nothing is booked that Cal.com does not list, so a time that was never offered is checked first.
    """
    if said is None:
        return _ask(Status.NEED_TIME, context.words.ask_time, "time", context)
    if letter := _offered_at(_resolve(said, None, context), context):
        return offered(context, letter) or _ask(
            Status.NEED_TIME, context.words.ask_time, "time", context
        )
    service = wished_service(None, context)
    if isinstance(service, Reply):
        return service
    search = wished_time(said, None, context)
    if isinstance(search, Reply):
        return search
    if search.exact is None:
        return _ask(Status.NEED_TIME, context.words.ask_time, "time", context)
    kinds = event_types(service, context)
    found = await context.desk.find(
        context.business,
        context.line,
        kinds,
        search.span,
        call_id=context.call_id,
        customer_id=None,
        now=context.now,
    )
    if slot := next((slot for slot in found.slots if slot.start == search.exact), None):
        return service, slot
    return await taken(context, service, Slot(kinds[0], search.exact))


def _offered_at(meaning: Meaning, context: ToolContext) -> str | None:
    """The letter of the one offer that was meant; a bare time means the day it was offered for."""
    fitting = [
        letter
        for letter, known_offer in context.conversation.offers.items()
        if _means(meaning, context.local(known_offer.start))
    ]
    return fitting[0] if len(fitting) == 1 else None


def _means(meaning: Meaning, start: datetime) -> bool:
    match meaning:
        case Instant(start=instant):
            return instant == start
        case TimeOnly(clocks=clocks):
            return start.time() in clocks
        case _:
            return False
