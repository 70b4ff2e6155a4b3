"""Every language says everything, with the same blanks, and nothing that no voice can speak."""

import asyncio
import re
from dataclasses import fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from booking.errors import (
    AlreadyBegun,
    AlreadyBooked,
    BeingChanged,
    BookingError,
    CalendarUnavailable,
    ChangedMeanwhile,
    NotBookable,
    ServiceUnavailable,
    SlotTaken,
    Unchanged,
)
from tests.practice import ADA, Practice
from tests.servers import ROOT
from tests.tools.appointments import has
from tools.conversation import Conversation
from tools.refusals import reply_to
from tools.reply import Status
from tools.tool import ToolContext
from tools.words import WORDS, languages, words_in, written
from tools.words.language import Words

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = date(2026, 2, 10)

SENTENCES = [
    field.name for field in fields(Words) if field.type is str and field.name != "language"
]
LANGUAGES = sorted(WORDS)

SAID_FOR: Final = {
    Status.AVAILABLE: "offer offer_in_doubt free_ask_name read_back",
    Status.NONE_FREE: "none_free offer_elsewhen",
    Status.BOOKED: "booked",
    Status.REQUESTED: "requested cancel_requested move_requested",
    Status.SLOT_TAKEN: "slot_taken slot_taken_no_other",
    Status.MOVED: "moved",
    Status.UNCHANGED: "unchanged",
    Status.CANCELLED: "cancelled",
    Status.FOUND: "found found_next found_requested hear_the_other hear_the_others "
    "changed_meanwhile",
    Status.NONE_FOUND: "none_found none_found_then none_found_hidden gone_meanwhile",
    Status.IDENTIFIED: "name_noted name_noted_plainly ask_what_next",
    Status.NEW_CALLER: "name_noted name_noted_plainly ask_what_next",
    Status.NEED_DATE: "ask_day ask_which_day",
    Status.NEED_TIME: "ask_time ask_which_time",
    Status.NEED_SERVICE: "ask_service ask_service_among",
    Status.NEED_NAME: "ask_name ask_name_again",
    Status.NEED_CHOICE: "ask_which_person ask_which_staff ask_which_booking",
    Status.NEED_CONFIRMATION: "read_back cancel_read_back move_read_back",
    Status.IN_THE_PAST: "in_the_past",
    Status.TOO_SOON: "too_soon",
    Status.TOO_FAR: "too_far",
    Status.CLOSED: "closed closed_because closed_on_holiday",
    Status.OUTSIDE_HOURS: "outside_hours",
    Status.ALREADY_BOOKED: "already_booked",
    Status.UNKNOWN_SERVICE: "unknown_service",
    Status.SERVICE_UNAVAILABLE: "service_unavailable",
    Status.NOT_PERMITTED: "not_permitted too_late_to_cancel too_late_to_move moved_too_often "
    "cancelled_too_often already_begun hidden_may_not_change no_number",
    Status.LIMITED: "limited",
    Status.CALLBACK_CREATED: "callback_created ask_number ask_number_again read_back_number "
    "being_changed",
    Status.TECHNICAL_FAULT: "technical_fault calendar_unavailable",
}
"""Every status, and the phrases that it is said with."""


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_quantities_are_human(language: str) -> None:
    words = words_in(language)
    said = [words.quantity(timedelta(hours=hours)) for hours in (0.5, 1, 24, 48, 72, 240)]
    assert (
        said
        == {
            "en": ["30 minutes", "1 hour", "24 hours", "48 hours", "3 days", "10 days"],
            "de": ["30 Minuten", "1 Stunde", "24 Stunden", "48 Stunden", "3 Tage", "10 Tage"],
        }[language]
    )
    said = [words.money(Decimal(amount), "EUR") for amount in ("1", "12.5", "25.00", "1250")]
    assert (
        said
        == {
            "en": ["1 euro", "12.50 euros", "25 euros", "1,250 euros"],
            "de": ["1 Euro", "12,50 Euro", "25 Euro", "1.250 Euro"],
        }[language]
    )
    assert words.number(Decimal("50.0")) == "50"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_can_be_read_out(language: str) -> None:
    assert len({*words_in(language).digits, words_in(language).plus}) == 11


