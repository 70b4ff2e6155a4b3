"""Holds: one call keeps one time, and nobody else gets it while it does."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from db import claims, occupancy
from db.claims import Place
from db.database import Database
from db.errors import ClaimTaken, NotInRange, Overlaps
from tests.db.conftest import NOW, Salon, called, wished

TOMORROW = NOW + timedelta(days=1)
HALF_AN_HOUR = timedelta(minutes=30)


async def test_of_thirty_overlapping_holds_one_is_given(db: Database, salon: Salon) -> None:
    calls = [await called(db, salon, f"c{n}") for n in range(30)]

    outcomes = await asyncio.gather(
        *(
            hold(db, salon, call, TOMORROW + timedelta(minutes=5 * (n % 6)))
            for n, call in enumerate(calls)
        ),
        return_exceptions=True,
    )

    assert outcomes.count(None) == 1
    assert [type(one) for one in outcomes if one is not None] == [ClaimTaken] * 29


async def test_the_constraint_itself_refuses_what_overlaps(db: Database, salon: Salon) -> None:
    """Not our statements guard the host's time but the schema: any statement is refused."""
    await hold(db, salon, await called(db, salon), TOMORROW)

    with pytest.raises(Overlaps, match="ex_claim_host_time"):
        async with db.single(salon.id) as tx:
            await tx.run(
                """
                INSERT INTO claim (
                    id, business_id, staff_id, event_type_id, during, starts_at, expires_at,
                    created_at)
                SELECT gen_random_uuid(), business_id, staff_id, event_type_id, during, starts_at,
                    expires_at, created_at
                FROM claim
                """
            )


async def test_ends_are_exclusive(db: Database, salon: Salon) -> None:
    await hold(db, salon, await called(db, salon, "c1"), TOMORROW)
    await hold(db, salon, await called(db, salon, "c2"), TOMORROW + HALF_AN_HOUR)

    assert await starts(db, salon) == [TOMORROW, TOMORROW + HALF_AN_HOUR]


async def test_another_choice_replaces_the_calls_hold(db: Database, salon: Salon) -> None:
    """Also where old and new overlap: the caller wants ten minutes later."""
    call = await called(db, salon)
    await hold(db, salon, call, TOMORROW)
    later = TOMORROW + timedelta(minutes=10)

    await hold(db, salon, call, later)

    assert await starts(db, salon) == [later]


async def test_a_refused_hold_leaves_the_former_one(db: Database, salon: Salon) -> None:
    call = await called(db, salon, "c1")
    await hold(db, salon, call, TOMORROW)
    await wished(db, salon, at=TOMORROW + timedelta(hours=1))

    with pytest.raises(ClaimTaken) as taken:
        await hold(db, salon, call, TOMORROW + timedelta(hours=1))

    assert taken.value.event_type_id == salon.event_type
    assert TOMORROW in await starts(db, salon)


async def test_an_expired_hold_is_in_nobodys_way(db: Database, salon: Salon) -> None:
    await hold(db, salon, await called(db, salon, "c1"), TOMORROW)
    other = await called(db, salon, "c2")
    later = NOW + timedelta(minutes=5)

    assert await starts(db, salon, now=later) == []
    await hold(db, salon, other, TOMORROW, now=later)

    assert await starts(db, salon, now=later) == [TOMORROW]


async def test_a_calls_own_hold_is_free_for_it(db: Database, salon: Salon) -> None:
    call = await called(db, salon)
    await hold(db, salon, call, TOMORROW)

    assert await starts(db, salon, except_call=call) == []
    assert await starts(db, salon, except_call=uuid4()) == [TOMORROW]


async def test_hanging_up_lets_go_of_holds_but_not_of_bookings(db: Database, salon: Salon) -> None:
    call = await called(db, salon)
    booking = await wished(db, salon, at=TOMORROW, call=call)
    await hold(db, salon, call, TOMORROW + timedelta(hours=2))

    async with db.single(salon.id) as tx:
        assert await claims.release_call(tx, call_id=call)
        assert not await claims.release_call(tx, call_id=call)

    assert await starts(db, salon) == [booking.start_at]


async def test_expiring_forgets_old_holds_and_the_past(db: Database, salon: Salon) -> None:
    await hold(db, salon, await called(db, salon, "c1"), TOMORROW)
    await hold(db, salon, await called(db, salon, "c2"), TOMORROW + timedelta(hours=1))
    booking = await wished(db, salon, at=TOMORROW + timedelta(hours=2))

    async with db.single(salon.id) as tx:
        assert await claims.expire(tx, now=NOW + timedelta(minutes=4)) == 0
        assert await claims.expire(tx, now=NOW + timedelta(minutes=5)) == 2
        assert await claims.expire(tx, now=booking.end_at) == 0  # the buffer after it
        assert await claims.expire(tx, now=booking.end_at + timedelta(minutes=10)) == 1


async def test_another_business_may_use_the_same_time(
    db: Database, salon: Salon, rival: Salon
) -> None:
    await hold(db, salon, await called(db, salon), TOMORROW)
    await hold(db, rival, await called(db, rival), TOMORROW)

    assert await starts(db, rival) == [TOMORROW]


async def test_a_claim_for_no_time_is_refused(db: Database, salon: Salon) -> None:
    """An empty range overlaps nothing, so it would guard nothing."""
    with pytest.raises(NotInRange, match="claims_some_time"):
        await hold(db, salon, await called(db, salon), TOMORROW, length=timedelta(0))


async def hold(
    db: Database,
    salon: Salon,
    call: UUID,
    start: datetime,
    *,
    now: datetime = NOW,
    length: timedelta = HALF_AN_HOUR,
) -> None:
    async with db.transaction(salon.id) as tx:
        await claims.hold(
            tx,
            places=[Place(salon.event_type, (salon.host,), start, (start, start + length))],
            call_id=call,
            expires_at=now + timedelta(minutes=5),
            now=now,
        )


async def starts(
    db: Database, salon: Salon, *, now: datetime = NOW, except_call: UUID | None = None
) -> list[datetime]:
    async with db.single(salon.id) as tx:
        found = await occupancy.between(tx, start=NOW, end=NOW + timedelta(days=9))
    return [
        claim.starts
        for claim in found
        if claim.customer_id is None
        and (
            claim.expires_at is None
            or (claim.expires_at > now and (except_call is None or claim.call_id != except_call))
        )
    ]
