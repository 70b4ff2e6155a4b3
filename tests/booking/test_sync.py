"""What Cal.com says about event types is followed; what is the owner's own stays."""

import logging
from datetime import date, timedelta
from typing import Any

import pytest

from booking.business import Business
from booking.sync import Change, Report
from booking.sync.working_hours import day_by_day
from calcom.errors import CalcomError
from db import businesses
from db.businesses import EventTypeRow
from tests.practice import ADA, Practice, sync_of

DAY = date(2026, 2, 12)


async def business_of(practice: Practice) -> Business:
    access = await practice.parts.directory.access(practice.slug)
    assert access
    return access.business


async def sync(practice: Practice, *, dry_run: bool = False) -> Report:
    business = await business_of(practice)
    return await sync_of(practice).run(business, now=practice.clock(), dry_run=dry_run)


async def at_calcom(practice: Practice, path: str, **body: Any) -> None:
    answer = await practice.calendar_http.patch(
        f"/v2/{path}",
        json=body,
        headers={
            "Authorization": "Bearer cal_sandbox_demo",
            "cal-api-version": "2024-06-11" if path.startswith("schedules") else "2024-06-14",
        },
    )
    answer.raise_for_status()


async def row_of(practice: Practice, calcom_id: int) -> EventTypeRow:
    async with practice.database.single(practice.id) as tx:
        rows = await businesses.event_types(tx)
    return next(row for row in rows if row.calcom_id == calcom_id)


async def flag(practice: Practice) -> str | None:
    async with practice.database.single(practice.id) as tx:
        return await tx.one(
            "SELECT state || coalesce(': ' || note, '') FROM flag WHERE kind = 'broken_link'",
            into=str,
        )


def break_links(practice: Practice, *numbers: int) -> dict[int, Any]:
    """Delete event types at Cal.com; hand back what is needed to restore them."""
    world = practice.calendar.state.sandbox.world
    kept = {number: world.event_types[number] for number in numbers}
    for each in kept.values():
        world.remove(each)
    return kept


async def test_what_is_calcoms_is_taken_over(practice: Practice) -> None:
    await sync(practice)
    await at_calcom(
        practice,
        "event-types/3",
        lengthInMinutes=50,
        afterEventBuffer=5,
        beforeEventBuffer=10,
        minimumBookingNotice=120,
        slotInterval=25,
        bookingWindow={"type": "calendarDays", "value": 30, "rolling": True},
        confirmationPolicy={"type": "always", "blockUnconfirmedBookingsInBooker": True},
    )

    report = await sync(practice)
    row = await row_of(practice, 3)

    assert [c for c in report.changes if not c.is_ours] == [
        Change("cleaning 3", "length_minutes", "45", "50"),
        Change("cleaning 3", "before_buffer_minutes", "0", "10"),
        Change("cleaning 3", "after_buffer_minutes", "15", "5"),
        Change("cleaning 3", "minimum_notice_minutes", "60", "120"),
        Change("cleaning 3", "booking_window_days", "-", "30"),
        Change("cleaning 3", "slot_interval_minutes", "-", "25"),
        Change("cleaning 3", "requires_confirmation", "no", "yes"),
    ]
    assert (row.length_minutes, row.minimum_notice_minutes, row.requires_confirmation) == (
        (50, 120, True)
    )
    assert [c for c in (await sync(practice)).changes if not c.is_ours] == []


async def test_a_dry_run_says_the_same_and_writes_nothing(practice: Practice) -> None:
    await at_calcom(practice, "event-types/3", lengthInMinutes=50)

    tried = await sync(practice, dry_run=True)
    row = await row_of(practice, 3)

    assert Change("cleaning 3", "length_minutes", "45", "50") in tried.changes
    assert (row.length_minutes, row.synced_at) == (45, None)
    assert (await sync(practice)).changes == tried.changes


async def test_what_is_the_owners_own_stays(practice: Practice) -> None:
    """Names, synonyms and opening hours are ours; a difference is shown."""
    before = await business_of(practice)
    await at_calcom(practice, "event-types/1", title="Something else")
    await at_calcom(
        practice,
        "schedules/1",
        availability=[{"days": ["Monday"], "startTime": "06:00", "endTime": "10:00"}],
    )

    report = await sync(practice)
    after = await business_of(practice)

    assert [(s.name, s.synonyms) for s in after.services] == [
        (s.name, s.synonyms) for s in before.services
    ]
    assert after.lines == before.lines
    assert (
        Change(
            f"line {before.lines[0].number}",
            "hours on monday",
            "08:00-18:00",
            "06:00-13:00, 14:00-18:00",
            is_ours=True,
        )
        in report.changes
    )


async def test_a_change_is_offered_at_the_next_question(practice: Practice) -> None:
    """Length and schedule: nothing of before is answered from memory."""
    await sync(practice)
    call = practice.call(ADA)
    wish = {"service": "cleaning", "staff": "Anna", "date": DAY.isoformat(), "time": "08:00"}
    before = await call.ask("check_availability", **wish)
    await at_calcom(
        practice,
        "schedules/1",
        availability=[{"days": ["Thursday"], "startTime": "13:00", "endTime": "17:00"}],
    )

    await sync(practice)
    practice.clock.advance(seconds=3)  # Cal.com's own cache
    after = await call.ask("check_availability", **wish)

    assert before["status"] == "available"
    assert after["status"] == "none_free"
    assert "T13:00" in after["slots"][0]["start"]


