"""Every language says everything, with the same blanks, and nothing that no voice can speak."""

import re
from dataclasses import fields
from datetime import date, datetime
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from tools.words import WORDS, words_in
from tools.words.language import Words

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = date(2026, 2, 10)

SENTENCES = [
    field.name for field in fields(Words) if field.type is str and field.name != "language"
]
LANGUAGES = sorted(WORDS)


def blanks(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("name", SENTENCES)
def test_all_languages_leave_the_same_blanks(name: str) -> None:
    in_each = {language: blanks(getattr(WORDS[language], name)) for language in LANGUAGES}
    assert len(set(map(frozenset, in_each.values()))) == 1, in_each


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SENTENCES)
def test_sentences_are_speakable(language: str, name: str) -> None:
    sentence = getattr(WORDS[language], name)
    assert sentence.strip() == sentence
    assert not re.search(r"[\n<>*_`#|]|https?:|\d{4}", sentence)


def test_an_unknown_language_is_answered_in_english() -> None:
    assert words_in("fr") is WORDS["en"]


@pytest.mark.parametrize(
    ("language", "day", "said"),
    [
        ("en", date(2026, 2, 10), "today"),
        ("en", date(2026, 2, 11), "tomorrow"),
        ("en", date(2026, 2, 13), "Friday"),
        ("en", date(2026, 2, 17), "Tuesday, February 17"),
        ("de", date(2026, 2, 10), "heute"),
        ("de", date(2026, 2, 11), "morgen"),
        ("de", date(2026, 2, 13), "Freitag"),
        ("de", date(2026, 2, 17), "Dienstag, den 17. Februar"),
    ],
)
def test_days_are_said_as_people_say_them(language: str, day: date, said: str) -> None:
    assert words_in(language).near_day(day, TUESDAY) == said


@pytest.mark.parametrize(
    ("language", "hours", "said"),
    [
        ("en", [(14, 30), (16, 0)], "Friday at 2:30 or 4 in the afternoon"),
        ("en", [(11, 0), (13, 15)], "Friday at 11 in the morning or 1:15 in the afternoon"),
        ("en", [(12, 0)], "Friday at noon"),
        ("en", [(12, 30), (0, 15)], "Friday at 12:30 in the afternoon or 12:15 in the morning"),
        ("en", [(18, 5)], "Friday at 6:05 in the evening"),
        ("de", [(14, 30), (16, 0)], "Friday um 14 Uhr 30 oder 16 Uhr"),
        ("de", [(9, 5)], "Friday um 9 Uhr 5"),
    ],
)
def test_times_of_one_day_are_one_phrase(
    language: str, hours: list[tuple[int, int]], said: str
) -> None:
    times = [datetime(2026, 2, 13, hour, minute, tzinfo=BERLIN) for hour, minute in hours]
    assert words_in(language).times_on("Friday", times) == said
