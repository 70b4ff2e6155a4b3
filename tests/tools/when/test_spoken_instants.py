"""Any instant, said in any usual way in either language, is read as that instant."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.tools.when.reading import read
from tests.tools.when.saying import ENGLISH, GERMAN, Say
from tools.when.meaning import Ambiguous, Instant
from tools.words import words_in

WAYS = [
    *(pytest.param("en-GB", say, id=f"en: {way}") for way, say in ENGLISH.items()),
    *(pytest.param("de", say, id=f"de: {way}") for way, say in GERMAN.items()),
]
zones = st.sampled_from(
    [ZoneInfo(key) for key in ("Europe/Berlin", "Europe/London", "Australia/Sydney")]
)
walls = st.datetimes(datetime(2025, 1, 1), datetime(2031, 1, 1))  # noqa: DTZ001


@st.composite
def calls(draw: st.DrawFn) -> tuple[datetime, datetime]:
    """The start of a call, and some five minutes of an opening hour in the following months."""
    now = draw(walls).replace(tzinfo=draw(zones))
    ahead = timedelta(days=draw(st.integers(1, 270)))
    wall = time(draw(st.integers(8, 17)), draw(st.integers(0, 11)) * 5)
    return now, datetime.combine(now.date() + ahead, wall, now.tzinfo)


@pytest.mark.parametrize(("language", "say"), WAYS)
@settings(max_examples=40)
@given(calls())
def test_what_is_said_is_what_is_read(
    language: str, say: Say, call: tuple[datetime, datetime]
) -> None:
    now, meant = call
    date_text, time_text = say(meant)
    assert read(date_text, time_text, now=now, language=language) == Instant(meant)


@pytest.mark.parametrize("language", ["en", "de"])
@given(calls())
def test_what_we_say_ourselves_is_what_is_read(
    language: str, call: tuple[datetime, datetime]
) -> None:
    """Models repeat an offer in our words instead of its letter."""
    now, meant = call
    words = words_in(language)
    said = words.times_on(words.full_day(meant.date()), [meant])
    assert read(said, now=now, language=language) == Instant(meant)


@given(walls, zones, st.integers(0, 60 * 24 * 700))
def test_iso_in_every_form_is_that_instant_through_every_clock_change(
    wall: datetime, zone: ZoneInfo, minutes: int
) -> None:
    now = wall.replace(tzinfo=zone, second=0, microsecond=0).astimezone(ZoneInfo("UTC"))
    meant = now + timedelta(minutes=minutes)
    local = meant.astimezone(zone)
    assume(local.time() != time(0))
    here = now.astimezone(zone)
    assert read(f"{meant:%Y-%m-%dT%H:%M:%SZ}", now=here) == Instant(meant)
    assert read(local.isoformat(), now=here) == Instant(meant)
    naive = read(f"{local:%Y-%m-%dT%H:%M}", now=here)
    if isinstance(naive, Ambiguous):
        assert Instant(meant) in naive.candidates
    else:
        assert naive == Instant(meant)
