"""The booking desk: what is free, hold it, book it. Short phases around the network."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4, uuid5

from booking.availability import Availability, Free
from booking.bookings import Attendee, Booking, BookingState, span_of, wish_id
from booking.business import Business, EventType, Line, Service
from booking.delivery import Delivery
from booking.errors import (
    AlreadyBegun,
    AlreadyBooked,
    BeingChanged,
    ChangedMeanwhile,
    NotBookable,
    SlotTaken,
    Unchanged,
)
from booking.hours import days_of, local_day, within_hours
from booking.in_time import InTime
from booking.phases import asked_about, whole_slots
from booking.places import hosts_of, place_of, places_of
from booking.slots import Occupied, Slot, Span, subtract
from db import bookings, claims, customers, tasks
from db.bookings import Part, Stand
from db.database import Database
from db.errors import ClaimTaken, WishStands
from db.states import DEAD, CustomerOrigin, TaskKind, TaskReason
from db.transaction import Transaction

HOLD: Final = timedelta(minutes=5)
"""Between "it is free" and "yes" lie 15-40 s; a few minutes cover a caller who asks at home."""

LEASE: Final = timedelta(seconds=8)
"""A booking is born leased to its writer. Twice the deadline of a write, so that a worker takes
over only from a process that died."""

CALLBACK_WITHIN: Final = timedelta(hours=2)
"""Whoever was promised a call still waits for it then."""

_POLL_SECONDS: Final = 0.05


class Desk:
    """The use cases of booking, for every business. Built once; `now` is an argument."""

    def __init__(
        self, *, database: Database, availability: Availability, delivery: Delivery
    ) -> None:
        self._db = database
        self._availability = availability
        self._delivery = delivery
        self._in_time = InTime()

    async def find(
        self,
        business: Business,
        line: Line,
        event_types: Sequence[EventType],
        span: Span,
        *,
        call_id: UUID,
        customer_id: UUID | None,
        now: datetime,
        moving: Booking | None = None,
    ) -> Free:
        """What this call can book between two instants, earliest first.

        That is Cal.com's answer within the opening hours, without what other calls hold or are
        booking and without the times of the caller's own appointments. A booking that shall be
        moved (`moving`) is not in its own way.

        Raises:
            CalendarUnavailable: Nobody can tell.
            ServiceUnavailable: Cal.com does not know these event types.
        """
        asked = asked_about(event_types)
        free = await self._availability.free(
            business, asked, days_of(span, line.timezone), zone=line.timezone, now=now
        )
        listed = free.slots
        if moving is not None and moving.calcom_uid:
            day = local_day(moving.start_at.astimezone(line.timezone).date(), line.timezone)
            if day.overlaps(span):
                freed = await self._availability.freed_by(
                    business, asked, moving.calcom_uid, day, zone=line.timezone
                )
                listed = [slot for slot in listed if not day.covers(slot.start)] + freed
        earliest = {
            kind.id: now + timedelta(minutes=kind.minimum_notice_minutes) for kind in event_types
        }
        in_time = [
            slot
            for slot in whole_slots(event_types, listed)
            if span.covers(slot.start) and slot.start >= earliest[slot.event_type.id]
        ]
        slots = within_hours(in_time, line)
        if slots:
            slots = await self._without_others(
                business, slots, call_id=call_id, customer_id=customer_id, moving=moving, now=now
            )
        return Free(slots, free.in_doubt)

    async def around(
        self,
        business: Business,
        line: Line,
        service: Service,
        slot: Slot,
        *,
        call_id: UUID,
        customer_id: UUID | None,
        now: datetime,
    ) -> Free:
        """What can be booked instead of a slot that has gone: its day and the six after it."""
        day = local_day(slot.start.astimezone(line.timezone).date(), line.timezone)
        return await self.find(
            business,
            line,
            service.event_types,
            Span(max(day.start, now), day.start + timedelta(days=7)),
            call_id=call_id,
            customer_id=customer_id,
            now=now,
        )

    async def hold(
        self,
        business: Business,
        slot: Slot,
        *,
        call_id: UUID,
        now: datetime,
        moving: Booking | None = None,
    ) -> None:
        """Keep a slot for this call for a few minutes; the call's former hold ends.

        Args:
            business: Whose slot it is.
            slot: What to keep.
            call_id: For whom.
            now: When.
            moving: The booking that shall move there: it is not in its own way.

        Raises:
            SlotTaken: Another call holds that time or is booking it.
        """
        try:
            async with self._db.single(business.id) as tx:
                await claims.hold(
                    tx,
                    places=places_of(slot),
                    call_id=call_id,
                    for_booking=_holder(moving) if moving else None,
                    expires_at=now + HOLD,
                    now=now,
                )
        except ClaimTaken as error:
            raise SlotTaken(slot.start) from error

    async def release(self, business: Business, call_id: UUID) -> None:
        """Let go what a call holds, because it is over."""
        async with self._db.single(business.id) as tx:
            await claims.release_call(tx, call_id=call_id)

    async def book(
        self,
        business: Business,
        line: Line,
        *,
        call_id: UUID,
        service: Service,
        slot: Slot,
        attendee: Attendee,
        note: str | None,
        now: datetime,
        answer_by: float,
    ) -> Booking:
        """Write down the wish to book, then make it true at Cal.com.

        The row is born leased to us; a worker takes it over only if this process dies. The same
        wish again, from this call or another, is the same booking.

        Args:
            answer_by: On the event loop's clock, in seconds. What is not settled then comes back
                as it is, and a worker settles it.

        Returns:
            The booking: confirmed, awaiting its host, or not settled yet (pending or queued).

        Raises:
            SlotTaken: That time belongs to somebody else.
            AlreadyBooked: The attendee has another booking at that time.
            NotBookable: Cal.com will never take it.
            ServiceUnavailable: Cal.com does not know the event type, or refuses our key.
        """
        try:
            async with self._db.transaction(business.id) as tx:
                customer_id = attendee.customer_id or await customers.add_contact(
                    tx,
                    id=_contact_id(call_id, attendee),
                    number=attendee.number,
                    name=attendee.name,
                    name_normalised=attendee.name_normalised,
                    language=attendee.language,
                    salutation=attendee.salutation,
                    origin=CustomerOrigin.CALLER,
                    now=now,
                )
                wish = wish_id(business.id, customer_id, slot)
                await _refuse_second_appointment(tx, customer_id, slot, wish, now=now)
                added = await bookings.claim_and_add(
                    tx,
                    parts=[_part(business, customer_id, part) for part in slot.parts],
                    call_id=call_id,
                    customer_id=customer_id,
                    service_id=service.id,
                    attendee_name=attendee.name,
                    attendee_email=_contact(customer_id, business),
                    attendee_number=attendee.number,
                    attendee_language=attendee.language,
                    attendee_timezone=line.timezone.key,
                    note=note,
                    due_at=now + LEASE,
                    now=now,
                )
        except ClaimTaken as error:
            raise SlotTaken(slot.start) from error
        except WishStands as error:
            standing = await self._settled(business, error.booking_id, answer_by=answer_by)
            if standing.state in DEAD:
                raise SlotTaken(slot.start) from error
            return standing
        work = self._delivery.deliver(business, added, now=now, answer_by=answer_by)
        return await self._in_time.of(work, wish=added[0], answer_by=answer_by)

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
        if slot.event_type.phases:
            raise NotBookable("several_phases")
        if not within_hours([slot], line):
            raise NotBookable("outside_hours")
        to = Stand(slot.start, slot.end, slot.event_type.id)
        try:
            async with self._db.transaction(business.id) as tx:
                moving = await bookings.begin_move(
                    tx, id=booking_id, to=to, due_at=now + LEASE, now=now
                )
                if moving is not None:
                    if moving.customer_id:
                        await _refuse_second_appointment(
                            tx, moving.customer_id, slot, moving.wish_id, now=now
                        )
                    await claims.take(
                        tx,
                        place=place_of(slot),
                        call_id=call_id,
                        booking_id=booking_id,
                        holder=_holder(moving),
                        now=now,
                    )
        except ClaimTaken as error:
            raise SlotTaken(slot.start) from error
        if moving is None:
            return await self._moved_by_another(
                business, booking_id, slot, now=now, answer_by=answer_by
            )
        work = self._delivery.deliver(business, [moving], now=now, answer_by=answer_by)
        return await self._in_time.of(work, wish=moving, answer_by=answer_by)

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
        while True:
            async with self._db.transaction(business.id) as tx:
                doomed = await bookings.begin_cancel(
                    tx, id=booking_id, reason=reason, due_at=now + LEASE, now=now
                )
                await claims.release_call(tx, call_id=call_id)
            if doomed:
                break
            other = await self._settled(business, booking_id, answer_by=answer_by)
            if other.state is BookingState.CANCELLED:
                return other
            if other.start_at <= now:
                raise AlreadyBegun(other)
            if other.state is BookingState.CANCELLING:
                return other
            if other.state is not BookingState.CONFIRMED or _is_past(answer_by):
                raise BeingChanged(other)
        unsettled = [each for each in doomed if each.state is BookingState.CANCELLING]
        if not unsettled:
            return doomed[0]
        work = self._delivery.cancel(business, unsettled, now=now, answer_by=answer_by)
        return await self._in_time.of(work, wish=unsettled[0], answer_by=answer_by)

    async def appointments(
        self, business: Business, customer_id: UUID, span: Span, *, now: datetime
    ) -> list[Booking]:
        """What a customer is expected for within a span, next first."""
        async with self._db.single(business.id) as tx:
            own = await _appointments(tx, customer_id, now=now)
        return [booking for booking in own if span.overlaps(span_of(booking))]

    async def ask_for_callback(
        self, business: Business, *, call_id: UUID, reason: str, now: datetime
    ) -> None:
        """Leave a task that a human must call back; one per call is enough."""
        async with self._db.single(business.id) as tx:
            await tasks.add(
                tx,
                kind=TaskKind.CALLBACK,
                reason=TaskReason.ASKED,
                note=reason,
                call_id=call_id,
                due_at=now + CALLBACK_WITHIN,
                now=now,
            )

    async def _without_others(
        self,
        business: Business,
        slots: list[Slot],
        *,
        call_id: UUID,
        customer_id: UUID | None,
        moving: Booking | None,
        now: datetime,
    ) -> list[Slot]:
        """Leave out what other calls hold or book, and where the caller is expected already."""
        parts = [part for slot in slots for part in slot.parts]
        kinds = {part.event_type.id: part.event_type for part in parts}.values()
        async with self._db.single(business.id) as tx:
            claimed = await claims.overlapping(
                tx,
                staff_ids=sorted({host.id for kind in kinds for host in hosts_of(kind)}),
                event_type_ids=sorted(kind.id for kind in kinds),
                start=min(part.occupied.start for part in parts),
                end=max(part.occupied.end for part in parts),
                now=now,
                except_call=call_id,
                except_holder=_holder(moving) if moving else None,
            )
            own = await _appointments(tx, customer_id, now=now) if customer_id else []
        if not claimed and not own:
            return slots
        free = subtract(
            slots,
            [
                Occupied(
                    Span(claim.starts, claim.ends),
                    claim.staff_id,
                    claim.event_type_id,
                    claim.starts_at,
                    claim.number,
                )
                for claim in claimed
            ],
        )
        return [
            slot
            for slot in free
            if not any(
                Span(slot.start, slot.end).overlaps(span_of(other))
                for other in own
                if moving is None or other.id != moving.id
            )
        ]

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
            before = await bookings.get(tx, id=booking_id)
        wished = (slot.start, slot.event_type.id)
        if before is None:
            raise LookupError(f"there is no booking {booking_id}")
        same = (before.wished_start_at, before.wished_event_type_id) == wished
        if before.state is BookingState.MOVING and same:
            after = await self._settled(business, booking_id, answer_by=answer_by)
            if (
                after.state is BookingState.MOVING
                or (after.start_at, after.event_type_id) == wished
            ):
                return after
            raise SlotTaken(slot.start)
        if before.state in {BookingState.CANCELLED, BookingState.FAILED}:
            raise ChangedMeanwhile(before)
        if before.start_at <= now:
            raise AlreadyBegun(before)
        if (before.start_at, before.event_type_id) == wished:
            raise Unchanged(before)
        raise BeingChanged(before)

    async def _settled(self, business: Business, booking_id: UUID, *, answer_by: float) -> Booking:
        """A booking that another request is changing, once it is settled or time is up."""
        while True:
            async with self._db.single(business.id) as tx:
                booking = await bookings.get(tx, id=booking_id)
            if booking is None:
                raise LookupError(f"there is no booking {booking_id}")
            if booking.state not in _IN_FLIGHT or _is_past(answer_by):
                return booking
            await asyncio.sleep(_POLL_SECONDS)


_IN_FLIGHT: Final = frozenset({BookingState.PENDING, BookingState.MOVING, BookingState.CANCELLING})
"""States in which somebody is waiting for Cal.com right now, or has died waiting."""


def _is_past(moment: float) -> bool:
    return asyncio.get_running_loop().time() >= moment


def _holder(booking: Booking) -> UUID:
    """Whose claims a booking's are: all phases of a group share theirs."""
    return booking.group_id or booking.id


