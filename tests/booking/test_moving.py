"""Moving: the booking stays ours under one id, whatever Cal.com makes of it."""

import asyncio

import pytest

from booking.bookings import BookingState
from booking.errors import (
    AlreadyBegun,
    AlreadyBooked,
    BeingChanged,
    BookingError,
    ChangedMeanwhile,
    NotBookable,
    SlotTaken,
    Unchanged,
)
from calcom.sandbox.seed import DEMO_KEY
from server import tally
from tests.booking.scene import Scene, at


async def test_a_move_keeps_our_id_and_the_history_of_calcoms(scene: Scene) -> None:
    before = await scene.book(scene.slot("checkup", at("10:00"), "anna"))

    after = await scene.move(before, scene.slot("checkup", at("15:30"), "anna"))

    assert (after.id, after.state) == (before.id, BookingState.CONFIRMED)
    assert (after.start_at, after.end_at) == (at("15:30"), at("16:00"))
    assert after.calcom_uid != before.calcom_uid
    async with scene.practice.database.single(scene.business.id) as tx:
        known = await tx.all("SELECT calcom_uid FROM booking_uid", into=str)
    assert set(known) == {before.calcom_uid, after.calcom_uid}
    assert await scene.claims() == [("15:30", "16:00")]
    await scene.agree()


async def test_a_move_writes_few_statements_and_asks_calcom_once(scene: Scene) -> None:
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    call_id = await scene.call()

    with tally.counted() as cost:
        await scene.move(booking, scene.slot("checkup", at("11:00"), "anna"), call_id=call_id)

    assert 0 < cost.statements <= 6
    assert (await scene.requests())["reschedule"] == 1


async def test_f_058_an_appointment_is_not_in_its_own_way(scene: Scene) -> None:
    """By a quarter of an hour over itself; a hold for the move neither."""
    booking = await scene.book(scene.slot("cleaning", at("13:30"), "anna"))
    later = scene.slot("cleaning", at("14:15"), "anna")
    call_id = await scene.call()

    await scene.practice.desk.hold(
        scene.business, later, call_id=call_id, now=scene.now, moving=booking
    )
    assert await scene.claims() == [("13:30", "14:30"), ("14:15", "15:15")]
    moved = await scene.move(booking, later, call_id=call_id)

    assert moved.start_at == at("14:15")
    assert await scene.claims() == [("14:15", "15:15")]
    await scene.agree()


async def test_f_058_but_everybody_else_is(scene: Scene) -> None:
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    await scene.book(scene.slot("checkup", at("10:30"), "anna"), "Nele Ehlers")

    with pytest.raises(SlotTaken):
        await scene.move(booking, scene.slot("checkup", at("10:15"), "anna"))

    assert (await scene.row(booking)).state is BookingState.CONFIRMED
    assert "reschedule" not in await scene.requests()


async def test_f_055_the_same_time_on_another_day(scene: Scene) -> None:
    thursday = at("11:15").replace(day=12)
    booking = await scene.book(scene.slot("checkup", at("11:00"), "ben"))

    moved = await scene.move(booking, scene.slot("checkup", thursday.replace(minute=0), "ben"))

    assert moved.start_at == thursday.replace(minute=0)
    await scene.agree()


async def test_f_055_the_same_start_is_unchanged_and_asks_nobody(scene: Scene) -> None:
    slot = scene.slot("checkup", at("11:00"), "ben")
    booking = await scene.book(slot)

    with pytest.raises(Unchanged) as told:
        await scene.move(booking, slot)

    assert told.value.booking.id == booking.id
    assert "reschedule" not in await scene.requests()