def test_every_status_has_words() -> None:
    assert set(SAID_FOR) == set(Status)
    assert {name for names in SAID_FOR.values() for name in names.split()} <= set(SENTENCES)


@pytest.mark.parametrize("name", SENTENCES)
def test_every_phrase_is_said_somewhere(name: str) -> None:
    code = "".join(file.read_text("utf-8") for file in (ROOT / "tools").glob("*.py"))
    code += "".join(file.read_text("utf-8") for file in (ROOT / "server").rglob("*.py"))
    assert re.search(rf"[\w)]\.{name}\b", code)


async def test_every_refusal_of_the_desk_is_said_in_every_language(practice: Practice) -> None:
    made = await has(practice.call(ADA), "2026-02-12", "9:00")
    assert made
    access = await practice.parts.directory.access(practice.slug)
    assert access
    (line,) = access.business.lines
    [booking] = await practice.desk.of_caller(
        access.business, call_id=uuid4(), customer_id=None, number=ADA, now=practice.clock()
    )
    refusals = {
        SlotTaken: SlotTaken(booking.start_at),
        AlreadyBooked: AlreadyBooked([booking]),
        NotBookable: NotBookable("too_soon"),
        Unchanged: Unchanged(booking),
        ChangedMeanwhile: ChangedMeanwhile(booking),
        BeingChanged: BeingChanged(booking),
        AlreadyBegun: AlreadyBegun(booking),
        ServiceUnavailable: ServiceUnavailable("404"),
        CalendarUnavailable: CalendarUnavailable("timeout"),
    }
    assert set(refusals) == kinds_of(BookingError)
    for error in refusals.values():
        said: dict[str, str] = {}
        for language in LANGUAGES:
            call = practice.call(ADA, language)
            await call.ask("find_booking")
            async with practice.database.single(practice.id) as tx:
                call_id = await tx.only(
                    "SELECT id FROM call WHERE platform_call_id = %(id)s",
                    {"id": call.call_id},
                    into=UUID,
                )
            context = ToolContext(
                business=access.business,
                line=line,
                words=words_in(language),
                call_id=call_id,
                caller=ADA,
                conversation=Conversation(),
                desk=practice.desk,
                now=practice.clock(),
                answer_by=asyncio.get_running_loop().time() + 2,
            )
            reply = await reply_to(error, context)
            assert reply.ok is not isinstance(error, CalendarUnavailable)
            said[language] = reply.say
        assert all(said.values()), error
        assert len(set(said.values())) == len(LANGUAGES), said
        assert not any(set("{}_") & set(sentence) for sentence in said.values())


def kinds_of(error: type[Exception]) -> set[type[Exception]]:
    """The leaves of a tree of errors."""
    below = error.__subclasses__()
    return set().union(*(kinds_of(kind) for kind in below)) if below else {error}


async def test_a_further_language_is_one_file(
    practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    breton = (ROOT / "tools/words/languages/en.py").read_text("utf-8")
    breton = breton.replace('language="en"', 'language="br"').replace(
        "I have {slots}", "Setu {slots}"
    )
    (tmp_path / "br.py").write_text(breton, "utf-8")
    monkeypatch.setattr(languages, "__path__", [*languages.__path__, str(tmp_path)])

    found = written()
    monkeypatch.setitem(WORDS, "br", found["br"])
    offered = await practice.call(ADA, "br").ask(
        "check_availability", service="checkup", date="tomorrow"
    )

    assert set(found) == {*LANGUAGES, "br"}
    assert offered["say"].startswith("Setu tomorrow")


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
