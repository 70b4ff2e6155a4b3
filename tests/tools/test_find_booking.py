"""`find_booking`: the caller's own, next first, and nobody else's."""

import pytest

from tests.practice import ADA, Practice
from tests.tools.appointments import STRANGER, has


async def test_f_010_the_next_one_is_named_first_and_the_others_are_offered(
    practice: Practice,
) -> None:
    earlier = practice.call(ADA)
    await has(earlier, "2026-02-20", "10:30", "cleaning")
    await has(earlier, "2026-02-12", "9:00")

    found = await practice.call(ADA).ask("find_booking")

    assert found["status"] == "found"
    assert found["say"] == (
        "Your next appointment is Check-up on Thursday, February 12, at 9 in the morning. "
        "Would you like to hear the other one, too?"
    )
    assert [(one["id"], one["service"]) for one in found["bookings"]] == [
        ("1", "Check-up"),
        ("2", "Cleaning"),
    ]
    german = await practice.call(ADA, "de").ask("find_booking")
    assert "Donnerstag, den 12. Februar, um 9 Uhr" in german["say"]


async def test_a_number_stays_with_its_appointment(practice: Practice) -> None:
    await has(practice.call(ADA), "2026-02-20", "10:30")
    call = practice.call(ADA)
    [first] = (await call.ask("find_booking"))["bookings"]
    made = await has(call, "2026-02-12", "9:00")

    again = await call.ask("find_booking")

    assert (first["id"], made["id"]) == ("1", "2")
    assert [one["id"] for one in again["bookings"]] == ["2", "1"]


@pytest.mark.parametrize(
    ("said", "status", "ids"),
    [
        ("Friday the 20th", "found", ["2"]),
        ("next week", "found", ["2"]),
        ("on Thursday", "found", ["1"]),
        ("tomorrow", "none_found", ["1", "2"]),
        ("the 70th", "found", ["1", "2"]),
        ("yesterday", "in_the_past", []),
        ("2025-02-12", "in_the_past", []),
    ],
)
async def test_a_day_narrows_it(practice: Practice, said: str, status: str, ids: list[str]) -> None:
    earlier = practice.call(ADA)
    await has(earlier, "2026-02-12", "9:00")
    await has(earlier, "2026-02-20", "10:30")

    found = await practice.call(ADA).ask("find_booking", date=said)

    assert (found["status"], found["ok"]) == (status, True)
    assert [one["id"] for one in found.get("bookings", [])] == ids


async def test_nobody_sees_what_others_have(practice: Practice) -> None:
    """Who a caller is comes from the number: a name, even the right one, opens nothing."""
    await has(practice.call(ADA), "2026-02-12", "9:00")
    for number in (None, STRANGER):
        call = practice.call(number)
        await call.ask("verify_name", name="Ada Lindqvist")
        found = await call.ask("find_booking", caller=ADA, number=ADA)
        assert found["status"] == "none_found"
        assert "bookings" not in found


async def test_behind_a_hidden_number_only_this_call_is_known(practice: Practice) -> None:
    call = practice.call(None)
    await call.ask("verify_name", name="Marta Ehlers")
    made = await has(call, "2026-02-12", "9:00")
    assert [one["id"] for one in (await call.ask("find_booking"))["bookings"]] == [made["id"]]

    again = practice.call(None)
    await again.ask("verify_name", name="Marta Ehlers")
    assert (await again.ask("find_booking"))["status"] == "none_found"


async def test_who_owns_a_number_sees_what_was_made_for_others_on_it(practice: Practice) -> None:
    """A mother asks for her daughter's appointment; the daughter does not see her mother's."""
    mother = practice.call(ADA)
    await has(mother, "2026-02-12", "9:00")
    await has(mother, "2026-02-13", "9:00", name="Lea Feddersen")

    all_of_them = await practice.call(ADA).ask("find_booking")
    daughter = practice.call(ADA)
    await daughter.ask("verify_name", name="Lea Feddersen")
    hers = await daughter.ask("find_booking")

    assert [one["name"] for one in all_of_them["bookings"]] == ["Ada Lindqvist", "Lea Feddersen"]
    assert [one["name"] for one in hers["bookings"]] == ["Lea Feddersen"]


async def test_what_the_calendar_has_not_taken_yet_is_not_called_booked(practice: Practice) -> None:
    call = practice.call(ADA)
    checked = await call.ask("check_availability", service="checkup", date="tomorrow", time="9:00")
    await practice.misbehave("*", "error_before", times=20)
    requested = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)

    found = await call.ask("find_booking")

    assert requested["status"] == "requested"
    assert (found["status"], found["booked"]) == ("found", False)
    assert "not confirmed yet" in found["say"]


async def test_finding_asks_calcom_nothing(practice: Practice) -> None:
    await practice.call(ADA).ask("find_booking")
    assert not await practice.requests_at_calcom()
