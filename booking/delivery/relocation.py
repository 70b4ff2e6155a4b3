"""Moving a booking of several phases: all of them or none, and until then it stands where it stood.

Cal.com moves one booking at a time. The phases go one after the other, so that none is in another's
way: the last one first where the appointment gets later, the first one first where it gets earlier.
Where one is refused, those that have moved go back the same way. That the way leads back is written
down before the first step of it, so whoever takes over goes the same way.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from booking.bookings import Booking, BookingState, span_wished
from booking.business import Business
from booking.calendars import Calendars
from booking.delivery import pace
from booking.delivery.courier import BACKGROUND_SECONDS, SETTLE_SECONDS, TELLING
from booking.delivery.ledger import FOREIGN, Ledger
from booking.delivery.refusals import meaning
from booking.delivery.sagas import MOVE, Asking
from booking.delivery.seen import Seen
from booking.errors import BookingError, ChangedMeanwhile, ServiceUnavailable, SlotTaken
from calcom.client import Client
from calcom.errors import CalcomError, NotNow, Refused
from db.errors import DatabaseError
from db.states import FlagKind

_log = logging.getLogger(__name__)

_BEHIND_SECONDS: Final = 2.0
"""For the rest of the way when its caller has been answered: less than the lease leaves."""


class _NoWay(Exception):
    """A phase cannot go where it shall. `error` is for the caller, `reason` for the record."""

    def __init__(self, error: BookingError, reason: str) -> None:
        super().__init__(reason)
        self.error = error
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Trip:
    """All phases of a booking on their way."""

    phases: Sequence[Booking]
    """As they are written down, first one first."""
    reached: dict[UUID, Seen] = field(default_factory=dict[UUID, Seen])
    """Who stands where it shall."""

    @property
    def first(self) -> Booking:
        return self.phases[0]

    @property
    def back(self) -> str | None:
        """Why the way leads back, if it does."""
        return self.first.failure

    def legs(self) -> list[Booking]:
        """Who has somewhere to go, in this order, each as a booking that moves to where it wishes.

        On the way back that is where it stood: there and back are the same thing.
        """
        legs = [
            _reversed(phase) if self.back else phase for phase in self.phases if _has_wish(phase)
        ]
        later = any(leg.start_at < span_wished(leg).start for leg in legs)
        return sorted(legs, key=lambda leg: leg.start_at, reverse=later)

    def left(self) -> list[Booking]:
        return [leg for leg in self.legs() if leg.id not in self.reached]


class Relocation:
    """Moves bookings of several phases and settles their rows."""

    def __init__(self, ledger: Ledger, calendars: Calendars) -> None:
        self._ledger = ledger
        self._calendars = calendars

    async def deliver(
        self, business: Business, phases: Sequence[Booking], *, now: datetime, answer_by: float
    ) -> Booking:
        """Move all phases, or none.

        Args:
            business: Whose they are.
            phases: As they were committed, first one first.
            now: When.
            answer_by: On the event loop's clock, in seconds; the way is gone a little further.

        Returns:
            The first phase as it is now; moving, if a worker must see to it.

        Raises:
            BookingError: As `Courier.deliver` does. All stand where they stood, or will soon.
        """
        until = answer_by - SETTLE_SECONDS + _BEHIND_SECONDS
        return await self._go(business, _Trip(phases), now=now, until=until)

    async def resume(self, business: Business, phases: Sequence[Booking], *, now: datetime) -> None:
        """Find out how far they have come, and go on. The first one's lease is for all."""
        trip, first = _Trip(phases), phases[0]
        try:
            client = (await self._calendars.of(business)).in_background()
            found = {leg.id: await MOVE.look(client, business, leg) for leg in trip.legs()}
        except (CalcomError, ServiceUnavailable) as error:
            _log.info("calendar_unavailable", extra={"booking": first.id, "error": str(error)})
            due_at = pace.next_attempt(first, error, now=now)
            await self._ledger.look_at(business, first, due_at, error, now=now)
            return
        legs = {leg.id: leg for leg in trip.legs()}
        seen = {id_: there for id_, there in found.items() if there is not None}
        trip.reached.update(
            {id_: there for id_, there in seen.items() if MOVE.is_met(legs[id_], there)}
        )
        strays = [
            leg for leg in trip.left() if leg.id not in seen or not MOVE.is_open(leg, seen[leg.id])
        ]
        try:
            if not trip.left():
                await self._arrive(business, trip, now=now)
            elif first.asked_at and now - first.asked_at < pace.LATE_ARRIVAL:
                await self._ledger.look_at(business, first, first.asked_at + pace.LATE_ARRIVAL)
            elif strays:
                await self._leave(business, trip, {**seen, **trip.reached}, now=now)
            elif await self._ledger.asking(business, first, now=now):
                until = asyncio.get_running_loop().time() + BACKGROUND_SECONDS
                if trip.back is None and any(MOVE.is_too_late(leg, now) for leg in trip.left()):
                    await self._turn_back(business, trip, "too_late", now=now, until=until)
                else:
                    await self._go(business, trip, now=now, until=until)
        except BookingError as error:
            _log.info("wish_not_met", extra={"booking": first.id, "reason": str(error)})

    async def _go(self, business: Business, trip: _Trip, *, now: datetime, until: float) -> Booking:
        first = trip.first
        try:
            client = await self._calendars.of(business)
            for leg in trip.left():
                trip.reached[leg.id] = await self._step(client, business, leg, until)
        except NotNow as error:
            due_at = pace.next_attempt(first, error, now=now)
            not_asked = not trip.reached and not first.attempts
            await self._ledger.look_at(business, first, due_at, error, now=now, not_asked=not_asked)
            return first
        except ServiceUnavailable as error:
            return await self._refused(
                business, trip, _NoWay(error, "link_broken"), now=now, until=until
            )
        except _NoWay as refusal:
            return await self._refused(business, trip, refusal, now=now, until=until)
        except CalcomError as error:
            _log.warning("outcome_unknown", extra={"booking": first.id, "error": str(error)})
            await self._ledger.look_at(business, first, now + pace.LOOK_AGAIN)
            return first
        return await self._arrive(business, trip, now=now)

    async def _step(self, client: Client, business: Business, leg: Booking, until: float) -> Seen:
        """Move one phase.

        Raises:
            _NoWay: It cannot be moved.
            CalcomError: Nobody knows yet.
        """
        try:
            there = await MOVE.ask(Asking(client, business, leg, until))
        except (Refused, ServiceUnavailable) as refusal:
            if isinstance(refusal, TELLING) or leg.attempts:
                there = await MOVE.look(client, business, leg)
                if there is not None and MOVE.is_met(leg, there):
                    return there
            raise _NoWay(*meaning(leg, refusal)) from refusal
        if there is None:
            _log.error("foreign_booking_in_answer", extra={"booking": leg.id})
            raise _NoWay(SlotTaken(span_wished(leg).start), FOREIGN)
        return there

    async def _refused(
        self, business: Business, trip: _Trip, refusal: _NoWay, *, now: datetime, until: float
    ) -> Booking:
        if trip.back:
            return await self._strand(business, trip, now=now)
        if not await self._turn_back(business, trip, refusal.reason, now=now, until=until):
            return trip.first
        raise refusal.error from refusal

    async def _turn_back(
        self, business: Business, trip: _Trip, reason: str, *, now: datetime, until: float
    ) -> bool:
        """Let those go back that have moved; false if not even that could be written down.

        Raises:
            ChangedMeanwhile: They cannot go back.
        """
        moved = {id_: there.uid for id_, there in trip.reached.items()}
        try:
            if not moved:
                alarm = FlagKind.WISH_NOT_MET if trip.first.attempts else None
                await self._ledger.arrived(
                    business, trip.phases, {}, failure=reason, alarm=alarm, now=now
                )
                return True
            back = await self._ledger.turn_back(business, trip.first, moved, reason, now)
        except DatabaseError:
            _log.exception("settling_failed", extra={"booking": trip.first.id})
            return False
        if back:
            await self._go(business, _Trip(back), now=now, until=until)
        return True

    async def _arrive(self, business: Business, trip: _Trip, *, now: datetime) -> Booking:
        """All are where they shall be."""
        first, reached = trip.first, trip.reached
        alarm = FlagKind.WISH_NOT_MET if trip.back and first.attempts else None
        try:
            return await self._ledger.arrived(
                business,
                trip.phases,
                reached,
                failure=trip.back,
                home=trip.back is not None,
                alarm=alarm,
                now=now,
            )
        except DatabaseError:
            # They stand there at Cal.com but not here: settled by a worker who looks.
            _log.exception("settling_failed", extra={"booking": first.id})
            return first

    async def _strand(self, business: Business, trip: _Trip, *, now: datetime) -> Booking:
        """Somebody else has taken the time to which they should go back."""
        known = dict(trip.reached)
        try:
            client = await self._calendars.of(business)
            for leg in trip.left():
                if there := await MOVE.look(client, business, leg):
                    known[leg.id] = there
        except (CalcomError, ServiceUnavailable):
            await self._ledger.look_at(business, trip.first, now + pace.LOOK_AGAIN)
            return trip.first
        raise await self._leave(business, trip, known, now=now)

    async def _leave(
        self, business: Business, trip: _Trip, known: Mapping[UUID, Seen], *, now: datetime
    ) -> ChangedMeanwhile:
        """Somebody else has moved or cancelled a phase, or has taken its time: ask a human."""
        _log.error("phases_torn", extra={"booking": trip.first.id})
        after = await self._ledger.arrived(
            business, trip.phases, known, failure=trip.back or "torn", alarm=FlagKind.TORN, now=now
        )
        return ChangedMeanwhile(after)


def _has_wish(phase: Booking) -> bool:
    wished = (phase.wished_start_at, phase.wished_event_type_id)
    return phase.state is BookingState.MOVING and wished != (phase.start_at, phase.event_type_id)


def _reversed(phase: Booking) -> Booking:
    """The way back: from where it was wished to where it stood."""
    wished = span_wished(phase)
    return replace(
        phase,
        start_at=wished.start,
        end_at=wished.end,
        event_type_id=phase.wished_event_type_id or phase.event_type_id,
        wished_start_at=phase.start_at,
        wished_end_at=phase.end_at,
        wished_event_type_id=phase.event_type_id,
    )
