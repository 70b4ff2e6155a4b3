"""Bringing one wish to Cal.com: ask, write down what came of it; where nobody knows, look first.

A booking's row is committed before anything leaves, and carries what a later reader needs. No
transaction is open while the network is waited for.
"""

import asyncio
import logging
from collections.abc import Awaitable
from datetime import datetime
from typing import Final

from booking.bookings import Booking, BookingState, span_wished
from booking.business import Business
from booking.calendars import Calendars
from booking.delivery import pace
from booking.delivery.ledger import FOREIGN, Ledger, host_of
from booking.delivery.looking import by_uid
from booking.delivery.refusals import meaning
from booking.delivery.sagas import SAGAS, Asking, Saga
from booking.delivery.seen import Seen
from booking.errors import BookingError, ChangedMeanwhile, ServiceUnavailable, SlotTaken
from calcom.errors import (
    AlreadyCancelled,
    AlreadyRescheduled,
    AlreadySignedUp,
    CalcomError,
    NotFound,
    NotNow,
    OutcomeUnknown,
    Refused,
)
from db.bookings import Stand
from db.errors import AlreadyExists, DatabaseError, Overlaps

_log = logging.getLogger(__name__)

SETTLE_SECONDS: Final = 0.4
"""What is left of a deadline for writing down the outcome."""

BACKGROUND_SECONDS: Final = 20.0
"""Nobody waits for a worker: it may take what Cal.com takes on a bad day."""

_UNDO_SECONDS: Final = 1.5
"""For taking back at once what stands in somebody's way; else a worker does it."""

_MOST_READINGS: Final = 3
"""Before a human is asked who performs a booking."""

Answer = Seen | Refused | ServiceUnavailable | NotNow | OutcomeUnknown | None
"""What asking has come to; `None`: Cal.com has told of somebody else's booking."""

TELLING: Final = (AlreadyRescheduled, AlreadyCancelled, AlreadySignedUp, NotFound)
"""Refusals that speak of an earlier request, maybe our own."""


