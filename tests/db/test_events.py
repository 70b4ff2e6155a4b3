"""Domain events: recorded with the change, parcelled out, told in order."""

import json
from datetime import datetime, timedelta

import pytest

from db import bookings, events
from db.bookings import BookingRow, Stand
from db.database import Database
from db.errors import Forbidden
from db.events import EventRow, LeasedDelivery, Subscription
from db.states import BookingState, DomainEventKind
from tests.db.conftest import NOW, Salon, called, wished

LEASE = timedelta(seconds=30)
LATER = NOW + timedelta(minutes=1)
EVERYBODY = [
    Subscription("posts", frozenset(DomainEventKind)),
    Subscription("counts", {DomainEventKind.BOOKED, DomainEventKind.BOOKING_REQUESTED}),
]


async def settle(
    db: Database, booking: BookingRow, state: BookingState, *, now: datetime = NOW
) -> None:
    stands = state is BookingState.CONFIRMED
    async with db.single(booking.business_id) as tx:
        await bookings.settle(
            tx,
            id=booking.id,
            state=state,
            calcom_uid=f"uid of {booking.id}" if stands else None,
            failure=None if stands else "slot_taken",
            now=now,
            expected=list(BookingState),
        )


async def told(db: Database, booking: BookingRow) -> list[EventRow]:
    async with db.single(booking.business_id) as tx:
        return await events.of_booking(tx, booking_id=booking.id)


async def parcelled(worker: Database) -> None:
    async with worker.registry() as tx:
        while await events.parcel_out(tx, EVERYBODY, at_most=10):
            pass


async def leased(
    worker: Database, *listeners: str, now: datetime = NOW, at_most: int = 10
) -> list[LeasedDelivery]:
    async with worker.registry() as tx:
        return await events.lease_due(
            tx, listeners=listeners or ["posts"], now=now, lease=LEASE, at_most=at_most
        )


async def done(db: Database, delivery: LeasedDelivery) -> None:
    async with db.single(delivery.business_id) as tx:
        await events.delivered(tx, id=delivery.event_id, listener=delivery.listener, now=NOW)


async def test_what_happens_to_a_booking_is_recorded_with_it(db: Database, salon: Salon) -> None:
    booking = await wished(db, salon, call=await called(db, salon))
    await settle(db, booking, BookingState.CONFIRMED)
    async with db.single(salon.id) as tx:
        await bookings.begin_move(
            tx,
            id=booking.id,
            to=[
                Stand(
                    booking.start_at + timedelta(hours=1),
                    booking.end_at + timedelta(hours=1),
                    booking.event_type_id,
                )
            ],
            due_at=LATER,
            now=NOW,
        )
        await bookings.settle(
            tx,
            id=booking.id,
            state=BookingState.CONFIRMED,
            calcom_uid="moved",
            failure=None,
            stand=Stand(
                booking.start_at + timedelta(hours=1),
                booking.end_at + timedelta(hours=1),
                booking.event_type_id,
            ),
            now=NOW,
        )
        await bookings.begin_cancel(tx, id=booking.id, reason="ill", due_at=LATER, now=NOW)
        await bookings.settle(
            tx,
            id=booking.id,
            state=BookingState.CONFIRMED,
            calcom_uid=None,
            failure="refused",
            now=NOW,
        )
        await bookings.begin_cancel(tx, id=booking.id, reason="ill", due_at=LATER, now=NOW)
    await settle(db, booking, BookingState.CANCELLED)

    recorded = await told(db, booking)

    assert [event.kind for event in recorded] == [
        "BookingRequested",
        "Booked",
        "Moved",
        "ChangeFailed",
        "Cancelled",
    ]
    assert {event.call_id for event in recorded} == {booking.call_id}
    moved = recorded[2].facts
    assert datetime.fromisoformat(moved["was_start_at"]) == booking.start_at
    assert datetime.fromisoformat(moved["start_at"]) == booking.start_at + timedelta(hours=1)


