"""The desk itself, asked directly, in a practice with every kind of event type."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from booking.bookings import Attendee, Booking
from booking.business import Business, EventType, Line, Service
from booking.delivery import Delivery
from booking.names import normalised
from booking.slots import Slot
from calcom.sandbox.records import EventType as CalcomType
from db import bookings, businesses, calls
from db.database import WORKER_ROLE, Database
from db.states import EventKind
from tests.practice import BERLIN, CONNECT_SECONDS, Practice
from tests.servers import Addresses

WEDNESDAY = date(2026, 2, 11)
PATIENCE_SECONDS = 2.5
LATE_SECONDS = 3.5
"""What Cal.com needs when it is too late for whoever waits."""
LEASE = timedelta(minutes=1)


def at(clock: str, day: date = WEDNESDAY) -> datetime:
    """A wall time at the practice."""
    return datetime.combine(day, time.fromisoformat(clock), BERLIN)


@dataclass(slots=True)
class Scene:
    """A practice as the desk knows it."""

    practice: Practice
    business: Business
    addresses: Addresses
    people: dict[str, UUID] = field(default_factory=dict[str, UUID])

    @property
    def line(self) -> Line:
        return self.business.lines[0]

    @property
    def delivery(self) -> Delivery:
        return self.practice.desk._delivery

    @property
    def now(self) -> datetime:
        return self.practice.clock()

    @property
    def answer_by(self) -> float:
        more = self.practice.patience_seconds
        return asyncio.get_running_loop().time() + PATIENCE_SECONDS + more

    def service(self, slug: str) -> Service:
        return next(service for service in self.business.services if service.slug == slug)

    def slot(self, service: str, start: datetime, staff: str | None = None) -> Slot:
        kinds = self.service(service).event_types
        kind = next(k for k in kinds if staff is None or (k.staff and k.staff.slug == staff))
        return Slot(kind, start)

    def kind(self, service: str) -> EventType:
        return self.service(service).event_types[0]

    async def call(self) -> UUID:
        """Somebody rings."""
        async with self.practice.database.single(self.business.id) as tx:
            row = await calls.ensure(
                tx,
                id=uuid4(),
                platform="neutral",
                platform_call_id=uuid4().hex,
                line_id=None,
                caller_number=None,
                language="en",
                now=self.now,
            )
        return row.id

    async def book(
        self,
        slot: Slot,
        name: str = "Marta Ehlers",
        *,
        call_id: UUID | None = None,
        patience: float | None = None,
        service: str | None = None,
    ) -> Booking:
        """Book for a person, who is the same customer each time."""
        answer_by = self.answer_by
        if patience is not None:
            answer_by = asyncio.get_running_loop().time() + patience
        services = self.business.services
        wished = next(
            each
            for each in services
            if each.slug == service or (service is None and slot.event_type in each.event_types)
        )
        booking = await self.practice.desk.book(
            self.business,
            self.line,
            call_id=call_id or await self.call(),
            service=wished,
            slot=slot,
            attendee=Attendee(
                name=name,
                name_normalised=normalised(name),
                number=None,
                language="en",
                customer_id=self.people.get(name),
            ),
            note=None,
            now=self.now,
            answer_by=answer_by,
        )
        if booking.customer_id:
            self.people[name] = booking.customer_id
        return booking

    async def move(self, booking: Booking, slot: Slot, *, call_id: UUID | None = None) -> Booking:
        return await self.practice.desk.move(
            self.business,
            self.line,
            call_id=call_id or await self.call(),
            booking_id=booking.id,
            slot=slot,
            now=self.now,
            answer_by=self.answer_by,
        )

    async def cancel(self, booking: Booking, reason: str = "cannot come") -> Booking:
        return await self.practice.desk.cancel(
            self.business,
            call_id=await self.call(),
            booking_id=booking.id,
            reason=reason,
            now=self.now,
            answer_by=self.answer_by,
        )

    async def die_while(self, asking: Coroutine[Any, Any, Booking]) -> None:
        """Let a process die that has written down a wish and waits for Cal.com."""
        asked = asyncio.create_task(asking)
        before = sum((await self.requests()).values())
        async with asyncio.timeout(30):
            while sum((await self.requests()).values()) == before:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.02)
        going_on = self.practice.desk._in_time._going_on
        for task in (asked, *going_on):
            task.cancel()
        await asyncio.gather(asked, *going_on, return_exceptions=True)

    async def row(self, booking: Booking) -> Booking:
        async with self.practice.database.single(self.business.id) as tx:
            row = await bookings.get(tx, id=booking.id)
        assert row
        return row

    async def claims(self) -> list[tuple[str, str]]:
        """What is claimed, as local times from and until, earliest first."""
        async with self.practice.database.single(self.business.id) as tx:
            found = await tx.all(
                "SELECT lower(during) AS s FROM claim ORDER BY during, number", into=datetime
            )
            ends = await tx.all(
                "SELECT upper(during) AS s FROM claim ORDER BY during, number", into=datetime
            )
        return [
            (f"{start.astimezone(BERLIN):%H:%M}", f"{end.astimezone(BERLIN):%H:%M}")
            for start, end in zip(found, ends, strict=True)
        ]

    async def flags(self) -> set[str]:
        async with self.practice.database.single(self.business.id) as tx:
            return set(await tx.all("SELECT kind FROM flag", into=str))

    async def work(self, **after: float) -> int:
        """Let time pass, and then a worker take what is due."""
        self.practice.clock.advance(**after)
        async with (
            Database.connect(
                self.addresses.database_url,
                role=WORKER_ROLE,
                max_size=1,
                timeout_seconds=CONNECT_SECONDS,
            ) as leasing,
            leasing.registry() as tx,
        ):
            leased = await bookings.lease_due(tx, now=self.now, lease=LEASE, at_most=50)
        for row in leased:
            async with self.practice.database.single(row.business_id) as tx:
                booking = await bookings.get(tx, id=row.id)
            if booking:
                await self.delivery.resume(self.business, booking, now=self.now)
        return len(leased)

    async def quiesce(self, rounds: int = 12) -> None:
        """Work until nothing is due any more."""
        for _ in range(rounds):
            await self.work(minutes=2)

    async def agree(self) -> None:
        """Our live rows are exactly Cal.com's live bookings, at the same times."""
        ours = {
            (row["calcom_uid"], row["seat_uid"], datetime.fromisoformat(row["start_at"]))
            for row in await self.practice.rows()
            if row["state"] not in {"failed", "cancelled"}
        }
        theirs = {
            (booking["uid"], seat.get("seatUid"), datetime.fromisoformat(booking["start"]))
            for booking in await self.practice.bookings_at_calcom()
            for seat in booking["attendees"]
        }
        assert ours == theirs

    async def requests(self) -> Mapping[str, int]:
        return await self.practice.requests_at_calcom()


