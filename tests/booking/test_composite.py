"""Services of several phases: each is a booking at Cal.com, and the caller has one appointment."""

import asyncio
from datetime import datetime, timedelta

import pytest

from booking.bookings import BookingState, span_of
from booking.errors import AlreadyBooked, BookingError, SlotTaken
from booking.slots import Slot, Span
from server import tally
from tests.booking.scene import Scene, at

DEAD = {"failed", "cancelled"}


async def starts(scene: Scene, slot: Slot) -> set[datetime]:
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


async def test_f_094_the_length_is_the_sum_of_the_phases(scene: Scene) -> None:
    """40 busy, 20 waiting, 10 busy, 15 waiting, 25 busy."""
    slot = scene.slot("perm", at("09:00"))
    assert slot.end - slot.start == timedelta(minutes=110)
    assert len(scene.service("perm").event_types) == 1

    booking = await scene.book(slot)

    assert span_of(booking) == Span(at("09:00"), at("10:50"))
    assert booking.state is BookingState.CONFIRMED
    there = await scene.practice.bookings_at_calcom()
    assert [(each["start"][11:16], each["duration"]) for each in there] == [
        ("08:00", 40),
        ("09:00", 10),
        ("09:25", 25),
    ]
    await scene.agree()


async def test_f_096_others_fit_into_a_waiting_phase(scene: Scene) -> None:
    """Its twenty minutes are nobody's: not at Cal.com, not in our claims."""
    await scene.book(scene.slot("perm", at("09:00")), "Nele Ehlers")

    assert await scene.claims() == [("09:00", "09:40"), ("10:00", "10:10"), ("10:25", "10:50")]
    assert await scene.work(hours=1) == 0
    whole = scene.slot("perm", at("09:40"))
    assert at("09:50") not in await starts(scene, whole)
    other = await scene.book(
        Slot(whole.event_type.phases[1].event_type, at("09:45")), "Ida Blum", service="perm"
    )
    assert other.state is BookingState.CONFIRMED
    await scene.agree()


async def test_f_097_a_phase_is_not_offered_across_an_appointment(scene: Scene) -> None:
    """An ordinary one from half past nine to ten: wherever an active phase meets it, nothing is."""
    await scene.book(scene.slot("checkup", at("09:30"), "anna"), "Nele Ehlers")

    free = await starts(scene, scene.slot("perm", at("08:30")))

    assert min(free) == at("10:00")
    with pytest.raises(SlotTaken):
        await scene.book(scene.slot("perm", at("09:00")), "Ida Blum")
    assert (await scene.requests())["create_booking"] == 1


async def test_a_perm_writes_few_statements_and_asks_once_for_each_phase(scene: Scene) -> None:
    slot, call_id = scene.slot("perm", at("09:00")), await scene.call()
    with tally.counted() as cost:
        await scene.book(slot, call_id=call_id)
    assert 0 < cost.statements <= 6
    assert (await scene.requests())["create_booking"] == 3


@pytest.mark.parametrize("phase", [0, 1, 2])
async def test_all_or_nothing(scene: Scene, phase: int) -> None:
    """The web UI has taken the time of one phase a moment ago."""
    slot = scene.slot("perm", at("14:00"))
    part = slot.parts[phase]
    taken = {"start": part.start.isoformat(), "name": "X", "email": "x@example.com"}
    (await scene.practice.calendar_http.post("/_sandbox/bookings", json=taken)).raise_for_status()

    with pytest.raises(SlotTaken):
        await scene.book(slot)

    (there,) = await scene.practice.bookings_at_calcom()
    assert there["attendees"][0]["email"] == "x@example.com"
    assert {row["state"] for row in await scene.practice.rows()} <= DEAD
    assert await scene.claims() == []


@pytest.mark.parametrize("fault", ["error_before", "error_after", "drop_answer", "429"])
async def test_what_is_unknown_of_one_phase_is_settled_for_all(scene: Scene, fault: str) -> None:
    await scene.practice.misbehave("create_booking", fault)
    booking = await scene.book(scene.slot("perm", at("14:00")))
    assert booking.state in {BookingState.PENDING, BookingState.QUEUED}

    await scene.quiesce(4)

    assert (await scene.row(booking)).state is BookingState.CONFIRMED
    assert len(await scene.practice.bookings_at_calcom()) == 3
    await scene.agree()


