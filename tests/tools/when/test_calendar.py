"""Which days a word can mean, and what clocks do on two nights of the year."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from tests.tools.when.reading import BERLIN, read
from tools.when import calendar, wall
from tools.when.meaning import Ambiguous, Day, Days, Instant, InThePast, NeedDate, NeedTime

GAP = datetime(2026, 3, 23, 9, tzinfo=BERLIN)
"""A Monday; on Sunday the clocks go from two to three."""
FOLD = datetime(2026, 10, 19, 9, tzinfo=BERLIN)
"""A Monday; on Sunday the clocks go from three back to two."""


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25), (2285, 3, 22)],
)
def test_easter_sunday(year: int, month: int, day: int) -> None:
    """Source of the dates: the tables of the US Naval Observatory."""
    assert calendar.easter(year) == date(year, month, day)


@pytest.mark.parametrize(
    ("number", "today", "days"),
    [
        (15, date(2026, 5, 6), [(5, 15)]),
        (3, date(2026, 5, 6), [(6, 3)]),
        (6, date(2026, 5, 6), [(5, 6), (6, 6)]),
        (31, date(2026, 8, 31), [(8, 31), (10, 31)]),
        (31, date(2026, 4, 10), []),
        (30, date(2026, 1, 31), []),
        (45, date(2026, 4, 10), []),
    ],
)
def test_a_number_alone_is_the_next_such_day_if_its_month_has_it(
    number: int, today: date, days: list[tuple[int, int]]
) -> None:
    assert calendar.day_of_month(number, today) == tuple(date(2026, *day) for day in days)


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("15.1", Ambiguous((Day(date(2026, 10, 15)), Day(date(2027, 1, 15))))),
        ("22.1", Ambiguous((Day(date(2026, 10, 22)), Day(date(2027, 1, 22))))),
        ("15.1.", Day(date(2027, 1, 15))),
        ("15.01", Day(date(2027, 1, 15))),
        ("15.10", InThePast(date(2026, 10, 15))),
    ],
)
def test_a_cut_off_month_is_asked_about(said: str, meaning: object) -> None:
    """Recognisers write "15.1" for 15 October too; a dot or a nought tells the difference."""
    before = FOLD if said != "15.1" else datetime(2026, 10, 5, 9, tzinfo=BERLIN)
    assert read(said, now=before) == meaning


def test_in_january_it_is_january() -> None:
    assert read("20.1", now=datetime(2026, 1, 5, 9, tzinfo=BERLIN)) == Day(date(2026, 1, 20))


@pytest.mark.parametrize(
    ("language", "zone", "meant"),
    [
        ("en", "America/New_York", [date(2026, 7, 9)]),
        ("en", "Europe/London", [date(2026, 9, 7)]),
        ("en-US", "Europe/Berlin", [date(2026, 7, 9)]),
        ("en-GB", "America/New_York", [date(2026, 9, 7)]),
        ("en", "Europe/Berlin", [date(2026, 7, 9), date(2026, 9, 7)]),
    ],
)
def test_slashes_are_ordered_as_in_the_country_or_asked_about(
    language: str, zone: str, meant: list[date]
) -> None:
    now = datetime(2026, 6, 17, 11, tzinfo=ZoneInfo(zone))
    meaning = read("7/9", now=now, language=language)
    assert meaning == (Day(meant[0]) if len(meant) == 1 else Ambiguous(tuple(map(Day, meant))))


def test_a_leap_day_in_another_year_is_asked_about() -> None:
    assert isinstance(read("29. Februar"), NeedDate)


def test_a_week_runs_from_monday_to_sunday_and_starts_today() -> None:
    friday = datetime(2026, 6, 19, 9, tzinfo=BERLIN)
    assert read("diese Woche", now=friday) == Days(date(2026, 6, 19), date(2026, 6, 21))
    assert read("nächste Woche", now=friday) == Days(date(2026, 6, 22), date(2026, 6, 28))


def test_a_time_that_clocks_skip_is_a_question_with_its_neighbours() -> None:
    assert read("am Sonntag", "02:30", now=GAP) == NeedTime(
        Day(date(2026, 3, 29)),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    )


def test_a_time_that_clocks_show_twice_is_asked_about() -> None:
    assert read("am Sonntag", "02:30", now=FOLD, hours=None) == Ambiguous(
        (
            Instant(datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
            Instant(datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        )
    )


@pytest.mark.parametrize("now", [GAP, FOLD])
def test_the_other_times_of_those_nights_are_plain(now: datetime) -> None:
    sunday = datetime(now.year, now.month, now.day + 6, 10, tzinfo=BERLIN)
    assert read("am Sonntag", "10 Uhr", now=now) == Instant(sunday)


def test_two_hours_from_now_elapse_across_a_clock_change() -> None:
    eve = datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN)
    assert read("in zwei Stunden", now=eve) == Instant(datetime(2026, 3, 29, 4, 30, tzinfo=BERLIN))


def test_a_zone_may_change_by_half_an_hour() -> None:
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    assert wall.instants(date(2026, 10, 4), time(2, 15), lord_howe) == ()
    assert len(wall.instants(date(2026, 4, 5), time(1, 45), lord_howe)) == 2
