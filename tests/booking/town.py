"""Everybody at once: callers, two workers, the post and the host at the web UI, in one process.

What they do is chosen from outside (`test_promise.py`); what must hold is asked here.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Any
from uuid import UUID

import httpx

from booking.bookings import Booking, BookingState
from booking.business import EventType
from booking.errors import BookingError
from booking.slots import Slot
from calcom.errors import CalcomError
from calcom.sandbox.records import Booking as TheirBooking
from calcom.sandbox.seed import DEMO_KEY
from server.wiring import Core, open_core, open_worker
from server.worker import Worker
from tests.booking.scene import Scene, at, furnish
from tests.practice import TUESDAY, Clock, opened
from tests.servers import Addresses
from tests.webhooks import subscribed

PATIENCE = 0.65
"""Seconds that a caller waits, real ones: a hanging answer must not hold up the run."""
HANG = 0.35
"""Longer than that leaves for Cal.com, so the caller hears of a request."""

PLACES = (
    ("checkup", "10:00", "anna"),
    ("checkup", "10:15", "anna"),
    ("cleaning", "09:30", "anna"),
    ("cleaning", "10:00", "ben"),
    ("checkup", "10:00", "ben"),
    ("emergency", "10:00", None),
    ("emergency", "10:20", None),
    ("course", "10:00", None),
    ("checkup", "14:30", "anna"),
    ("emergency", "14:30", None),
    ("perm", "09:00", None),
    ("perm", "14:00", None),
    ("whitening", "10:30", "ben"),
)
"""Few and overlapping: fixed hosts with and without buffers, one of two hosts, seats, several
phases, and one that its host has to confirm."""

PEOPLE = ("Marta Ehlers", "Nele Ehlers", "Henrik Dahl")

_UNSETTLED = ("pending", "queued", "moving", "cancelling")


class Bag(httpx.AsyncBaseTransport):
    """Cal.com's post: delivered inside its request as Cal.com does, or kept until somebody does."""

    def __init__(self, way: httpx.AsyncBaseTransport) -> None:
        self._way = way
        self.keeps = False
        self.letters: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        if self.keeps:
            self.letters.append(request)
            return httpx.Response(200)
        return await self._way.handle_async_request(request)

    async def deliver(self, number: int, *, keep: bool) -> None:
        """Deliver one letter, whichever; `keep` lets it come once more."""
        if not self.letters:
            return
        which = number % len(self.letters)
        letter = self.letters[which] if keep else self.letters.pop(which)
        answer = await self._way.handle_async_request(
            httpx.Request("POST", letter.url, headers=letter.headers, content=letter.content)
        )
        assert answer.status_code == httpx.codes.OK


