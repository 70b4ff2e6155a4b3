"""The desk's promise: what was told is what stands in the calendar, whatever fails in between."""

import asyncio
from datetime import timedelta

from booking.delivery import LATE_ARRIVAL
from server import tally
from server.wiring import open_worker
from tests.practice import ADA, Caller, Practice, Reply

STRANGER = "+493023125099"


async def read_back(call: Caller, name: str | None = None, at: str = "14:30") -> Reply:
    """Go as far as the question that a yes answers."""
    checked = await call.ask("check_availability", service="checkup", date="2026-02-11", time=at)
    if name:
        assert (await call.ask("verify_name", name=name))["status"] == "new_caller"
    return checked


async def say_yes(call: Caller, checked: Reply, **more: str) -> Reply:
    return await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True, **more)


async def work(practice: Practice, rounds: int = 1) -> None:
    async with open_worker(
        practice.settings, clock=practice.clock, transport=practice.transport
    ) as worker:
        for _ in range(rounds):
            await worker.work_once()


async def test_a_lost_answer_does_not_book_twice(practice: Practice) -> None:
    """Cal.com booked but its answer was lost: the caller hears a request, a worker finds it."""
    call = practice.call(ADA)
    checked = await read_back(call)

    await practice.misbehave("create_booking", "drop_answer")
    told = await say_yes(call, checked)
    assert (told["status"], told["booked"]) == ("requested", False)

    practice.clock.advance(seconds=10)
    await work(practice)

    (row,) = await practice.rows()
    (held,) = await practice.bookings_at_calcom()
    assert (row["state"], row["calcom_uid"]) == ("confirmed", held["uid"])
    assert (await practice.requests_at_calcom())["create_booking"] == 1


async def test_what_never_arrived_is_asked_for_again_but_not_too_early(practice: Practice) -> None:
    call = practice.call(ADA)
    checked = await read_back(call)

    await practice.misbehave("create_booking", "error_before")
    assert (await say_yes(call, checked))["status"] == "requested"

    practice.clock.advance(seconds=10)
    await work(practice)
    assert (await practice.requests_at_calcom())["create_booking"] == 1  # it may still arrive

    practice.clock.now += LATE_ARRIVAL
    await work(practice)
    (row,) = await practice.rows()
    assert row["state"] == "confirmed"
    assert len(await practice.bookings_at_calcom()) == 1


async def test_f_043_the_same_yes_again_is_the_same_booking(practice: Practice) -> None:
    """F-043: repeated with a new id, as after a barge-in, and with the old one, as by a retry."""
    call = practice.call(ADA)
    checked = await read_back(call)
    slot = checked["slots"][0]["id"]

    first = await call.ask("book", request_id="1", slot=slot, confirmed=True)
    retried = await call.ask("book", request_id="1", slot=slot, confirmed=True)
    again = await call.ask("book", request_id="2", slot=slot, confirmed=True)

    assert retried == first
    assert first["status"] == again["status"] == "booked"
    assert first["booking"] == again["booking"]
    assert len(await practice.bookings_at_calcom()) == 1


async def test_f_043_two_identical_yeses_at_once_are_one_booking(practice: Practice) -> None:
    call = practice.call(ADA)
    checked = await read_back(call)

    told = await asyncio.gather(*(say_yes(call, checked) for _ in range(2)))

    assert [reply["status"] for reply in told] == ["booked", "booked"]
    assert told[0]["booking"] == told[1]["booking"]
    assert len(await practice.bookings_at_calcom()) == 1


async def test_a_redial_finds_the_booking_of_the_first_call(practice: Practice) -> None:
    """F-037: nobody is offered the time of an appointment of their own; it is named instead."""
    first, second = practice.call(ADA), practice.call(ADA)
    checked = await read_back(first)
    await say_yes(first, checked)

    again = await second.ask(
        "check_availability", service="checkup", date="2026-02-11", time="14:30"
    )

    assert again["status"] == "already_booked"
    assert "tomorrow at 2:30" in again["say"]
    assert again["bookings"][0]["spoken"] == "Wednesday, February 11, at 2:30 in the afternoon"
    assert len(await practice.rows()) == 1


async def test_of_thirty_callers_for_one_slot_exactly_one_is_booked(practice: Practice) -> None:
    """F-047: the claim decides, before anything goes to Cal.com."""
    calls = [practice.call(f"+4930231251{n:02}") for n in range(30)]

    async def ring(call: Caller) -> Reply:
        checked = await call.ask(
            "check_availability",
            service="checkup",
            date="2026-02-11",
            time="14:30",
            staff="Anna",
        )
        if checked.get("missing") != ["name"]:
            return checked
        await call.ask("verify_name", name="Marta Ehlers")
        return await say_yes(call, checked)

    told = await asyncio.gather(*(ring(call) for call in calls))

    assert sum(reply["booked"] for reply in told) == 1
    losers = [reply for reply in told if not reply["booked"]]
    assert all(reply["slots"] for reply in losers)
    assert {reply["status"] for reply in losers} <= {"slot_taken", "none_free"}
    assert (await practice.requests_at_calcom())["create_booking"] == 1