async def furnish(practice: Practice, addresses: Addresses) -> None:
    """Add what the demo account of the stand-in has besides, and a service of several phases."""
    world = practice.calendar.state.sandbox.world
    template: CalcomType = world.event_types[1]
    lengths = {21: 40, 22: 10, 23: 25}
    for number, minutes in lengths.items():
        world.put(
            template.model_copy(
                deep=True,
                update={
                    "id": number,
                    "slug": f"perm-{number}",
                    "title": "Perm",
                    "length_minutes": minutes,
                    "slot_interval_minutes": 5,
                },
            )
        )
    world.commit()
    async with (
        Database.connect(
            addresses.database_owner_url, role=None, timeout_seconds=CONNECT_SECONDS
        ) as owner,
        owner.transaction(practice.id) as tx,
    ):
        people = {person.slug: person.id for person in await businesses.staff(tx)}

        async def service(slug: str, phases: list[dict[str, Any]] | None = None) -> UUID:
            return await businesses.put_service(
                tx, id=uuid4(), slug=slug, name=slug.title(), synonyms=[], position=9, phases=phases
            )

        async def kind(
            service_id: UUID, calcom_id: int, kind: EventKind, minutes: int, **more: Any
        ) -> None:
            await businesses.put_event_type(
                tx,
                id=uuid4(),
                service_id=service_id,
                calcom_id=calcom_id,
                kind=kind,
                length_minutes=minutes,
                **{"staff_id": None, **more},
            )

        emergency = await service("emergency")
        await kind(
            emergency, 7, EventKind.ROUND_ROBIN, 30, host_ids=[people["anna"], people["ben"]]
        )
        course = await service("course")
        await kind(course, 8, EventKind.SEATED, 60, seats=4, staff_id=people["anna"])
        whitening = await service("whitening")
        await kind(
            whitening, 9, EventKind.FIXED, 60, staff_id=people["ben"], requires_confirmation=True
        )
        perm = await service(
            "perm",
            [
                {"active_minutes": 40, "gap_minutes": 20, "event_types": [21]},
                {"active_minutes": 10, "gap_minutes": 15, "event_types": [22]},
                {"active_minutes": 25, "gap_minutes": 0, "event_types": [23]},
            ],
        )
        for number, minutes in lengths.items():
            await kind(perm, number, EventKind.FIXED, minutes, staff_id=people["anna"])