class Courier:
    """Brings one booking at a time to Cal.com and settles its row."""

    def __init__(self, ledger: Ledger, calendars: Calendars) -> None:
        self._ledger = ledger
        self._calendars = calendars

    async def deliver(
        self, business: Business, booking: Booking, *, now: datetime, answer_by: float
    ) -> Booking:
        """Ask Cal.com once for what the booking's state says, and write down what came of it.

        Args:
            business: Whose it is.
            booking: As it was committed: pending, queued, moving or cancelling.
            now: When.
            answer_by: On the event loop's clock, in seconds.

        Returns:
            The booking as it stands now; in a state as before, or queued, if a worker must see to
            it.

        Raises:
            SlotTaken: The time belongs to somebody else.
            NotBookable: Cal.com refuses for good.
            ServiceUnavailable: The link to Cal.com is broken.
            ChangedMeanwhile: Somebody else has moved or cancelled it.
        """
        answer = await self.ask(business, booking, answer_by=answer_by)
        return await self.settle(business, booking, answer, now=now)

    async def ask(self, business: Business, booking: Booking, *, answer_by: float) -> Answer:
        """Ask Cal.com once for what the booking's state says; nothing is written down."""
        try:
            client = await self._calendars.of(business)
            asking = Asking(client, business, booking, answer_by - SETTLE_SECONDS)
            return await SAGAS[booking.state].ask(asking)
        except (Refused, ServiceUnavailable, NotNow, OutcomeUnknown) as error:
            return error

    async def settle(
        self, business: Business, booking: Booking, answer: Answer, *, now: datetime
    ) -> Booking:
        """Write down what came of asking. Returns and raises as `deliver` does."""
        saga = SAGAS[booking.state]
        match answer:
            case Refused() | ServiceUnavailable():
                return await self._refused(saga, business, booking, answer, now=now)
            case NotNow():
                return await self._ledger.queue(business, booking, answer, now=now)
            case OutcomeUnknown():
                _log.warning("outcome_unknown", extra={"booking": booking.id, "error": str(answer)})
                await self._ledger.look_at(business, booking, now + pace.LOOK_AGAIN)
                return booking
            case None:
                return await self._foreign(saga, business, booking, now=now)
            case _:
                return await self._met(saga, business, booking, answer, now=now)

    async def resume(
        self, business: Business, booking: Booking, *, now: datetime, wanted: bool = True
    ) -> None:
        """Settle a booking whose writer died or could not know: look, wait, then ask again.

        What is not wanted any more is looked for, but not asked for again.
        """
        saga = SAGAS.get(booking.state)
        try:
            client = (await self._calendars.of(business)).in_background()
            look = saga.look(client, business, booking) if saga else by_uid(client, booking)
            there = await look
        except (CalcomError, ServiceUnavailable) as error:
            _log.info("calendar_unavailable", extra={"booking": booking.id, "error": str(error)})
            due_at = pace.next_attempt(booking, error, now=now)
            await self._ledger.look_at(business, booking, due_at, error, now=now)
            return
        if saga is None:
            await self._complete(business, booking, there, now=now)
        elif there is not None and not saga.is_open(booking, there):
            await _quietly(booking, self._met(saga, business, booking, there, now=now))
        elif booking.asked_at and now - booking.asked_at < pace.LATE_ARRIVAL:
            await self._ledger.look_at(business, booking, booking.asked_at + pace.LATE_ARRIVAL)
        elif not wanted or saga.is_too_late(booking, now):
            reason = "too_late" if wanted else "phase_refused"
            await self._ledger.close(business, booking, saga.refused, reason, now=now)
        elif await self._ledger.asking(business, booking, now=now):
            answer_by = asyncio.get_running_loop().time() + BACKGROUND_SECONDS
            again = self.deliver(business, booking, now=now, answer_by=answer_by)
            await _quietly(booking, again)

    async def _refused(
        self,
        saga: Saga,
        business: Business,
        booking: Booking,
        refusal: Refused | ServiceUnavailable,
        *,
        now: datetime,
    ) -> Booking:
        """Cal.com said no: perhaps because an earlier attempt of ours has had its way."""
        if isinstance(refusal, TELLING) or booking.attempts:
            try:
                client = await self._calendars.of(business)
                there = await saga.look(client, business, booking)
            except (CalcomError, ServiceUnavailable):
                await self._ledger.look_at(business, booking, now + pace.LOOK_AGAIN)
                return booking
            elsewhere = there is not None and there.uid != booking.calcom_uid
            if there is not None and (elsewhere or not saga.is_open(booking, there)):
                return await self._met(saga, business, booking, there, now=now)
        error, reason = meaning(booking, refusal)
        if not await self._ledger.close(business, booking, saga.refused, reason, now=now):
            return booking
        raise error from refusal

    async def _met(
        self, saga: Saga, business: Business, booking: Booking, there: Seen, *, now: datetime
    ) -> Booking:
        """Write down what stands at Cal.com, whether it is what was wished or not."""
        try:
            after = await self._ledger.stands(business, booking, there, now=now)
        except Overlaps:
            return await self._take_back(business, booking, there, now=now)
        except AlreadyExists:
            return await self._foreign(saga, business, booking, now=now)
        except DatabaseError:
            # It stands at Cal.com but not here: told as a request, settled by a worker who looks.
            _log.exception("settling_failed", extra={"booking": booking.id})
            return booking
        if saga.is_met(booking, there):
            return after
        raise ChangedMeanwhile(after)

    async def _take_back(
        self, business: Business, booking: Booking, there: Seen, *, now: datetime
    ) -> Booking:
        """Cal.com let two bookings of ours race for one host: the later one here goes again."""
        _log.error("host_taken_twice", extra={"booking": booking.id})
        try:
            after = await self._ledger.take_back(business, booking, there, now=now)
        except DatabaseError:
            _log.exception("settling_failed", extra={"booking": booking.id})
            return booking
        if after.state is not BookingState.CANCELLING:
            return after
        answer_by = asyncio.get_running_loop().time() + _UNDO_SECONDS
        await _quietly(after, self.deliver(business, after, now=now, answer_by=answer_by))
        raise SlotTaken(booking.start_at)

    async def _foreign(
        self, saga: Saga, business: Business, booking: Booking, *, now: datetime
    ) -> Booking:
        """The answer is about somebody else's booking: not ours to adopt, so the time is taken."""
        _log.error("foreign_booking_in_answer", extra={"booking": booking.id})
        if not await self._ledger.close(business, booking, saga.refused, FOREIGN, now=now):
            return booking
        raise SlotTaken(span_wished(booking).start)

    async def _complete(
        self, business: Business, booking: Booking, there: Seen | None, *, now: datetime
    ) -> None:
        """Read back a booking that stands, for who performs it; at last a human must find out."""
        stand = Stand(booking.start_at, booking.end_at, booking.event_type_id)
        known = booking.staff_id or (there and host_of(business, there, stand))
        if there is not None and known:
            try:
                await self._ledger.stands(business, booking, there, now=now)
            except Overlaps:
                await self._ledger.take_back(business, booking, there, now=now)
        elif booking.state is BookingState.CONFIRMED and booking.attempts < _MOST_READINGS:
            due_at = pace.next_attempt(booking, now=now)
            await self._ledger.look_at(business, booking, due_at)
        else:
            await self._ledger.leave(business, booking, now=now)


async def _quietly(booking: Booking, work: Awaitable[Booking]) -> None:
    """For whom nobody waits: what became of it is in its row."""
    try:
        await work
    except BookingError as error:
        _log.info("wish_not_met", extra={"booking": booking.id, "reason": str(error)})
