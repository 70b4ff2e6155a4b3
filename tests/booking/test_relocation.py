"""Moving services of several phases: all of them or none, whatever breaks on the way."""

import asyncio
from typing import Any

import pytest

from booking.bookings import Booking, BookingState, span_of
from booking.delivery import LATE_ARRIVAL
from booking.errors import BeingChanged, ChangedMeanwhile, NotBookable, SlotTaken, Unchanged
from booking.slots import Span
from server import tally
from tests.booking.failing import fail, mend
from tests.booking.scene import LATE_SECONDS, Scene, at

OLD = {at("09:00"), at("10:00"), at("10:25")}
NEW = {at("14:00"), at("15:00"), at("15:25")}


async def perm(scene: Scene, clock: str = "09:00") -> Booking:
    return await scene.book(scene.slot("perm", at(clock)))


async def move(scene: Scene, booking: Booking, clock: str = "14:00") -> Booking:
    return await scene.move(booking, scene.slot("perm", at(clock)))


async def visit(scene: Scene, clock: str) -> None:
    """Somebody books with Anna on the web."""
    taken = {"start": at(clock).isoformat(), "name": "X", "email": "x@example.com"}
    (await scene.practice.calendar_http.post("/_sandbox/bookings", json=taken)).raise_for_status()


async def misbehave_at(scene: Scene, nth: int, fault: str, seconds: float = 0.0) -> None:
    """The nth request to move a phase goes wrong, those before it do not."""
    if nth > 1:
        await scene.practice.misbehave("reschedule", "latency", times=nth - 1)
    await scene.practice.misbehave("reschedule", fault, seconds=seconds)


async def phases(scene: Scene) -> list[Booking]:
    async with scene.practice.database.single(scene.business.id) as tx:
        return await tx.all(
            "SELECT * FROM booking WHERE group_id IS NOT NULL ORDER BY start_at", into=Booking
        )


async def stand(scene: Scene, starts: set[Any], *, beside: int = 0) -> list[Booking]:
    """All phases stand there, and nowhere else, and nothing but they claims time."""
    rows = await phases(scene)
    assert {row.start_at for row in rows} == starts
    assert {row.state for row in rows} == {BookingState.CONFIRMED}
    assert all(row.due_at is None and row.wished_start_at is None for row in rows)
    assert len(await scene.practice.bookings_at_calcom()) == len(rows) + beside
    assert len(await scene.claims()) == len(rows)
    if not beside:
        await scene.agree()
    return rows


async def test_all_phases_move_under_our_ids(scene: Scene) -> None:
    booking = await perm(scene)
    before = await phases(scene)

    moved = await move(scene, booking)

    assert (moved.id, moved.state) == (booking.id, BookingState.CONFIRMED)
    assert span_of(moved) == Span(at("14:00"), at("15:50"))
    after = await stand(scene, NEW)
    assert [row.id for row in after] == [row.id for row in before]
    assert {row.group_end_at for row in after} == {at("15:50")}
    async with scene.practice.database.single(scene.business.id) as tx:
        known = await tx.all("SELECT calcom_uid FROM booking_uid", into=str)
    assert set(known) == {row.calcom_uid for row in before + after}
    again = await scene.book(scene.slot("perm", at("09:00")), "Nele Ehlers")
    assert again.state is BookingState.CONFIRMED


async def test_a_move_of_three_phases_writes_few_statements(scene: Scene) -> None:
    booking, call_id = await perm(scene), await scene.call()
    with tally.counted() as cost:
        await scene.move(booking, scene.slot("perm", at("14:00")), call_id=call_id)
    assert 0 < cost.statements <= 6
    assert (await scene.requests())["reschedule"] == 3


@pytest.mark.parametrize("clock", ["08:30", "09:15", "09:30", "10:00"])
async def test_an_appointment_is_not_in_its_own_way(scene: Scene, clock: str) -> None:
    """New phases meet old ones: the phases go in the order in which none meets another."""
    moved = await move(scene, await perm(scene), clock)
    assert moved.start_at == at(clock)
    await scene.agree()


