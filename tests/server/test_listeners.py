"""What follows from what happened to bookings, and that it never changes an outcome."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from booking.desk import CALLBACK_WITHIN
from booking.errors import SlotTaken
from booking.reconcile import Reconciler
from calcom.sandbox.seed import DEMO_KEY
from db.database import WORKER_ROLE, Database
from db.events import EventRow
from db.states import DomainEventKind
from server.lane import Lane
from server.listeners import LISTENERS, Listener, Surroundings
from server.queues.deliveries import ATTEMPTS, DueDeliveries
from server.wiring import open_worker
from tests.booking.scene import Scene, at, furnish
from tests.practice import ADA, Caller, Practice, Reply
from tests.servers import Addresses

QUARTER = timedelta(minutes=15)


async def read_back(call: Caller, at: str = "14:30") -> Reply:
    return await call.ask(
        "check_availability", service="checkup", date="2026-02-11", time=at, staff="Anna"
    )


async def say_yes(call: Caller, checked: Reply) -> Reply:
    return await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)


async def book(practice: Practice, at: str = "14:30") -> Reply:
    call = practice.call(ADA)
    return await say_yes(call, await read_back(call, at))


async def taken_in_the_web_ui(practice: Practice) -> None:
    for event_type in (1, 2):
        booking = {"start": "2026-02-11T13:30:00Z", "name": "X", "email": "x@example.com"}
        answer = await practice.calendar_http.post(
            "/_sandbox/bookings", json={**booking, "eventTypeId": event_type}
        )
        answer.raise_for_status()


async def work(practice: Practice, *, until: timedelta = timedelta(0)) -> None:
    """Let time pass in steps, and a worker do what falls due."""
    async with open_worker(
        practice.settings, clock=practice.clock, transport=practice.transport, gated=False
    ) as worker:
        end = practice.clock.now + until
        while True:
            while await worker.work_once():
                pass
            if practice.clock.now >= end:
                break
            practice.clock.now += min(timedelta(seconds=30), end - practice.clock.now)


async def hung_up(practice: Practice) -> None:
    """Every call is over."""
    async with practice.database.single(practice.id) as tx:
        await tx.run(
            "UPDATE call SET state = 'ended', ended_at = %(now)s, updated_at = %(now)s",
            {"now": practice.clock()},
        )


class Recorder:
    """A listener that can be broken."""

    def __init__(self, name: str) -> None:
        self.heard: list[tuple[str, str]] = []
        self.is_broken = False
        self.listener = Listener(name, frozenset(DomainEventKind), self._hear)

    async def _hear(self, event: EventRow, _: Surroundings) -> None:
        if self.is_broken:
            raise ConnectionError("mail is down")
        self.heard.append((str(event.booking_id), event.kind))


@asynccontextmanager
async def listening(practice: Practice, *recorders: Recorder) -> AsyncIterator[Lane[Any]]:
    url = practice.settings.database.url
    assert url
    async with Database.connect(url.get_secret_value(), role=WORKER_ROLE) as leasing:
        queue = DueDeliveries(
            database=practice.database,
            leasing=leasing,
            directory=practice.parts.directory,
            mirror=practice.parts.inbox._mirror,
            desk=practice.desk,
            clock=practice.clock,
            listeners=[recorder.listener for recorder in recorders],
        )
        yield Lane(queue, places=4)


async def tell(lane: Lane[Any]) -> None:
    while await lane.work_once():
        pass


async def test_a_booking_that_was_told_needs_nothing(practice: Practice) -> None:
    assert (await book(practice))["status"] == "booked"
    await practice.bookkeeping_done()
    await work(practice, until=timedelta(minutes=2))
    assert await practice.tasks() == []
    assert await practice.flags() == []


@pytest.mark.parametrize("reply", ["requested", "technical_fault", None])
async def test_what_stands_but_was_not_told_in_time_is_told_afterwards(
    practice: Practice, reply: str | None
) -> None:
    """The request settled it itself, but after it had answered, or died before it could."""
    await book(practice)
    await practice.bookkeeping_done()
    async with practice.database.single(practice.id) as tx:
        if reply:
            await tx.run("UPDATE tool_call SET status = %(reply)s", {"reply": reply})
        else:
            await tx.run("DELETE FROM tool_call")

    await work(practice, until=timedelta(minutes=2))

    [task] = await practice.tasks()
    assert (task.kind, task.reason) == ("callback", "confirmed")


async def test_what_was_told_as_a_request_is_told_once_it_stands(practice: Practice) -> None:
    await practice.misbehave("create_booking", "drop_answer")
    assert (await book(practice))["status"] == "requested"

    await work(practice, until=timedelta(minutes=2))

    [row] = await practice.rows()
    assert row["state"] == "confirmed"
    [task] = await practice.tasks()
    assert (task.kind, task.reason, task.recipient) == ("callback", "confirmed", ADA)


async def test_f_089_a_requested_booking_that_fails_is_an_urgent_callback(
    practice: Practice,
) -> None:
    """Half finished: told as a request, then the time was gone."""
    call = practice.call(ADA)
    checked = await read_back(call)
    await practice.misbehave("create_booking", "error_before")
    assert (await say_yes(call, checked))["status"] == "requested"
    await taken_in_the_web_ui(practice)
    told_at = practice.clock()

    await work(practice, until=timedelta(minutes=5))

    [row] = await practice.rows()
    assert row["state"] == "failed"
    [task] = await practice.tasks()
    assert (task.kind, task.reason, task.urgency) == ("callback", "wish_failed", "urgent")
    assert task.recipient == ADA
    assert task.due_at <= told_at + timedelta(minutes=5) + CALLBACK_WITHIN
    assert "wish_not_met" in await practice.flags()


async def test_f_089_whoever_hangs_up_after_a_failed_booking_is_called_back(
    practice: Practice,
) -> None:
    call = practice.call(ADA)
    checked = await read_back(call)
    await taken_in_the_web_ui(practice)
    assert (await say_yes(call, checked))["status"] == "slot_taken"
    refused_at = practice.clock()

    await work(practice)
    assert await practice.tasks() == []  # still on the phone

    await hung_up(practice)
    await work(practice, until=timedelta(minutes=2))
    [task] = await practice.tasks()
    assert (task.kind, task.reason) == ("callback", "wish_failed")
    assert task.due_at == refused_at + CALLBACK_WITHIN


async def test_f_089_also_if_nobody_says_that_the_call_is_over(practice: Practice) -> None:
    call = practice.call(ADA)
    checked = await read_back(call)
    await taken_in_the_web_ui(practice)
    await say_yes(call, checked)
    await work(practice, until=QUARTER + timedelta(minutes=2))
    assert len(await practice.tasks()) == 1


async def test_f_086_an_ordinary_conflict_raises_no_alarm(practice: Practice) -> None:
    """The time was taken, another one was booked: there is nothing left to do."""
    call = practice.call(ADA)
    checked = await read_back(call)
    await taken_in_the_web_ui(practice)
    refused = await say_yes(call, checked)
    other = refused["slots"][0]["id"]
    await call.ask("book", slot=other)
    assert (await call.ask("book", slot=other, confirmed=True))["status"] == "booked"

    await hung_up(practice)
    await work(practice, until=QUARTER + timedelta(minutes=2))

    assert await practice.tasks() == []
    assert await practice.flags() == []


async def compare(practice: Practice) -> None:
    """Look at what has become of our bookings at Cal.com."""
    mirror = practice.parts.inbox._mirror
    access = await practice.parts.directory.access(practice.slug)
    assert access
    practice.clock.advance(minutes=5)
    await Reconciler(database=practice.database, calendars=mirror._calendars, mirror=mirror).run(
        access.business, since=None, now=practice.clock()
    )


async def in_the_web_ui(practice: Practice, deed: str, **fields: str) -> None:
    [booking] = await practice.bookings_at_calcom()
    answer = await practice.calendar_http.post(
        f"/_sandbox/bookings/{booking['uid']}/{deed}", json=fields
    )
    answer.raise_for_status()


async def test_f_061_what_the_business_moves_is_told_as_moved(practice: Practice) -> None:
    await book(practice)
    await practice.bookkeeping_done()
    await in_the_web_ui(practice, "move", start="2026-02-12T09:00:00Z")
    await compare(practice)

    await work(practice)

    [task] = await practice.tasks()
    assert (task.kind, task.reason, task.recipient) == ("callback", "moved", ADA)


async def test_whose_appointment_the_business_cancels_is_called(practice: Practice) -> None:
    await book(practice)
    await practice.bookkeeping_done()
    await in_the_web_ui(practice, "cancel")
    await compare(practice)

    await work(practice)

    [task] = await practice.tasks()
    assert (task.kind, task.reason, task.recipient) == ("callback", "cancelled", ADA)


async def test_f_048_what_cannot_be_written_stays_where_it_was_agreed(practice: Practice) -> None:
    """No job moves it: staff have a task, and the caller is called."""
    call = practice.call(ADA)
    checked = await read_back(call)
    await practice.misbehave("*", "error_before", times=1_000)
    assert (await say_yes(call, checked))["status"] == "requested"
    [wished] = await practice.rows()

    for hours in (1, 5, 24, 24):
        practice.clock.advance(hours=hours)
        await work(practice)
    await practice.calendar_http.delete("/_sandbox/faults")
    practice.clock.advance(hours=1)
    await work(practice, until=timedelta(minutes=2))

    [row] = await practice.rows()
    assert (row["start_at"], row["end_at"]) == (wished["start_at"], wished["end_at"])
    assert (row["state"], row["needs_attention"]) == ("failed", True)
    [task] = await practice.tasks()
    assert (task.kind, task.urgency) == ("callback", "urgent")
    assert await practice.bookings_at_calcom() == []


@pytest.mark.parametrize(
    ("deed", "follows"),
    [("confirm", ("callback", "confirmed")), ("decline", ("callback", "declined"))],
)
async def test_what_the_host_decides_is_told(
    practice: Practice, addresses: Addresses, deed: str, follows: tuple[str, str]
) -> None:
    await furnish(practice, addresses)
    access = await practice.parts.directory.access(practice.slug)
    assert access
    scene = Scene(practice, access.business, addresses)
    await scene.book(scene.slot("whitening", at("10:00")))
    [booking] = await practice.bookings_at_calcom()
    answer = await practice.calendar_http.post(
        f"/v2/bookings/{booking['uid']}/{deed}",
        headers={"authorization": f"Bearer {DEMO_KEY}", "cal-api-version": "2024-08-13"},
    )
    answer.raise_for_status()
    await compare(practice)

    await work(practice, until=timedelta(minutes=2))

    [task] = await practice.tasks()
    assert (task.kind, task.reason) == follows


async def test_f_089_an_appointment_of_several_phases_is_one_wish(
    practice: Practice, addresses: Addresses
) -> None:
    """Its second phase is refused, the first one is undone: one callback for the whole."""
    await furnish(practice, addresses)
    access = await practice.parts.directory.access(practice.slug)
    assert access
    scene = Scene(practice, access.business, addresses)
    taken = {"start": at("10:00").isoformat(), "name": "X", "email": "x@example.com"}
    answer = await practice.calendar_http.post(
        "/_sandbox/bookings", json={**taken, "eventTypeId": 1}
    )
    answer.raise_for_status()
    with pytest.raises(SlotTaken):
        await scene.book(scene.slot("perm", at("09:00")))

    await work(practice, until=QUARTER + timedelta(minutes=2))

    assert {row["state"] for row in await practice.rows()} == {"failed", "cancelled"}
    [task] = await practice.tasks()
    assert (task.kind, task.reason) == ("callback", "wish_failed")


async def test_f_059_a_failing_listener_changes_no_outcome_and_is_told_again(
    practice: Practice,
) -> None:
    mail, count = Recorder("mail"), Recorder("count")
    mail.is_broken = True
    assert (await book(practice))["status"] == "booked"

    async with listening(practice, mail, count) as lane:
        await tell(lane)
        [row] = await practice.rows()
        assert row["state"] == "confirmed"
        assert mail.heard == []
        assert [kind for _, kind in count.heard] == ["BookingRequested", "Booked"]

        mail.is_broken = False
        practice.clock.advance(minutes=1)
        await tell(lane)

    assert mail.heard == count.heard


async def test_a_listener_that_fails_for_long_is_flagged_and_given_up(practice: Practice) -> None:
    mail = Recorder("mail")
    mail.is_broken = True
    await book(practice)

    async with listening(practice, mail) as lane:
        for _ in range(2 * ATTEMPTS + 1):
            await tell(lane)
            practice.clock.advance(minutes=11)
        mail.is_broken = False
        await tell(lane)

    assert mail.heard == []
    assert await practice.flags() == ["listener_failed"]


async def test_two_workers_tell_each_listener_once_and_in_order(practice: Practice) -> None:
    first, second = Recorder("first"), Recorder("second")
    told = [(await book(practice, at))["status"] for at in ("09:00", "10:00", "11:00")]
    assert told == ["booked"] * 3

    async with (
        listening(practice, first, second) as one,
        listening(practice, first, second) as two,
    ):
        for _ in range(6):
            await asyncio.gather(one.work_once(), two.work_once())

    for recorder in (first, second):
        assert len(recorder.heard) == len(set(recorder.heard)) == 6
        for booking in {booking for booking, _ in recorder.heard}:
            kinds = [kind for told, kind in recorder.heard if told == booking]
            assert kinds == ["BookingRequested", "Booked"]


async def test_an_event_of_a_disabled_business_waits(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = Recorder("mail")
    await book(practice)

    async def nobody(_: object) -> None:
        return None

    async with listening(practice, mail) as lane:
        with monkeypatch.context() as disabled:
            disabled.setattr(practice.parts.directory, "access_of", nobody)
            await tell(lane)
        assert mail.heard == []
        practice.clock.advance(minutes=11)
        await tell(lane)
    assert len(mail.heard) == 2


def test_listeners_are_told_apart() -> None:
    names = [listener.name for listener in LISTENERS]
    assert len(names) == len(set(names))


def test_every_event_is_counted_and_each_change_of_a_booking_is_followed_up() -> None:
    wanted = {listener.name: listener.kinds for listener in LISTENERS}
    assert wanted["metrics"] == frozenset(DomainEventKind)
    assert wanted["tasks"] >= wanted["availability"]