async def test_a_refused_wish_is_recorded(db: Database, salon: Salon) -> None:
    booking = await wished(db, salon)
    await settle(db, booking, BookingState.FAILED)
    assert [event.kind for event in await told(db, booking)] == [
        "BookingRequested",
        "BookingFailed",
    ]


async def test_what_changes_nothing_is_no_event(db: Database, salon: Salon) -> None:
    """Also not what a worker's lease touches."""
    booking = await wished(db, salon)
    await settle(db, booking, BookingState.CONFIRMED)
    await settle(db, booking, BookingState.CONFIRMED, now=LATER)
    async with db.single(salon.id) as tx:
        await tx.run("UPDATE booking SET needs_attention = true, due_at = %(at)s", {"at": NOW})
    assert len(await told(db, booking)) == 2


async def test_an_event_is_kept_only_with_its_change(db: Database, salon: Salon) -> None:
    booking = await wished(db, salon)

    async def crash() -> None:
        async with db.transaction(salon.id) as tx:
            await bookings.settle(
                tx,
                id=booking.id,
                state=BookingState.FAILED,
                calcom_uid=None,
                failure="slot_taken",
                now=NOW,
            )
            await events.record(
                tx, kind=DomainEventKind.INCONSISTENCY_FOUND, booking_id=booking.id, now=NOW
            )
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError, match="crash"):
        await crash()
    assert len(await told(db, booking)) == 1


async def test_facts_tell_nothing_about_the_person(db: Database, salon: Salon) -> None:
    booking = await wished(db, salon, number="+491701234567")
    await settle(db, booking, BookingState.CONFIRMED)
    facts = json.dumps([dict(event.facts) for event in await told(db, booking)])
    for private in ("Ada", "Lovelace", "ada@", "+49170", "uid of"):
        assert private not in facts


@pytest.mark.parametrize(("settled_at", "unheard"), [(NOW, False), (LATER, True)])
async def test_what_is_settled_in_its_own_request_was_heard(
    db: Database, salon: Salon, settled_at: datetime, unheard: bool
) -> None:
    booking = await wished(db, salon)
    await settle(db, booking, BookingState.CONFIRMED, now=settled_at)
    assert (await told(db, booking))[-1].facts["unheard"] is unheard


async def test_what_a_worker_asked_for_again_was_not_heard(
    db: Database, worker: Database, salon: Salon
) -> None:
    """It asks and settles at one instant too, but a worker's."""
    booking = await wished(db, salon)
    async with worker.registry() as tx:
        await bookings.lease_due(tx, now=LATER, lease=LEASE, at_most=1)
    async with db.single(salon.id) as tx:
        await bookings.asking(tx, id=booking.id, now=LATER)
    await settle(db, booking, BookingState.CONFIRMED, now=LATER)
    assert (await told(db, booking))[-1].facts["unheard"] is True


async def test_the_end_of_a_call_is_recorded_once(db: Database, salon: Salon) -> None:
    call = await called(db, salon)
    async with db.single(salon.id) as tx:
        for _ in range(2):
            await tx.run("UPDATE call SET state = 'ended', ended_at = %(now)s", {"now": NOW})
        kinds = await tx.all(
            "SELECT kind FROM domain_event WHERE call_id = %(id)s", {"id": call}, into=str
        )
    assert kinds == ["CallEnded"]


async def test_events_go_to_those_who_want_them(
    db: Database, worker: Database, salon: Salon
) -> None:
    booking = await wished(db, salon)
    await settle(db, booking, BookingState.FAILED)
    await parcelled(worker)

    async with db.single(salon.id) as tx:
        listeners = await tx.all(
            "SELECT listener FROM event_delivery ORDER BY event_id, listener", into=str
        )
        assert await tx.only("SELECT count(*) FROM event_outbox", into=int) == 0
    assert listeners == ["counts", "posts", "posts"]


