"""Staff change bookings as callers do: what they are told is what stands in the calendar."""

import re
from datetime import datetime

from booking import errors
from booking.errors import BookingError
from db import tasks
from server.console.pages.booking import SORRY
from server.console.words import LANGUAGES, words_in
from tests.practice import ADA, Practice
from tests.server.console.people import Person
from tests.server.console.scene import ring

_SLOT = re.compile(r'name="slot" value="([^"]+)"')


async def test_a_booking_is_moved_and_stands_there_at_calcom(
    staff: Person, practice: Practice
) -> None:
    call = await ring(practice)
    matter = f"/console/praxis/matters/{call.id}"
    move = f"{matter}/bookings/{call.booking['id']}/move"
    page = await staff.see(f"{move}?day=2026-02-12")
    slots = _SLOT.findall(page.text)
    assert slots, page.text
    wished = slots[0]

    answer = await staff.press(move, move, {"slot": wished})

    assert answer.headers["location"] == f"{matter}?said=moved"
    [held] = await practice.bookings_at_calcom()
    assert datetime.fromisoformat(held["start"]) == datetime.fromisoformat(wished.split("|")[0])
    assert "The caller will be told" in (await staff.see(f"{matter}?said=moved")).text
    gone = await staff.press(move, move, {"slot": slots[0].replace("2026-02-12", "2026-02-14")})
    assert "sorry=slot_taken" in gone.headers["location"]


async def test_a_booking_is_cancelled_and_gone_from_calcom(
    staff: Person, practice: Practice
) -> None:
    call = await ring(practice)
    matter = f"/console/praxis/matters/{call.id}"
    answer = await staff.press(matter, f"{matter}/bookings/{call.booking['id']}/cancel")
    again = await staff.press(matter, f"{matter}/bookings/{call.booking['id']}/cancel")

    assert answer.headers["location"] == f"{matter}?said=cancelled"
    assert again.status_code == 409
    assert await practice.bookings_at_calcom() == []
    async with practice.database.single(practice.id) as tx:
        actions = await tx.all("SELECT action FROM audit_entry", into=str)
    assert actions == ["cancelled"]


async def test_a_request_is_accepted_once_however_often_it_is_pressed(
    staff: Person, practice: Practice
) -> None:
    for event_type in practice.calendar.state.sandbox.world.event_types.values():
        event_type.requires_confirmation = True
    caller = practice.call(ADA)
    wish = {"service": "check-up", "date": "tomorrow", "time": "14:30"}
    reply = await caller.ask("check_availability", **wish)
    practice.clock.advance(seconds=6)
    told = await caller.ask("book", slot=reply["slots"][0]["id"], confirmed=True)
    [waiting] = await practice.rows()
    assert (told["status"], waiting["state"]) == ("requested", "awaiting_host")
    matter = f"/console/praxis/matters/{waiting['call_id']}"
    accept = f"{matter}/bookings/{waiting['id']}/accept"
    assert accept in (await staff.see(matter)).text

    accepted = await staff.press(matter, accept)
    again = await staff.press(matter, accept)

    assert accepted.headers["location"] == f"{matter}?said=accepted"
    assert again.headers["location"] == f"{matter}?sorry=not_bookable"
    [held] = await practice.bookings_at_calcom()
    [row] = await practice.rows()
    assert (held["status"], row["state"]) == ("accepted", "confirmed")
    assert accept not in (await staff.see(matter)).text
    async with practice.database.single(practice.id) as tx:
        assert await tx.all("SELECT action FROM audit_entry", into=str) == ["accepted"]


async def test_while_calcom_is_away_nothing_is_promised(staff: Person, practice: Practice) -> None:
    call = await ring(practice)
    matter = f"/console/praxis/matters/{call.id}"
    await practice.misbehave("cancel", "error_before", times=50)
    answer = await staff.press(matter, f"{matter}/bookings/{call.booking['id']}/cancel")

    assert answer.headers["location"] == f"{matter}?said=cancelling"
    assert len(await practice.bookings_at_calcom()) == 1
    await practice.calendar_http.delete("/_sandbox/faults")


async def test_a_callback_is_noted_and_done(staff: Person, practice: Practice) -> None:
    call = await ring(practice, books=False)
    matter = f"/console/praxis/matters/{call.id}"
    await staff.press(matter, f"{matter}/callback", {"note": "About <her> tooth", "hours": "4"})
    [task] = await practice.tasks()
    practice.clock.advance(hours=5)
    page = (await staff.see("/console/praxis/callbacks")).text

    assert task.note == "About <her> tooth"
    assert "About &lt;her&gt; tooth" in page
    assert "was due" in page
    done = f"/console/praxis/callbacks/{task.id}"
    assert (await staff.press("/console/praxis/callbacks", done, {"state": "x"})).status_code == 400
    await staff.press("/console/praxis/callbacks", done, {"state": "done"})
    async with practice.database.single(practice.id) as tx:
        assert await tasks.open_ones(tx) == []
    assert "About" in (await staff.see("/console/praxis/callbacks?done=1")).text


def test_every_refusal_of_the_desk_has_words() -> None:
    refusals = {
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, BookingError) and kind is not BookingError
    }
    assert refusals <= set(SORRY)
    for language in LANGUAGES:
        assert all(words_in(language).has(f"sorry.{key}") for key in SORRY.values())