@dataclass(slots=True)
class Town:
    """The practice, all who want something of it, and what they were told."""

    scene: Scene
    core: Core
    workers: list[Worker]
    bag: Bag
    told: dict[UUID, datetime | None] = field(default_factory=dict[UUID, datetime | None])
    """When a booking stands, as its caller heard last; `None`: that it is cancelled. What was
    heard as a request, or changed by somebody else since, is not in here."""
    known: list[Booking] = field(default_factory=list[Booking])
    """Bookings whose callers may ring again, in the order in which they were made."""
    unheard: set[UUID] = field(default_factory=set[UUID])
    """Changed on the web: until the news has come, what is told of them may be a minute old."""
    visits: int = 0
    holding: list[UUID] = field(default_factory=list[UUID])
    """Calls that may hold a time and have not ended."""

    @property
    def clock(self) -> Clock:
        return self.scene.practice.clock

    def slot(self, place: int) -> Slot:
        service, wall, staff = PLACES[place % len(PLACES)]
        return self.scene.slot(service, at(wall), staff)

    # Callers

    async def book(self, place: int, person: int, *, call_id: UUID | None = None) -> None:
        """A wish, as the desk hears it once the caller has said yes."""
        name = PEOPLE[person % len(PEOPLE)]
        wish = self.scene.book(self.slot(place), name, call_id=call_id, patience=PATIENCE)
        if (booking := await _answered(wish)) is None:
            return
        self._heard(booking)
        if all(booking.id != other.id for other in self.known):
            self.known.append(booking)

    async def say_yes_twice(self, place: int, person: int) -> None:
        """Barge-in: the same call asks again while the first request is on its way."""
        call_id = await self.scene.call()
        await asyncio.gather(*(self.book(place, person, call_id=call_id) for _ in range(2)))

    async def ask_and_die(self, place: int, person: int, after_seconds: float) -> None:
        """The process that serves a caller is killed somewhere between first line and last."""
        task = asyncio.create_task(self.book(place, person))
        await asyncio.sleep(after_seconds)
        dying = (task, *self.scene.practice.desk._in_time._going_on)
        for each in dying:
            each.cancel()
        await asyncio.gather(*dying, return_exceptions=True)

    async def move(self, which: int, place: int) -> None:
        if (booking := self._one(which)) is None:
            return
        slot = self.slot(place)
        kinds = self._kinds_of(booking)
        if slot.event_type not in kinds:  # another service is another booking
            slot = Slot(kinds[place % len(kinds)], slot.start)
        moved = await _answered(self.scene.move(booking, slot))
        self._heard(moved, of=booking)

    async def move_thrice(self, which: int, places: Iterable[int]) -> None:
        """Three calls about one booking at once."""
        await asyncio.gather(*(self.move(which, place) for place in places))

    async def cancel(self, which: int) -> None:
        if (booking := self._one(which)) is not None:
            self._heard(await _answered(self.scene.cancel(booking)), of=booking)

    async def hold(self, place: int) -> None:
        """Somebody rings and hears that a time is free: it is theirs for a while."""
        call_id = await self.scene.call()
        with suppress(BookingError):
            await self.scene.practice.desk.hold(
                self.scene.business, self.slot(place), call_id=call_id, now=self.scene.now
            )
            self.holding.append(call_id)

    async def say_yes(self, which: int, place: int, person: int) -> None:
        """Whoever holds a time books it, or another one."""
        if self.holding:
            await self.book(place, person, call_id=self.holding[which % len(self.holding)])

    async def hang_up(self, which: int) -> None:
        """What the call held is free at once."""
        if self.holding:
            call_id = self.holding.pop(which % len(self.holding))
            desk, now = self.scene.practice.desk, self.scene.now
            await desk.release(self.scene.business, call_id, now=now)
            async with self.scene.practice.database.single(self.scene.business.id) as tx:
                held = await tx.all(
                    "SELECT id FROM claim WHERE call_id = %(id)s AND expires_at IS NOT NULL",
                    {"id": call_id},
                    into=UUID,
                )
            assert held == []

    async def phone(self, wall: str) -> None:
        """A whole call through the tools, by somebody whom the practice knows."""
        call = self.scene.practice.call("+493023125077")
        checked = await call.ask(
            "check_availability", service="checkup", date="2026-02-11", time=wall, staff="Anna"
        )
        if checked["status"] != "available":
            return
        told = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
        if told["status"] != "booked":
            return
        (row,) = [
            row
            for row in await self.scene.practice.rows()
            if row["attendee_name"] == "Ada Lindqvist"
            and datetime.fromisoformat(row["start_at"]) == at(wall)
            and row["state"] not in {"failed", "cancelled"}
        ]
        async with self.scene.practice.database.single(self.scene.business.id) as tx:
            booking = await tx.one(
                "SELECT * FROM booking WHERE id = %(id)s", {"id": row["id"]}, into=Booking
            )
        assert booking
        self._heard(booking)
        if all(booking.id != other.id for other in self.known):
            self.known.append(booking)

    # The host

    async def visit(self, wall: str) -> None:
        """Somebody books with Anna on the web."""
        self.visits += 1
        visitor = {"name": "Mia Sommer", "email": f"mia{self.visits}@example.com"}
        body = {"start": at(wall).isoformat(), "eventTypeId": 1, **visitor}
        await self.scene.practice.calendar_http.post("/_sandbox/bookings", json=body)

    async def decide(self, which: int, *, accepts: bool) -> None:
        """The host confirms or refuses what waits for that."""
        waiting = sorted((b for b in self.there if b.status == "pending"), key=lambda b: b.id)
        if waiting:
            booking = waiting[which % len(waiting)]
            answer = await self.scene.practice.calendar_http.post(
                f"/v2/bookings/{booking.uid}/{'confirm' if accepts else 'decline'}",
                headers={"Authorization": f"Bearer {DEMO_KEY}", "cal-api-version": "2024-08-13"},
                json={},
            )
            answer.raise_for_status()

    async def change_on_the_web(self, which: int, wall: str | None) -> None:
        """The host moves or cancels whatever stands, ours or not."""
        live = sorted((b for b in self.there if b.is_live), key=lambda b: b.id)
        if not live:
            return
        booking = live[which % len(live)]
        if booking.seated:
            return
        path = f"/_sandbox/bookings/{booking.uid}"
        http = self.scene.practice.calendar_http
        if wall is None:
            answer = await http.post(f"{path}/cancel", json={})
        else:
            answer = await http.post(f"{path}/move", json={"start": at(wall).isoformat()})
        if answer.is_success and (our_id := _our_id(booking)):
            self.told.pop(UUID(our_id), None)
            self.unheard.add(UUID(our_id))

    # Everybody else

    async def work(self, number: int) -> None:
        await self.workers[number % len(self.workers)].work_once()

    async def work_together(self) -> None:
        await asyncio.gather(*(worker.work_once() for worker in self.workers))

    async def reconcile(self, *, in_full: bool) -> None:
        reconciler, business, now = self.core.reconciler, self.scene.business, self.scene.now
        with suppress(CalcomError):  # nobody can compare while Cal.com does not answer
            if in_full:
                await reconciler.run(business, since=None, now=now)
            else:
                await reconciler.catch_up(business, now=now)

    async def wait(self, seconds: float) -> None:
        """Time passes; what was on its way in this very moment has arrived before."""
        await self.scene.practice.calendar.settle()
        self.clock.advance(seconds=seconds)

    async def come_to_rest(self) -> None:
        """No more faults; all post arrives; workers work until nothing is due any more."""
        await self.scene.practice.calendar_http.delete("/_sandbox/faults")
        self.bag.keeps = False
        while self.bag.letters:
            await self.bag.deliver(0, keep=False)
        await self.scene.practice.parts.afterwards.done()
        for pause in (30, 40, 60, 120, 300, *[700] * 14):
            await self.wait(pause)
            await self.work_together()
            if not await self._restless():
                break
        await self.reconcile(in_full=True)
        await self.work_together()

    async def _restless(self) -> list[str]:
        async with self.scene.practice.database.single(self.scene.business.id) as tx:
            states = await tx.all(
                "SELECT state FROM booking WHERE state = ANY (%(unsettled)s)",
                {"unsettled": list(_UNSETTLED)},
                into=str,
            )
            events = await tx.all(
                "SELECT kind FROM inbox_event WHERE applied_at IS NULL AND due_at IS NOT NULL",
                into=str,
            )
        return states + events

    # What must hold

    @property
    def there(self) -> list[TheirBooking]:
        """All bookings that Cal.com has, gone ones included."""
        return list(self.scene.practice.calendar.state.sandbox.world.bookings.values())

    def no_host_is_in_two_places(self) -> None:
        live = [b for b in self.there if b.is_live]
        for one, other in combinations(live, 2):
            apart = one.host_id != other.host_id or one.end <= other.start or other.end <= one.start
            assert apart, f"{_show(one)} and {_show(other)}"

    def no_wish_stands_twice(self) -> None:
        seats = Counter(
            (who.email, booking.event_type_id, booking.start)
            for booking in self.there
            if booking.is_live
            for who in booking.attendees
        )
        assert set(seats.values()) <= {1}, seats
        ours = Counter(_our_id(b) for b in self.there if b.is_live and not b.seated)
        assert all(count == 1 for our_id, count in ours.items() if our_id), ours

    def courses_have_room_for_all(self) -> None:
        assert all(len(b.attendees) <= 4 for b in self.there if b.is_live and b.seated)

    async def we_agree(self) -> None:
        assert await self._restless() == []
        await self.scene.agree()
        rows = {row["id"]: row for row in await self.scene.practice.rows()}
        for booking in self.there:
            if booking.is_live and (our_id := _our_id(booking)) and not booking.seated:
                assert rows[our_id]["calcom_uid"] == booking.uid, _show(booking)

    async def what_was_told_is_so(self) -> None:
        rows = {UUID(row["id"]): row for row in await self.scene.practice.rows()}
        for id_, start in self.told.items():
            row = rows[id_]
            stands = row["state"] == "confirmed"
            assert stands == (start is not None), f"told {start}, but {row['state']}"
            if start is not None:
                assert datetime.fromisoformat(row["start_at"]) == start

    def _heard(self, booking: Booking | None, *, of: Booking | None = None) -> None:
        """Note what a caller was told, which must be so at this very moment."""
        if booking is None:
            return
        match booking.state:
            case BookingState.CONFIRMED:
                self._stands(booking)
                if booking.id not in self.unheard:
                    self.told[booking.id] = booking.start_at
            case BookingState.CANCELLED:
                live = {b.uid for b in self.there if b.is_live and not b.seated}
                assert booking.calcom_uid not in live, "told cancelled, and it stands"
                self.told[booking.id] = None
            case _:
                self.told.pop((of or booking).id, None)

    def _stands(self, booking: Booking) -> None:
        if booking.id in self.unheard:
            return
        there = next((b for b in self.there if b.uid == booking.calcom_uid), None)
        assert there is not None, "told booked, and Cal.com has none"
        assert there.is_live, "told booked, and it is gone"
        assert there.start == booking.start_at, f"told {booking.start_at}, it is {_show(there)}"

    def _kinds_of(self, booking: Booking) -> tuple[EventType, ...]:
        services = self.scene.business.services
        return next(s.event_types for s in services if s.id == booking.service_id)

    def _one(self, which: int) -> Booking | None:
        return self.known[which % len(self.known)] if self.known else None


