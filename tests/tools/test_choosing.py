"""Which times callers are offered, with whom, and what they hear when there are none."""

from collections.abc import Iterable
from typing import Any

import pytest

from db import businesses
from db.database import Database
from tests.practice import ADA, LINE, Practice, Reply
from tests.servers import Addresses

THURSDAY = "2026-02-12"


async def check(practice: Practice, language: str | None = None, **wish: str) -> Reply:
    """One question, in a call of its own."""
    wish = {"service": "checkup"} | wish
    return await practice.call(ADA, language).ask("check_availability", **wish)


def starts(reply: Reply) -> list[str]:
    return [slot["start"][5:16] for slot in reply.get("slots", ())]


def hosts(reply: Reply) -> list[str]:
    return [slot["staff"] for slot in reply.get("slots", ())]


async def taken(practice: Practice, event_type: int, day: str, times: Iterable[str]) -> None:
    """Somebody books in the web UI."""
    for at in times:
        visit: dict[str, Any] = {
            "start": f"{day}T{at}:00+01:00",
            "name": "Mia Sommer",
            "email": "mia@example.com",
            "eventTypeId": event_type,
        }
        (await practice.calendar_http.post("/_sandbox/bookings", json=visit)).raise_for_status()


def half_hours(first: int, last: int) -> list[str]:
    return [f"{hour:02}:{minute}" for hour in range(first, last) for minute in ("00", "30")]


async def test_f_038_the_same_part_of_the_day_comes_first(practice: Practice) -> None:
    """An afternoon wish is answered with the afternoon, then with the next day's."""
    wish = {"date": THURSDAY, "time": "15:30", "staff": "Anna"}
    await taken(practice, 1, THURSDAY, half_hours(14, 17))

    reply = await check(practice, **wish)

    assert reply["status"] == "none_free"
    own = [s["start"] for s in reply["slots"] if "Anna" in s["staff"]]
    assert own[0].startswith(f"{THURSDAY}T13:30")


@pytest.mark.parametrize(
    ("wish", "first"),
    [
        ({"date": THURSDAY, "time": "afternoon"}, "02-12T12:00"),
        ({"date": THURSDAY, "time": "from 3 pm"}, "02-12T15:00"),
        ({"date": "next Tuesday"}, "02-17T08:00"),
        ({"date": "this week", "time": "in the morning"}, "02-10T10:00"),
    ],
)
async def test_offers_fit_the_wish_and_are_spread(
    practice: Practice, wish: dict[str, str], first: str
) -> None:
    reply = await check(practice, **wish)
    assert reply["status"] == "available"
    times = starts(reply)
    assert times[0] == first
    assert len(times) == 3
    hours = [int(time[6:8]) * 60 + int(time[9:11]) for time in times]
    assert all(abs(a - b) >= 60 for n, a in enumerate(hours) for b in hours[n + 1 :])


async def test_two_are_said_and_three_are_sent(practice: Practice) -> None:
    reply = await check(practice, date=THURSDAY)
    said = [slot["spoken"].rpartition(" at ")[2].split(" ")[0] for slot in reply["slots"]]
    assert [hour in reply["say"] for hour in said] == [True, True, False]


async def test_f_042_who_was_wished_for_comes_first_and_another_is_named(
    practice: Practice,
) -> None:
    """Anna is full, Ben is free then: both are offered, each by name."""
    await taken(practice, 1, THURSDAY, ["10:00"])
    wish = {"date": THURSDAY, "time": "10:00", "staff": "Anna"}

    reply = await check(practice, **wish)
    german = await check(practice, "de", **wish)

    assert reply["status"] == "none_free"
    assert hosts(reply)[:2] == ["Dr. Anna Berger", "Dr. Ben Krüger"]
    assert starts(reply)[1] == "02-12T10:00"
    assert "with Dr. Anna Berger" in reply["say"]
    assert "with Dr. Ben Krüger" in reply["say"]
    assert german["say"].startswith("Donnerstag um 10 Uhr ist bei Dr. Anna Berger leider nicht")


