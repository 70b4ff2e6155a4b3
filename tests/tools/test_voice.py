"""What callers must never hear again: F-001 to F-011, where no other file has it."""

import re

import pytest

from booking.availability import Warming
from prompts import receptionist
from server.context import CallerContext
from tests.practice import ADA, LINE, Practice
from tests.tools.appointments import STRANGER, has
from tools.words import WORDS

BOOKED = re.compile(
    r"\b(booked|gebucht|eingetragen|reserviert|confirmed|bestätigt)\b", re.IGNORECASE
)


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_f_001_nothing_sounds_booked_before_it_is(practice: Practice, language: str) -> None:
    """Found free, agreed to, and taken by somebody else: told so, with other times."""
    call = practice.call(ADA, language)
    checked = await call.ask(
        "check_availability", service="checkup", date="2026-02-12", time="9:00"
    )
    practice.clock.advance(minutes=6)  # the hold is over while the caller thinks
    staff = checked["slots"][0]["staff"].rsplit(maxsplit=1)[-1]
    other = practice.call(STRANGER)
    await other.ask("verify_name", name="Nele Ehlers")
    await other.ask("check_availability", service="checkup", staff=staff)
    await has(other, "2026-02-12", "9:00")

    refused = await call.ask("book", slot="A", confirmed=True)

    assert (checked["status"], checked["booked"]) == ("available", False)
    assert (refused["status"], refused["booked"]) == ("slot_taken", False)
    assert len(refused["slots"]) >= 2
    for reply in (checked, refused):
        assert not BOOKED.search(reply["say"]), reply["say"]

    agreed = await call.ask("book", slot=refused["slots"][0]["id"])
    booked = await call.ask("book", slot=refused["slots"][0]["id"], confirmed=True)
    assert not BOOKED.search(agreed["say"])
    assert BOOKED.search(booked["say"])
    assert booked["booking"]["id"]
    assert booked["booking"]["start"] == refused["slots"][0]["start"]


async def test_f_002_who_says_everything_has_it_checked_in_the_same_turn(
    practice: Practice,
) -> None:
    """One tool call is enough, and the agent is told to make it, and to announce none."""
    checked = await practice.call(ADA, "de").ask(
        "check_availability", leistung="Reinigung", datum="am Donnerstag um viertel vor zwei"
    )
    assert (checked["status"], "missing" in checked) == ("available", False)
    assert "in the same turn" in receptionist("en").text
    assert "never announce a check that you do not make" in receptionist("en").text


async def test_f_004_what_was_said_once_is_known_and_never_missing(practice: Practice) -> None:
    """All in one sentence, then only the confirmation; or one by one, in any order."""
    call = practice.call(STRANGER)
    await call.ask("verify_name", name="Marta Lindner")
    all_at_once = await call.ask(
        "check_availability", service="cleaning", date="Thursday", time="quarter to two"
    )
    assert all_at_once["status"] == "available"
    assert all_at_once["known"] == {
        "service": "Cleaning",
        "date": "Thursday",
        "time": "quarter to two",
        "name": "Marta Lindner",
        "number": STRANGER,
    }
    assert all_at_once["say"].endswith("Shall I book it?")
    assert "missing" not in all_at_once

    one_by_one = practice.call(ADA)
    missing = [
        reply.get("missing", [])
        for said in ({"time": "half past ten"}, {"service": "checkup"}, {"date": "Thursday"})
        for reply in [await one_by_one.ask("check_availability", **said)]
    ]
    assert missing == [["service"], ["date"], []]

    unclear = practice.call(ADA)
    first = await unclear.ask("check_availability", date="yesterday", staff="Anna")
    second = await unclear.ask("check_availability", date="Thursday")
    assert [first["status"], second["status"]] == ["in_the_past", "need_service"]
    assert second["known"]["staff"] == "Dr. Anna Berger"


async def test_f_005_a_transmitted_number_is_used_silently(practice: Practice) -> None:
    """And a hidden one is no obstacle."""
    for number in (STRANGER, None):
        call = practice.call(number)
        named = await call.ask("verify_name", name="Marta Lindner")
        checked = await call.ask(
            "check_availability", service="checkup", date="Friday", time="9:00"
        )
        booked = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
        assert booked["status"] in {"booked", "already_booked"}
        for reply in (named, checked, booked):
            assert "number" not in reply["say"].casefold()
            assert "number" not in reply.get("missing", [])
    first, second = await practice.rows()  # of the same moment, in any order
    assert {first["attendee_number"], second["attendee_number"]} == {STRANGER, None}


@pytest.mark.parametrize(
    ("language", "said", "question"),
    [
        ("de", "am Siebzigsten", "Welcher Tag"),
        ("en", "the 70th", "Which day"),
        ("de", "am 31. Februar", "Tag"),
        ("en", "February 30", "day"),
    ],
)
async def test_f_008_a_date_that_was_not_understood_is_asked_about(
    practice: Practice, language: str, said: str, question: str
) -> None:
    """Nothing is said of what is free: nobody has looked."""
    call = practice.call(ADA, language)
    for tool, more in (("check_availability", {"service": "checkup"}), ("reschedule", {})):
        if tool == "reschedule":
            await has(practice.call(ADA), "2026-02-12", "9:00")
        before = (await practice.requests_at_calcom()).get("slots", 0)
        asked = await call.ask(tool, date=said, **more)
        assert (asked["status"], asked["ok"]) == ("need_date", True)
        assert asked["missing"] == ["date"]
        assert question in asked["say"] or "?" in asked["say"]
        assert not re.search(r"\b(free|frei)\b", asked["say"])
        assert (await practice.requests_at_calcom()).get("slots", 0) == before


@pytest.mark.parametrize("language", sorted(WORDS))
async def test_f_009_at_most_two_alternatives_in_one_sentence(
    practice: Practice, language: str
) -> None:
    call = practice.call(ADA, language)
    for wish in (
        {"date": "2026-02-12"},
        {"date": "2026-02-14"},
        {"date": "2026-02-12", "time": "9:10"},
        {"date": "2026-02-12", "time": "21:00"},
        {},
    ):
        offered = await call.ask("check_availability", service="checkup", **wish)
        assert len(offered["slots"]) >= 2
        assert len(re.findall(r"\b(or|oder)\b", offered["say"])) <= 1, offered["say"]
        assert not re.search(r"\n|^\s*[-*\d]+[.)] |•", offered["say"])


async def test_f_011_nobody_has_to_work_out_a_weekday(practice: Practice) -> None:
    access = await practice.parts.directory.access(practice.slug)
    assert access
    of = CallerContext(practice.parts.dispatch._customers, Warming(practice.desk._availability)).of
    for language, today, tomorrow, monday in (
        ("en", "Tuesday, February 10", "Wednesday, February 11", "Monday"),
        ("de", "Dienstag, den 10. Februar", "Mittwoch, den 11. Februar", "Montag"),
    ):
        context = await of(access.business, ADA, LINE, language, practice.clock())
        assert (context["today"], context["tomorrow"]) == (today, tomorrow)
        assert dict(context["weekdays"])[monday] == "2026-02-16"  # type: ignore[call-overload]
    call = practice.call(ADA)
    made = await has(call, "2026-02-26", "9:00")
    found = await call.ask("find_booking")
    moved = await call.ask("reschedule", date="2026-02-27", time="9:00")
    assert "Thursday, February 26" in made["spoken"]
    assert "Thursday, February 26" in found["say"]
    assert "Friday, February 27" in moved["say"]
