"""What Cal.com lists less what we claim: seats, days with a clock change, and any mix of events."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.availability.reading import Question
from booking.bookings import Booking
from booking.business import EventType, EventTypeKind, Staff
from booking.hours import local_day
from booking.occupancy import Asker, Occupancy, Occupied
from booking.slots import Slot, Span
from tests.booking.availability.offers import free, of, reads
from tests.booking.scene import Scene, at

NOW = datetime(2026, 2, 10, 8, tzinfo=UTC)
ANNA, BEN = Staff(uuid4(), "anna", "Anna"), Staff(uuid4(), "ben", "Ben")
FIXED = EventType(uuid4(), 1, EventTypeKind.FIXED, 30, ANNA, 5, 15)
EITHER = EventType(uuid4(), 2, EventTypeKind.ROUND_ROBIN, 30, hosts=(ANNA, BEN))
COURSE = EventType(uuid4(), 3, EventTypeKind.SEATED, 60, BEN, seats=3)


async def test_seats_are_those_that_others_and_we_have_left(scene: Scene) -> None:
    """Four seats: two were taken on the web, one by us, and one is held."""
    for name in ("Rosa Winter", "Mia Sommer"):
        body = {
            "start": at("10:00").isoformat(),
            "eventTypeId": 8,
            "name": name,
            "email": f"{name.split()[0]}@example.com",
        }
        answer = await scene.practice.calendar_http.post("/_sandbox/bookings", json=body)
        answer.raise_for_status()
    ten = ("10:00", "anna")
    assert ten in await free(scene, of(scene), "course")
    booked = await scene.book(scene.slot("course", at("10:00")), "Nele Ehlers")
    assert ten in await free(scene, of(scene), "course")

    call = await scene.call()
    await scene.practice.desk.hold(
        scene.business, scene.slot("course", at("10:00")), call_id=call, now=scene.now
    )
    assert ten not in await free(scene, of(scene), "course")
    assert ten in await free(scene, of(scene), "course", call_id=call)

    await scene.cancel(booked)
    assert ten in await free(scene, of(scene), "course")


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23.0),
        ("Europe/Berlin", date(2026, 10, 25), 25.0),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
    ],
)
def test_a_day_with_a_clock_change_is_asked_for_by_its_instants(
    zone: str, day: date, hours: float
) -> None:
    business: Any = None
    question = Question(business, FIXED, ZoneInfo(zone), day, day)
    assert (question.span.end - question.span.start) / timedelta(hours=1) == hours
    assert question.span == local_day(day, ZoneInfo(zone))


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
async def test_every_slot_of_such_a_day_is_on_that_day(scene: Scene, day: date) -> None:
    """Around the clock, so that the hour that is missing or comes twice is among them."""
    world = scene.practice.calendar.state.sandbox.world
    for schedule in world.schedules.values():
        for hours in schedule.availability:
            hours.days[:] = [*hours.days, "Sunday"]
            hours.start, hours.end = "00:00", "23:59"
    scene.practice.clock.now = datetime.combine(day, datetime.min.time(), UTC) - timedelta(days=5)
    kinds = scene.service("checkup").event_types
    zone = scene.line.timezone

    found = await of(scene).listed(scene.business, kinds, [day], zone=zone, now=scene.now)

    starts = [slot.start for slot in found.listed[kinds[0].id][day].slots]
    assert {start.astimezone(zone).date() for start in starts} == {day}
    assert len(starts) == len(set(starts)) >= 40
    whole = local_day(day, zone)
    assert all(whole.covers(start) for start in starts)


def _slots(kind: EventType) -> list[Slot]:
    return [Slot(kind, NOW + timedelta(minutes=15 * n)) for n in range(1, 60)]


_TAKEN = st.builds(
    lambda kind, start, long, host, expires, seat: Occupied(
        span=Span(NOW + timedelta(minutes=start), NOW + timedelta(minutes=start + long)),
        staff_id=host,
        event_type_id=kind.id,
        start=NOW + timedelta(minutes=start),
        seat=seat,
        holder=uuid4(),
        call_id=uuid4(),
        expires_at=None if expires is None else NOW + timedelta(minutes=expires),
    ),
    kind=st.sampled_from([FIXED, EITHER, COURSE]),
    start=st.integers(0, 60).map(lambda n: n * 15),
    long=st.integers(1, 2000),
    host=st.sampled_from([ANNA.id, BEN.id]),
    expires=st.one_of(st.none(), st.integers(-5, 5)),
    seat=st.one_of(st.none(), st.integers(1, 3)),
)


@given(taken=st.lists(_TAKEN, max_size=12), whose=st.sampled_from(["nobody", "held", "moved"]))
def test_nothing_is_offered_that_a_live_claim_takes(taken: list[Occupied], whose: str) -> None:
    """But what is the asker's own: their hold, or the booking that they move."""
    asker = Asker(NOW)
    if taken and whose == "held":
        asker = Asker(NOW, call_id=taken[0].call_id)
    if taken and whose == "moved":
        asker = Asker(NOW, holder=taken[0].holder)
    live = [each for each in taken if asker.minds(each)]

    def busy(host: Staff, slot: Slot) -> bool:
        return any(e.staff_id == host.id and e.span.overlaps(slot.occupied) for e in live)

    found = Occupancy(taken)
    offered = {slot.start for slot in found.free(_slots(FIXED), asker)}
    assert offered == {slot.start for slot in _slots(FIXED) if not busy(ANNA, slot)}
    offered = {slot.start for slot in found.free(_slots(EITHER), asker)}
    assert offered == {
        slot.start for slot in _slots(EITHER) if not (busy(ANNA, slot) and busy(BEN, slot))
    }
    for slot in found.free(_slots(COURSE), asker):
        course = [e for e in live if (e.event_type_id, e.start) == (COURSE.id, slot.start)]
        assert len(course) < COURSE.capacity


