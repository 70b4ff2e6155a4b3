"""Telling Cal.com of a booking: of one, or of all phases of one that stand or fall together.

The first phase speaks for the whole: its row is confirmed last, which the schema sees to.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from booking.availability import Availability
from booking.bookings import Booking, BookingState
from booking.business import Business
from booking.calendars import Calendars
from booking.delivery.courier import Courier
from booking.delivery.ledger import Ledger
from booking.delivery.pace import LATE_ARRIVAL
from booking.delivery.relocation import Relocation
from booking.delivery.seen import Seen
from booking.errors import BookingError
from db import bookings
from db.database import Database
from db.errors import DatabaseError
from db.states import DEAD
from db.transaction import Transaction

_log = logging.getLogger(__name__)

_STANDING: Final = frozenset({BookingState.CONFIRMED, BookingState.AWAITING_HOST})
_MAKING: Final = frozenset({BookingState.PENDING, BookingState.QUEUED})
_UNDO_LEASE: Final = timedelta(seconds=15)
_UNDO_SECONDS: Final = 1.5
_BACKGROUND_SECONDS: Final = 20.0


class Delivery:
    """Brings bookings to Cal.com and settles their rows."""

    def __init__(
        self, *, database: Database, calendars: Calendars, availability: Availability
    ) -> None:
        self._db = database
        self._ledger = Ledger(database, availability)
        self._courier = Courier(self._ledger, calendars)
        self._relocation = Relocation(self._ledger, calendars)

    async def deliver(
        self, business: Business, parts: Sequence[Booking], *, now: datetime, answer_by: float
    ) -> Booking:
        """Ask Cal.com for a wish that is written down, and write down what came of it.

        Args:
            business: Whose it is.
            parts: One booking as it was committed, or all phases of one, first one first.
            now: When.
            answer_by: On the event loop's clock, in seconds. What is not settled then is left to a
                worker.

        Returns:
            The booking, or the first phase for the whole, as it is now.

        Raises:
            BookingError: As `Courier.deliver` does. Of several phases none is left standing.
        """
        if len(parts) == 1:
            return await self._courier.deliver(business, parts[0], now=now, answer_by=answer_by)
        if parts[0].state is BookingState.MOVING:
            return await self._relocation.deliver(business, parts, now=now, answer_by=answer_by)
        # Together: one after the other would keep the caller waiting for as many answers.
        answers = await asyncio.gather(
            *(self._courier.ask(business, part, answer_by=answer_by) for part in parts)
        )
        made = [
            (part, answer)
            for part, answer in zip(parts, answers, strict=True)
            if isinstance(answer, Seen) and answer.state is BookingState.CONFIRMED
        ]
        if len(made) == len(parts):
            with suppress(DatabaseError):  # a uid of another row's, say: each for itself will tell
                return await self._ledger.all_stand(business, made, now=now)
        told = await asyncio.gather(
            *(
                self._courier.settle(business, part, answer, now=now)
                for part, answer in zip(parts, answers, strict=True)
            ),
            return_exceptions=True,
        )
        first = await self._conclude(business, parts[0], now=now, undo_seconds=_UNDO_SECONDS)
        for error in told:
            if isinstance(error, BaseException):
                raise error
        return first

    async def cancel(
        self, business: Business, parts: Sequence[Booking], *, now: datetime, answer_by: float
    ) -> Booking:
        """The same for cancelling; phases go in reverse order. Raises as `deliver` does."""
        told = [
            await self._courier.deliver(business, part, now=now, answer_by=answer_by)
            for part in reversed(parts)
        ]
        unsettled = next((part for part in told if part.state not in DEAD), None)
        return replace(told[-1], state=unsettled.state) if unsettled else told[-1]

    async def resume(self, business: Business, booking: Booking, *, now: datetime) -> None:
        """Settle a booking whose writer died or could not know: look, wait, then ask again.

        Called by workers, which hold the booking's lease.
        """
        if booking.group_id is None:
            await self._courier.resume(business, booking, now=now)
            return
        async with self._db.single(business.id) as tx:
            phases = await bookings.whole(tx, id=booking.group_id)
        if phases[0].state is BookingState.MOVING:
            if booking.id == phases[0].id:
                await self._relocation.resume(business, phases, now=now)
            else:  # the first one's lease is for all
                await self._ledger.look_at(business, booking, now + LATE_ARRIVAL)
            return
        if booking.state not in _MAKING:
            await self._courier.resume(business, booking, now=now)
            return
        wanted = not any(phase.state in DEAD for phase in phases)
        await self._courier.resume(business, booking, now=now, wanted=wanted)
        await self._conclude(business, phases[0], now=now, undo_seconds=_BACKGROUND_SECONDS)

    async def _conclude(
        self, business: Business, first: Booking, *, now: datetime, undo_seconds: float
    ) -> Booking:
        """All or nothing: confirm the first phase once the others stand, or take them back."""
        try:
            async with self._db.transaction(business.id) as tx:
                phases = await bookings.whole(tx, id=first.id, lock=True)
                if any(phase.state in DEAD for phase in phases):
                    doomed = await _doom(tx, phases, now=now)
                else:
                    doomed = []
                    first = await _confirm(tx, phases, now=now)
        except DatabaseError:
            _log.exception("settling_failed", extra={"booking": first.id})
            return first
        answer_by = asyncio.get_running_loop().time() + undo_seconds
        for phase in doomed:
            try:
                await self._courier.deliver(business, phase, now=now, answer_by=answer_by)
            except BookingError as error:
                _log.warning("undo_refused", extra={"booking": phase.id, "reason": str(error)})
        return first


async def _confirm(tx: Transaction, phases: Sequence[Booking], *, now: datetime) -> Booking:
    first, *others = phases
    made = first.state in _MAKING and first.calcom_uid is not None
    if not made or any(phase.state is not BookingState.CONFIRMED for phase in others):
        return first
    confirmed = await bookings.settle(
        tx, id=first.id, state=BookingState.CONFIRMED, calcom_uid=None, failure=None, now=now
    )
    return confirmed or first


async def _doom(tx: Transaction, phases: Sequence[Booking], *, now: datetime) -> list[Booking]:
    """Let what stands of a booking that cannot be had be cancelled, the last phase first."""
    doomed = [
        await bookings.settle(
            tx,
            id=phase.id,
            state=BookingState.CANCELLING,
            calcom_uid=None,
            failure="phase_refused",
            cancel_reason="another part of the appointment cannot be had",
            due_at=now + _UNDO_LEASE,
            now=now,
            expected=[phase.state],
        )
        for phase in reversed(phases)
        if phase.state in _STANDING or (phase.state in _MAKING and phase.calcom_uid is not None)
    ]
    return [phase for phase in doomed if phase is not None]
