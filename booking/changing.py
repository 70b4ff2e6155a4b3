"""Moving and cancelling: one change of a booking at a time, and until it is settled it stands."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from booking.appointments import POLL_SECONDS, holder_of, is_past, refuse_second, settled
from booking.availability import Availability, Effect
from booking.bookings import Booking, BookingState
from booking.business import Business, Line
from booking.delivery import Delivery
from booking.errors import (
    AlreadyBegun,
    BeingChanged,
    ChangedMeanwhile,
    NotBookable,
    SlotTaken,
    Unchanged,
)
from booking.hours import within_hours
from booking.in_time import InTime
from booking.intent import written
from booking.places import place_of
from booking.slots import Slot
from db import bookings, claims
from db.bookings import Stand
from db.database import Database
from db.errors import ClaimTaken
from db.states import DEAD
from db.transaction import Transaction

LEASE: Final = timedelta(seconds=8)
"""A wish is born leased to its writer. Twice the deadline of a write, so that a worker takes over
only from a process that died."""


class Changing:
    """Changes bookings that stand."""

    def __init__(
        self,
        database: Database,
        availability: Availability,
        delivery: Delivery,
        in_time: InTime,
    ) -> None:
        self._db = database
        self._availability = availability
        self._delivery = delivery
        self._in_time = in_time

    async def move(
        self,
        business: Business,
        line: Line,
        *,
        call_id: UUID,
        booking_id: UUID,
        slot: Slot,
        now: datetime,
        answer_by: float,
    ) -> Booking:
        """Write down the wish to move, claim the new time, then make it true at Cal.com.

        The booking keeps its id. Until Cal.com has agreed it stands where it stood, and both times
        are claimed. Of several changes at once one begins; the same wish shares its outcome.

        Returns:
            The booking: where it was wished, awaiting its host there, or still moving.

        Raises:
            Unchanged: It stands there already; nothing was asked.
            SlotTaken: That time belongs to somebody else; the booking stands where it stood.
            AlreadyBooked: The attendee has another booking at that time.
            AlreadyBegun: It has begun or is over.
            BeingChanged: Another change of it is not settled yet.
            ChangedMeanwhile: It was moved elsewhere or cancelled.
            NotBookable: Cal.com will never take it.
            ServiceUnavailable: The link to Cal.com is broken.
        """
        if not within_hours([slot], line):
            raise NotBookable("outside_hours")
        to = [Stand(part.start, part.end, part.event_type.id) for part in slot.parts]

        async def write(again: bool) -> list[Booking]:
            async with self._db.transaction(business.id) as tx:
                moving = await bookings.begin_move(
                    tx, id=booking_id, to=to, due_at=now + LEASE, now=now
                )
                if moving:
                    await _claim(tx, business, moving, slot, call_id=call_id, now=now)
                elif again:
                    moving = _own(await bookings.whole(tx, id=booking_id), now, to=to)
                return moving

        try:
            moving = await written(write, answer_by=answer_by)
        except ClaimTaken as error:
            raise SlotTaken(slot.start) from error
        if not moving:
            return await self._moved_by_another(
                business, booking_id, slot, now=now, answer_by=answer_by
            )
        await self._availability.tell(business, Effect.CLAIMED, now=now)
        work = self._delivery.deliver(business, moving, now=now, answer_by=answer_by)
        return await self._in_time.of(work, wish=moving[0], answer_by=answer_by)

    async def cancel(
        self,
        business: Business,
        *,
        call_id: UUID,
        booking_id: UUID,
        reason: str,
        now: datetime,
        answer_by: float,
    ) -> Booking:
        """Write down the wish to cancel, then make it true at Cal.com. Twice is once.

        What is being moved is cancelled where the move has led it.

        Args:
            business: Whose booking it is.
            call_id: Whose holds end.
            booking_id: Ours.
            reason: For the host; Cal.com insists on one.
            now: When.
            answer_by: On the event loop's clock, in seconds.

        Returns:
            The booking: cancelled, or still being cancelled.

        Raises:
            AlreadyBegun: It has begun or is over.
            BeingChanged: It is still being made or moved.
            NotBookable: Cal.com refuses.
            ServiceUnavailable: The link to Cal.com is broken.
        """

        async def write(again: bool) -> list[Booking]:
            async with self._db.transaction(business.id) as tx:
                doomed = await bookings.begin_cancel(
                    tx, id=booking_id, reason=reason, due_at=now + LEASE, now=now
                )
                if again and not doomed:
                    doomed = _own(await bookings.whole(tx, id=booking_id), now, reason=reason)
                await claims.release_call(tx, call_id=call_id)
                return doomed

        while True:
            if doomed := await written(write, answer_by=answer_by):
                break
            other = await settled(self._db, business.id, booking_id, answer_by=answer_by)
            if other.state in DEAD:
                return other
            if other.start_at <= now:
                raise AlreadyBegun(other)
            if other.state is BookingState.CANCELLING:
                return other
            if other.state is not BookingState.CONFIRMED or is_past(answer_by):
                raise BeingChanged(other)
            await asyncio.sleep(POLL_SECONDS)  # a move has just ended, or a phase is still going
        await self._availability.tell(business, Effect.CLAIMED, now=now)
        unsettled = [each for each in doomed if each.state is BookingState.CANCELLING]
        if not unsettled:
            return doomed[0]
        work = self._delivery.cancel(business, unsettled, now=now, answer_by=answer_by)
        return await self._in_time.of(work, wish=unsettled[0], answer_by=answer_by)

    async def _moved_by_another(
        self,
        business: Business,
        booking_id: UUID,
        slot: Slot,
        *,
        now: datetime,
        answer_by: float,
    ) -> Booking:
        """What a move comes to that could not begin, because of another change or none at all."""
        async with self._db.single(business.id) as tx:
            whole = await bookings.whole(tx, id=booking_id)
        before = next((row for row in whole if row.id == booking_id), None)
        wished = (slot.start, slot.event_type.id)
        if before is None:
            raise LookupError(f"there is no booking {booking_id}")
        same = (before.wished_start_at, before.wished_event_type_id) == wished
        if before.state is BookingState.MOVING and same:
            after = await settled(self._db, business.id, booking_id, answer_by=answer_by)
            if (
                after.state is BookingState.MOVING
                or (after.start_at, after.event_type_id) == wished
            ):
                return after
            raise SlotTaken(slot.start)
        if before.state in DEAD:
            raise ChangedMeanwhile(before)
        if before.start_at <= now:
            raise AlreadyBegun(before)
        if (before.start_at, before.event_type_id) == wished:
            raise Unchanged(before)
        if sum(row.state not in DEAD for row in whole) != len(slot.parts):
            raise NotBookable("not_whole")  # a phase was cancelled: a human must put it together
        raise BeingChanged(before)


async def _claim(
    tx: Transaction,
    business: Business,
    moving: Sequence[Booking],
    slot: Slot,
    *,
    call_id: UUID,
    now: datetime,
) -> None:
    """Claim where a booking shall move to, if nothing speaks against it."""
    first = moving[0]
    _refuse_another_service(business, first, slot)
    if first.customer_id:
        await refuse_second(tx, first.customer_id, slot, wish=first.wish_id, now=now)
    places = {
        booking.id: place_of(part)
        for booking, part in zip(moving, slot.parts, strict=True)
        if (booking.start_at, booking.event_type_id) != (part.start, part.event_type.id)
    }
    await claims.take(tx, places=places, call_id=call_id, holder=holder_of(first), now=now)


def _own(
    rows: Sequence[Booking],
    now: datetime,
    *,
    to: Sequence[Stand] | None = None,
    reason: str | None = None,
) -> list[Booking]:
    """What an earlier transaction of the same request has begun, if its commit was only unheard."""
    state = BookingState.MOVING if to else BookingState.CANCELLING
    own = [row for row in rows if row.state is state and row.asked_at == now]
    wished = [(row.wished_start_at, row.wished_event_type_id) for row in own]
    if to and wished != [(stand.start, stand.event_type_id) for stand in to]:
        return []
    return [row for row in own if to or row.cancel_reason == reason]


def _refuse_another_service(business: Business, booking: Booking, slot: Slot) -> None:
    """What is moved stays what it is; another service is another booking."""
    services = [service for service in business.services if service.id == booking.service_id]
    if not any(slot.event_type in service.event_types for service in services):
        raise NotBookable("another_service")
