"""`cancel`: read back first; only a yes to exactly that ends an appointment."""

import pytest

from booking.bookings import BookingState
from tests.practice import ADA, Practice
from tests.tools.appointments import STRANGER, has, starts


async def test_an_appointment_is_read_back_and_cancelled_after_a_yes(practice: Practice) -> None:
    await has(practice.call(ADA), "2026-02-12", "9:00")
    call = practice.call(ADA)

    asked = await call.ask("cancel")
    assert asked["status"] == "need_confirmation"
    assert asked["say"] == (
        "That is Check-up on Thursday, February 12, at 9 in the morning. Shall I cancel it?"
    )
    assert len(await starts(practice)) == 1

    done = await call.ask("cancel", booking="1", confirmed=True, reason="is ill")
    assert (done["status"], done["booked"]) == ("cancelled", False)
    assert "is cancelled: Check-up on Thursday, February 12" in done["say"]
    assert done["booking"]["start"] == "2026-02-12T09:00:00+01:00"
    assert await starts(practice) == []
    [row] = await practice.rows()
    assert (row["state"], row["cancel_reason"]) == ("cancelled", "is ill")


@pytest.mark.parametrize("said", [{}, {"booking": "1"}])
async def test_twice_is_success(practice: Practice, said: dict[str, str]) -> None:
    """Platforms repeat what they have asked, under new ids."""
    await has(practice.call(ADA), "2026-02-12", "9:00")
    call = practice.call(ADA)
    await call.ask("cancel", **said)
    once = await call.ask("cancel", **said, confirmed=True)
    twice = await call.ask("cancel", **said, confirmed=True)

    assert once["say"] == twice["say"]
    assert (once["status"], twice["status"]) == ("cancelled", "cancelled")
    assert (await practice.requests_at_calcom())["cancel"] == 1


async def test_a_yes_counts_only_for_what_was_read_back(practice: Practice) -> None:
    earlier = practice.call(ADA)
    await has(earlier, "2026-02-12", "9:00")
    await has(earlier, "2026-02-13", "9:00")
    call = practice.call(ADA)

    first = await call.ask("cancel", booking="1", confirmed=True)
    other = await call.ask("cancel", booking="2", confirmed=True)
    await call.ask("check_availability", service="checkup", date="2026-02-19", time="9:00")
    since = await call.ask("cancel", booking="2", confirmed=True)

    assert {first["status"], other["status"], since["status"]} == {"need_confirmation"}
    assert len(await starts(practice)) == 2


async def test_of_several_the_caller_chooses_by_number_or_words(practice: Practice) -> None:
    earlier = practice.call(ADA)
    await has(earlier, "2026-02-12", "9:00")
    await has(earlier, "2026-02-13", "10:30", "cleaning")
    await has(earlier, "2026-02-18", "9:00", name="Lea Feddersen")
    call = practice.call(ADA)

    which = await call.ask("cancel")
    assert which["status"] == "need_choice"
    assert [one["id"] for one in which["bookings"]] == ["1", "2", "3"]
    assert which["say"].count(" on ") == 2  # two are said, the others can be asked for

    for said, number in (
        ("2", "2"),
        ("the one on Friday", "2"),
        ("2026-02-13T10:30", "2"),
        ("my cleaning", "2"),
        ("Lea's appointment", "3"),
        ("Thursday at nine", "1"),
    ):
        meant = await call.ask("cancel", booking=said)
        assert meant["status"] == "need_confirmation", said
        assert meant["bookings"][0]["id"] == number, said
        practice.clock.advance(seconds=10)
    for said in ("the other one", "9", "rQyF7hPbBwRm", "🤷"):
        assert (await call.ask("cancel", booking=said))["status"] == "need_choice", said


async def test_f_060_what_was_just_booked_is_cancelled_without_naming_it(
    practice: Practice,
) -> None:
    """Also behind a hidden number, and whatever else the caller has."""
    await has(practice.call(ADA), "2026-02-12", "9:00")
    for number, others in ((ADA, 1), (None, 1)):
        call = practice.call(number)
        await call.ask("verify_name", name="Ada Lindqvist")
        made = await has(call, "2026-02-13", "9:00")
        asked = await call.ask("cancel", booking="the one I just made")
        assert asked["bookings"][0]["id"] == made["id"]
        assert (await call.ask("cancel", confirmed="ja"))["status"] == "cancelled"
        assert len(await starts(practice)) == others


async def test_f_057_a_hidden_number_changes_by_call_back_only(practice: Practice) -> None:
    """A task with name, wish, number and time; the caller hears of it."""
    await has(practice.call(ADA), "2026-02-12", "9:00")
    call = practice.call(None)
    await call.ask("verify_name", name="Ada Lindqvist")

    refused = await call.ask("cancel", booking="the one on Thursday", confirmed=True)
    assert (refused["status"], refused["ok"]) == ("not_permitted", True)
    assert refused["missing"] == ["number"]
    assert "hidden" in refused["say"]

    promised = await call.ask("request_callback", reason="cancel it", number="030 23125077")
    assert promised["status"] == "callback_created"
    (task,) = await practice.tasks()
    assert (task.recipient, task.kind) == (ADA, "callback")
    assert task.note == ("Ada Lindqvist: wishes to cancel the one on Thursday; cancel it.")
    moved = await call.ask("reschedule", date="Friday")
    assert moved["status"] == "callback_created"
    assert len(await starts(practice)) == 1


async def test_nobody_cancels_for_somebody_else(practice: Practice) -> None:
    made = await has(practice.call(ADA), "2026-02-12", "9:00")
    call = practice.call(STRANGER)
    await call.ask("verify_name", name="Ada Lindqvist")
    for said in (made["id"], "Ada Lindqvist", "2026-02-12T09:00"):
        refused = await call.ask("cancel", booking=said, confirmed=True, caller=ADA)
        assert refused["status"] == "none_found"
    assert len(await starts(practice)) == 1


async def test_while_calcom_is_silent_the_appointment_stands(practice: Practice) -> None:
    await has(practice.call(ADA), "2026-02-12", "9:00")
    call = practice.call(ADA)
    await call.ask("cancel")
    await practice.misbehave("cancel", "error_before", times=20)

    asked = await call.ask("cancel", confirmed=True)

    assert (asked["status"], asked["ok"]) == ("requested", True)
    assert "not confirmed" in asked["say"]
    [row] = await practice.rows()
    assert row["state"] == BookingState.CANCELLING


async def test_what_has_begun_is_a_matter_for_a_human(practice: Practice) -> None:
    await has(practice.call(ADA), "today", "11:00")
    practice.clock.advance(hours=2, minutes=10)
    refused = await practice.call(ADA).ask("cancel")
    assert refused["status"] == "not_permitted"
    assert "call you back" in refused["say"]
