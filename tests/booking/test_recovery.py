"""Whatever breaks at whatever moment: in the end our rows and Cal.com's bookings are the same.

And what was told is what stands: nobody hears "booked", "moved" or "cancelled" of anything else.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from booking.bookings import Booking, BookingState
from booking.delivery import LATE_ARRIVAL
from booking.errors import BookingError, SlotTaken
from db.errors import DatabaseError
from tests.booking.failing import fail, mend
from tests.booking.scene import LATE_SECONDS, Scene, at

Deed = Callable[[Scene], Coroutine[Any, Any, Booking]]
_FEWEST_STEPS = 2
"""Every deed has a transaction for the intent and one for the outcome."""

SETTLED = {"confirmed", "failed", "cancelled"}


async def _checkup(scene: Scene) -> Booking:
    return await scene.book(scene.slot("checkup", at("10:00"), "anna"))


async def _seat(scene: Scene) -> Booking:
    return await scene.book(scene.slot("course", at("10:00")))


async def _perm(scene: Scene) -> Booking:
    return await scene.book(scene.slot("perm", at("14:00")))


async def _emergency(scene: Scene) -> Booking:
    return await scene.book(scene.slot("emergency", at("10:00")))


async def _standing(scene: Scene, service: str = "checkup") -> Booking:
    """What was booked before the deed began."""
    kind = scene.kind(service).id
    (row, *_) = [row for row in await scene.practice.rows() if row["event_type_id"] == str(kind)]
    async with scene.practice.database.single(scene.business.id) as tx:
        found = await tx.one(
            "SELECT * FROM booking WHERE id = %(id)s", {"id": row["id"]}, into=Booking
        )
    assert found
    return found


async def _move(scene: Scene) -> Booking:
    return await scene.move(await _standing(scene), scene.slot("checkup", at("15:00"), "anna"))


async def _swap(scene: Scene) -> Booking:
    return await scene.move(await _standing(scene), scene.slot("checkup", at("15:00"), "ben"))


async def _move_seat(scene: Scene) -> Booking:
    return await scene.move(await _standing(scene, "course"), scene.slot("course", at("15:00")))


async def _move_perm(scene: Scene) -> Booking:
    return await scene.move(await _standing(scene, "perm"), scene.slot("perm", at("09:00")))


async def _cancel(scene: Scene) -> Booking:
    return await scene.cancel(await _standing(scene))


async def _cancel_seat(scene: Scene) -> Booking:
    return await scene.cancel(await _standing(scene, "course"))


async def _cancel_perm(scene: Scene) -> Booking:
    return await scene.cancel(await _standing(scene, "perm"))


DEEDS: dict[str, tuple[Deed | None, Deed]] = {
    "book": (None, _checkup),
    "book a seat": (None, _seat),
    "book one of several hosts": (None, _emergency),
    "book phases": (None, _perm),
    "move": (_checkup, _move),
    "move to another host": (_checkup, _swap),
    "move a seat": (_seat, _move_seat),
    "move phases": (_perm, _move_perm),
    "cancel": (_checkup, _cancel),
    "cancel a seat": (_seat, _cancel_seat),
    "cancel phases": (_perm, _cancel_perm),
}


async def _begin(scene: Scene, name: str) -> Deed:
    before, deed = DEEDS[name]
    if before:
        assert (await before(scene)).state is BookingState.CONFIRMED
    return deed


async def _tell(scene: Scene, deed: Deed) -> Booking | BaseException:
    (told,) = await asyncio.gather(deed(scene), return_exceptions=True)
    return told


async def _is_whole(scene: Scene, told: Booking | BaseException) -> None:
    """After quiescence everything agrees, and what was told stands."""
    rows = await scene.practice.rows()
    assert {row["state"] for row in rows} <= SETTLED
    assert all(row["due_at"] is None for row in rows)
    await scene.agree()
    live = [row for row in rows if row["state"] == "confirmed"]
    assert len(await scene.claims()) == len(live)
    if isinstance(told, Booking) and told.state in {
        BookingState.CONFIRMED,
        BookingState.CANCELLED,
    }:
        now = await scene.row(told)
        assert (now.state, now.start_at) == (told.state, told.start_at)
    elif isinstance(told, BaseException):
        assert isinstance(told, BookingError | DatabaseError)


@pytest.mark.parametrize("name", DEEDS)
@pytest.mark.parametrize("fault", ["error_before", "error_after", "drop_answer", "429"])
async def test_calcom_fails_once(scene: Scene, name: str, fault: str) -> None:
    deed = await _begin(scene, name)
    await scene.practice.misbehave("*", fault)

    told = await _tell(scene, deed)
    await scene.quiesce(4)

    await _is_whole(scene, told)


@pytest.mark.parametrize("name", DEEDS)
async def test_calcom_fails_again_and_again(scene: Scene, name: str) -> None:
    """Whatever is looked for or asked for again fails as well, for a while."""
    deed = await _begin(scene, name)
    for fault in ("drop_answer", "error_before", "429", "error_after", "drop_answer"):
        await scene.practice.misbehave("*", fault)

    told = await _tell(scene, deed)
    await scene.quiesce(8)

    await _is_whole(scene, told)


@pytest.mark.parametrize("name", ["book", "move", "cancel", "book phases"])
@pytest.mark.parametrize("step", range(1, 7))
@pytest.mark.parametrize("after_commit", [False, True], ids=["before", "after"])
async def test_f_049_the_database_fails_at_each_step(
    scene: Scene, name: str, step: int, after_commit: bool
) -> None:
    """Before a transaction, or with its commit done and the connection gone."""
    deed = await _begin(scene, name)
    failing = fail(scene.practice.desk, at=step, after_commit=after_commit)

    told = await _tell(scene, deed)
    mend(scene.practice.desk, failing)
    await scene.quiesce(4)

    await _is_whole(scene, told)
    assert failing.has_failed or step > _FEWEST_STEPS


@pytest.mark.parametrize("name", DEEDS)
async def test_the_writer_dies_while_calcom_works(scene: Scene, name: str) -> None:
    deed = await _begin(scene, name)
    await scene.practice.misbehave("*", "hang", seconds=1.0)

    await scene.die_while(deed(scene))
    await scene.practice.calendar.settle()
    await scene.quiesce(4)

    await _is_whole(scene, SlotTaken(scene.now))


async def test_a_booking_that_arrives_late_is_waited_for(scene: Scene) -> None:
    """Cal.com works on it for longer than anybody waits: asking again would book twice."""
    await scene.practice.misbehave("create_booking", "hang", seconds=LATE_SECONDS, late=True)
    booking = await _checkup(scene)
    assert booking.state is BookingState.PENDING

    await scene.work(seconds=20)  # a look finds nothing yet
    await scene.practice.calendar.settle()
    await scene.work(seconds=LATE_ARRIVAL.total_seconds())

    assert (await scene.row(booking)).state is BookingState.CONFIRMED
    assert (await scene.requests())["create_booking"] == 1


async def test_a_move_that_arrives_late_is_waited_for(scene: Scene) -> None:
    booking = await _checkup(scene)
    await scene.practice.misbehave("reschedule", "hang", seconds=LATE_SECONDS, late=True)
    assert (await _move(scene)).state is BookingState.MOVING

    await scene.work(seconds=20)
    await scene.practice.calendar.settle()
    await scene.work(seconds=LATE_ARRIVAL.total_seconds())

    row = await scene.row(booking)
    assert (row.state, row.start_at) == (BookingState.CONFIRMED, at("15:00"))
    assert (await scene.requests())["reschedule"] == 1
    await scene.agree()


async def test_an_attendee_whose_address_calcom_replaces_is_found(scene: Scene) -> None:
    """Types that are confirmed by phone hide the e-mail field; the answer is lost as well."""
    await scene.practice.misbehave("create_booking", "drop_answer")
    pending = await _checkup(scene)
    world = scene.practice.calendar.state.sandbox.world
    [there] = world.bookings.values()
    there.attendees[0].email = "493023125101@sms.cal.com"

    await scene.quiesce(4)

    assert (await scene.row(pending)).state is BookingState.CONFIRMED
    assert (await scene.requests())["create_booking"] == 1
    await scene.agree()


async def test_a_conflict_after_a_lost_answer_is_our_own_first_attempt(scene: Scene) -> None:
    """The look misses it, as Cal.com's list may lag; the second request runs into the first."""
    await scene.practice.misbehave("create_booking", "drop_answer")
    booking = await _checkup(scene)
    async with scene.practice.database.single(scene.business.id) as tx:
        await tx.run("UPDATE booking SET attempts = 1")
    again = await scene.row(booking)

    settled = await scene.delivery.deliver(
        scene.business, [again], now=scene.now, answer_by=scene.answer_by
    )

    assert settled.state is BookingState.CONFIRMED
    assert len(await scene.practice.bookings_at_calcom()) == 1
    await scene.agree()


