"""Bookings and their claims: whoever loses a race is told so, and nothing is half done."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from db import bookings, claims, occupancy
from db.bookings import Part
from db.claims import Place
from db.database import Database
from db.errors import AlreadyExists, ClaimTaken, NotInRange, WishStands
from db.occupancy import OccupiedRow
from db.states import BookingState
from db.transaction import Transaction
from tests.db.conftest import NOW, Salon, called, wished

TOMORROW = NOW + timedelta(days=1)


async def test_a_wish_is_pending_leased_and_claims_its_host(db: Database, salon: Salon) -> None:
    booking = await wished(db, salon, at=TOMORROW)

    assert booking.state is BookingState.PENDING
    assert booking.due_at == NOW + timedelta(seconds=15)
    assert booking.asked_at == NOW
    async with db.single(salon.id) as tx:
        assert await bookings.get(tx, id=booking.id) == booking
        [claim] = await _claims(tx, salon)
    assert claim.booking_id == booking.id
    assert (claim.starts, claim.ends) == (TOMORROW, TOMORROW + timedelta(minutes=40))


async def test_of_thirty_overlapping_wishes_one_is_written(db: Database, salon: Salon) -> None:
    """Starts five minutes apart, each in the way of the others; none ends in a deadlock."""
    starts = [TOMORROW + timedelta(minutes=5 * (n % 6)) for n in range(30)]

    outcomes = await asyncio.gather(
        *(wished(db, salon, at=start) for start in starts), return_exceptions=True
    )

    assert len([one for one in outcomes if not isinstance(one, BaseException)]) == 1
    assert [type(one) for one in outcomes if isinstance(one, BaseException)] == [ClaimTaken] * 29
    assert len(await _booking_ids(db, salon)) == 1


async def test_the_same_wish_twice_is_one_booking(db: Database, salon: Salon) -> None:
    wish = uuid4()
    booking = await wished(db, salon, wish=wish)

    with pytest.raises(WishStands) as standing:
        await wished(db, salon, wish=wish)

    assert standing.value.booking_id == booking.id
    assert await _booking_ids(db, salon) == {booking.id}


async def test_the_same_wish_at_once_is_one_booking(db: Database, salon: Salon) -> None:
    """A tool call and its repetition race; the loser learns which booking is theirs."""
    wish = uuid4()

    outcomes = await asyncio.gather(
        *(wished(db, salon, wish=wish) for _ in range(10)), return_exceptions=True
    )

    [booking] = [one for one in outcomes if not isinstance(one, BaseException)]
    standing = [one for one in outcomes if isinstance(one, WishStands)]
    assert len(standing) == 9
    assert {one.booking_id for one in standing} == {booking.id}


async def test_a_wish_may_be_repeated_after_it_failed(db: Database, salon: Salon) -> None:
    wish = uuid4()
    first = await wished(db, salon, wish=wish)
    await _settle(db, salon, first.id, BookingState.FAILED, failure="slot_taken")

    second = await wished(db, salon, wish=wish)

    assert second.id != first.id


async def test_the_calls_own_hold_becomes_its_booking(db: Database, salon: Salon) -> None:
    call = await called(db, salon)
    await _hold(db, salon, call)

    booking = await wished(db, salon, at=TOMORROW, call=call)

    async with db.single(salon.id) as tx:
        assert [claim.booking_id for claim in await _claims(tx, salon)] == [booking.id]


async def test_anothers_hold_stands_in_the_way_until_it_expires(db: Database, salon: Salon) -> None:
    call = await called(db, salon)
    await _hold(db, salon, call)

    with pytest.raises(ClaimTaken):
        await wished(db, salon, at=TOMORROW)
    booking = await wished(db, salon, at=TOMORROW, now=NOW + timedelta(minutes=5))

    async with db.single(salon.id) as tx:
        assert [claim.booking_id for claim in await _claims(tx, salon)] == [booking.id]


async def test_a_refused_wish_leaves_the_calls_hold_alone(db: Database, salon: Salon) -> None:
    """In a transaction: what was let go for the booking comes back when it cannot be had."""
    call = await called(db, salon)
    later = TOMORROW + timedelta(hours=3)
    await wished(db, salon, at=TOMORROW)
    await _hold(db, salon, call, hours=3)

    with pytest.raises(ClaimTaken):
        async with db.transaction(salon.id) as tx:
            await bookings.claim_and_add(
                tx,
                parts=[
                    Part(
                        uuid4(),
                        place=Place(
                            salon.event_type,
                            (salon.host,),
                            TOMORROW,
                            (TOMORROW, TOMORROW + timedelta(minutes=30)),
                        ),
                        end_at=TOMORROW + timedelta(minutes=30),
                        staff_id=salon.host,
                        wish_id=uuid4(),
                    )
                ],
                call_id=call,
                customer_id=None,
                service_id=salon.service,
                attendee_name="Ada",
                attendee_email="ada@salon.example",
                attendee_number=None,
                attendee_language="de",
                attendee_timezone="Europe/Berlin",
                note=None,
                due_at=NOW,
                now=NOW,
            )

    async with db.single(salon.id) as tx:
        assert {claim.starts for claim in await _claims(tx, salon)} == {TOMORROW, later}


async def test_a_claim_lives_until_its_booking_comes_to_nothing(db: Database, salon: Salon) -> None:
    booking = await wished(db, salon, at=TOMORROW)

    await _settle(db, salon, booking.id, BookingState.CONFIRMED, calcom_uid="uid-1")
    with pytest.raises(ClaimTaken):
        await wished(db, salon, at=TOMORROW)
    async with db.single(salon.id) as tx:
        cancelled = await bookings.settle(
            tx,
            id=booking.id,
            state=BookingState.CANCELLED,
            calcom_uid=None,
            failure=None,
            now=NOW,
            expected=[BookingState.CONFIRMED],
        )

    assert cancelled is not None
    assert cancelled.calcom_uid == "uid-1"
    await wished(db, salon, at=TOMORROW)


async def test_settling_needs_the_state_that_was_expected(db: Database, salon: Salon) -> None:
    """The writer and a worker both bring the outcome: the second one changes nothing."""
    booking = await wished(db, salon)

    first = await _settle(db, salon, booking.id, BookingState.CONFIRMED, calcom_uid="uid-1")
    second = await _settle(db, salon, booking.id, BookingState.FAILED, failure="late")

    assert first is not None
    assert (first.state, first.due_at, first.settled_at) == (BookingState.CONFIRMED, None, NOW)
    assert second is None


async def test_what_is_queued_was_never_asked(db: Database, salon: Salon) -> None:
    booking = await wished(db, salon)
    due_at = NOW + timedelta(seconds=20)

    async with db.single(salon.id) as tx:
        queued = await bookings.settle(
            tx,
            id=booking.id,
            state=BookingState.QUEUED,
            calcom_uid=None,
            failure=None,
            due_at=due_at,
            now=NOW,
        )
        assert queued is not None
        assert (queued.asked_at, queued.due_at, queued.settled_at) == (None, due_at, None)
        assert await bookings.asking(tx, id=booking.id, now=due_at)
        asked = await bookings.get(tx, id=booking.id)
    assert asked is not None
    assert asked.asked_at == due_at


async def test_what_is_settled_is_not_put_off(db: Database, salon: Salon) -> None:
    booking = await wished(db, salon)
    await _settle(db, salon, booking.id, BookingState.CONFIRMED, calcom_uid="uid-1")

    async with db.single(salon.id) as tx:
        assert not await bookings.postpone(tx, id=booking.id, due_at=NOW)
        assert not await bookings.asking(tx, id=booking.id, now=NOW)
        settled = await bookings.get(tx, id=booking.id)
    assert settled is not None
    assert settled.due_at is None


async def test_f_044_calcoms_uid_is_borne_by_one_booking(db: Database, salon: Salon) -> None:
    """An answer about an older booking cannot pass for this one's."""
    first = await wished(db, salon, at=TOMORROW)
    second = await wished(db, salon, at=TOMORROW + timedelta(hours=1))
    await _settle(db, salon, first.id, BookingState.CONFIRMED, calcom_uid="uid-1")

    with pytest.raises(AlreadyExists, match="calcom_uid"):
        await _settle(db, salon, second.id, BookingState.CONFIRMED, calcom_uid="uid-1")