async def test_f_056_a_move_never_makes_one_more(scene: Scene) -> None:
    """Three at once to three times: one happens, the others are told so."""
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    other = await scene.book(scene.slot("checkup", at("16:30"), "ben"))
    calls = [await scene.call() for _ in range(3)]
    await scene.practice.misbehave("reschedule", "latency", seconds=1.0)

    outcomes = await asyncio.gather(
        *(
            scene.move(booking, scene.slot("checkup", at(clock), "anna"), call_id=call_id)
            for clock, call_id in zip(("14:00", "14:30", "15:00"), calls, strict=True)
        ),
        return_exceptions=True,
    )

    moved = [one for one in outcomes if not isinstance(one, BaseException)]
    assert len(moved) == 1
    assert {type(one) for one in outcomes if isinstance(one, BaseException)} == {BeingChanged}
    assert (await scene.row(booking)).start_at == moved[0].start_at
    assert (await scene.row(other)).start_at == at("16:30")
    assert (await scene.requests())["reschedule"] == 1
    await scene.agree()


async def test_the_same_move_three_times_at_once_is_one(scene: Scene) -> None:
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    slot = scene.slot("checkup", at("14:00"), "anna")

    told = await asyncio.gather(
        *(scene.move(booking, slot) for _ in range(3)), return_exceptions=True
    )

    stands = {one.booking if isinstance(one, Unchanged) else one for one in told}
    assert stands == {await scene.row(booking)}
    assert (await scene.requests())["reschedule"] == 1
    await scene.agree()


async def test_f_060_what_was_just_booked_can_be_corrected(scene: Scene) -> None:
    """Within the minimum notice, too: no rule of ours stands in the way."""
    call_id = await scene.call()
    booking = await scene.book(scene.slot("checkup", at("11:30"), "anna"), call_id=call_id)

    moved = await scene.move(booking, scene.slot("checkup", at("14:30"), "anna"), call_id=call_id)

    assert moved.start_at == at("14:30")


async def test_f_061_cancelling_after_a_move(scene: Scene) -> None:
    booking = await scene.book(scene.slot("checkup", at("10:30"), "ben"))
    moved = await scene.move(booking, scene.slot("checkup", at("16:00"), "ben"))

    gone = await scene.cancel(moved)

    assert gone.state is BookingState.CANCELLED
    assert await scene.practice.bookings_at_calcom() == []
    assert await scene.claims() == []


async def test_a_move_to_another_host_is_one_appointment(scene: Scene) -> None:
    """Cal.com moves within an event type only."""
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))

    moved = await scene.move(booking, scene.slot("checkup", at("10:00"), "ben"))

    assert moved.id == booking.id
    assert moved.event_type_id == scene.slot("checkup", at("10:00"), "ben").event_type.id
    ben = next(person for person in scene.business.staff if person.slug == "ben")
    assert moved.staff_id == ben.id
    assert len(await scene.practice.bookings_at_calcom()) == 1
    await scene.agree()


async def test_the_former_time_can_be_booked_again_by_the_same_person(scene: Scene) -> None:
    slot = scene.slot("checkup", at("10:00"), "anna")
    booking = await scene.book(slot)
    await scene.move(booking, scene.slot("checkup", at("15:00"), "anna"))

    second = await scene.book(slot)

    assert second.id != booking.id
    assert second.start_at == at("10:00")
    await scene.agree()


async def test_nobody_moves_into_another_appointment_of_their_own(scene: Scene) -> None:
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    await scene.book(scene.slot("checkup", at("15:00"), "ben"))

    with pytest.raises(AlreadyBooked):
        await scene.move(booking, scene.slot("checkup", at("15:00"), "anna"))

    assert (await scene.row(booking)).state is BookingState.CONFIRMED


async def test_what_has_begun_is_neither_moved_nor_cancelled(scene: Scene) -> None:
    """Cal.com would move it all the same."""
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    scene.practice.clock.now = at("10:10")

    with pytest.raises(AlreadyBegun):
        await scene.move(booking, scene.slot("checkup", at("15:00"), "anna"))
    with pytest.raises(AlreadyBegun):
        await scene.cancel(booking)

    assert "reschedule" not in await scene.requests()
    assert "cancel" not in await scene.requests()