async def test_a_host_who_takes_over_is_followed_by_number(practice: Practice) -> None:
    world = practice.calendar.state.sandbox.world
    world.event_types[1].owner_id = 2
    business = await business_of(practice)
    ben = next(who for who in business.staff if who.slug == "ben")

    report = await sync(practice)

    assert Change("checkup 1", "staff_id", "Dr. Anna Berger", "Dr. Ben Krüger") in report.changes
    assert (await row_of(practice, 1)).staff_id == ben.id


async def test_a_host_whom_nobody_knows_is_shown_and_not_guessed(practice: Practice) -> None:
    anna = practice.calendar.state.sandbox.world.users[1]
    stranger = anna.model_copy(update={"id": 77, "username": "eve", "name": "Dr. Anna Berger"})
    practice.calendar.state.sandbox.world.put(stranger)
    practice.calendar.state.sandbox.world.event_types[1].owner_id = 77
    before = await row_of(practice, 1)

    report = await sync(practice)

    assert (
        Change("checkup 1", "staff", "Dr. Anna Berger", "user 77, who is nobody here", is_ours=True)
        in report.changes
    )
    assert (await row_of(practice, 1)).staff_id == before.staff_id


async def test_a_field_that_nobody_can_answer_breaks_the_link(practice: Practice) -> None:
    field = {"type": "text", "slug": "insurance", "label": "Insurance", "required": True}
    await at_calcom(practice, "event-types/1", bookingFields=[field])

    report = await sync(practice)
    both = await practice.call(ADA).ask(
        "check_availability", service="checkup", date=DAY.isoformat()
    )

    assert report.broken == ["checkup 1"]
    assert both["status"] == "available"  # with Ben
    assert both["slots"]


async def test_f_064_a_broken_link_raises_one_alarm_and_is_not_asked_again(
    practice: Practice, caplog: pytest.LogCaptureFixture
) -> None:
    """Found on a call: that caller and all others are offered a call; Cal.com is left alone."""
    kept = break_links(practice, 1, 2)
    wish = {"service": "checkup", "date": DAY.isoformat()}

    with caplog.at_level(logging.ERROR, logger="booking.sync"):
        told = [await practice.call(ADA).ask("check_availability", **wish)]
        await practice.doubts.settled()
        asked = await practice.requests_at_calcom()
        told += [await practice.call(ADA).ask("check_availability", **wish) for _ in range(10)]
        await practice.doubts.settled()

    assert {reply["status"] for reply in told} == {"service_unavailable"}
    assert all(reply["ok"] and "call" in reply["say"] for reply in told)
    assert await practice.requests_at_calcom() == asked
    assert [record.getMessage() for record in caplog.records] == ["link_broken"]
    assert await flag(practice) == "open: checkup 1; checkup 2"

    for each in kept.values():
        practice.calendar.state.sandbox.world.put(each)
    await sync(practice)

    assert (await flag(practice) or "").startswith("resolved")
    whole = await practice.call(ADA).ask("check_availability", **wish)
    assert whole["status"] == "available"


async def test_f_064_the_alarm_is_raised_again_only_for_what_breaks_anew(
    practice: Practice, caplog: pytest.LogCaptureFixture
) -> None:
    kept = break_links(practice, 1)
    with caplog.at_level(logging.ERROR, logger="booking.sync"):
        for _ in range(3):
            practice.clock.now += timedelta(days=1)
            await sync(practice)
        assert len(caplog.records) == 1
        break_links(practice, 2)
        await sync(practice)
        assert len(caplog.records) == 1
        assert await flag(practice) == "open: checkup 1; checkup 2"
    assert set(await practice.flags()) == {"broken_link"}
    assert kept


async def test_f_064_a_refused_key_is_a_broken_link_too(practice: Practice) -> None:
    world = practice.calendar.state.sandbox.world
    keys = dict(world.api_keys)
    world.api_keys.clear()

    report = await sync(practice)
    told = await practice.call(ADA).ask(
        "check_availability", service="cleaning", date=DAY.isoformat()
    )

    assert len(report.broken) == report.event_types == 4
    assert told["status"] == "service_unavailable"
    world.api_keys.update(keys)
    assert (await sync(practice)).broken == []


async def test_an_outage_breaks_no_link(practice: Practice) -> None:
    await practice.misbehave("*", "error_before", times=20)
    with pytest.raises(CalcomError):
        await sync(practice)
    assert await flag(practice) is None
    assert (await business_of(practice)).services[0].event_types[0].is_linked


def test_hours_are_compared_as_people_would() -> None:
    """Shifts that meet are one stretch; days that agree are not named."""
    ours = {"monday": [["08:00", "18:00"]], "tuesday": [["08:00", "12:00"]]}
    theirs = [
        {"monday": [["08:00", "12:00"]], "tuesday": [["08:00", "12:00"]]},
        {"monday": [["12:00", "18:00"]], "friday": [["09:00", "00:00"]]},
    ]
    assert day_by_day(ours, theirs) == [("friday", "closed", "09:00-24:00")]
