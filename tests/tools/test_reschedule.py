"""`reschedule`: find, new time, available, rule and fee, yes, move."""

import pytest

from tests.practice import ADA, Practice
from tests.tools.appointments import has, starts


async def test_f_006_the_old_and_the_new_time_are_said_in_full(practice: Practice) -> None:
    await has(practice.call(ADA, "de"), "2026-02-12", "9:00")
    call = practice.call(ADA, "de")

    asked = await call.ask("reschedule", date="Freitag", time="halb drei")
    assert asked["status"] == "need_confirmation"
    assert asked["say"] == (
        "Das verschiebt Check-up am Donnerstag, den 12. Februar, um 9 Uhr auf Freitag, den "
        "13. Februar, um 14 Uhr 30. Soll ich das so machen?"
    )
    moved = await call.ask("reschedule", slot=asked["slots"][0]["id"], confirmed=True)
    assert (moved["status"], moved["booked"]) == ("moved", False)
    assert moved["say"] == (
        "Ihr Termin für Check-up ist verschoben auf Freitag, den 13. Februar, um 14 Uhr 30; "
        "vorher war er am Donnerstag, den 12. Februar, um 9 Uhr."
    )
    assert moved["booking"]["start"] == "2026-02-13T14:30:00+01:00"
    assert moved["booking"]["was"] == {
        "start": "2026-02-12T09:00:00+01:00",
        "spoken": "Donnerstag, den 12. Februar, um 9 Uhr",
    }
    assert await starts(practice) == ["2026-02-13T13:30:00.000Z"]


async def test_f_055_the_same_time_on_another_day_and_the_same_time_again(
    practice: Practice,
) -> None:
    await has(practice.call(ADA), "2026-02-12", "9:30")
    call = practice.call(ADA)

    same = await call.ask("reschedule", date="2026-02-12", time="9:30")
    asked = await call.ask("reschedule", date="2026-02-13", time="9:30")
    moved = await call.ask("reschedule", confirmed=True)
    again = await call.ask("reschedule", confirmed=True)

    assert [same["status"], asked["status"]] == ["unchanged", "need_confirmation"]
    assert moved["booking"]["start"] == "2026-02-13T09:30:00+01:00"
    assert again["status"] == "unchanged"
    assert (await practice.requests_at_calcom())["reschedule"] == 1


async def test_f_056_of_two_the_described_one_is_moved_and_there_are_still_two(
    practice: Practice,
) -> None:
    earlier = practice.call(ADA)
    await has(earlier, "2026-02-11", "12:30")
    await has(earlier, "2026-02-13", "10:00")
    call = practice.call(ADA)

    which = await call.ask("reschedule", date="Thursday", time="12:30")
    asked = await call.ask(
        "reschedule", booking="the one on Wednesday", date="Thursday", time="12:30"
    )
    moved = await call.ask(
        "reschedule",
        booking=asked["bookings"][0]["id"],
        slot=asked["slots"][0]["id"],
        confirmed=True,
    )

    assert which["status"] == "need_choice"
    assert moved["status"] == "moved"
    assert await starts(practice) == ["2026-02-12T11:30:00.000Z", "2026-02-13T09:00:00.000Z"]


async def test_a_time_alone_means_the_day_on_which_it_stands(practice: Practice) -> None:
    await has(practice.call(ADA), "2026-02-12", "13:45", "cleaning")
    call = practice.call(ADA)
    asked = await call.ask("reschedule", time="14:45")
    moved = await call.ask("reschedule", confirmed=True)
    assert (asked["status"], moved["status"]) == ("need_confirmation", "moved")
    assert moved["booking"]["start"] == "2026-02-12T14:45:00+01:00"


@pytest.mark.parametrize("number", [ADA, None])
async def test_f_060_what_was_just_booked_is_corrected_without_naming_it(
    practice: Practice, number: str | None
) -> None:
    call = practice.call(number)
    await call.ask("verify_name", name="Ada Lindqvist")
    await has(call, "tomorrow", "15:30")

    asked = await call.ask("reschedule", time="4 pm")
    moved = await call.ask("reschedule", time="4 pm", confirmed="yes")

    assert (asked["status"], moved["status"]) == ("need_confirmation", "moved")
    assert await starts(practice) == ["2026-02-11T15:00:00.000Z"]


@pytest.mark.parametrize(
    ("language", "said", "start"),
    [
        ("en", {"time": "half an hour later"}, "12T15:30"),
        ("en", {"time": "an hour earlier, please"}, "12T14:00"),
        ("en", {"date": "a week later"}, "19T15:00"),
        ("en", {"date": "Friday", "time": "same time"}, "13T15:00"),
        ("en", {"date": "Friday at the same time"}, "13T15:00"),
        ("en", {"date": "Friday", "time": "an hour later"}, "13T16:00"),
        ("de", {"time": "eine halbe Stunde später"}, "12T15:30"),
        ("de", {"time": "zwei Stunden früher"}, "12T13:00"),
        ("de", {"date": "Freitag zur gleichen Zeit"}, "13T15:00"),
        ("de", {"date": "einen Tag später"}, "13T15:00"),
    ],
)
async def test_f_060_a_new_time_may_be_said_by_the_old_one(
    practice: Practice, language: str, said: dict[str, str], start: str
) -> None:
    call = practice.call(ADA, language)
    await has(call, "2026-02-12", "15:00")
    asked = await call.ask("reschedule", **said)
    assert asked["status"] == "need_confirmation"
    assert asked["slots"][0]["start"] == f"2026-02-{start}:00+01:00"


