"""The answer to a COMMIT is lost: the caller hears what is so, never that it came to nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from booking.bookings import Booking, BookingState
from db.database import Database
from server.wiring import open_worker
from tests.booking.scene import Scene, at
from tests.db.wire import Wire, wire_to
from tests.practice import ADA, Practice
from tests.servers import Addresses

LOST = pytest.mark.parametrize("arrives", [True, False], ids=["committed", "never arrived"])
"""PostgreSQL has committed and its answer is lost, or the word COMMIT never reached it."""


@asynccontextmanager
async def wired(practice: Practice, url: str) -> AsyncIterator[Wire]:
    """The desk speaks to PostgreSQL over one connection, through a wire that can break."""
    desk = practice.desk
    before = desk._db
    async with wire_to(url) as (wire, address), Database.connect(address, max_size=1) as database:
        await database.ping()  # the connection is there
        desk._db = desk._changing._db = database
        try:
            yield wire
        finally:
            desk._db = desk._changing._db = before


def lose_a_commit(wire: Wire, *, arrives: bool) -> None:
    if arrives:
        wire.breaks_after = "COMMIT"
    else:
        wire.loses = "COMMIT"


def commits(wire: Wire) -> int:
    return sum("COMMIT" in query for query in wire.queries)


@LOST
@pytest.mark.parametrize("service", ["checkup", "course", "perm"])
async def test_a_booking_is_made_once_and_told(scene: Scene, service: str, arrives: bool) -> None:
    slot = scene.slot(service, at("10:00"))
    async with wired(scene.practice, scene.addresses.database_url) as wire:
        lose_a_commit(wire, arrives=arrives)
        booking = await scene.book(slot)
        assert commits(wire) > 1

    assert booking.state is BookingState.CONFIRMED
    assert (await scene.requests())["create_booking"] == len(slot.parts)
    assert len(await scene.practice.rows()) == len(slot.parts)
    await scene.agree()


@LOST
@pytest.mark.parametrize("service", ["checkup", "perm"])
async def test_a_move_is_made_once_and_told(scene: Scene, service: str, arrives: bool) -> None:
    booking = await scene.book(scene.slot(service, at("09:00")))
    to = scene.slot(service, at("14:00"))
    async with wired(scene.practice, scene.addresses.database_url) as wire:
        lose_a_commit(wire, arrives=arrives)
        moved = await scene.move(booking, to)
        assert commits(wire) > 1

    assert (moved.state, moved.start_at) == (BookingState.CONFIRMED, at("14:00"))
    assert (await scene.requests())["reschedule"] == len(to.parts)
    await scene.agree()


@LOST
@pytest.mark.parametrize("service", ["checkup", "perm"])
async def test_a_cancellation_is_made_once_and_told(
    scene: Scene, service: str, arrives: bool
) -> None:
    slot = scene.slot(service, at("09:00"))
    booking = await scene.book(slot)
    async with wired(scene.practice, scene.addresses.database_url) as wire:
        lose_a_commit(wire, arrives=arrives)
        gone = await scene.cancel(booking)
        assert commits(wire) > 1

    assert gone.state is BookingState.CANCELLED
    assert (await scene.requests())["cancel"] == len(slot.parts)
    await scene.agree()


async def test_another_who_wished_the_same_meanwhile_is_not_mistaken_for_us(scene: Scene) -> None:
    """The COMMIT never arrived, and the caller's second request was faster than our second try."""
    slot = scene.slot("checkup", at("10:00"), "anna")
    await scene.book(scene.slot("checkup", at("16:30"), "ben"))  # so that she is a customer
    before = scene.practice.desk._db
    told: list[Booking] = []

    async with wired(scene.practice, scene.addresses.database_url) as wire:
        ours = scene.practice.desk._db

        class Slower:
            """Lets the other one go between our two tries."""

            tries = 0

            def __getattr__(self, name: str) -> object:
                return getattr(ours, name)

            @asynccontextmanager
            async def transaction(self, business_id: object) -> AsyncIterator[object]:
                self.tries += 1
                if self.tries == 2:
                    scene.practice.desk._db = before
                    told.append(await scene.book(slot))
                async with ours.transaction(business_id) as tx:  # type: ignore[arg-type]
                    yield tx

        scene.practice.desk._db = Slower()  # type: ignore[assignment]
        lose_a_commit(wire, arrives=False)
        told.append(await scene.book(slot))

    assert len({booking.id for booking in told}) == 1
    assert (await scene.requests())["create_booking"] == 2
    await scene.agree()


async def test_where_nobody_can_tell_an_apology_and_a_task_follow(
    practice: Practice, addresses: Addresses
) -> None:
    """PostgreSQL has committed and is gone: a worker delivers it, and a task says so."""
    call = practice.call(ADA)
    checked = await call.ask(
        "check_availability", service="checkup", date="2026-02-11", time="14:30", staff="Anna"
    )
    practice.patience_seconds = 0.0  # it is said when the time is up
    async with wired(practice, addresses.database_url) as wire:
        wire.dead = True
        wire.breaks_after = "COMMIT"
        told = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    assert (told["status"], told["ok"], told["booked"]) == ("technical_fault", False, False)
    assert told["say"]
    (row,) = await practice.rows()
    assert row["state"] == "pending"

    async with open_worker(
        practice.settings, clock=practice.clock, transport=practice.transport, gated=False
    ) as worker:
        for _ in range(6):
            practice.clock.now += timedelta(seconds=40)
            while await worker.work_once():
                pass

    (row,) = await practice.rows()
    assert row["state"] == "confirmed"
    assert len(await practice.bookings_at_calcom()) == 1
    assert [(task.kind, task.reason) for task in await practice.tasks()] == [
        ("callback", "confirmed")
    ]