async def test_nothing_moves_out_of_the_opening_hours(scene: Scene) -> None:
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    with pytest.raises(NotBookable):
        await scene.move(booking, scene.slot("checkup", at("22:00"), "anna"))


async def test_another_service_is_no_move(scene: Scene) -> None:
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    with pytest.raises(NotBookable):
        await scene.move(booking, scene.slot("cleaning", at("14:00"), "anna"))
    assert (await scene.row(booking)).state is BookingState.CONFIRMED
    assert await scene.claims() == [("10:00", "10:30")]


async def test_a_time_taken_at_calcom_leaves_the_booking_where_it_was(scene: Scene) -> None:
    """F-062: the web UI was faster."""
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    taken = {"start": at("15:00").isoformat(), "name": "X", "email": "x@example.com"}
    (await scene.practice.calendar_http.post("/_sandbox/bookings", json=taken)).raise_for_status()

    with pytest.raises(SlotTaken):
        await scene.move(booking, scene.slot("checkup", at("15:00"), "anna"))

    row = await scene.row(booking)
    assert (row.state, row.start_at) == (BookingState.CONFIRMED, at("10:00"))
    assert await scene.claims() == [("10:00", "10:30")]


async def test_a_move_by_somebody_else_is_told_and_kept(scene: Scene) -> None:
    """The host moved it in the web UI a moment ago: the row follows, the caller is asked again."""
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    (
        await scene.practice.calendar_http.post(
            f"/_sandbox/bookings/{booking.calcom_uid}/move", json={"start": at("16:00").isoformat()}
        )
    ).raise_for_status()

    with pytest.raises(ChangedMeanwhile) as told:
        await scene.move(booking, scene.slot("checkup", at("14:00"), "anna"))

    assert told.value.booking.start_at == at("16:00")
    assert await scene.claims() == [("16:00", "16:30")]
    await scene.agree()


async def test_a_cancellation_by_somebody_else_is_told(scene: Scene) -> None:
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    (
        await scene.practice.calendar_http.post(f"/_sandbox/bookings/{booking.calcom_uid}/cancel")
    ).raise_for_status()

    with pytest.raises(ChangedMeanwhile):
        await scene.move(booking, scene.slot("checkup", at("14:00"), "anna"))

    assert (await scene.row(booking)).state is BookingState.CANCELLED
    assert await scene.claims() == []


async def test_a_move_that_the_host_must_confirm(scene: Scene) -> None:
    booking = await scene.book(scene.slot("whitening", at("10:00")))
    assert booking.state is BookingState.AWAITING_HOST
    (
        await scene.practice.calendar_http.post(
            f"/v2/bookings/{booking.calcom_uid}/confirm",
            headers={"Authorization": f"Bearer {DEMO_KEY}", "cal-api-version": "2024-08-13"},
        )
    ).raise_for_status()
    async with scene.practice.database.single(scene.business.id) as tx:
        await tx.run("UPDATE booking SET state = 'confirmed'")  # as the inbox does

    moved = await scene.move(booking, scene.slot("whitening", at("15:00")))

    assert (moved.state, moved.start_at) == (BookingState.AWAITING_HOST, at("15:00"))


@pytest.mark.parametrize("fault", ["429", "hang"])
async def test_calcom_away_leaves_the_move_to_a_worker(scene: Scene, fault: str) -> None:
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    await scene.practice.misbehave("reschedule", fault, seconds=4.0)

    told = await scene.move(booking, scene.slot("checkup", at("15:00"), "anna"))
    assert (told.state, told.start_at) == (BookingState.MOVING, at("10:00"))
    with pytest.raises(BookingError):
        await scene.move(booking, scene.slot("checkup", at("16:00"), "anna"))

    await scene.practice.calendar.settle()
    await scene.quiesce(3)
    assert (await scene.row(booking)).start_at == at("15:00")
    await scene.agree()