async def test_f_061_after_a_move_it_can_be_cancelled(practice: Practice) -> None:
    await has(practice.call(ADA), "2026-02-12", "9:00")
    call = practice.call(ADA)
    await call.ask("reschedule", date="Friday", time="9:00")
    await call.ask("reschedule", confirmed=True)
    await call.ask("cancel")
    assert (await call.ask("cancel", confirmed=True))["status"] == "cancelled"
    assert await starts(practice) == []


async def test_a_day_alone_is_answered_with_times_near_the_old_one(practice: Practice) -> None:
    await has(practice.call(ADA), "2026-02-12", "15:00")
    call = practice.call(ADA)

    offered = await call.ask("reschedule", date="Friday")
    asked = await call.ask("reschedule", slot=offered["slots"][1]["id"])
    moved = await call.ask("reschedule", slot=offered["slots"][1]["id"], confirmed=True)

    assert offered["status"] == "available"
    assert offered["slots"][0]["start"] == "2026-02-13T15:00:00+01:00"
    assert (asked["status"], moved["status"]) == ("need_confirmation", "moved")
    assert moved["booking"]["start"] == offered["slots"][1]["start"]


async def test_choosing_a_time_is_no_yes(practice: Practice) -> None:
    await has(practice.call(ADA), "2026-02-12", "15:00")
    call = practice.call(ADA)
    offered = await call.ask("reschedule", date="Friday")
    chosen = await call.ask("reschedule", slot=offered["slots"][0]["id"], confirmed=True)
    assert chosen["status"] == "need_confirmation"
    assert await starts(practice) == ["2026-02-12T14:00:00.000Z"]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, "need_date"),
        ({"date": "yesterday"}, "in_the_past"),
        ({"date": "2026-02-16"}, "closed"),
        ({"date": "Friday", "time": "21:00"}, "outside_hours"),
        ({"date": "2026-08-03"}, "too_far"),
        ({"date": "today", "time": "9:30"}, "too_soon"),
        ({"date": "the 70th"}, "need_date"),
        ({"booking": "2026-02-12", "date": "Friday", "time": "10:07"}, "none_free"),
    ],
)
async def test_each_difficulty_has_its_own_status(
    practice: Practice, said: dict[str, str], status: str
) -> None:
    await has(practice.call(ADA), "2026-02-12", "15:00")
    reply = await practice.call(ADA).ask("reschedule", **said)
    assert (reply["status"], reply["ok"]) == (status, True)
    assert "{" not in reply["say"]


async def test_what_somebody_else_takes_meanwhile_leads_to_others(practice: Practice) -> None:
    made = await has(practice.call(ADA), "2026-02-12", "15:00")
    call = practice.call(ADA)
    await call.ask("reschedule", date="Friday", time="10:00")
    practice.clock.advance(minutes=6)  # the hold is over
    staff = made["staff"].rsplit(maxsplit=1)[-1]
    other = practice.call("+493023125088")
    await other.ask("verify_name", name="Nele Ehlers")
    await other.ask("check_availability", service="checkup", staff=staff)
    await has(other, "2026-02-13", "10:00")

    gone = await call.ask("reschedule", confirmed=True)

    assert gone["status"] == "slot_taken"
    assert gone["slots"]
    assert "2026-02-12T14:00:00.000Z" in await starts(practice)
    other_time = gone["slots"][0]["id"]
    await call.ask("reschedule", slot=other_time)
    assert (await call.ask("reschedule", slot=other_time, confirmed=True))["status"] == "moved"


async def test_a_change_of_host_is_said(practice: Practice) -> None:
    taken = {"start": "2026-02-13T09:00:00Z", "name": "Mia", "email": "mia@example.com"}
    await practice.calendar_http.post("/_sandbox/bookings", json={**taken, "eventTypeId": 1})
    earlier = practice.call(ADA)
    await earlier.ask("check_availability", service="checkup", staff="Anna")
    await has(earlier, "2026-02-12", "15:00")

    asked = await practice.call(ADA).ask("reschedule", date="Friday", time="10:00")

    assert asked["status"] == "need_confirmation"
    assert "at 10 in the morning with Dr. Ben Krüger" in asked["say"]


async def test_while_calcom_is_silent_the_old_time_stands(practice: Practice) -> None:
    await has(practice.call(ADA), "2026-02-12", "15:00")
    call = practice.call(ADA)
    await call.ask("reschedule", date="Friday", time="10:00")
    await practice.misbehave("reschedule", "error_before", times=20)

    asked = await call.ask("reschedule", confirmed=True)

    assert asked["status"] == "requested"
    assert asked["booking"]["start"] == "2026-02-12T15:00:00+01:00"
    assert "old time stands" in asked["say"]


async def test_which_day_an_appointment_shall_move_to_keeps_the_time(practice: Practice) -> None:
    """It is a Tuesday: the Tuesday that was meant is asked for, the time is not lost."""
    await has(practice.call(ADA), "2026-02-12", "9:00")
    call = practice.call(ADA)

    asked = await call.ask("reschedule", date="Tuesday at eleven")
    assert (asked["status"], asked["missing"]) == ("need_date", ["date"])
    found = await call.ask("reschedule", date="the 17th")
    assert found["status"] == "need_confirmation"
    assert found["slots"][0]["start"] == "2026-02-17T11:00:00+01:00"
    moved = await call.ask("reschedule", date="the 17th", confirmed=True)
    assert (moved["status"], await starts(practice)) == ("moved", ["2026-02-17T10:00:00.000Z"])


async def test_a_yes_to_another_day_than_the_one_read_back_moves_nothing(
    practice: Practice,
) -> None:
    await has(practice.call(ADA), "2026-02-12", "9:00")
    call = practice.call(ADA)
    await call.ask("reschedule", date="thursday at eleven")
    other = await call.ask("reschedule", date="friday", confirmed=True)
    assert other["status"] == "available"
    assert await starts(practice) == ["2026-02-12T08:00:00.000Z"]
