"""One test for each known failure that spoken dates and times have caused."""

from datetime import UTC, date, datetime, time

import pytest

from tests.tools.when.reading import BERLIN, WEDNESDAY, local, read
from tools.when.meaning import (
    Ambiguous,
    Between,
    Day,
    Days,
    Instant,
    InThePast,
    NeedDate,
    NeedTime,
    Nothing,
    TimeOnly,
    Window,
)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2025-06-20", date(2025, 6, 20)),
        ("20.06.2024", date(2024, 6, 20)),
        ("June 20th 2025", date(2025, 6, 20)),
        ("gestern", date(2026, 6, 16)),
        ("letzten Freitag", date(2026, 6, 12)),
    ],
)
def test_f_021_a_past_day_is_never_moved(said: str, day: date) -> None:
    """Also where day and month lie ahead: the year was said."""
    assert read(said) == InThePast(day)


def test_f_021_relative_words_are_days_of_the_line() -> None:
    """Half past midnight in Berlin is still yesterday in UTC."""
    late = datetime(2026, 6, 17, 22, 30, tzinfo=UTC).astimezone(BERLIN)
    assert read("heute", now=late) == Day(date(2026, 6, 18))


@pytest.mark.parametrize(
    ("said", "language", "days"),
    [
        ("Montag, der 23. Juni", "de", (date(2026, 6, 22), date(2026, 6, 23))),
        ("Freitag 18.6.", "de", (date(2026, 6, 18), date(2026, 6, 19))),
        ("Tuesday the 25th", "en", (date(2026, 6, 23), date(2026, 6, 25))),
        ("morgen, Freitag", "de", (date(2026, 6, 18), date(2026, 6, 19))),
    ],
)
def test_f_022_a_contradiction_names_both_days(
    said: str, language: str, days: tuple[date, date]
) -> None:
    meaning = read(said, language=language)
    assert isinstance(meaning, NeedDate)
    assert meaning.candidates == days


def test_f_022_the_time_survives_the_question() -> None:
    assert read("Montag, der 23. Juni", "halb drei") == NeedDate(
        (date(2026, 6, 22), date(2026, 6, 23)), time(14, 30)
    )


@pytest.mark.parametrize(
    "said",
    [
        "Donnerstag, den 25. Juni",
        "Donnerstag den 25 Juni",
        "Donnerstag 25. Juni",
        "am fünfundzwanzigsten Juni",
        "25.06.",
        "25.6.",
        "25.6.26",
        "25. Juni 2026",
        "Do 25.6.",
        "der fünfundzwanzigste sechste",
        "2026-06-25",
    ],
)
def test_f_023_all_usual_german_spellings_of_a_day(said: str) -> None:
    assert read(said) == Day(date(2026, 6, 25))


@pytest.mark.parametrize(
    ("date_text", "time_text"),
    [("heute", "um zehn"), ("heute um halb elf", None), ("heute", "11:10")],
)
def test_f_024_a_time_that_has_passed_today_is_past(date_text: str, time_text: str | None) -> None:
    meaning = read(date_text, time_text)
    assert isinstance(meaning, InThePast)
    assert isinstance(meaning.what, datetime)
    assert meaning.what < WEDNESDAY


@pytest.mark.parametrize("said", ["schauen wir mal", "weiß ich nicht", "hm", "25:70", "???"])
def test_f_025_what_is_no_time_becomes_a_question(said: str) -> None:
    assert read("Freitag", said) == NeedTime(Day(date(2026, 6, 19)))


@pytest.mark.parametrize("said", ["demnächst", "Haarschnitt", "am 31. Juni", "außer Montag", "🙂"])
def test_f_025_what_is_no_day_becomes_a_question(said: str) -> None:
    assert isinstance(read(said), NeedDate)


@pytest.mark.parametrize(
    "said", [None, "", "  ", "null", "None", "undefined", "n/a", "keine Angabe"]
)
def test_f_026_nothing_said_is_nothing(said: str | None) -> None:
    assert read(said, said) == Nothing()


def test_f_026_a_time_alone_is_kept_without_a_day() -> None:
    assert read(None, "viertel nach neun") == TimeOnly((time(9, 15),))


