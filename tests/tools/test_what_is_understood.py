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
        ({"service": "checkup", "date": "2026-02-16"}, "closed", "February 16: staff training."),
        ({"service": "checkup", "date": "april 3"}, "closed", "April 3 is Good Friday, so we"),
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


async def test_f_024_a_time_of_today_that_has_passed_leads_to_the_next_ones(
    practice: Practice,
) -> None:
    practice.clock.advance(hours=2, minutes=20)
    call = practice.call(ADA, language="de")

    passed = await call.ask("check_availability", service="Kontrolle", date="heute", time="um elf")

    assert (passed["status"], passed["booked"]) == ("in_the_past", False)
    assert passed["say"].startswith("11 Uhr ist schon vorbei. Ich hätte ")
    today, tomorrow = (slot["start"] for slot in passed["slots"])
    assert "2026-02-10T11:20" < today < "2026-02-10T24"
    assert tomorrow == "2026-02-11T11:00:00+01:00"

    agreed = await call.ask("book", slot=passed["slots"][1]["id"])
    assert agreed["slots"][0]["start"] == tomorrow


async def test_f_024_a_time_that_has_passed_is_not_booked(practice: Practice) -> None:
    practice.clock.advance(hours=2, minutes=20)
    call = practice.call(ADA)
    await call.ask("check_availability", service="checkup", date="tomorrow")
    refused = await call.ask("book", slot="today at 11:00", confirmed=True)
    assert refused["status"] == "in_the_past"
    assert refused["say"].startswith("11 in the morning has already passed.")
    assert await practice.rows() == []


async def test_a_time_that_was_said_first_waits_for_its_day(practice: Practice) -> None:
    call = practice.call(ADA)
    asked = await call.ask("check_availability", service="checkup", time="half past ten")
    assert (asked["status"], asked["missing"]) == ("need_date", ["date"])

    answered = await call.ask("check_availability", date="tomorrow")
    assert [slot["start"] for slot in answered["slots"]] == ["2026-02-11T10:30:00+01:00"]


@pytest.mark.parametrize(
    ("first", "answer", "start"),
    [
        ({"date": "tuesday at eleven"}, {"date": "the 17th"}, "2026-02-17T11:00"),
        ({"date": "tuesday", "time": "at eleven"}, {"date": "next week"}, "2026-02-17T11:00"),
        ({"date": "tuesday at eleven"}, {"date": "today"}, "2026-02-10T11:00"),
        ({"date": "tuesday at eleven"}, {"date": "thursday at nine"}, "2026-02-12T09:00"),
    ],
)
async def test_which_day_was_meant_keeps_the_time(
    practice: Practice, first: dict[str, str], answer: dict[str, str], start: str
) -> None:
    """On a Tuesday, `Tuesday` is today or in a week; whoever answers that has said the time."""
    call = practice.call(ADA)
    asked = await call.ask("check_availability", service="checkup", **first)
    assert (asked["status"], asked["missing"]) == ("need_date", ["date"])

    answered = await call.ask("check_availability", **answer)
    assert [slot["start"][:16] for slot in answered["slots"]] == [start]


@pytest.mark.parametrize("later", [{"time": "at three"}, {"date": "at three"}])
async def test_another_time_takes_the_place_of_the_one_said_with_the_day(
    practice: Practice, later: dict[str, str]
) -> None:
    call = practice.call(ADA)
    await call.ask("check_availability", service="checkup", date="thursday at ten")
    moved = await call.ask("check_availability", **later)
    assert [slot["start"][:16] for slot in moved["slots"]] == ["2026-02-12T15:00"], moved["say"]


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
    assert booked["say"].startswith("Gebucht: ")


async def test_equal_questions_ask_calcom_once(practice: Practice) -> None:
    """F-084."""
    call = practice.call(ADA)
    for _ in range(10):
        await call.ask("check_availability", service="checkup", date="tomorrow")
    assert (await practice.requests_at_calcom())["slots"] == 2  # one for each host


async def test_nothing_is_offered_on_a_holiday(practice: Practice) -> None:
    """Cal.com knows none: it offers Good Friday and Easter Monday as any other day."""
    call = practice.call(ADA)

    reply = await call.ask("check_availability", service="checkup", date="april 3")

    assert reply["slots"]
    assert {slot["start"][:10] for slot in reply["slots"]}.isdisjoint({"2026-04-03", "2026-04-06"})


async def test_a_reason_is_told_in_its_own_language_only(practice: Practice) -> None:
    german = practice.call(ADA, "de")

    holiday = await german.ask("check_availability", service="Kontrolle", date="3. April")
    closure = await german.ask("check_availability", service="Kontrolle", date="16. Februar")

    assert holiday["say"].startswith("Am Freitag, den 3. April ist Karfreitag, da haben wir gesch")
    assert closure["say"].startswith("Am Montag, den 16. Februar haben wir geschlossen. ")
