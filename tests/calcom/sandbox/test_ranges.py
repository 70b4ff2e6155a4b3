"""Arithmetic on time ranges, against the same done minute by minute."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from calcom.sandbox.grid import starts
from calcom.sandbox.opening import open_ranges
from calcom.sandbox.ranges import Range, clip, merge, subtract
from calcom.sandbox.records import Hours, Override, Schedule

DAWN = datetime(2027, 2, 2, tzinfo=UTC)


def minute(number: int) -> datetime:
    return DAWN + timedelta(minutes=number)


@st.composite
def ranges(draw: st.DrawFn) -> list[Range]:
    bounds = st.tuples(st.integers(0, 60), st.integers(0, 60))
    return [Range(minute(a), minute(b)) for a, b in draw(st.lists(bounds, max_size=6))]


def minutes_of(found: list[Range]) -> set[int]:
    return {n for n in range(61) if any(r.start <= minute(n) < r.end for r in found)}


@given(ranges())
def test_merged_ranges_cover_the_same_and_do_not_touch(given_ranges: list[Range]) -> None:
    merged = merge(given_ranges)
    assert minutes_of(merged) == minutes_of(given_ranges)
    assert all(a.end < b.start for a, b in pairwise(merged))


@given(ranges(), ranges())
def test_subtracting_takes_exactly_what_is_taken(whole: list[Range], taken: list[Range]) -> None:
    assert minutes_of(subtract(whole, taken)) == minutes_of(whole) - minutes_of(taken)


@given(ranges(), st.integers(0, 60), st.integers(0, 60))
def test_clipping_keeps_what_is_inside(whole: list[Range], start: int, end: int) -> None:
    bounds = Range(minute(start), minute(end))
    assert minutes_of(clip(whole, bounds)) == minutes_of(whole) & minutes_of([bounds])


@given(ranges(), st.sampled_from([5, 15, 20, 30, 45]))
def test_every_start_fits_into_its_range(whole: list[Range], length: int) -> None:
    free = merge(whole)
    span = timedelta(minutes=length)
    zero = timedelta()
    found = list(starts(free, length=span, step=span, offset=zero, not_before=DAWN))
    assert all(any(r.contains(Range(s, s + span)) for r in free) for s in found)
    assert found == sorted(found)


def test_an_override_replaces_the_hours_of_its_day_and_clocks_change() -> None:
    schedule = Schedule(
        id=1,
        owner_id=1,
        name="Praxis",
        time_zone="Europe/Berlin",
        availability=[Hours(days=["Saturday", "Sunday", "Monday"], start="08:00", end="12:00")],
        overrides=[Override(date="2027-03-29", start="00:00", end="00:00")],
    )
    bounds = Range(datetime(2027, 3, 27, tzinfo=UTC), datetime(2027, 3, 30, tzinfo=UTC))
    opened = [(f"{r.start:%d %H:%M}", f"{r.end:%d %H:%M}") for r in open_ranges(schedule, bounds)]
    assert opened == [("27 07:00", "27 11:00"), ("28 06:00", "28 10:00")]


def test_open_around_the_clock_has_no_seam_at_midnight() -> None:
    days = ["Tuesday", "Wednesday"]
    hours = [Hours(days=days, start="00:00", end="23:59")]
    schedule = Schedule(id=1, owner_id=1, name="", time_zone="Etc/UTC", availability=hours)
    bounds = Range(DAWN, DAWN + timedelta(days=3))
    assert open_ranges(schedule, bounds) == [Range(DAWN, DAWN + timedelta(days=2))]
