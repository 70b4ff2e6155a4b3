"""What a line offers of a listed day: worked out once, and anew when anything is another."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from booking.business import Closure, EventType, EventTypeKind, Line, Phase, Staff
from booking.listed import Listed, ListedDay, on_line
from booking.slots import Slot

DAY = date(2026, 2, 10)
ANNA = Staff(uuid4(), "anna", "Anna")
CUT = EventType(uuid4(), 1, EventTypeKind.FIXED, 30, ANNA)
LINE = Line(
    uuid4(),
    "+493023125010",
    "Mitte",
    ZoneInfo("UTC"),
    "en",
    opening_hours={DAY.weekday(): ((time(9), time(12)),)},
)


def listed(*hours: float, kind: EventType = CUT, day: date = DAY) -> ListedDay:
    midnight = datetime.combine(day, time(), UTC)
    return ListedDay([Slot(kind, midnight + timedelta(hours=hour)) for hour in hours])


def hours_of(kind: EventType, line: Line, known: Listed, day: date = DAY) -> list[float]:
    midnight = datetime.combine(day, time(), UTC)
    hour = timedelta(hours=1)
    return [(slot.start - midnight) / hour for slot in on_line(kind, line, day, known)]


def test_what_is_within_the_opening_hours_is_offered() -> None:
    known = {CUT.id: {DAY: listed(8, 9, 11.5, 11.75)}}
    assert hours_of(CUT, LINE, known) == [9, 11.5]
    assert hours_of(CUT, LINE, known, DAY + timedelta(days=1)) == []


def test_nothing_is_worked_out_twice() -> None:
    known = {CUT.id: {DAY: listed(9, 10)}}
    assert on_line(CUT, LINE, DAY, known) is on_line(CUT, LINE, DAY, known)


def test_another_line_or_one_that_has_changed_has_its_own_hours() -> None:
    known = {CUT.id: {DAY: listed(8, 9)}}
    assert hours_of(CUT, LINE, known) == [9]
    early = replace(LINE, opening_hours={DAY.weekday(): ((time(8), time(9)),)})
    assert hours_of(CUT, replace(early, id=uuid4()), known) == [8]
    assert hours_of(CUT, early, known) == [8]
    assert hours_of(CUT, replace(LINE, closures=(Closure(DAY, DAY),)), known) == []
    assert hours_of(CUT, LINE, known) == [9]


def test_a_service_of_phases_follows_the_list_of_each_phase() -> None:
    """Also beyond midnight, and when only a later phase has another list."""
    dry = EventType(uuid4(), 2, EventTypeKind.FIXED, 30, ANNA)
    phases = (Phase(timedelta(), CUT), Phase(timedelta(hours=1), dry))
    whole = replace(CUT, length_minutes=90, phases=phases)
    always = replace(LINE, opening_hours=None)
    first, tomorrow = listed(9, 10, 23.5), DAY + timedelta(days=1)

    today = {DAY: listed(10, 11, kind=dry)}
    assert hours_of(whole, always, {CUT.id: {DAY: first}, dry.id: today}) == [9, 10]
    later = today | {tomorrow: listed(0.5, kind=dry, day=tomorrow)}
    assert hours_of(whole, always, {CUT.id: {DAY: first}, dry.id: later}) == [9, 10, 23.5]
    fewer = {DAY: listed(11, kind=dry)}
    assert hours_of(whole, always, {CUT.id: {DAY: first}, dry.id: fewer}) == [10]
    assert hours_of(whole, always, {CUT.id: {DAY: first}}) == []