def test_f_026_a_wish_for_an_appointment_names_no_time() -> None:
    assert isinstance(read("Ich hätte gern einen Termin"), NeedDate)


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("am Nachmittag", local(19, 13), local(19, 17)),
        ("vormittags", local(19, 8), local(19, 12)),
        ("ab sechzehn Uhr", local(19, 16), local(20, 0)),
        ("bis zehn", local(19, 0), local(19, 10)),
        ("nicht vor halb elf", local(19, 10, 30), local(20, 0)),
        ("zwischen zwei und vier", local(19, 14), local(19, 16)),
    ],
)
def test_f_027_parts_of_the_day_and_bounds_are_windows(
    said: str, start: datetime, end: datetime
) -> None:
    assert read("Freitag", said) == Window(start, end)


def test_f_027_a_window_holds_on_each_of_several_days() -> None:
    assert read("nächste Woche", "nachmittags") == Days(
        date(2026, 6, 22), date(2026, 6, 28), Between(time(13), time(17))
    )


@pytest.mark.parametrize(("month", "hour"), [(7, 13), (12, 14)])
def test_f_028_an_instant_in_utc_is_that_instant_in_every_season(month: int, hour: int) -> None:
    """15:00 in Berlin is 13:00Z in July and 14:00Z in December."""
    instant = datetime(2026, month, 8, hour, tzinfo=UTC)
    assert read(f"2026-{month:02}-08T{hour}:00:00Z") == Instant(instant)
    assert read(f"8.{month}.", "15 Uhr") == Instant(instant)


def test_f_029_wall_times_become_instants_on_both_sides_of_the_clock_change() -> None:
    before, after = read("2026-10-24", "10:00"), read("2026-10-25", "10:00")
    assert before == Instant(datetime(2026, 10, 24, 8, tzinfo=UTC))
    assert after == Instant(datetime(2026, 10, 25, 9, tzinfo=UTC))


def test_f_030_a_day_and_a_time_said_apart_are_one_start() -> None:
    """What a caller repeats of an offer resolves to the offer's own day."""
    assert read("Dienstag", "neun Uhr zwanzig") == Instant(local(23, 9, 20))
    assert read(None, "neun Uhr zwanzig") == TimeOnly((time(9, 20),))


@pytest.mark.parametrize(
    ("said", "language", "days"),
    [
        ("nächsten Freitag", "de", (19, 26)),
        ("next Saturday", "en", (20, 27)),
        ("Mittwoch", "de", (17, 24)),
    ],
)
def test_f_031_two_readings_are_both_named(said: str, language: str, days: tuple[int, int]) -> None:
    assert read(said, language=language) == Ambiguous(
        tuple(Day(date(2026, 6, day)) for day in days)
    )


@pytest.mark.parametrize(
    ("said", "language", "day"),
    [
        ("nächsten Dienstag", "de", 23),
        ("next Monday", "en", 22),
        ("kommenden Freitag", "de", 19),
        ("this coming Friday", "en", 19),
        ("Freitag nächste Woche", "de", 26),
        ("Friday next week", "en", 26),
        ("kommenden Mittwoch", "de", 24),
    ],
)
def test_f_031_one_reading_is_not_asked_about(said: str, language: str, day: int) -> None:
    assert read(said, language=language) == Day(date(2026, 6, day))


@pytest.mark.parametrize(
    ("date_text", "time_text"),
    [
        ("24.6.", "10:45"),
        ("24.06.2026", "10.45 Uhr"),
        ("2026-06-24", "10:45"),
        ("2026-06-24T10:45", None),
        ("2026-06-24T10:45:00", "10:45"),
        ("2026-06-24 10:45", None),
        (None, "2026-06-24T10:45"),
        ("2026-06-24T08:45:00Z", None),
        ("2026-06-24T10:45:00+02:00", None),
        ("2026-06-24T08:45:00.000Z", "10:45"),
        ("am 24. Juni um Viertel vor elf", None),
        ("nächste Woche Mittwoch", "dreiviertel elf"),
    ],
)
def test_f_032_every_spelling_of_a_start_is_that_start(
    date_text: str | None, time_text: str | None
) -> None:
    assert read(date_text, time_text) == Instant(local(24, 10, 45))
