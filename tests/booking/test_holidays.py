"""Public holidays by region, and the days on which a line is closed because of them."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from booking.business import Closure, EventType, EventTypeKind, Line
from booking.holidays import holidays
from booking.hours import closure_on, open_on, within_hours
from booking.slots import Slot

LANGUAGES = ("de", "en")
BERLIN = ZoneInfo("Europe/Berlin")
LINE = Line(
    UUID(int=1),
    "+493023125010",
    "Praxis",
    BERLIN,
    "de",
    opening_hours=dict.fromkeys(range(7), ((time(9), time(17)),)),
    holidays=holidays("DE-BE", years=(2026,), languages=LANGUAGES),
    closures=(Closure(date(2026, 12, 27), date(2026, 12, 31), "Betriebsferien"),),
)


def test_a_holiday_has_a_name_in_each_language() -> None:
    christmas = holidays("DE-BE", years=(2026,), languages=LANGUAGES)[date(2026, 12, 25)]
    assert christmas == {"de": "Erster Weihnachtstag", "en": "Christmas Day"}


def test_where_nobody_has_translated_it_the_countrys_own_name_is_better_than_none() -> None:
    days = holidays("US", years=(2026,), languages=LANGUAGES)
    assert days[date(2026, 11, 26)] == {"de": "Thanksgiving Day", "en": "Thanksgiving Day"}


def test_regions_differ() -> None:
    epiphany, womens_day = date(2026, 1, 6), date(2026, 3, 8)
    bavaria = holidays("DE-BY", years=(2026,), languages=LANGUAGES)
    berlin = holidays("DE-BE", years=(2026,), languages=LANGUAGES)
    assert (epiphany in bavaria, womens_day in bavaria) == (True, False)
    assert (epiphany in berlin, womens_day in berlin) == (False, True)


def test_a_name_is_said_without_what_the_library_adds_to_it() -> None:
    observed = holidays("US", years=(2026,), languages=LANGUAGES)[date(2026, 7, 3)]
    assert observed["en"] == "Independence Day"


@pytest.mark.parametrize("region", ["XX", "DE-XX", "", "-", "de"])
def test_an_unknown_region_is_an_error(region: str) -> None:
    with pytest.raises(ValueError, match=r"not available|does not have"):
        holidays(region, years=(2026,), languages=LANGUAGES)


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 12, 23), True),
        (date(2026, 12, 25), False),
        (date(2026, 12, 26), False),
        (date(2026, 12, 27), False),
        (date(2026, 12, 31), False),
        (date(2027, 1, 4), True),
    ],
)
def test_nothing_is_open_on_holidays_and_closures(day: date, *, is_open: bool) -> None:
    kind = EventType(UUID(int=2), 6, EventTypeKind.FIXED, 30)
    slot = Slot(kind, datetime.combine(day, time(10), BERLIN).astimezone(UTC))

    assert bool(open_on(LINE, day)) is is_open
    assert within_hours([slot], LINE) == ([slot] if is_open else [])


def test_a_closure_ends_with_its_last_day() -> None:
    last = date(2026, 12, 31)
    assert closure_on(LINE, last) == LINE.closures[0]
    assert closure_on(LINE, last + timedelta(days=1)) is None