async def test_a_later_event_does_not_overtake_one_that_is_being_parcelled_out(
    db: Database, worker: Database, salon: Salon
) -> None:
    booking = await wished(db, salon)
    await settle(db, booking, BookingState.FAILED)
    other = await wished(db, salon, at=NOW + timedelta(days=2))

    async with worker.registry() as tx:
        assert await events.parcel_out(tx, EVERYBODY, at_most=10) == 2

    first, of_other = await leased(worker)
    assert {first.event_id, of_other.event_id} == {
        (await told(db, booking))[0].id,
        (await told(db, other))[0].id,
    }


async def test_a_listener_hears_of_a_booking_in_order(
    db: Database, worker: Database, salon: Salon
) -> None:
    booking = await wished(db, salon)
    await settle(db, booking, BookingState.CONFIRMED)
    await parcelled(worker)
    requested, booked = await told(db, booking)

    [first] = await leased(worker, "posts")
    assert first.event_id == requested.id
    assert await leased(worker, "posts") == []  # being told, by somebody
    async with db.single(salon.id) as tx:
        await events.put_off(
            tx, id=first.event_id, listener="posts", due_at=LATER, error="TimeoutError"
        )
    assert await leased(worker, "posts") == []  # put off

    [of_counts] = await leased(worker, "counts")  # who does not wait for others
    assert of_counts.event_id == requested.id

    [again] = await leased(worker, "posts", now=LATER)
    assert (again.event_id, again.attempts) == (requested.id, 2)
    await done(db, again)
    [second] = await leased(worker, "posts", now=LATER)
    assert second.event_id == booked.id


async def test_other_bookings_do_not_wait(db: Database, worker: Database, salon: Salon) -> None:
    booking = await wished(db, salon)
    other = await wished(db, salon, at=NOW + timedelta(days=2))
    await parcelled(worker)
    assert len(await leased(worker, at_most=1)) == 1

    [of_other] = await leased(worker)
    assert of_other.event_id in {
        event.id for each in (booking, other) for event in await told(db, each)
    }


async def test_what_is_given_up_holds_up_nothing(
    db: Database, worker: Database, salon: Salon
) -> None:
    booking = await wished(db, salon)
    await settle(db, booking, BookingState.CONFIRMED)
    await parcelled(worker)
    [first] = await leased(worker)
    async with db.single(salon.id) as tx:
        await events.put_off(tx, id=first.event_id, listener="posts", due_at=None, error="KeyError")

    [second] = await leased(worker)
    assert second.event_id == (await told(db, booking))[1].id


async def test_whoever_dies_leaves_its_deliveries_to_others(
    db: Database, worker: Database, salon: Salon
) -> None:
    await wished(db, salon)
    await parcelled(worker)
    [first] = await leased(worker)

    assert await leased(worker) == []
    [again] = await leased(worker, now=NOW + LEASE)
    assert again.event_id == first.event_id


async def test_told_later_by_itself_is_no_failed_attempt(
    db: Database, worker: Database, salon: Salon
) -> None:
    await wished(db, salon)
    await parcelled(worker)
    [first] = await leased(worker)
    async with db.single(salon.id) as tx:
        await events.put_off(tx, id=first.event_id, listener="posts", due_at=LATER, error=None)
    [again] = await leased(worker, now=LATER)
    assert again.attempts == first.attempts


async def test_the_worker_sees_no_facts(db: Database, worker: Database, salon: Salon) -> None:
    await wished(db, salon)
    await parcelled(worker)
    async with worker.registry() as tx:
        for forbidden in (
            "SELECT facts FROM domain_event",
            "SELECT recipient FROM task",
            "UPDATE event_delivery SET delivered_at = now()",
            "DELETE FROM event_delivery",
        ):
            with pytest.raises(Forbidden):
                await tx.run(forbidden)
