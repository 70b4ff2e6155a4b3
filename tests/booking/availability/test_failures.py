"""What once went wrong with free times, as callers would notice it: one test for each entry."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.practice import ADA, Practice, Reply

DAY = {"service": "checkup", "date": "2026-02-11"}
WISH = {**DAY, "time": "14:30", "staff": "Anna"}
STRANGER = "+493023125078"


def starts(reply: Reply, staff: str = "") -> set[str]:
    """Wall times that are offered, of one person or of anybody."""
    return {
        slot["start"][11:16] for slot in reply.get("slots", []) if staff in (slot["staff"] or "")
    }


async def test_f_033_where_nothing_is_free_no_times_are_invented(practice: Practice) -> None:
    for schedule in practice.calendar.state.sandbox.world.schedules.values():
        schedule.availability.clear()
    told = await practice.call(ADA).ask("check_availability", service="checkup")
    assert (told["status"], starts(told), told["booked"]) == ("none_free", set(), False)
    assert told["say"]


async def test_f_035_an_offered_time_is_held_until_its_caller_hangs_up(practice: Practice) -> None:
    first, second = practice.call(ADA), practice.call(STRANGER)
    await first.ask("check_availability", **WISH)
    assert "14:30" not in starts(await second.ask("check_availability", **WISH), "Anna")

    access = await practice.parts.directory.access(practice.slug)
    assert access
    async with practice.database.single(practice.id) as tx:
        held = await tx.only("SELECT call_id::text FROM claim", into=str)
    await practice.desk.release(access.business, UUID(held), now=practice.clock())
    assert (await second.ask("check_availability", **WISH))["status"] == "available"


@pytest.mark.parametrize(("time", "status"), [("10:00", "available"), ("09:30", "too_soon")])
async def test_f_036_the_check_knows_the_notice_that_booking_needs(
    practice: Practice, time: str, status: str
) -> None:
    """An hour; it is nine. Also of what was asked for while more of the day was left."""
    early = await practice.call(ADA).ask("check_availability", service="checkup", date="today")
    assert min(starts(early)) >= "10:00"
    told = await practice.call(ADA).ask(
        "check_availability", service="checkup", date="today", time=time
    )
    assert told["status"] == status
    practice.clock.advance(minutes=40)
    later = await practice.call(ADA).ask("check_availability", service="checkup", date="today")
    assert min(starts(later)) >= "10:40"


async def test_f_037_callers_are_not_offered_times_of_their_own_appointments(
    practice: Practice,
) -> None:
    """Neither with the same person nor with another; a wish for that time names it."""
    call = practice.call(ADA)
    offered = await call.ask("check_availability", **WISH)
    assert (await call.ask("book", slot=offered["slots"][0]["id"], confirmed=True))["booked"]

    again = practice.call(ADA)
    others = await again.ask("check_availability", **DAY, time="after 13:00")
    assert others["slots"]
    assert "14:30" not in starts(others)
    named = await again.ask("check_availability", **{**WISH, "staff": "Ben", "time": "14:15"})
    assert "14:15" not in starts(named)


@pytest.mark.parametrize("confirmed", [None, False, "false", "", "null"])
async def test_f_039_a_free_time_is_available_unless_it_was_confirmed(
    practice: Practice, confirmed: object
) -> None:
    """Not stated is no refusal, and no yes either."""
    call = practice.call(ADA)
    checked = await call.ask("check_availability", **WISH)
    assert checked["status"] == "available"
    told = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=confirmed)
    assert (told["status"], told["booked"]) == ("need_confirmation", False)


async def test_f_040_what_is_not_yet_in_the_calendar_is_not_offered(practice: Practice) -> None:
    """Cal.com was down; our own record of the wish takes the time."""
    call = practice.call(ADA)
    checked = await call.ask("check_availability", **WISH)
    await practice.misbehave("create_booking", "error_before", times=10)
    told = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    assert told["status"] == "requested"
    assert not await practice.bookings_at_calcom()

    other = await practice.call(STRANGER).ask("check_availability", **WISH)
    assert "14:30" not in starts(other, "Anna")
    practice.clock.advance(minutes=30)
    later = await practice.call(STRANGER).ask("check_availability", **WISH)
    assert "14:30" not in starts(later, "Anna")


async def test_f_041_what_is_offered_starts_and_ends_within_the_opening_hours(
    practice: Practice,
) -> None:
    """Open from 8 to 18: 45 minutes start at 17:15 at the latest, and never on a closed day."""
    for schedule in practice.calendar.state.sandbox.world.schedules.values():
        for hours in schedule.availability:
            hours.start, hours.end = "06:00", "23:00"
    late = await practice.call(ADA).ask(
        "check_availability", service="cleaning", date="2026-02-12", time="after 4 pm"
    )
    assert late["slots"]
    assert max(starts(late)) <= "17:15"
    early = await practice.call(ADA).ask(
        "check_availability", service="cleaning", date="2026-02-12", time="before 9"
    )
    assert min(starts(early)) >= "08:00"
    closed = await practice.call(ADA).ask(
        "check_availability", service="cleaning", date="2026-02-16"
    )
    assert closed["status"] == "closed"
    assert all(not slot["start"].startswith("2026-02-16") for slot in closed["slots"])


async def test_f_082_a_known_caller_books_without_a_question_for_the_name(
    practice: Practice,
) -> None:
    """Two tool calls, and what the second one needs is known from the first."""
    call = practice.call(ADA)
    checked = await call.ask("check_availability", **WISH)
    assert checked.get("missing", []) == []
    assert "Lindqvist" in checked["say"]
    booked = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    assert (booked["status"], booked["booking"]["name"]) == ("booked", "Ada Lindqvist")


async def test_f_084_what_was_asked_at_once_is_known_afterwards(practice: Practice) -> None:
    """And for as long as nothing changes: an hour of calls costs a handful of requests."""
    for _ in range(12):
        await practice.call(ADA).ask("check_availability", **DAY)
        practice.clock.now += timedelta(minutes=1)
    assert (await practice.requests_at_calcom())["slots"] <= 8
