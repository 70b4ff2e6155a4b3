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
from booking.errors import AlreadyBooked, ServiceUnavailable, SlotTaken
from booking.hours import days_of, local_day, within_hours
from booking.slots import Slot, Span, subtract
from db import bookings, claims, customers, flags
from db.database import Database
from db.errors import ClaimTaken, WishStands
from db.states import CustomerOrigin, Severity
from db.transaction import Transaction

HOLD: Final = timedelta(minutes=5)
"""Between "it is free" and "yes" lie 15-40 s; a few minutes cover a caller who asks at home."""

LEASE: Final = timedelta(seconds=8)
"""A booking is born leased to its writer. Twice the deadline of a write, so that a worker takes
over only from a process that died."""

_POLL_SECONDS: Final = 0.05


class Desk:
    """The use cases of booking, for every business. Built once; `now` is an argument."""

    def __init__(
        self, *, database: Database, availability: Availability, delivery: Delivery
    ) -> None:
        self._db = database
        self._availability = availability
        self._delivery = delivery

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
    ) -> Free:
        """What this call can book between two instants, earliest first.

        That is Cal.com's answer within the opening hours, without what other calls hold or are
        booking and without the times of the caller's own appointments.

        Raises:
            CalendarUnavailable: Nobody can tell.
            ServiceUnavailable: Cal.com does not know these event types.
        """
        free = await self._availability.free(
            business, event_types, days_of(span, line.timezone), zone=line.timezone, now=now
        )
        earliest = {
            kind.id: now + timedelta(minutes=kind.minimum_notice_minutes) for kind in event_types
        }
        in_time = [
            slot
            for slot in free.slots
            if span.covers(slot.start) and slot.start >= earliest[slot.event_type.id]
        ]
        slots = within_hours(in_time, line)
        if slots:
            slots = await self._without_others(
                business, slots, call_id=call_id, customer_id=customer_id, now=now
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

    async def hold(self, business: Business, slot: Slot, *, call_id: UUID, now: datetime) -> None:
        """Keep a slot for this call for a few minutes; the call's former hold ends.

        Raises:
            SlotTaken: Another call holds that time or is booking it.
        """
        async with self._db.transaction(business.id) as tx:
            try:
                await claims.hold(
                    tx,
                    id=uuid4(),
                    call_id=call_id,
                    staff_id=_host(slot),
                    event_type_id=slot.event_type.id,
                    starts_at=slot.start,
                    during=(slot.occupied.start, slot.occupied.end),
                    expires_at=now + HOLD,
                    now=now,
                )
            except ClaimTaken as error:
                raise SlotTaken(slot.start) from error

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
                booking = await bookings.claim_and_add(
                    tx,
                    id=uuid4(),
                    call_id=call_id,
                    customer_id=customer_id,
                    service_id=service.id,
                    event_type_id=slot.event_type.id,
                    staff_id=_host(slot),
                    start_at=slot.start,
                    end_at=slot.end,
                    during=(slot.occupied.start, slot.occupied.end),
                    attendee_name=attendee.name,
                    attendee_email=_contact(customer_id, business),
                    attendee_number=attendee.number,
                    attendee_language=attendee.language,
                    attendee_timezone=line.timezone.key,
                    note=note,
                    wish_id=wish,
                    due_at=now + LEASE,
                    now=now,
                )
        except ClaimTaken as error:
            raise SlotTaken(slot.start) from error
        except WishStands as error:
            return await self._settled(business, error.booking_id, answer_by=answer_by)
        return await self._delivery.create(business, booking, now=now, answer_by=answer_by)

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
        """Leave a note that a human must call back; once per call."""
        async with self._db.transaction(business.id) as tx:
            await flags.raise_flag(
                tx,
                id=uuid4(),
                call_id=call_id,
                booking_id=None,
                kind="callback",
                severity=Severity.WARNING,
                note=reason,
                now=now,
            )

    async def _without_others(
        self,
        business: Business,
        slots: list[Slot],
        *,
        call_id: UUID,
        customer_id: UUID | None,
        now: datetime,
    ) -> list[Slot]:
        """Leave out what other calls hold or book, and where the caller is expected already."""
        longest = max(slot.event_type.length for slot in slots)
        whole = Span(slots[0].start, slots[-1].start + longest)
        hosts = {slot.event_type.staff.id for slot in slots if slot.event_type.staff}
        async with self._db.single(business.id) as tx:
            claimed = await claims.overlapping(
                tx,
                staff_ids=sorted(hosts),
                start=whole.start,
                end=whole.end,
                now=now,
                except_call=call_id,
            )
            own = await _appointments(tx, customer_id, now=now) if customer_id else []
        if not claimed and not own:
            return slots
        free = subtract(
            slots, [(claim.staff_id, Span(claim.starts, claim.ends)) for claim in claimed]
        )
        return [
            slot
            for slot in free
            if not any(Span(slot.start, slot.end).overlaps(span_of(other)) for other in own)
        ]

    async def _settled(self, business: Business, booking_id: UUID, *, answer_by: float) -> Booking:
        """A booking that another request is making right now, once it is settled or time is up."""
        loop = asyncio.get_running_loop()
        while True:
            async with self._db.single(business.id) as tx:
                booking = await bookings.get(tx, id=booking_id)
            if booking is None:
                raise LookupError(f"booking {booking_id} is gone")
            if booking.state is BookingState.FAILED:
                raise SlotTaken(booking.start_at)
            if booking.state is not BookingState.PENDING or loop.time() >= answer_by:
                return booking
            await asyncio.sleep(_POLL_SECONDS)


def _host(slot: Slot) -> UUID:
    if slot.event_type.staff is None:
        raise ServiceUnavailable("event types without a fixed host cannot be claimed yet")
    return slot.event_type.staff.id


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
