"""What others told us and what humans should see: each is kept once."""

import asyncio
from uuid import uuid4

from db import flags, inbox
from db.database import Database
from db.states import FlagKind, Severity
from tests.db.conftest import NOW, Salon, called, wished


async def test_an_event_is_stored_once_and_to_the_byte(db: Database, salon: Salon) -> None:
    body = bytes(range(256))

    async def arrive() -> bool:
        async with db.single(salon.id) as tx:
            event = await inbox.add(
                tx,
                id=uuid4(),
                source="calcom",
                dedupe_key="BOOKING_CREATED/uid-1",
                kind="BOOKING_CREATED",
                headers={"x-cal-webhook-version": "2021-10-20"},
                body=body,
                received_at=NOW,
                due_at=NOW,
            )
            return event is not None

    assert sorted(await asyncio.gather(*(arrive() for _ in range(10)))) == [False] * 9 + [True]
    async with db.single(salon.id) as tx:
        assert await tx.all("SELECT body FROM inbox_event", into=bytes) == [body]


async def test_a_flag_is_raised_once_for_each_thing(db: Database, salon: Salon) -> None:
    call = await called(db, salon)
    booking = await wished(db, salon)

    async def flag(kind: FlagKind, *, of_call: bool = False, of_booking: bool = False) -> bool:
        async with db.single(salon.id) as tx:
            return await flags.raise_flag(
                tx,
                id=uuid4(),
                kind=kind,
                severity=Severity.WARNING,
                call_id=call if of_call else None,
                booking_id=booking.id if of_booking else None,
                note=None,
                now=NOW,
            )

    assert await flag(FlagKind.NEEDS_ATTENTION, of_call=True)
    assert not await flag(FlagKind.NEEDS_ATTENTION, of_call=True)
    assert await flag(FlagKind.LONG_SILENCE, of_call=True)
    assert await flag(FlagKind.NEEDS_ATTENTION, of_call=True, of_booking=True)
    assert await flag(FlagKind.SYNC_FAILURE, of_booking=True)
    assert not await flag(FlagKind.SYNC_FAILURE, of_booking=True)