async def test_the_same_start_is_unchanged(scene: Scene) -> None:
    booking = await perm(scene)
    with pytest.raises(Unchanged):
        await move(scene, booking, "09:00")
    assert "reschedule" not in await scene.requests()


async def test_a_phase_alone_and_a_torn_appointment_do_not_move(scene: Scene) -> None:
    booking = await perm(scene)
    with pytest.raises(NotBookable):
        await scene.move(booking, scene.slot("checkup", at("14:00"), "anna"))
    second = (await phases(scene))[1]
    with pytest.raises(NotBookable):
        await scene.move(second, scene.slot("perm", at("14:00")))
    await stand(scene, OLD)
    async with scene.practice.database.single(scene.business.id) as tx:
        await tx.run("UPDATE booking SET state = 'cancelled' WHERE id = %(id)s", {"id": second.id})
    with pytest.raises(NotBookable):
        await move(scene, booking)


async def test_a_conflict_at_our_claims_asks_nobody(scene: Scene) -> None:
    """Of the third phase only; a hold of another call will do."""
    booking = await perm(scene)
    await scene.practice.desk.hold(
        scene.business,
        scene.slot("checkup", at("15:30"), "anna"),
        call_id=await scene.call(),
        now=scene.now,
    )
    with pytest.raises(SlotTaken):
        await move(scene, booking)
    assert "reschedule" not in await scene.requests()
    assert {row.state for row in await phases(scene)} == {BookingState.CONFIRMED}
    assert len(await scene.claims()) == 4


@pytest.mark.parametrize("taken", ["14:00", "15:00", "15:30"])
async def test_where_one_phase_is_refused_all_stand_where_they_stood(
    scene: Scene, taken: str
) -> None:
    """The last one is asked first; those that have moved go back."""
    booking = await perm(scene)
    await visit(scene, taken)

    with pytest.raises(SlotTaken):
        await move(scene, booking)

    rows = await stand(scene, OLD, beside=1)
    assert {row.failure for row in rows} == {"slot_taken"}
    assert span_of(rows[0]) == span_of(booking)


@pytest.mark.parametrize("fault", ["error_before", "error_after", "drop_answer", "429"])
@pytest.mark.parametrize("nth", [1, 2, 3])
async def test_an_answer_that_is_lost_on_the_way_is_found_again(
    scene: Scene, fault: str, nth: int
) -> None:
    booking = await perm(scene)
    await misbehave_at(scene, nth, fault)

    assert (await move(scene, booking)).state is BookingState.MOVING
    assert (await scene.row(booking)).start_at == at("09:00")
    await scene.quiesce(3)

    await stand(scene, NEW)


@pytest.mark.parametrize("fault", ["error_before", "error_after", "drop_answer", "429"])
@pytest.mark.parametrize("nth", [3, 4])
async def test_an_answer_that_is_lost_on_the_way_back_is_found_again(
    scene: Scene, fault: str, nth: int
) -> None:
    """The first phase is refused when the two others have moved: request three is that, four is
    the first one back."""
    booking = await perm(scene)
    await visit(scene, "14:00")
    await misbehave_at(scene, nth, fault)

    (told,) = await asyncio.gather(move(scene, booking), return_exceptions=True)
    assert isinstance(told, SlotTaken) or told.state is BookingState.MOVING  # type: ignore[union-attr]
    await scene.quiesce(4)

    await stand(scene, OLD, beside=1)


async def test_one_that_arrives_late_is_waited_for(scene: Scene) -> None:
    booking = await perm(scene)
    await scene.practice.misbehave("reschedule", "hang", seconds=LATE_SECONDS, late=True)
    assert (await move(scene, booking)).state is BookingState.MOVING

    await scene.work(seconds=20)
    await scene.practice.calendar.settle()
    await scene.work(seconds=LATE_ARRIVAL.total_seconds())
    await scene.work(seconds=LATE_ARRIVAL.total_seconds())

    await stand(scene, NEW)
    assert (await scene.requests())["reschedule"] == 3


