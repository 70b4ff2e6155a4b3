"""Days, times and services in a call: one status, one sentence, at most one question."""

import pytest

from tests.practice import ADA, Practice


@pytest.mark.parametrize(
    ("said", "status", "sentence"),
    [
        ({"date": "tomorrow"}, "need_service", "come in for"),
        ({"service": "haircut", "date": "tomorrow"}, "unknown_service", "Check-up or Cleaning"),
        ({"service": "checkup", "date": "yesterday"}, "in_the_past", "Tuesday, February 10"),
        ({"service": "checkup", "date": "2024-02-12"}, "in_the_past", "Tuesday, February 10"),
        ({"service": "checkup", "date": "the 70th"}, "need_date", "day"),
        ({"service": "checkup", "time": "at three"}, "need_date", "Which day"),
        ({"service": "checkup", "date": "saturday", "time": "10:00"}, "closed", "Saturday"),
        ({"service": "checkup", "date": "2026-02-16"}, "closed", "February 16"),
        ({"service": "checkup", "date": "tomorrow", "time": "21:00"}, "outside_hours", "6 in the"),
        ({"service": "checkup", "date": "today", "time": "9:30"}, "too_soon", "too soon"),
        ({"service": "checkup", "date": "2026-08-03"}, "too_far", "Saturday, April 11"),
        ({"service": "checkup", "date": "tomorrow", "staff": "Mara"}, "need_choice", "Anna"),
    ],
)
async def test_each_difficulty_has_its_own_status(
    practice: Practice, said: dict[str, str], status: str, sentence: str
) -> None:
    reply = await practice.call(ADA).ask("check_availability", **said)
    assert (reply["status"], reply["ok"], reply["booked"]) == (status, True, False)
    assert sentence in reply["say"]
    assert "2026" not in reply["say"]
    assert await practice.rows() == []


async def test_only_possible_dates_are_asked_of_the_calendar(practice: Practice) -> None:
    """F-021: a date in the past never reaches it."""
    await practice.call(ADA).ask("check_availability", service="checkup", date="2025-02-11")
    assert "slots" not in await practice.requests_at_calcom()


async def test_a_time_that_was_said_first_waits_for_its_day(practice: Practice) -> None:
    call = practice.call(ADA)
    asked = await call.ask("check_availability", service="checkup", time="half past ten")
    assert (asked["status"], asked["missing"]) == ("need_date", ["date"])

    answered = await call.ask("check_availability", date="tomorrow")
    assert [slot["start"] for slot in answered["slots"]] == ["2026-02-11T10:30:00+01:00"]


async def test_a_bare_time_means_the_day_it_was_offered_for(practice: Practice) -> None:
    """F-030."""
    call = practice.call(ADA)
    offered = await call.ask("check_availability", service="checkup", date="friday afternoon")
    start = offered["slots"][1]["start"]

    chosen = await call.ask("book", slot=start[11:16])

    assert chosen["status"] == "need_confirmation"
    assert chosen["slots"][0]["start"] == start


async def test_a_wish_for_somebody_holds_for_check_and_booking(practice: Practice) -> None:
    """F-042."""
    call = practice.call(ADA)
    checked = await call.ask(
        "check_availability", service="checkup", date="tomorrow", time="10:00", staff="Dr. Krüger"
    )
    assert [slot["staff"] for slot in checked["slots"]] == ["Dr. Ben Krüger"]
    assert "with Dr. Ben Krüger" in checked["say"]

    booked = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    assert booked["booking"]["staff"] == "Dr. Ben Krüger"
    [held] = await practice.bookings_at_calcom()
    assert held["hosts"][0]["name"] == "Dr. Ben Krüger"


async def test_german_callers_hear_german(practice: Practice) -> None:
    call = practice.call(ADA, language="de")
    checked = await call.ask(
        "check_availability", service="Kontrolle", date="morgen", time="halb drei"
    )
    assert "Mittwoch, den 11. Februar, um 14 Uhr 30" in checked["say"]
    booked = await call.ask("book", slot=checked["slots"][0]["id"], confirmed="ja")
    assert booked["say"].startswith("Ihr Termin ist gebucht")


async def test_equal_questions_ask_calcom_once(practice: Practice) -> None:
    """F-084."""
    call = practice.call(ADA)
    for _ in range(10):
        await call.ask("check_availability", service="checkup", date="tomorrow")
    assert (await practice.requests_at_calcom())["slots"] == 2  # one for each host