async def test_nothing_is_confirmed_without_calcoms_uid(db: Database, salon: Salon) -> None:
    booking = await wished(db, salon)

    with pytest.raises(NotInRange, match="confirmed_has_uid"):
        await _settle(db, salon, booking.id, BookingState.CONFIRMED)


async def test_two_workers_never_lease_the_same_booking(
    db: Database, worker: Database, salon: Salon, rival: Salon
) -> None:
    """Each takes due rows of any business, and sees only whose they are."""
    due = set()
    for hours in range(4):
        for business in (salon, rival):
            booking = await wished(db, business, at=TOMORROW + timedelta(hours=hours))
            due.add((booking.id, business.id))
    later = NOW + timedelta(minutes=1)

    async def lease() -> list[bookings.LeasedRow]:
        async with worker.registry() as tx:
            return await bookings.lease_due(tx, now=later, lease=timedelta(minutes=1), at_most=2)

    leased = [row for rows in await asyncio.gather(*(lease() for _ in range(6))) for row in rows]

    assert len(leased) == 8
    assert {(row.id, row.business_id) for row in leased} == due
    assert await lease() == []


async def test_a_lease_that_ran_out_is_taken_again(
    db: Database, worker: Database, salon: Salon
) -> None:
    booking = await wished(db, salon)

    async def lease(minutes: int) -> list[bookings.LeasedRow]:
        async with worker.registry() as tx:
            now = NOW + timedelta(minutes=minutes)
            return await bookings.lease_due(tx, now=now, lease=timedelta(minutes=1), at_most=9)

    assert [row.id for row in await lease(1)] == [booking.id]
    assert [row.id for row in await lease(2)] == [booking.id]
    async with db.single(salon.id) as tx:
        row = await bookings.get(tx, id=booking.id)
    assert row is not None
    assert row.attempts == 2