async def test_f_042_a_wish_for_somebody_holds_from_check_to_booking(practice: Practice) -> None:
    call = practice.call(ADA)
    checked = await call.ask(
        "check_availability", service="checkup", date=THURSDAY, time="10:00", staff="Ben"
    )
    booked = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)

    (held,) = await practice.bookings_at_calcom()
    assert checked["say"].count("Dr. Ben Krüger") == 1
    assert (booked["status"], booked["booking"]["staff"]) == ("booked", "Dr. Ben Krüger")
    assert held["eventTypeId"] == 2


async def test_f_042_what_replaces_a_taken_slot_is_with_the_same_person(
    practice: Practice,
) -> None:
    call = practice.call(ADA)
    wish = {"service": "checkup", "date": THURSDAY, "time": "10:00", "staff": "Ben"}
    checked = await call.ask("check_availability", **wish)
    await taken(practice, 2, THURSDAY, ["10:00"])

    told = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)

    assert told["status"] == "slot_taken"
    assert hosts(told)[0] == "Dr. Ben Krüger"


async def test_whoever_minds_nobody_is_offered_everybody(practice: Practice) -> None:
    call = practice.call(ADA)
    await call.ask("check_availability", service="checkup", date=THURSDAY, staff="Ben")
    for said in ("egal", "anyone", "Whoever is free."):
        reply = await call.ask("check_availability", date=THURSDAY, staff=said)
        assert (reply["status"], "staff" in reply["known"]) == ("available", False)
        assert "Dr. Anna Berger" in hosts(reply)


async def test_who_does_not_do_this_is_not_called_full(
    practice: Practice, addresses: Addresses
) -> None:
    """Nobody is told that nothing is free where nobody was asked."""
    async with (
        Database.connect(addresses.database_owner_url, role=None) as owner,
        owner.transaction(practice.id) as tx,
    ):
        await tx.run(
            """
                UPDATE event_type SET active = false
                WHERE business_id = %(business_id)s AND calcom_id = 4
                """
        )
    practice.parts.directory.forget(practice.slug)
    call = practice.call(ADA)

    reply = await call.ask("check_availability", service="cleaning", date=THURSDAY, staff="Ben")
    then = await call.ask("check_availability", date=THURSDAY)

    assert (reply["status"], reply["missing"]) == ("need_choice", ["staff"])
    assert "Dr. Anna Berger" in reply["say"]
    assert then["status"] == "available"


async def test_f_092_no_default_stands_in_for_an_unknown_service(practice: Practice) -> None:
    call = practice.call(ADA)
    unknown = await call.ask("check_availability", service="Olaplex", date=THURSDAY)
    nothing = await practice.call(ADA).ask("check_availability", date=THURSDAY)

    assert (unknown["status"], unknown["missing"]) == ("unknown_service", ["service"])
    assert "Check-up" in unknown["say"]
    assert "slots" not in unknown
    assert nothing["status"] == "need_service"
    assert "slots" not in nothing


async def test_f_093_an_everyday_name_finds_its_service(practice: Practice) -> None:
    reply = await check(practice, "de", service="Zahn Reinigung", date=THURSDAY)
    assert (reply["status"], reply["known"]["service"]) == ("available", "Cleaning")


async def test_f_095_what_was_said_now_wins_over_what_was_usual(practice: Practice) -> None:
    """Check-ups in the history, a cleaning now."""
    for at in ("10:00", "11:00", "15:00"):
        before = practice.call(ADA)
        told = await before.ask(
            "check_availability", service="checkup", date=THURSDAY, time=at, staff="Anna"
        )
        await before.ask("book", slot=told["slots"][0]["id"], confirmed=True)

    call = practice.call(ADA)
    await call.ask("check_availability", service="checkup", date="2026-02-13")
    told = await call.ask("check_availability", service="cleaning", date="2026-02-13")

    assert told["known"]["service"] == "Cleaning"
    wanted = await call.ask("book", slot=told["slots"][0]["id"])
    assert "Cleaning" in wanted["say"]


async def test_f_098_of_two_of_one_name_the_caller_is_asked_which(
    practice: Practice, addresses: Addresses
) -> None:
    async with (
        Database.connect(addresses.database_owner_url, role=None) as owner,
        owner.transaction(practice.id) as tx,
    ):
        await tx.run(
            """
                UPDATE staff SET name = CASE slug
                    WHEN 'anna' THEN 'Jonas Weber' ELSE 'Jonas Kraft' END
                WHERE business_id = %(business_id)s
                """
        )
    practice.parts.directory.forget(practice.slug)
    call = practice.call(ADA)
    wish = {"service": "checkup", "date": THURSDAY, "time": "10:00"}

    asked = await call.ask("check_availability", **wish, staff="Jonas")
    answered = await call.ask("check_availability", **wish, staff="Jonas Kraft")

    assert (asked["status"], asked["missing"]) == ("need_choice", ["staff"])
    assert "Jonas Weber or Jonas Kraft" in asked["say"]
    assert hosts(answered) == ["Jonas Kraft"]