async def test_a_move_asked_for_twice_knows_its_own_first_attempt(scene: Scene) -> None:
    """Cal.com says "rescheduled already" and names where to: that is where we wanted."""
    booking = await _checkup(scene)
    await scene.practice.misbehave("reschedule", "drop_answer")
    await _move(scene)
    moving = await scene.row(booking)

    settled = await scene.delivery.deliver(
        scene.business, [moving], now=scene.now, answer_by=scene.answer_by
    )

    assert (settled.state, settled.start_at) == (BookingState.CONFIRMED, at("15:00"))
    await scene.agree()


async def test_two_workers_settle_a_booking_once(scene: Scene) -> None:
    await scene.practice.misbehave("create_booking", "error_before")
    booking = await _checkup(scene)

    for _ in range(3):
        scene.practice.clock.advance(minutes=1)
        await asyncio.gather(scene.work(), scene.work(), scene.work())

    assert (await scene.row(booking)).state is BookingState.CONFIRMED
    assert (await scene.requests())["create_booking"] == 2
    await scene.agree()


async def test_f_048_the_agreed_start_stays_whatever_happens(scene: Scene) -> None:
    """Cal.com was away, and meanwhile somebody took the time: a human is told, nothing is moved."""
    await scene.practice.misbehave("create_booking", "429")
    booking = await scene.book(scene.slot("checkup", at("16:20"), "anna"))
    assert booking.state is BookingState.QUEUED
    taken = {"start": at("16:20").isoformat(), "name": "X", "email": "x@example.com"}
    (await scene.practice.calendar_http.post("/_sandbox/bookings", json=taken)).raise_for_status()

    await scene.quiesce(2)

    row = await scene.row(booking)
    assert (row.state, row.start_at) == (BookingState.FAILED, at("16:20"))
    assert row.needs_attention
    assert "wish_not_met" in await scene.flags()
    assert await scene.claims() == []


