"""The booking desk: what is free, hold it, book it. Short phases around the network."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4, uuid5

from booking.appointments import holder_of, refuse_second, settled
from booking.availability import Availability
from booking.bookings import Attendee, Booking, span_of, wish_id
from booking.business import Business, Line, Service
from booking.changing import LEASE, Changing
from booking.delivery import Delivery
from booking.errors import SlotTaken
from booking.finding import Finding
from booking.in_time import InTime
from booking.places import place_of, places_of
from booking.reservations import Reservations
from booking.slots import Slot, Span
from db import bookings, claims, customers, tasks
from db.bookings import Part
from db.database import Database
from db.errors import ClaimTaken, WishStands
from db.states import DEAD, CustomerOrigin, TaskKind, TaskReason

HOLD: Final = timedelta(minutes=5)
"""Between "it is free" and "yes" lie 15-40 s; a few minutes cover a caller who asks at home."""

CALLBACK_WITHIN: Final = timedelta(hours=2)
"""Whoever was promised a call still waits for it then."""


class Desk:
    """The use cases of booking, for every business. Built once; `now` is an argument.

    Finding times is in `booking.finding`, moving and cancelling in `booking.changing`.
    """

    def __init__(
        self,
        *,
        database: Database,
        availability: Availability,
        delivery: Delivery,
        reservations: Reservations,
    ) -> None:
        self._db = database
        self._delivery = delivery
        self._reservations = reservations
        self._in_time = InTime()
        self._changing = Changing(database, delivery, self._in_time)
        finding = Finding(database, availability)
        self.find, self.around = finding.find, finding.around
        self.move, self.cancel = self._changing.move, self._changing.cancel

    async def aclose(self) -> None:
        """Let bookings end whose callers have been answered already."""
        await self._in_time.aclose()

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
                    for_booking=holder_of(moving) if moving else None,
                    expires_at=now + HOLD,
                    now=now,
                )
        except ClaimTaken as error:
            raise SlotTaken(slot.start) from error
        self._reservations.follow(business, call_id, slot.parts, now=now)

    async def release(self, business: Business, call_id: UUID, *, now: datetime) -> None:
        """Let go what a call holds, because it is over."""
        async with self._db.single(business.id) as tx:
            await claims.release_call(tx, call_id=call_id)
        self._reservations.follow(business, call_id, now=now)

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
                await refuse_second(tx, customer_id, slot, wish=wish, now=now)
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
            standing = await settled(self._db, business.id, error.booking_id, answer_by=answer_by)
            if standing.state in DEAD:
                raise SlotTaken(slot.start) from error
            return standing
        self._reservations.follow(business, call_id, now=now)
        work = self._delivery.deliver(business, added, now=now, answer_by=answer_by)
        return await self._in_time.of(work, wish=added[0], answer_by=answer_by)

    async def appointments(
        self, business: Business, customer_id: UUID, span: Span, *, now: datetime
    ) -> list[Booking]:
        """What a customer is expected for within a span, next first."""
        async with self._db.single(business.id) as tx:
            own = await bookings.upcoming_of_customer(tx, customer_id=customer_id, now=now)
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
