"""Finding times: what Cal.com lists, within the opening hours, that nobody of ours has taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from booking.appointments import holder_of
from booking.availability import Availability
from booking.bookings import Booking
from booking.business import Business, EventType, Line, Service
from booking.errors import CalendarUnavailable, ServiceUnavailable
from booking.hours import days_of, local_day, local_day_of
from booking.listed import ListedDay, on_line
from booking.occupancy import Asker
from booking.phases import asked_about
from booking.slots import Slot, Span

_START: Final = attrgetter("start")


@dataclass(frozen=True, slots=True)
class Free:
    """Slots that a call can book. `in_doubt`: Cal.com could not be asked, this is older."""

    slots: list[Slot]
    in_doubt: bool = False


class Finding:
    """Looks for free times on behalf of a call."""

    def __init__(self, availability: Availability) -> None:
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
            ServiceUnavailable: Cal.com does not know these event types, or did not when it was
                last looked at.
        """
        event_types = _linked(event_types)
        asked = asked_about(event_types)
        days = days_of(span, line.timezone)
        answer = await self._availability.listed(business, asked, days, zone=line.timezone, now=now)
        listed = answer.listed
        if moving is not None and moving.calcom_uid:
            day = local_day_of(moving.start_at, line.timezone)
            if local_day(day, line.timezone).overlaps(span):
                freed = await self._freed(business, asked, moving.calcom_uid, day, line.timezone)
                listed = {id_: {**listed.get(id_, {}), day: freed[id_]} for id_ in freed}
        slots: list[Slot] = []
        for kind in event_types:
            earliest = max(span.start, now + timedelta(minutes=kind.minimum_notice_minutes))
            slots += [
                slot
                for day in days
                for slot in on_line(kind, line, day, listed)
                if earliest <= slot.start < span.end
            ]
        if slots:
            slots = await self._without_others(
                business,
                event_types,
                slots,
                call_id=call_id,
                customer_id=customer_id,
                moving=moving,
                now=now,
            )
        if answer.in_doubt and not slots:
            raise CalendarUnavailable("nothing is known to be free, and nobody can tell")
        return Free(sorted(slots, key=_START), answer.in_doubt)

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
        moving: Booking | None = None,
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
            moving=moving,
        )

    async def _freed(
        self,
        business: Business,
        asked: Sequence[EventType],
        calcom_uid: str,
        day: date,
        zone: ZoneInfo,
    ) -> dict[UUID, ListedDay]:
        """What would be listed on a day if a booking did not stand."""
        span = local_day(day, zone)
        slots = await self._availability.freed_by(business, asked, calcom_uid, span, zone=zone)
        return {
            kind.id: ListedDay([slot for slot in slots if slot.event_type.id == kind.id])
            for kind in asked
        }

    async def _without_others(
        self,
        business: Business,
        event_types: Sequence[EventType],
        slots: list[Slot],
        *,
        call_id: UUID,
        customer_id: UUID | None,
        moving: Booking | None,
        now: datetime,
    ) -> list[Slot]:
        """Leave out what other calls hold or book, and where the caller is expected already."""
        around = max(map(_reach, event_types))
        span = Span(min(map(_START, slots)) - around, max(map(_START, slots)) + around)
        taken = await self._availability.taken(business, span)
        return taken.free(
            slots,
            Asker(now, call_id, holder_of(moving) if moving else None),
            customer_id=customer_id,
            moving=moving.id if moving else None,
        )


def _reach(kind: EventType) -> timedelta:
    """How far from its start an appointment may take its host's time, either way."""
    kinds = [kind, *(phase.event_type for phase in kind.phases)]
    buffers = (each.before_buffer_minutes + each.after_buffer_minutes for each in kinds)
    return kind.length + timedelta(minutes=max(buffers))


def _linked(event_types: Sequence[EventType]) -> list[EventType]:
    """Those that can be booked; callers need not run into the others one by one."""
    linked = [kind for kind in event_types if kind.is_linked]
    if event_types and not linked:
        raise ServiceUnavailable("so it was found before", is_known=True)
    return linked