def _part(business: Business, customer_id: UUID, slot: Slot) -> Part:
    return Part(
        id=uuid4(),
        place=place_of(slot),
        end_at=slot.end,
        staff_id=slot.event_type.staff.id if slot.event_type.staff else None,
        wish_id=wish_id(business.id, customer_id, slot),
    )


def _contact_id(call_id: UUID, attendee: Attendee) -> UUID:
    """The same person named twice in one call is one customer, also behind a hidden number."""
    return uuid5(call_id, attendee.name_normalised)


def _contact(customer_id: UUID, business: Business) -> str:
    """An e-mail address of the attendee's own: Cal.com insists on one, callers rarely give one."""
    return f"{customer_id.hex}@{business.attendee_email_domain}"


async def _appointments(tx: Transaction, customer_id: UUID, *, now: datetime) -> list[Booking]:
    return await bookings.upcoming_of_customer(tx, customer_id=customer_id, now=now)


async def _refuse_second_appointment(
    tx: Transaction, customer_id: UUID, slot: Slot, wish: UUID, *, now: datetime
) -> None:
    """Nobody can be in two places: another appointment at that time is named instead."""
    wished = Span(slot.start, slot.end)
    others = [
        booking
        for booking in await _appointments(tx, customer_id, now=now)
        if booking.wish_id != wish and wished.overlaps(span_of(booking))
    ]
    if others:
        raise AlreadyBooked(others)
