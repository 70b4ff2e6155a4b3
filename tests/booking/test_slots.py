"""Choosing and subtracting: pure rules over times."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from booking.business import EventType, EventTypeKind, Staff
from booking.occupancy import Asker, Occupancy, Occupied
from booking.slots import Slot, Span, choose

DAY = datetime(2026, 2, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")
ANNA = Staff(uuid4(), "anna", "Anna")


def kind(after_buffer_minutes: int = 0) -> EventType:
    return EventType(
        uuid4(), 1, EventTypeKind.FIXED, 30, ANNA, after_buffer_minutes=after_buffer_minutes
    )


def at(hour: float, event_type: EventType | None = None) -> Slot:
    return Slot(event_type or KIND, DAY + timedelta(hours=hour))


KIND = kind()


def busy(start: datetime, end: datetime) -> Occupied:
    """Time of Anna's that somebody else has claimed."""
    return Occupied(Span(start, end), ANNA.id, KIND.id, start)


def subtract(slots: list[Slot], occupied: list[Occupied]) -> list[Slot]:
    return Occupancy(occupied).free(slots, Asker(DAY))


def hours(slots: list[Slot]) -> list[float]:
    return [(slot.start - DAY) / HOUR for slot in slots]


def test_f_038_offers_are_closest_to_the_wish() -> None:
    free = [at(8), at(9.5), at(15), at(16.75)]
    chosen = choose(free, near=DAY + 14.5 * HOUR, apart=HOUR, zone=BERLIN)
    assert hours(chosen[:2]) == [15, 16.75]


def test_offers_are_spread_while_there_is_something_to_spread() -> None:
    assert hours(choose([at(9), at(9.5), at(10), at(11)], near=None, apart=HOUR, zone=BERLIN)) == [
        9,
        10,
        11,
    ]
    assert hours(choose([at(9), at(9.25), at(9.5)], near=None, apart=HOUR, zone=BERLIN)) == [
        9,
        9.25,
        9.5,
    ]


def test_a_start_that_two_hosts_offer_is_offered_once() -> None:
    assert hours(choose([at(9), at(9, kind()), at(11)], near=None, apart=HOUR, zone=BERLIN)) == [
        9,
        11,
    ]


def test_f_029_an_occupied_host_is_not_offered_and_another_is() -> None:
    other = EventType(uuid4(), 2, EventTypeKind.FIXED, 30, Staff(uuid4(), "ben", "Ben"))
    occupied = [busy(DAY + 13.25 * HOUR, DAY + 14 * HOUR)]
    free = [at(12.75), at(13), at(13.5), at(14), at(13.5, other)]
    assert hours(subtract(free, occupied)) == [12.75, 14, 13.5]


def test_buffers_keep_neighbours_away() -> None:
    tidy = kind(after_buffer_minutes=15)
    occupied = [busy(DAY + 10 * HOUR, DAY + 11 * HOUR)]
    assert hours(subtract([at(9.25, tidy), at(9.5, tidy), at(11, tidy)], occupied)) == [9.25, 11]


@given(
    starts=st.lists(st.integers(0, 24 * 60), max_size=60),
    spans=st.lists(st.tuples(st.integers(0, 24 * 60), st.integers(1, 300)), max_size=10),
    wish=st.one_of(st.none(), st.integers(0, 24 * 60)),
)
def test_what_is_offered_is_free_different_and_never_more_than_three(
    starts: list[int], spans: list[tuple[int, int]], wish: int | None
) -> None:
    def minute(value: int) -> datetime:
        return DAY + timedelta(minutes=value)

    occupied = [busy(minute(start), minute(start + long)) for start, long in spans]
    free = subtract([Slot(KIND, minute(start)) for start in starts], occupied)
    chosen = choose(free, near=None if wish is None else minute(wish), apart=HOUR, zone=BERLIN)

    assert len(chosen) == min(3, len({slot.start for slot in free}))
    assert len({slot.start for slot in chosen}) == len(chosen)
    assert not any(each.span.overlaps(slot.occupied) for slot in chosen for each in occupied)
