"""Several places at one start: of N and more wishes exactly N go to Cal.com."""

import asyncio
from collections.abc import Iterable

import pytest

from booking.bookings import Booking, BookingState
from booking.errors import SlotTaken
from booking.slots import Slot, Span
from tests.booking.scene import Scene, at


async def outcomes(scene: Scene, slots: Iterable[Slot]) -> list[Booking | BaseException]:
    """What comes of wishes of different people at the same moment."""
    calls = [(await scene.call(), slot, f"Caller {chr(65 + n)}") for n, slot in enumerate(slots)]
    return await asyncio.gather(
        *(scene.book(slot, name, call_id=call, patience=8.0) for call, slot, name in calls),
        return_exceptions=True,
    )


def made(told: Iterable[Booking | BaseException]) -> list[Booking]:
    assert {type(one) for one in told if isinstance(one, BaseException)} <= {SlotTaken}
    return [one for one in told if not isinstance(one, BaseException)]


async def test_of_ten_wishes_for_two_hosts_two_go_to_calcom(scene: Scene) -> None:
    told = await outcomes(scene, [scene.slot("emergency", at("10:00"))] * 10)

    booked = made(told)
    assert [one.state for one in booked] == [BookingState.CONFIRMED] * 2
    assert len({one.staff_id for one in booked}) == 2
    assert len(await scene.claims()) == 2
    await scene.agree()


async def test_of_ten_wishes_for_four_seats_four_go_to_calcom(scene: Scene) -> None:
    told = await outcomes(scene, [scene.slot("course", at("10:00"))] * 10)

    booked = made(told)
    assert [one.state for one in booked] == [BookingState.CONFIRMED] * 4
    assert len({one.seat_uid for one in booked}) == 4
    assert len({one.calcom_uid for one in booked}) == 1
    await scene.agree()


async def test_f_047_thirty_wishes_for_one_host_are_one_request(scene: Scene) -> None:
    """Starts ten minutes apart, too: Cal.com would take several of those."""
    slots = [scene.slot("checkup", at(f"14:{10 * (n % 3):02}"), "ben") for n in range(30)]

    told = await outcomes(scene, slots)

    assert len(made(told)) == 1
    assert (await scene.requests())["create_booking"] == 1
    assert len(await scene.claims()) == 1
    await scene.agree()


async def test_a_host_of_their_own_counts_among_several(scene: Scene) -> None:
    """Anna is booked by name: one emergency is left, with Ben, and its claim is his."""
    await scene.book(scene.slot("checkup", at("10:00"), "anna"), "Nele Ehlers")
    told = await outcomes(scene, [scene.slot("emergency", at("10:15"))] * 3)

    (booked,) = made(told)
    ben = next(person for person in scene.business.staff if person.slug == "ben")
    assert booked.staff_id == ben.id
    with pytest.raises(SlotTaken):
        await scene.book(scene.slot("checkup", at("10:30"), "ben"), "Ida Blum")
    assert (await scene.requests())["create_booking"] == 2


async def test_the_claim_follows_the_host_whom_calcom_chooses(scene: Scene) -> None:
    """Cal.com takes turns, we do not: afterwards each claim is of the one who performs it."""
    first = await scene.book(scene.slot("emergency", at("10:00")), "Nele Ehlers")
    second = await scene.book(scene.slot("emergency", at("14:00")), "Ida Blum")
    assert first.staff_id != second.staff_id

    performer = next(person.slug for person in scene.business.staff if person.id == second.staff_id)
    with pytest.raises(SlotTaken):
        await scene.book(scene.slot("checkup", at("14:00"), performer), "Uwe Kern")
    other = "ben" if performer == "anna" else "anna"
    await scene.book(scene.slot("checkup", at("14:00"), other), "Uwe Kern")
    await scene.agree()