@pytest.mark.parametrize("fault", ["error_after", "drop_answer", "429"])
async def test_what_is_unknown_of_one_phase_is_taken_back_with_the_others(
    scene: Scene, fault: str
) -> None:
    """One answer is lost, another phase is taken: nothing may stay."""
    slot = scene.slot("perm", at("14:00"))
    taken = {"start": slot.parts[2].start.isoformat(), "name": "X", "email": "x@example.com"}
    (await scene.practice.calendar_http.post("/_sandbox/bookings", json=taken)).raise_for_status()
    await scene.practice.misbehave("create_booking", fault)
    await scene.practice.misbehave("cancel", fault)

    with pytest.raises(BookingError):
        await scene.book(slot)
    await scene.quiesce(5)

    assert len(await scene.practice.bookings_at_calcom()) == 1
    assert {row["state"] for row in await scene.practice.rows()} <= DEAD
    assert await scene.claims() == []


async def test_a_writer_that_dies_leaves_all_or_nothing(scene: Scene) -> None:
    """After the first transaction, with nothing, one or all of the phases asked for."""
    slot = scene.slot("perm", at("14:00"))
    await scene.practice.misbehave("create_booking", "hang", times=3, seconds=5.0)
    await scene.die_while(scene.book(slot))

    await scene.practice.calendar.settle()
    await scene.quiesce(4)

    assert {row["state"] for row in await scene.practice.rows()} == {"confirmed"}
    await scene.agree()


async def test_the_whole_is_cancelled_from_its_end(scene: Scene) -> None:
    booking = await scene.book(scene.slot("perm", at("09:00")))

    gone = await scene.cancel(booking)

    assert gone.id == booking.id
    assert gone.state is BookingState.CANCELLED
    assert await scene.practice.bookings_at_calcom() == []
    assert await scene.claims() == []
    assert (await scene.cancel(booking)).state is BookingState.CANCELLED


async def test_a_cancel_that_is_cut_short_is_finished_by_a_worker(scene: Scene) -> None:
    booking = await scene.book(scene.slot("perm", at("09:00")))
    await scene.practice.misbehave("cancel", "drop_answer")
    told = await scene.cancel(booking)
    assert told.state is BookingState.CANCELLING

    await scene.quiesce(3)

    assert {row["state"] for row in await scene.practice.rows()} == {"cancelled"}
    assert await scene.practice.bookings_at_calcom() == []


async def test_a_customer_has_one_appointment_and_is_busy_for_all_of_it(scene: Scene) -> None:
    booking = await scene.book(scene.slot("perm", at("09:00")))
    assert booking.customer_id
    day = Span(at("00:00"), at("23:00"))
    (known,) = await scene.practice.desk.appointments(
        scene.business, booking.customer_id, day, now=scene.now
    )
    assert known.id == booking.id
    with pytest.raises(AlreadyBooked):  # in the middle of a wait, with somebody else
        await scene.book(scene.slot("checkup", at("09:40"), "ben"))


async def test_the_same_wish_twice_at_once_is_one_appointment(scene: Scene) -> None:
    slot = scene.slot("perm", at("09:00"))
    await scene.book(scene.slot("checkup", at("16:30"), "ben"))  # so that she is a customer

    told = await asyncio.gather(*(scene.book(slot) for _ in range(3)))

    assert len({booking.id for booking in told}) == 1
    assert len(await scene.practice.bookings_at_calcom()) == 4
    await scene.agree()


async def test_of_ten_overlapping_perms_one_is_booked(scene: Scene) -> None:
    calls = [await scene.call() for _ in range(10)]
    told = await asyncio.gather(
        *(
            scene.book(
                scene.slot("perm", at(f"14:{5 * (n % 4):02}")),
                f"Caller {chr(65 + n)}",
                call_id=call,
            )
            for n, call in enumerate(calls)
        ),
        return_exceptions=True,
    )
    assert len([one for one in told if not isinstance(one, BaseException)]) == 1
    assert {type(one) for one in told if isinstance(one, BaseException)} == {SlotTaken}
    assert (await scene.requests())["create_booking"] == 3
    await scene.agree()
