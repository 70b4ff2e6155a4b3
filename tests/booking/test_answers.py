"""What Cal.com answers is checked before it is believed: whose it is, and who performs it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from booking.bookings import BookingState
from booking.delivery import OUR_ID
from booking.errors import ServiceUnavailable, SlotTaken
from calcom.outgoing import fit_metadata
from tests.booking.scene import Scene, at

Edit = Callable[[dict[str, Any]], None]


class Tampering(httpx.AsyncBaseTransport):
    """Cal.com, but for what it answers to POST /v2/bookings; also to GET, if told."""

    def __init__(self, real: httpx.AsyncBaseTransport, edit: Edit, *, reads: bool) -> None:
        self._real = real
        self._edit = edit
        self._reads = reads

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._real.handle_async_request(request)
        created = request.method == "POST" and request.url.path == "/v2/bookings"
        read = request.method == "GET" and request.url.path.startswith("/v2/bookings/")
        if not created and not (self._reads and read):
            return response
        answer = json.loads(await response.aread())
        if response.is_success:
            self._edit(answer["data"])
        return httpx.Response(response.status_code, json=answer)


async def tamper(scene: Scene, edit: Edit, *, reads: bool = False) -> None:
    """Change what our client hears from now on."""
    client = await scene.delivery._courier._calendars.of(scene.business)
    http = client._wire._http
    http._transport = Tampering(http._transport, edit, reads=reads)


async def test_f_044_an_old_booking_of_somebody_else_is_no_success(scene: Scene) -> None:
    """Made twenty minutes ago, for another attendee, under another id of ours."""
    slot = scene.slot("checkup", at("15:10"), "anna")

    def older(answer: dict[str, Any]) -> None:
        answer["metadata"] = {OUR_ID: "3b1f6a52-0000-4000-8000-000000000000"}
        answer["createdAt"] = (scene.now - timedelta(minutes=20)).isoformat()
        answer["attendees"][0]["email"] = "somebody.else@example.com"

    await tamper(scene, older)
    with pytest.raises(SlotTaken):
        await scene.book(slot)

    (row,) = await scene.practice.rows()
    assert (row["state"], row["failure"], row["calcom_uid"]) == ("failed", "foreign_answer", None)
    assert "foreign_answer" in await scene.flags()


async def test_f_044_a_booking_without_our_id_is_not_adopted(scene: Scene) -> None:
    await tamper(scene, lambda answer: answer.pop("metadata"))
    with pytest.raises(SlotTaken):
        await scene.book(scene.slot("checkup", at("15:10"), "anna"))


async def test_f_044_an_answer_with_a_uid_that_is_known_is_no_success(scene: Scene) -> None:
    first = await scene.book(scene.slot("checkup", at("10:00"), "anna"), "Nele Ehlers")

    await tamper(scene, lambda answer: answer.update(uid=first.calcom_uid))
    with pytest.raises(SlotTaken):
        await scene.book(scene.slot("checkup", at("15:10"), "anna"))

    assert (await scene.row(first)).state is BookingState.CONFIRMED


async def test_f_044_the_same_attendee_again_gets_no_booking_that_is_dead_to_us(
    scene: Scene,
) -> None:
    """For types that the host confirms Cal.com answers with the earlier booking: the metadata tell.

    It stands there because a cancellation of ours has not arrived, and it carries the old row's id.
    """
    slot = scene.slot("whitening", at("10:00"))
    first = await scene.book(slot)
    async with scene.practice.database.single(scene.business.id) as tx:
        await tx.run("DELETE FROM claim")
        await tx.run("UPDATE booking SET state = 'cancelled'")

    with pytest.raises(SlotTaken):
        await scene.book(slot)

    states = {row["id"]: row["state"] for row in await scene.practice.rows()}
    assert sorted(states.values()) == ["cancelled", "failed"]
    assert states[str(first.id)] == "cancelled"


async def test_f_066_the_host_is_read_back(scene: Scene) -> None:
    """The answer to the creation names nobody."""
    await tamper(scene, lambda answer: answer.update(hosts=[]))

    booking = await scene.book(scene.slot("emergency", at("11:30")))

    assert booking.state is BookingState.CONFIRMED
    assert booking.staff_id in {person.id for person in scene.business.staff}


async def test_f_066_a_host_who_cannot_be_read_back_now_is_known_later(scene: Scene) -> None:
    await tamper(scene, lambda answer: answer.update(hosts=[]))
    await scene.practice.misbehave("get_booking", "error_before", times=3)

    booking = await scene.book(scene.slot("emergency", at("11:30")))
    assert (booking.state, booking.staff_id) == (BookingState.CONFIRMED, None)

    await scene.quiesce(4)
    assert (await scene.row(booking)).staff_id in {person.id for person in scene.business.staff}


async def test_f_066_an_unknown_host_leads_to_a_human(scene: Scene) -> None:
    await tamper(
        scene, lambda answer: answer.update(hosts=[{"id": 99, "name": "Gast"}]), reads=True
    )

    booking = await scene.book(scene.slot("emergency", at("11:30")))
    await scene.quiesce(5)

    row = await scene.row(booking)
    assert (row.state, row.staff_id, row.due_at) == (BookingState.CONFIRMED, None, None)
    assert row.needs_attention
    assert "unknown_host" in await scene.flags()


async def test_f_062_a_busy_host_is_a_taken_slot_and_no_outage(scene: Scene) -> None:
    taken = {"start": at("13:20").isoformat(), "name": "X", "email": "x@example.com"}
    (await scene.practice.calendar_http.post("/_sandbox/bookings", json=taken)).raise_for_status()

    with pytest.raises(SlotTaken):
        await scene.book(scene.slot("checkup", at("13:20"), "anna"))

    assert (await scene.requests())["create_booking"] == 1
    assert await scene.flags() == set()


async def test_f_063_what_leaves_us_are_texts(scene: Scene) -> None:
    assert fit_metadata({"party": 3, "first_visit": False, "note": None}) == {
        "party": "3",
        "first_visit": "false",
    }
    booking = await scene.book(scene.slot("checkup", at("13:20"), "anna"))
    (there,) = await scene.practice.bookings_at_calcom()
    assert there["metadata"] == {OUR_ID: str(booking.id)}


async def test_f_064_an_event_type_that_is_gone_is_a_broken_link(scene: Scene) -> None:
    world = scene.practice.calendar.state.sandbox.world
    world.remove(world.event_types[1])

    with pytest.raises(ServiceUnavailable):
        await scene.book(scene.slot("checkup", at("13:20"), "anna"))

    (row,) = await scene.practice.rows()
    assert (row["state"], row["failure"]) == ("failed", "link_broken")
    assert await scene.claims() == []


async def test_f_043_repeated_at_once_and_later_it_is_one_appointment(scene: Scene) -> None:
    slot, call_id = scene.slot("checkup", at("15:40"), "ben"), await scene.call()
    first = await scene.book(slot, call_id=call_id)
    scene.practice.clock.advance(seconds=7)
    second = await scene.book(slot, call_id=call_id)
    third = await scene.book(slot)  # after a redial

    assert first.id == second.id == third.id
    assert (await scene.requests())["create_booking"] == 1


async def test_f_046_two_calls_never_share_what_they_hold(scene: Scene) -> None:
    first, second = await scene.call(), await scene.call()
    early, late = (
        scene.slot("checkup", at("10:00"), "anna"),
        scene.slot("checkup", at("11:00"), "ben"),
    )
    await scene.practice.desk.hold(scene.business, early, call_id=first, now=scene.now)
    await scene.practice.desk.hold(scene.business, late, call_id=second, now=scene.now)

    one = await scene.book(early, "Nele Ehlers", call_id=first)
    other = await scene.book(late, "Ida Blum", call_id=second)

    assert (one.call_id, other.call_id) == (first, second)
    assert (one.attendee_name, other.attendee_name) == ("Nele Ehlers", "Ida Blum")
    assert len(await scene.claims()) == 2
