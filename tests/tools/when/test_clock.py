"""Which half of the day is meant, and where parts of the day begin and end."""

from datetime import datetime, time

import pytest

from tests.tools.when.reading import BERLIN, local, read
from tools.when.clock import Opening
from tools.when.meaning import Ambiguous, Instant, TimeOnly, Window
from tools.when.resolve import resolve

WEEK: Opening = {
    3: ((time(8), time(12)), (time(14), time(20))),
    4: ((time(18), time(2)),),
}
"""Thursday with a break, Friday until after midnight, otherwise closed."""


def on(day: str, said: str, hours: Opening | None) -> object:
    now = datetime(2026, 6, 17, 11, 25, tzinfo=BERLIN)
    return resolve(day, said, now=now, zone=BERLIN, language="de", hours=hours)


@pytest.mark.parametrize(
    ("hours", "said", "meant"),
    [
        ((8, 17), "um halb drei", [14.5]),
        ((8, 17), "um acht", [8]),
        ((8, 17), "um fünf", [17]),
        ((8, 17), "um zwölf", [12]),
        ((8, 17), "um halb eins", [12.5]),
        ((8, 17), "um sechs", [6, 18]),
        ((8, 17), "um sieben", [7, 19]),
        ((8, 20), "um acht", [8]),
        ((9, 20), "um acht", [20]),
        ((7, 21), "um acht", [8, 20]),
        ((7, 21), "um acht Uhr abends", [20]),
        ((7, 21), "morgens um acht", [8]),
        ((7, 21), "20 Uhr", [20]),
        ((8, 17), "03:00", [3, 15]),
        ((8, 17), "07:30", [7.5]),
        ((8, 17), "3:00", [15]),
    ],
)
def test_opening_hours_decide_the_half_of_the_day(
    hours: tuple[int, int], said: str, meant: list[float]
) -> None:
    starts = [Instant(local(18, int(hour), int(hour % 1 * 60))) for hour in meant]
    expected = starts[0] if len(starts) == 1 else Ambiguous(tuple(starts))
    assert on("Donnerstag", said, (time(hours[0]), time(hours[1]))) == expected


@pytest.mark.parametrize(
    ("day", "said", "meant"),
    [
        ("Donnerstag", "um acht", local(18, 8)),
        ("Donnerstag", "um drei", local(18, 15)),
        ("Freitag", "um acht", local(19, 20)),
    ],
)
def test_each_weekday_has_its_own_hours(day: str, said: str, meant: datetime) -> None:
    assert on(day, said, WEEK) == Instant(meant)


def test_without_hours_nobody_comes_at_night() -> None:
    assert on("Donnerstag", "um drei", None) == Instant(local(18, 15))
    assert on("Donnerstag", "um acht", None) == Ambiguous(
        (Instant(local(18, 8)), Instant(local(18, 20)))
    )


def test_a_time_alone_keeps_both_readings() -> None:
    assert read(None, "um acht", hours=(time(7), time(21))) == TimeOnly((time(8), time(20)))


def test_a_passed_half_of_today_is_not_offered() -> None:
    assert on("heute", "um acht", (time(7), time(21))) == Instant(local(17, 20))


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("vormittags", 8, 12),
        ("mittags", 12, 14),
        ("nachmittags", 13, 17),
        ("abends", 17, 20),
        ("am späten Nachmittag", 16, 18),
        ("zwischen elf und eins", 11, 13),
        ("von neun bis fünf", 9, 17),
        ("14 bis 16 Uhr", 14, 16),
        ("nachmittags zwischen zwei und vier", 14, 16),
    ],
)
def test_stretches_of_the_day(said: str, first: int, last: int) -> None:
    assert on("Donnerstag", said, (time(8), time(20))) == Window(local(18, first), local(18, last))


@pytest.mark.parametrize(
    "said", ["um 25 Uhr", "10:75", "morgens um 15 Uhr", "Mitternacht", "um halb"]
)
def test_a_time_that_no_clock_shows_is_asked_about(said: str) -> None:
    assert type(on("Donnerstag", said, (time(8), time(17)))).__name__ == "NeedTime"
