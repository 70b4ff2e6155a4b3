"""What a caller wants, from a tool's arguments and from what the call already knows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from booking.business import Service
from booking.hours import local_day
from booking.services import Found, NotOffered, NotSaid, SeveralFit, find_service
from booking.slots import Slot, Span
from tools.offers import known, offered, taken
from tools.reply import Reply, Status
from tools.speech import names, one_time
from tools.staff import event_types
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
    passed: datetime | None = None
    """The time of today that was wished and is over; the search is for what may replace it."""

    def accepts(self, slot: Slot, context: ToolContext) -> bool:
        """Whether a slot is what was wished for."""
        if self.exact:
            return slot.start == self.exact
        if not self.span.covers(slot.start):
            return False
        if self.clock is None:
            return True
        wall = context.local(slot.start).time()
        return wall in self.clock if isinstance(self.clock, Between) else wall == self.clock


def exactly(start: datetime, context: ToolContext) -> Search:
    """One start and no other."""
    day = context.local(start).date()
    return Search(local_day(day, context.zone), exact=start, near=start, day=day)


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


def horizon(context: ToolContext) -> datetime:
    """The end of the last day of the coming fortnight: so far is known without asking Cal.com."""
    return local_day(context.local(context.now).date(), context.zone).start + HORIZON


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
            start = local_day(first, context.zone).start
            until = local_day(last, context.zone).end if last else start + HORIZON
            return Search(Span(start, until), near=_first(first, clock, context), clock=clock)
        case Soonest(clock=clock):
            return Search(Span(context.now, horizon(context)), clock=clock)
        case Nothing():
            return Search(Span(context.now, horizon(context)))
        case InThePast(what=datetime() as start) if _is_today(start, context):
            return _search_instead(start, context)
        case _:
            return _question(meaning, context)


def _first(day: date, clock: Clock | None, context: ToolContext) -> datetime | None:
    """The first instant of a stretch of wall time that was wished for several days."""
    wall = (clock.earliest or clock.latest) if isinstance(clock, Between) else clock
    return None if wall is None else datetime.combine(day, wall, tzinfo=context.zone)


def _meaning(said_date: str | None, said_time: str | None, context: ToolContext) -> Meaning:
    """Resolve what is said now; a time alone means the day that the call is talking about."""
    conversation = context.conversation
    waited_for_day = conversation.waits_for_day
    meaning = resolved(said_date, said_time, context)
    if conversation.unclear and not isinstance(meaning, Instant):
        answer = " ".join(part for part in (said_date, said_time) if part)
        together = resolved(answer, conversation.unclear, context)
        if answer and isinstance(together, Instant | Day | Window | Days):
            meaning, said_date, said_time = together, answer, conversation.unclear
    match meaning:
        case TimeOnly() if conversation.date_text:
            day = _day_alone(conversation.date_text, context)
            meaning = resolved(day, said_time or said_date, context)
        case Day() if waited_for_day:
            meaning = resolved(said_date or said_time, conversation.time_text, context)
        case Nothing() if conversation.date_text or waited_for_day:
            meaning = resolved(conversation.date_text, conversation.time_text, context)
    conversation.unclear = None
    if isinstance(meaning, Ambiguous | NeedDate | NeedTime):
        conversation.unclear = " ".join(part for part in (said_date, said_time) if part) or None
    conversation.waits_for_day = isinstance(meaning, TimeOnly)
    if isinstance(meaning, TimeOnly):
        conversation.time_text = said_time or said_date or conversation.time_text
    elif isinstance(meaning, Instant | Day | Window | Days):
        if said_date and not waited_for_day:  # another day: the time was said of the former
            conversation.time_text = said_time
        conversation.time_text = said_time or conversation.time_text
        conversation.date_text = said_date or conversation.date_text or said_time
    return meaning


def _day_alone(said: str, context: ToolContext) -> str:
    """The day that was said, without a time that was said with it: another has taken its place."""
    meaning = resolved(said, None, context)
    return context.local(meaning.start).date().isoformat() if isinstance(meaning, Instant) else said


def resolved(
    said_date: str | None,
    said_time: str | None,
    context: ToolContext,
    *,
    now: datetime | None = None,
) -> Meaning:
    """What words for a day and a time mean on this line, whatever else the call is about."""
    return resolve(
        said_date,
        said_time,
        now=now or context.now,
        zone=context.zone,
        language=context.words.language,
        hours=context.line.opening_hours,
    )


def _is_today(instant: datetime, context: ToolContext) -> bool:
    return context.local(instant).date() == context.local(context.now).date()


def _search_instead(passed: datetime, context: ToolContext) -> Search:
    """Look at the rest of today, and around the same time tomorrow."""
    wished = context.local(passed)
    tomorrow = wished.date() + timedelta(days=1)
    return Search(
        Span(context.now, local_day(tomorrow, context.zone).end),
        near=datetime.combine(tomorrow, wished.time(), context.zone),
        passed=passed,
    )


def time_passed(search: Search, context: ToolContext) -> str | None:
    """The sentence that the wished time is over, if it is."""
    if search.passed is None:
        return None
    return context.words.time_passed.format(time=context.words.clock(context.local(search.passed)))


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
    if letter := _offered_at(resolved(said, None, context), context):
        return offered(context, letter) or _ask(
            Status.NEED_TIME, context.words.ask_time, "time", context
        )
    service = wished_service(None, context)
    if isinstance(service, Reply):
        return service
    search = wished_time(said, None, context)
    if isinstance(search, Reply):
        return search
    if passed := time_passed(search, context):
        return _ask(Status.IN_THE_PAST, f"{passed} {context.words.ask_time}", "time", context)
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
