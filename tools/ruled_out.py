"""Wishes about which no calendar needs to be asked: why nobody can come then, and since when."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from booking.business import EventType
from booking.hours import days_of, local_day, open_on
from booking.slots import Span
from tools.reply import Status
from tools.speech import closed_on
from tools.tool import ToolContext
from tools.when.meaning import Between
from tools.wish import Search, time_passed

_FARTHEST_DAYS: Final = 360
"""Of event types without a booking window: days are said without a year, so none may recur."""

_JUDGED: Final = timedelta(days=31)
"""Whoever wishes a longer stretch has wished a day on which we are open."""

_INSTANT: Final = timedelta(microseconds=1)

Refusal = tuple[Status, str]
"""Why, and the sentence that says so; it asks nothing."""


def last_bookable(kinds: Sequence[EventType], now: datetime) -> datetime:
    """The instant after which none of these event types takes a booking yet."""
    days = [kind.booking_window_days or _FARTHEST_DAYS for kind in kinds]
    return now + timedelta(days=max(days, default=_FARTHEST_DAYS))


def ruled_out(search: Search, kinds: Sequence[EventType], context: ToolContext) -> Refusal | None:
    """Whether the rules of the house alone forbid a wish."""
    words = context.words
    if passed := time_passed(search, context):
        return Status.IN_THE_PAST, passed
    last = last_bookable(kinds, context.now)
    if (search.exact or search.span.start) > last:
        return Status.TOO_FAR, words.too_far.format(day=words.full_day(context.local(last).date()))
    span = Span(search.span.start, min(search.span.end, search.span.start + _JUDGED))
    notice = timedelta(minutes=min((kind.minimum_notice_minutes for kind in kinds), default=0))
    shortest = min((kind.length for kind in kinds), default=timedelta())
    opened: tuple[date, list[Span]] | None = None
    is_too_soon = False
    for day in days_of(span, context.zone):
        whole = local_day(day, context.zone)
        told = open_on(context.line, day)
        spans = [Span(whole.start, whole.end + shortest)] if told is None else told
        opened = opened or ((day, spans) if spans else None)
        ends = [
            end
            for wished in (_wished_on(whole, span, search, context) if spans else ())
            for each in spans
            if (end := _last_chance(wished, each, shortest))
        ]
        if any(end > context.now + notice for end in ends):
            return None
        is_too_soon = is_too_soon or bool(ends)
    if is_too_soon:
        return Status.TOO_SOON, words.too_soon
    if opened:
        day, spans = opened
        hours = words.all_of([_said(open_, context) for open_ in spans])
        return Status.OUTSIDE_HOURS, words.outside_hours.format(
            day=words.full_day(day), hours=hours
        )
    if search.day is None:
        return Status.CLOSED, words.closed_then
    return Status.CLOSED, closed_on(context, search.day)


def _last_chance(wished: Span, open_: Span, shortest: timedelta) -> datetime | None:
    """The end of the starts that are as wished and leave time enough, if there are any."""
    end = min(wished.end, open_.end - shortest + _INSTANT)
    return end if max(wished.start, open_.start) < end else None


def _wished_on(day: Span, span: Span, search: Search, context: ToolContext) -> Iterator[Span]:
    """The starts on one day that would be as wished."""
    if search.exact is not None:
        if day.covers(search.exact):
            yield Span(search.exact, search.exact + _INSTANT)
        return
    begin, end = max(day.start, span.start), min(day.end, span.end)
    match search.clock:
        case None:
            pass
        case Between(earliest=earliest, latest=latest):
            begin = max(begin, _at(day, earliest, context) if earliest else begin)
            end = min(end, _at(day, latest, context) if latest else end)
        case exactly:
            begin = max(begin, _at(day, exactly, context))
            end = min(end, begin + _INSTANT)
    if begin < end:
        yield Span(begin, end)


def _at(day: Span, wall: time, context: ToolContext) -> datetime:
    return datetime.combine(context.local(day.start).date(), wall, tzinfo=context.zone)


def _said(span: Span, context: ToolContext) -> str:
    opens, closes = context.local(span.start), context.local(span.end)
    return context.words.from_to.format(
        opens=context.words.clock(opens), closes=context.words.clock(closes)
    )