@pytest.mark.parametrize("taken", [None, "14:00"])
@pytest.mark.parametrize("step", range(1, 7))
@pytest.mark.parametrize("after_commit", [False, True], ids=["before", "after"])
async def test_the_database_fails_at_each_step(
    scene: Scene, taken: str | None, step: int, after_commit: bool
) -> None:
    booking = await perm(scene)
    if taken:
        await visit(scene, taken)
    failing = fail(scene.practice.desk, at=step, after_commit=after_commit)

    (told,) = await asyncio.gather(move(scene, booking), return_exceptions=True)
    mend(scene.practice.desk, failing)
    await scene.quiesce(4)

    rows = await phases(scene)
    stood = {row.start_at for row in rows}
    assert stood == OLD if taken else stood in (OLD, NEW)
    await stand(scene, stood, beside=1 if taken else 0)
    if isinstance(told, Booking) and told.state is BookingState.CONFIRMED:
        assert stood == NEW


@pytest.mark.parametrize("taken", [None, "14:00"])
@pytest.mark.parametrize("nth", range(1, 6))
async def test_a_writer_that_dies_on_its_way_leaves_all_or_nothing(
    scene: Scene, taken: str | None, nth: int
) -> None:
    """While it waits for the first, second, ... request, there and back."""
    booking = await perm(scene)
    if taken:
        await visit(scene, taken)
    requests = 3 + (2 if taken else 0)
    await misbehave_at(scene, nth, "hang", seconds=2.0)
    task = asyncio.create_task(move(scene, booking))
    async with asyncio.timeout(30):
        while (  # noqa: ASYNC110 - nobody tells
            not task.done() and (await scene.requests()).get("reschedule", 0) < min(nth, requests)
        ):
            await asyncio.sleep(0.01)
    for each in (task, *scene.practice.desk._in_time._going_on):
        each.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await scene.practice.calendar.settle()
    (await scene.practice.calendar_http.delete("/_sandbox/faults")).raise_for_status()

    await scene.quiesce(4)

    await stand(scene, OLD if taken else NEW, beside=1 if taken else 0)


async def test_who_cannot_go_back_is_for_a_human(scene: Scene) -> None:
    """The old time of a phase went to somebody on the web while another one was refused."""
    booking = await perm(scene)
    await visit(scene, "14:00")
    await misbehave_at(scene, 3, "429")
    assert (await move(scene, booking)).state is BookingState.MOVING
    await visit(scene, "10:30")

    await scene.quiesce(4)

    rows = await phases(scene)
    assert {row.start_at for row in rows} == {at("09:00"), at("10:00"), at("15:25")}
    assert {row.state for row in rows} == {BookingState.CONFIRMED}
    assert all(row.needs_attention and row.due_at is None for row in rows)
    assert "torn" in await scene.flags()
    assert len(await scene.claims()) == 3


async def test_a_phase_that_the_host_has_moved_meanwhile_is_for_a_human(scene: Scene) -> None:
    booking = await perm(scene)
    await scene.practice.misbehave("reschedule", "error_before")
    assert (await move(scene, booking)).state is BookingState.MOVING
    first = (await phases(scene))[0]
    url = f"/_sandbox/bookings/{first.calcom_uid}/move"
    body = {"start": at("16:00").isoformat()}
    (await scene.practice.calendar_http.post(url, json=body)).raise_for_status()

    await scene.quiesce(4)

    assert {row.start_at for row in await phases(scene)} == {at("16:00"), at("10:00"), at("10:25")}
    assert "torn" in await scene.flags()
    await scene.agree()


async def test_of_several_moves_at_once_one_happens(scene: Scene) -> None:
    booking = await perm(scene)
    told = await asyncio.gather(
        *(move(scene, booking, clock) for clock in ("14:00", "14:30", "15:00")),
        return_exceptions=True,
    )
    (moved,) = [one for one in told if isinstance(one, Booking)]
    others = {type(one) for one in told if one is not moved}
    assert others <= {BeingChanged, ChangedMeanwhile}
    assert (await scene.row(booking)).start_at == moved.start_at
    assert (await scene.requests())["reschedule"] == 3
    await scene.agree()


async def test_what_has_moved_is_cancelled_as_a_whole(scene: Scene) -> None:
    moved = await move(scene, await perm(scene))
    assert (await scene.cancel(moved)).state is BookingState.CANCELLED
    assert await scene.practice.bookings_at_calcom() == []
    assert await scene.claims() == []
