"""The rarer event types, changed in the calendar: seats, several hosts, phases, collisions."""

from datetime import datetime
from typing import Any

import pytest

from booking.bookings import BookingState
from booking.errors import SlotTaken
from booking.mirror import Mirror, Outcome
from tests.booking.scene import Scene, at


def mirror(scene: Scene) -> Mirror:
    return scene.practice.parts.inbox._mirror


async def bring(scene: Scene, uid: str | None) -> Outcome:
    assert uid
    return await mirror(scene).bring(scene.business, uid, now=scene.now)


async def web(scene: Scene, path: str, **body: object) -> dict[str, Any]:
    answer = await scene.practice.calendar_http.post(f"/_sandbox/bookings{path}", json=body)
    answer.raise_for_status()
    return answer.json()["data"]  # type: ignore[no-any-return]


async def made_on_the_web(scene: Scene, start: datetime, event_type: int) -> dict[str, Any]:
    person = {"name": "Rosa Winter", "email": "rosa@example.com"}
    return await web(scene, "", start=start.isoformat(), eventTypeId=event_type, **person)


async def test_a_seat_that_staff_give_up_frees_that_seat_alone(scene: Scene) -> None:
    slot = scene.slot("course", at("10:00"))
    first = await scene.book(slot, "Nele Ehlers")
    second = await scene.book(slot, "Ida Blum")
    assert first.calcom_uid == second.calcom_uid

    await web(scene, f"/{first.calcom_uid}/cancel", seatUid=first.seat_uid)
    await bring(scene, first.calcom_uid)

    assert (await scene.row(first)).state is BookingState.CANCELLED
    assert (await scene.row(second)).state is BookingState.CONFIRMED
    assert len(await scene.claims()) == 1
    await scene.agree()


async def test_a_course_that_is_cancelled_is_cancelled_for_all(scene: Scene) -> None:
    slot = scene.slot("course", at("10:00"))
    booked = [await scene.book(slot, name) for name in ("Nele Ehlers", "Ida Blum")]

    await web(scene, f"/{booked[0].calcom_uid}/cancel")
    await bring(scene, booked[0].calcom_uid)

    assert {(await scene.row(each)).state for each in booked} == {BookingState.CANCELLED}
    assert await scene.claims() == []


async def test_a_seat_taken_on_the_web_is_nobodys_record(scene: Scene) -> None:
    """Whose it is would have to be told seat by seat; Cal.com counts it, and offers one less."""
    made = await made_on_the_web(scene, at("10:00"), 8)
    await bring(scene, made["uid"])
    assert await scene.practice.rows() == []


async def test_a_booking_with_any_host_claims_the_one_who_performs_it(scene: Scene) -> None:
    made = await made_on_the_web(scene, at("10:00"), 7)
    outcome = await bring(scene, made["uid"])

    assert outcome.ours
    performer = next(p for p in scene.business.staff if p.id == outcome.ours.staff_id)
    assert performer.calcom_user_id == made["hosts"][0]["id"]
    with pytest.raises(SlotTaken):
        await scene.book(scene.slot("checkup", at("10:00"), performer.slug))


async def test_a_hold_yields_to_a_booking_made_outside(scene: Scene) -> None:
    """Cal.com has it: whoever holds the slot here could not have it any more."""
    slot = scene.slot("checkup", at("10:00"), "anna")
    call = await scene.call()
    await scene.practice.desk.hold(scene.business, slot, call_id=call, now=scene.now)

    made = await made_on_the_web(scene, at("10:00"), 1)
    await bring(scene, made["uid"])

    with pytest.raises(SlotTaken):
        await scene.book(slot, call_id=call)
    assert len(await scene.claims()) == 1
    assert (await scene.requests()).get("create_booking", 0) == 0


async def test_a_move_onto_time_that_is_taken_is_recorded_and_told(scene: Scene) -> None:
    """The web UI lets hosts double-book; the calendar is right, and a human should know."""
    first = await scene.book(scene.slot("checkup", at("10:00"), "anna"), "Nele Ehlers")
    second = await scene.book(scene.slot("checkup", at("14:00"), "anna"), "Ida Blum")
    there = scene.practice.calendar.state.sandbox.world.bookings[second.calcom_uid]
    there.start, there.end = at("10:10"), at("10:40")

    await bring(scene, second.calcom_uid)

    assert (await scene.row(second)).start_at == at("10:10")
    assert (await scene.row(first)).start_at == at("10:00")
    assert "double_booking" in await scene.flags()


async def test_the_old_time_of_a_moved_booking_can_be_wished_for_again(scene: Scene) -> None:
    """By the same person: the wish goes with the booking."""
    slot = scene.slot("checkup", at("10:00"), "anna")
    first = await scene.book(slot, "Nele Ehlers")
    await web(scene, f"/{first.calcom_uid}/move", start=at("15:00").isoformat())
    await bring(scene, first.calcom_uid)

    again = await scene.book(slot, "Nele Ehlers")

    assert again.id != first.id
    assert again.state is BookingState.CONFIRMED
    await scene.agree()


async def test_our_own_customer_is_known_in_a_booking_made_outside(scene: Scene) -> None:
    """The office books again with the address that we made up: it leads back to the person."""
    first = await scene.book(scene.slot("checkup", at("10:00"), "anna"), "Nele Ehlers")
    made = await web(
        scene,
        "",
        start=at("15:00").isoformat(),
        eventTypeId=2,
        name="N. Ehlers",
        email=first.attendee_email,
    )
    outcome = await bring(scene, made["uid"])
    assert outcome.ours
    assert outcome.ours.customer_id == first.customer_id


async def test_a_move_that_the_host_must_confirm_waits_for_that(scene: Scene) -> None:
    """Moved by the attendee on the web: the old booking is gone, the new one is a request."""
    booked = await scene.book(scene.slot("whitening", at("10:00")), "Nele Ehlers")
    assert booked.state is BookingState.AWAITING_HOST
    moved = await web(
        scene,
        f"/{booked.calcom_uid}/move",
        start=at("15:00").isoformat(),
        rescheduledBy="nele@example.com",
    )
    await bring(scene, moved["uid"])

    row = await scene.row(booked)
    assert (row.state, row.start_at) == (BookingState.AWAITING_HOST, at("15:00"))
    assert row.calcom_uid == moved["uid"]


async def test_a_phase_that_is_moved_alone_is_told(scene: Scene) -> None:
    """The other phases stand where they stood: only a human can say whether that works."""
    booked = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    async with scene.practice.database.transaction(scene.business.id) as tx:
        await tx.run("UPDATE booking SET group_id = id")

    await web(scene, f"/{booked.calcom_uid}/move", start=at("15:00").isoformat())
    await bring(scene, booked.calcom_uid)

    assert (await scene.row(booked)).start_at == at("15:00")
    assert "phase_changed" in await scene.flags()
