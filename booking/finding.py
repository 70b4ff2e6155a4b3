"""Finding times: what Cal.com lists, within the opening hours, that nobody of ours has taken."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from booking.appointments import holder_of
from booking.availability import Availability, Free
from booking.bookings import Booking, span_of
from booking.business import Business, EventType, Line, Service
from booking.hours import days_of, local_day, within_hours
from booking.phases import asked_about, whole_slots
from booking.places import hosts_of
from booking.slots import Occupied, Slot, Span, subtract
from db import bookings, claims
from db.database import Database


class Finding:
    """Looks for free times on behalf of a call."""

    def __init__(self, database: Database, availability: Availability) -> None:
        self._db = database
        self._availability = availability

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
                except_holder=holder_of(moving) if moving else None,
            )
            own = (
                await bookings.upcoming_of_customer(tx, customer_id=customer_id, now=now)
                if customer_id
                else []
            )
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