async def test_a_slot_is_held_while_its_caller_thinks(practice: Practice) -> None:
    """F-035."""
    first, second = practice.call(ADA), practice.call(STRANGER)
    await first.ask(
        "check_availability", service="checkup", date="2026-02-11", time="14:30", staff="Anna"
    )

    wish = {"service": "checkup", "date": "2026-02-11", "time": "14:30", "staff": "Anna"}
    meanwhile = await second.ask("check_availability", **wish)
    assert meanwhile["status"] == "none_free"

    practice.clock.advance(minutes=6)
    later = await second.ask("check_availability", **wish)
    assert later["status"] == "available"


async def test_a_slot_taken_at_calcom_is_answered_with_the_next_best(practice: Practice) -> None:
    """F-001, F-062: the web UI was faster; nothing of the attempt stays."""
    call = practice.call(ADA)
    checked = await read_back(call)
    for event_type in (1, 2):
        taken = {"start": "2026-02-11T13:30:00Z", "name": "X", "email": "x@example.com"}
        (
            await practice.calendar_http.post(
                "/_sandbox/bookings", json={**taken, "eventTypeId": event_type}
            )
        ).raise_for_status()

    told = await say_yes(call, checked)

    assert (told["status"], told["booked"]) == ("slot_taken", False)
    assert told["slots"]
    assert "2026-02-11T14:30:00+01:00" not in [slot["start"] for slot in told["slots"]]
    (row,) = await practice.rows()
    assert row["state"] == "failed"
    assert await practice.claims() == 0


async def test_calcom_down_makes_a_request_that_a_worker_delivers(practice: Practice) -> None:
    call = practice.call(ADA)
    checked = await read_back(call)
    await practice.misbehave("create_booking", "429")

    told = await say_yes(call, checked)
    assert told["status"] == "requested"
    assert "not confirmed" in told["say"]
    (row,) = await practice.rows()
    assert row["state"] == "queued"

    practice.clock.now += timedelta(minutes=2)
    await work(practice)
    (row,) = await practice.rows()
    assert row["state"] == "confirmed"


async def test_f_045_nothing_is_booked_without_a_read_back_and_a_yes(practice: Practice) -> None:
    """F-045: choosing one of several offers is not a yes, and a yes to nothing is none."""
    call = practice.call(ADA)
    offered = await call.ask("check_availability", service="checkup", date="2026-02-11")
    assert len(offered["slots"]) == 3

    chosen = await call.ask("book", slot=offered["slots"][1]["id"], confirmed=True)
    assert (chosen["status"], chosen["booked"]) == ("need_confirmation", False)
    assert await practice.rows() == []

    agreed = await call.ask("book", slot=offered["slots"][1]["id"], confirmed=True)
    assert agreed["status"] == "booked"
    assert agreed["booking"]["start"] == offered["slots"][1]["start"]


async def test_another_name_needs_another_yes(practice: Practice) -> None:
    """A correction of the name is read back before anything is booked under it."""
    call = practice.call(STRANGER)
    checked = await read_back(call, "Marta Ehlers")
    await call.ask("verify_name", name="Nele Ehlers", for_someone_else=True)

    booked = await say_yes(call, checked)
    assert booked["booking"]["name"] == "Nele Ehlers"
    (row,) = await practice.rows()
    assert row["attendee_name"] == "Nele Ehlers"


async def test_a_hidden_number_may_book(practice: Practice) -> None:
    """F-005, F-017."""
    call = practice.call("anonymous")
    checked = await read_back(call, "Marta Ehlers")
    assert (await say_yes(call, checked))["status"] == "booked"
    (row,) = await practice.rows()
    assert row["attendee_number"] is None
    assert row["attendee_email"].endswith("@callers.praxis.example")


async def test_a_booking_writes_few_statements_and_asks_calcom_once(practice: Practice) -> None:
    call = practice.call(STRANGER)
    checked = await read_back(call, "Marta Ehlers")

    before = (await practice.requests_at_calcom()).get("create_booking", 0)
    with tally.counted() as cost:
        await say_yes(call, checked)

    assert (await practice.requests_at_calcom())["create_booking"] == before + 1
    assert 0 < cost.statements <= 6
