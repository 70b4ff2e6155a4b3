"""The booking desk: what is free, hold it, book it. Short phases around the network."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4, uuid5

from booking.appointments import holder_of, refuse_second, settled
from booking.availability import Availability, Effect, Offered, Warming
from booking.bookings import Attendee, Booking, span_of, wish_id
from booking.business import Business, Line, Service
from booking.changing import LEASE, Changing
from booking.delivery import Delivery
from booking.errors import SlotTaken
from booking.finding import Finding
from booking.in_time import InTime
from booking.intent import written
from booking.places import place_of, places_of
from booking.reservations import Reservations
from booking.slots import Slot, Span
from booking.sync import Doubts
from booking.weighing import Weighing
from db import bookings, claims, customers, tasks
from db.bookings import Part
from db.database import Database
from db.errors import ClaimTaken, WishStands
from db.states import DEAD, CustomerOrigin, TaskKind, TaskReason

HOLD: Final = timedelta(minutes=5)
"""Between "it is free" and "yes" lie 15-40 s; a few minutes cover a caller who asks at home."""

CALLBACK_WITHIN: Final = timedelta(hours=2)
"""Of opening hours: whoever was promised a call still waits for it then."""


class Desk:
    """The use cases of booking, for every business. Built once; `now` is an argument.

    Finding times is in `booking.finding`, moving and cancelling in `booking.changing`,
    whether the house allows it in `booking.weighing`.
    """

    def __init__(
        self,
        *,
        database: Database,
        availability: Availability,
        warming: Warming,
        delivery: Delivery,
        reservations: Reservations,
        doubts: Doubts,
    ) -> None:
        self._db = database
        self._availability = availability
        self._delivery = delivery
        self._reservations = reservations
        self._in_time = InTime()
        self._changing = Changing(database, availability, delivery, self._in_time)
        finding = Finding(availability)
        self.find, self.around = finding.find, finding.around
        self.expect = warming.expect
        self.move, self.cancel = self._changing.move, self._changing.cancel
        weighing = Weighing(database)
        self.may_move, self.may_cancel = weighing.may_move, weighing.may_cancel
        self.look_into_links = doubts.look_into

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
            self._availability.offered(Offered.TAKEN_HERE)
            raise SlotTaken(slot.start) from error
        self._availability.offered(Offered.HELD)
        await self._availability.tell(business, Effect.CLAIMED, now=now)
        self._reservations.follow(business, call_id, slot.parts, now=now)

    async def release(self, business: Business, call_id: UUID, *, now: datetime) -> None:
        """Let go what a call holds, because it is over."""
        async with self._db.single(business.id) as tx:
            await claims.release_call(tx, call_id=call_id)
        await self._availability.tell(business, Effect.CLAIMED, now=now)
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
        ids = [uuid4() for _ in slot.parts]

        async def write(again: bool) -> list[Booking]:
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
                try:
                    return await bookings.claim_and_add(
                        tx,
                        parts=[
                            _part(id_, business, customer_id, part)
                            for id_, part in zip(ids, slot.parts, strict=True)
                        ],
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
                        last=True,
                    )
                except WishStands as error:
                    if not again or error.booking_id != ids[0]:
                        raise
                    return await bookings.whole(tx, id=ids[0])

        try:
            added = await written(write, answer_by=answer_by)
        except ClaimTaken as error:
            raise SlotTaken(slot.start) from error
        except WishStands as error:
            standing = await settled(self._db, business.id, error.booking_id, answer_by=answer_by)
            if standing.state in DEAD:
                raise SlotTaken(slot.start) from error
            return standing
        await self._availability.tell(business, Effect.CLAIMED, now=now)
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

    async def of_caller(
        self,
        business: Business,
        *,
        call_id: UUID,
        customer_id: UUID | None,
        number: str | None,
        spoken_of: Collection[UUID] = (),
        now: datetime,
    ) -> list[Booking]:
        """What a caller may see and change, next first.

        Args:
            business: Whose bookings.
            call_id: What was wished for in this call is the caller's, whoever that is.
            customer_id: The caller, if identified.
            number: The caller's, if everybody's bookings who use it are the caller's business.
            spoken_of: These also if they do not stand any more.
            now: When.
        """
        async with self._db.single(business.id) as tx:
            return await bookings.of_caller(
                tx,
                call_id=call_id,
                customer_id=customer_id,
                number=number,
                spoken_of=spoken_of,
                now=now,
            )

    async def ask_for_callback(
        self,
        business: Business,
        *,
        call_id: UUID,
        note: str,
        number: str | None,
        due_at: datetime,
        now: datetime,
    ) -> None:
        """Leave a task that a human must call back: one per call, which later requests complete.

        Args:
            business: Who calls back.
            call_id: Who asked.
            note: About what, for staff.
            number: E.164, if not the one that the call came from.
            due_at: By when.
            now: When.
        """
        async with self._db.single(business.id) as tx:
            await tasks.add(
                tx,
                kind=TaskKind.CALLBACK,
                reason=TaskReason.ASKED,
                note=note,
                call_id=call_id,
                recipient=number,
                due_at=due_at,
                now=now,
            )


def _part(id_: UUID, business: Business, customer_id: UUID, slot: Slot) -> Part:
    return Part(
        id=id_,
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