async def test_settled_bookings_are_never_due(db: Database, worker: Database, salon: Salon) -> None:
    booking = await wished(db, salon)
    await _settle(db, salon, booking.id, BookingState.CONFIRMED, calcom_uid="uid-1")

    async with worker.registry() as tx:
        due = await bookings.lease_due(
            tx, now=NOW + timedelta(days=365), lease=timedelta(minutes=1), at_most=9
        )
    assert due == []


async def test_bookings_are_found_by_call_and_by_number(db: Database, salon: Salon) -> None:
    call = await called(db, salon)
    failed = await wished(db, salon, call=call, at=TOMORROW)
    await _settle(db, salon, failed.id, BookingState.FAILED, failure="slot_taken")
    later = NOW + timedelta(seconds=30)
    kept = await wished(db, salon, call=call, at=TOMORROW, number="+491701234567", now=later)
    await wished(db, salon, at=TOMORROW + timedelta(hours=2), number="+491709999999")

    async with db.single(salon.id) as tx:
        of_call = await bookings.of_call(tx, call_id=call)
        upcoming = await bookings.upcoming_of_number(tx, number="+491701234567", now=NOW)
        over = await bookings.upcoming_of_number(tx, number="+491701234567", now=kept.end_at)
    assert [row.id for row in of_call] == [failed.id, kept.id]
    assert [row.id for row in upcoming] == [kept.id]
    assert over == []


async def test_a_booking_shows_neither_person_nor_secret(db: Database, salon: Salon) -> None:
    booking = await wished(db, salon, number="+491701234567")
    settled = await _settle(db, salon, booking.id, BookingState.CONFIRMED, calcom_uid="uid-1")

    shown = repr(settled)

    assert not [word for word in ("Ada", "ada@", "+4917", "uid-1") if word in shown]


async def _settle(
    db: Database,
    salon: Salon,
    booking_id: UUID,
    state: BookingState,
    *,
    calcom_uid: str | None = None,
    failure: str | None = None,
) -> bookings.BookingRow | None:
    async with db.single(salon.id) as tx:
        return await bookings.settle(
            tx,
            id=booking_id,
            state=state,
            calcom_uid=calcom_uid,
            failure=failure,
            now=NOW,
        )


async def _hold(db: Database, salon: Salon, call: UUID, *, hours: int = 0) -> None:
    start = TOMORROW + timedelta(hours=hours)
    async with db.single(salon.id) as tx:
        await claims.hold(
            tx,
            places=[
                Place(
                    salon.event_type, (salon.host,), start, (start, start + timedelta(minutes=30))
                )
            ],
            call_id=call,
            expires_at=NOW + timedelta(minutes=5),
            now=NOW,
        )


async def _claims(tx: Transaction, salon: Salon) -> list[OccupiedRow]:
    found = await occupancy.between(tx, start=NOW, end=NOW + timedelta(days=9))
    return [row for row in found if row.staff_id == salon.host and row.customer_id is None]


async def _booking_ids(db: Database, salon: Salon) -> set[UUID]:
    async with db.single(salon.id) as tx:
        return set(await tx.all("SELECT id FROM booking", into=UUID))