async def test_a_race_that_calcom_lets_both_win_ends_with_one(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    """Overlapping starts: an emergency that goes to Ben, and a check-up with Ben by name."""
    scene.practice.calendar.state.sandbox.race_window_seconds = 0.2
    await scene.book(scene.slot("emergency", at("08:30")), "Nele Ehlers")  # Anna's turn is over

    told = await outcomes(
        scene, [scene.slot("checkup", at("10:00"), "ben"), scene.slot("emergency", at("10:15"))]
    )
    (booked,) = made(told)

    assert "host_taken_twice" in caplog.text
    assert booked.event_type_id == scene.slot("checkup", at("10:00"), "ben").event_type.id
    assert len(await scene.practice.bookings_at_calcom()) == 2
    await scene.agree()
    assert len(await scene.claims()) == 2


async def test_a_full_course_is_not_offered(scene: Scene) -> None:
    slot = scene.slot("course", at("10:00"))
    assert slot.start in await starts(scene, slot)
    assert len(made(await outcomes(scene, [slot] * 4))) == 4

    assert slot.start not in await starts(scene, slot)


async def test_seats_that_are_held_are_not_offered(scene: Scene) -> None:
    slot = scene.slot("course", at("10:00"))
    for _ in range(4):
        await scene.practice.desk.hold(
            scene.business, slot, call_id=await scene.call(), now=scene.now
        )

    assert slot.start not in await starts(scene, slot)
    with pytest.raises(SlotTaken):
        await scene.book(slot, "Nele Ehlers")
    scene.practice.clock.advance(minutes=6)
    assert slot.start in await starts(scene, slot)


async def test_hanging_up_lets_go_of_a_hold(scene: Scene) -> None:
    slot = scene.slot("emergency", at("10:00"))
    calls = [await scene.call() for _ in range(2)]
    for call_id in calls:
        await scene.practice.desk.hold(scene.business, slot, call_id=call_id, now=scene.now)
    with pytest.raises(SlotTaken):
        await scene.book(slot, "Nele Ehlers")

    await scene.practice.desk.release(scene.business, calls[0], now=scene.now)

    assert (await scene.book(slot, "Nele Ehlers")).state is BookingState.CONFIRMED


async def test_a_course_and_a_check_up_share_their_host(scene: Scene) -> None:
    await scene.book(scene.slot("course", at("10:00")), "Nele Ehlers")
    with pytest.raises(SlotTaken):
        await scene.book(scene.slot("checkup", at("10:30"), "anna"), "Ida Blum")
    assert (await scene.requests())["create_booking"] == 1


async def test_one_seat_is_cancelled_and_the_others_stay(scene: Scene) -> None:
    slot = scene.slot("course", at("10:00"))
    first = await scene.book(slot, "Nele Ehlers")
    second = await scene.book(slot, "Ida Blum")

    gone = await scene.cancel(first)

    assert gone.state is BookingState.CANCELLED
    assert (await scene.row(second)).state is BookingState.CONFIRMED
    assert len(await scene.claims()) == 1
    await scene.agree()


async def test_one_seat_is_moved_and_the_others_stay(scene: Scene) -> None:
    slot = scene.slot("course", at("10:00"))
    first = await scene.book(slot, "Nele Ehlers")
    second = await scene.book(slot, "Ida Blum")

    moved = await scene.move(first, scene.slot("course", at("14:00")))

    assert (moved.id, moved.start_at) == (first.id, at("14:00"))
    assert moved.seat_uid != first.seat_uid
    assert (await scene.row(second)).calcom_uid != moved.calcom_uid
    await scene.agree()


@pytest.mark.parametrize("fault", ["error_after", "drop_answer"])
async def test_a_lost_answer_about_a_seat_is_found(scene: Scene, fault: str) -> None:
    slot = scene.slot("course", at("10:00"))
    await scene.book(slot, "Nele Ehlers")
    await scene.practice.misbehave("create_booking", fault)
    second = await scene.book(slot, "Ida Blum")
    assert second.state is BookingState.PENDING

    await scene.work(seconds=20)
    assert (await scene.row(second)).state is BookingState.CONFIRMED
    await scene.practice.misbehave("reschedule", fault)
    await scene.move(second, scene.slot("course", at("15:00")))
    await scene.work(seconds=20)
    assert (await scene.row(second)).start_at == at("15:00")
    await scene.practice.misbehave("cancel", fault)
    await scene.cancel(second)
    await scene.work(seconds=20)

    assert (await scene.row(second)).state is BookingState.CANCELLED
    await scene.agree()


async def starts(scene: Scene, slot: Slot) -> set[object]:
    found = await scene.practice.desk.find(
        scene.business,
        scene.line,
        [slot.event_type],
        Span(at("07:00"), at("20:00")),
        call_id=await scene.call(),
        customer_id=None,
        now=scene.now,
    )
    return {each.start for each in found.slots}