class Story:
    """Callers who hold, book and cancel, and what of it stands."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.booked: dict[tuple[str, str], Booking] = {}
        self.held: dict[tuple[str, str], UUID] = {}

    async def tell(self, what: str, place: tuple[str, str]) -> None:
        slot = self.scene.slot("checkup", at(place[0]), place[1])
        desk = self.scene.practice.desk
        match what:
            case "hold" if place not in self.booked and place not in self.held:
                self.held[place] = call = await self.scene.call()
                await desk.hold(self.scene.business, slot, call_id=call, now=self.scene.now)
            case "release" if place in self.held:
                call = self.held.pop(place)
                await desk.release(self.scene.business, call, now=self.scene.now)
            case "book" if place not in self.booked:
                call = self.held.pop(place) if place in self.held else await self.scene.call()
                name = f"Nele {uuid4().hex[:8].translate(_LETTERS)}"
                self.booked[place] = await self.scene.book(slot, name, call_id=call)
            case "cancel" if place in self.booked:
                await self.scene.cancel(self.booked.pop(place))
            case "wait":
                self.scene.practice.clock.advance(minutes=6)
                self.held.clear()

    async def agrees(self) -> None:
        """Exactly what nobody has is offered, of the times that the story is about."""
        offered = await free(self.scene, of(self.scene))
        taken = self.booked.keys() | self.held.keys()
        assert offered & _PLACES == _PLACES - taken


_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")
_PLACES: Final = {(clock, who) for clock in ("10:00", "10:30", "14:00") for who in ("anna", "ben")}


@pytest.mark.parametrize("seed", range(6))
async def test_after_any_event_the_next_answer_reflects_it(scene: Scene, seed: int) -> None:
    """Long stories, each another one, and no answer in between is wrong."""
    dice = random.Random(seed)
    story, places = Story(scene), sorted(_PLACES)
    await story.agrees()
    for _ in range(14):
        what = dice.choice(["hold", "hold", "book", "book", "cancel", "release", "wait"])
        await story.tell(what, dice.choice(places))
        await story.agrees()
    assert await reads(scene) < 14