async def _answered(wish: Awaitable[Booking]) -> Booking | None:
    try:
        return await wish
    except BookingError:
        return None


def _our_id(booking: TheirBooking) -> str | None:
    return booking.metadata.get("slotline_booking_id")


def _show(booking: TheirBooking) -> str:
    return f"type {booking.event_type_id} of host {booking.host_id} at {booking.start:%H:%M}"


@asynccontextmanager
async def populated(addresses: Addresses) -> AsyncIterator[Town]:
    """A town over an empty database."""
    clock = Clock(TUESDAY)
    async with opened(addresses, clock=clock) as practice:
        practice.patience_seconds = 0.0  # Cal.com hangs in most stories
        await furnish(practice, addresses)
        async with subscribed(practice, addresses):
            access = await practice.parts.directory.access(practice.slug)
            assert access
            courier = practice.calendar.state.sandbox.courier
            bag = Bag(courier._transport)
            courier._transport = bag
            worker: Callable[[], Any] = lambda: open_worker(  # noqa: E731
                practice.settings, clock=clock, transport=practice.transport, gated=False
            )
            async with (
                worker() as one,
                worker() as two,
                open_core(practice.settings, transport=practice.transport, gated=False) as core,
            ):
                yield Town(Scene(practice, access.business, addresses), core, [one, two], bag)