@pytest.mark.parametrize(
    ("wish", "status", "said"),
    [
        ({"date": "yesterday"}, "in_the_past", "today is Tuesday, February 10"),
        ({"date": "2026-02-01", "time": "10:00"}, "in_the_past", "already past"),
        ({"date": "today", "time": "09:15"}, "too_soon", "too soon"),
        ({"date": "today", "time": "before 9:45"}, "too_soon", "too soon"),
        ({"date": "2026-05-20"}, "too_far", "Saturday, April 11"),
        ({"date": "2026-05-20", "time": "10:00"}, "too_far", "Saturday, April 11"),
        ({"date": "2026-02-16"}, "closed", "closed on Monday, February 16"),
        ({"date": "Sunday", "time": "10:00"}, "closed", "closed on Sunday"),
        ({"date": "at the weekend"}, "closed", "closed on those days"),
        ({"date": THURSDAY, "time": "21:00"}, "outside_hours", "from 8 in the morning to 6"),
        ({"date": THURSDAY, "time": "after 8 pm"}, "outside_hours", "from 8 in the morning to 6"),
        ({"date": THURSDAY, "time": "17:45"}, "outside_hours", "we are open"),
    ],
)
async def test_each_reason_has_a_status_and_a_sentence_of_its_own(
    practice: Practice, wish: dict[str, str], status: str, said: str
) -> None:
    reply = await check(practice, **wish)
    assert (reply["status"], reply["ok"]) == (status, True)
    assert said in reply["say"]
    assert "nothing free" not in reply["say"]
    assert "{" not in reply["say"]
    assert reply["say"].count("?") == 1


@pytest.mark.parametrize("said", ["some time this year", "this year", "in the next six months"])
async def test_a_range_of_a_year_is_answered_with_its_first_times(
    practice: Practice, said: str
) -> None:
    reply = await check(practice, date=said)
    assert reply["status"] == "available"
    assert starts(reply)[0] == "02-10T10:00"


async def test_a_long_range_without_a_time_is_not_called_full(practice: Practice) -> None:
    """We looked as far as was said: which day after that?"""
    world = practice.calendar.state.sandbox.world
    for schedule in world.schedules.values():
        schedule.availability = []

    reply = await check(practice, date="some time this year")

    assert (reply["status"], reply["missing"]) == ("need_date", ["date"])
    assert "March" in reply["say"]
    assert "nothing free" not in reply["say"]


async def test_only_a_look_that_found_nothing_says_so(practice: Practice) -> None:
    world = practice.calendar.state.sandbox.world
    for schedule in world.schedules.values():
        schedule.availability = []

    reply = await check(practice, date=THURSDAY)

    assert (reply["status"], reply["missing"]) == ("none_free", ["date"])
    assert (await practice.requests_at_calcom())["slots"] > 0


async def test_a_line_in_no_time_zone_is_not_served(
    practice: Practice, addresses: Addresses, caplog: pytest.LogCaptureFixture
) -> None:
    """Times would be wrong: the operator reads why, the caller hears that it does not work."""
    async with (
        Database.connect(addresses.database_owner_url, role=None) as owner,
        owner.transaction(practice.id) as tx,
    ):
        await businesses.put_line(
            tx,
            id=practice.id,
            number=LINE,
            name="Praxis",
            timezone="Mars/Olympus",
            language="en",
            opening_hours=None,
        )
    practice.parts.directory.forget(practice.slug)

    reply = await check(practice, date=THURSDAY)

    assert (reply["status"], reply["ok"]) == ("not_permitted", True)
    [told] = [record for record in caplog.records if record.getMessage() == "no_such_timezone"]
    assert told.__dict__["timezone"] == "Mars/Olympus"
    assert told.__dict__["of"] == f"line {LINE} of praxis"