async def test_what_stays_unsettled_gets_a_human_and_is_never_dropped(scene: Scene) -> None:
    await scene.practice.misbehave("*", "429", times=1000)
    booking = await _checkup(scene)

    for _ in range(12):
        await scene.work(minutes=20)

    row = await scene.row(booking)
    assert row.state is BookingState.QUEUED
    assert row.needs_attention
    assert row.due_at is not None
    assert "unsettled" in await scene.flags()

    (await scene.practice.calendar_http.delete("/_sandbox/faults")).raise_for_status()
    await scene.quiesce(8)
    assert (await scene.row(booking)).state is BookingState.CONFIRMED


async def test_f_051_no_trigger_is_needed_to_bring_a_wish_to_calcom(scene: Scene) -> None:
    """The row itself falls due: whoever wrote it may be gone without a word."""
    await scene.practice.misbehave("create_booking", "hang", seconds=0.5)
    await scene.die_while(_checkup(scene))
    (await scene.practice.calendar_http.delete("/_sandbox/faults")).raise_for_status()
    await scene.practice.calendar.settle()

    await scene.quiesce(2)

    (row,) = await scene.practice.rows()
    assert row["state"] == "confirmed"


async def test_f_052_of_a_refused_booking_nothing_stays(scene: Scene) -> None:
    slot = scene.slot("checkup", at("11:20"), "ben")
    taken = {"start": at("11:20").isoformat(), "name": "X", "email": "x@example.com"}
    there = await scene.practice.calendar_http.post(
        "/_sandbox/bookings", json={**taken, "eventTypeId": 2}
    )
    uid = there.raise_for_status().json()["data"]["uid"]
    with pytest.raises(SlotTaken):
        await scene.book(slot)
    assert await scene.claims() == []

    url = f"/_sandbox/bookings/{uid}/cancel"
    (await scene.practice.calendar_http.post(url)).raise_for_status()
    assert (await scene.book(slot, "Nele Ehlers")).state is BookingState.CONFIRMED
