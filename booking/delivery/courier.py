"""Bringing wishes to Cal.com: ask, write down what came of it; where nobody knows, look first.

A booking's row is committed before anything leaves, and carries what a later reader needs. No
transaction is open while the network is waited for.
"""

import asyncio
import logging
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from booking.availability import Availability
from booking.bookings import Booking, BookingState, span_of, span_wished, wish_id
from booking.business import Business, EventTypeKind
from booking.calendars import Calendars
from booking.delivery import pace
from booking.delivery.looking import by_uid, event_type
from booking.delivery.sagas import SAGAS, Asking, Saga
from booking.delivery.seen import Seen
from booking.errors import (
    BookingError,
    ChangedMeanwhile,
    NotBookable,
    ServiceUnavailable,
    SlotTaken,
)
from booking.places import place_of
from booking.slots import Slot
from calcom.errors import (
    AlreadyCancelled,
    AlreadyRescheduled,
    AlreadySignedUp,
    BookingLimitReached,
    CalcomError,
    NotFound,
    NotNow,
    OutcomeUnknown,
    RateLimited,
    Refused,
    SlotUnavailable,
    Unauthorised,
)
from db import bookings, claims, flags
from db.bookings import Stand
from db.database import Database
from db.errors import AlreadyExists, ClaimTaken, DatabaseError, Overlaps
from db.states import Severity
from db.transaction import Transaction

_log = logging.getLogger(__name__)

_SETTLE_SECONDS: Final = 0.4
"""What is left of a deadline for writing down the outcome."""

_BACKGROUND_SECONDS: Final = 20.0
"""Nobody waits for a worker: it may take what Cal.com takes on a bad day."""

_UNDO_SECONDS: Final = 1.5
"""For taking back at once what stands in somebody's way; else a worker does it."""

_TELLING: Final = (AlreadyRescheduled, AlreadyCancelled, AlreadySignedUp, NotFound)
"""Refusals that speak of an earlier request, maybe our own."""


class Courier:
    """Brings one booking at a time to Cal.com and settles its row."""

    def __init__(
        self, *, database: Database, calendars: Calendars, availability: Availability
    ) -> None:
        self._db = database
        self._calendars = calendars
        self._availability = availability

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
        saga = SAGAS[booking.state]
        try:
            client = await self._calendars.of(business)
            asking = Asking(client, business, booking, answer_by - _SETTLE_SECONDS)
            there = await saga.ask(asking)
        except (Refused, ServiceUnavailable) as refusal:
            return await self._refused(saga, business, booking, refusal, now=now)
        except NotNow as error:
            return await self._put_off(business, booking, error, now=now)
        except OutcomeUnknown as error:
            _log.warning("outcome_unknown", extra={"booking": booking.id, "error": str(error)})
            await self._look_at(business, booking, now + pace.LOOK_AGAIN)
            return booking
        if there is None:
            return await self._foreign(saga, business, booking, now=now)
        return await self._met(saga, business, booking, there, now=now)

    async def resume(
        self, business: Business, booking: Booking, *, now: datetime, wanted: bool = True
    ) -> None:
        """Settle a booking whose writer died or could not know: look, wait, then ask again.

        What is not wanted any more is looked for, but not asked for again.
        """
        saga = SAGAS.get(booking.state)
        try:
            client = (await self._calendars.of(business)).in_background()
            if saga is None:
                there = await by_uid(client, booking)
            else:
                there = await saga.look(client, business, booking)
        except (CalcomError, ServiceUnavailable) as error:
            _log.info("calendar_unavailable", extra={"booking": booking.id, "error": str(error)})
            await self._look_at(business, booking, pace.next_attempt(booking, now=now), now=now)
            return
        if saga is None:
            await self._complete(business, booking, there, now=now)
        elif there is not None and not saga.is_open(booking, there):
            await self._quietly(self._met(saga, business, booking, there, now=now), booking)
        elif booking.asked_at and now - booking.asked_at < pace.LATE_ARRIVAL:
            await self._look_at(business, booking, booking.asked_at + pace.LATE_ARRIVAL)
        elif not wanted or saga.is_too_late(booking, now):
            reason = "too_late" if wanted else "phase_refused"
            await self._close(saga, business, booking, reason, now=now)
        else:
            await self._ask_again(business, booking, now=now)

    async def _ask_again(self, business: Business, booking: Booking, *, now: datetime) -> None:
        async with self._db.transaction(business.id) as tx:
            if not await bookings.asking(tx, id=booking.id, now=now):
                return  # settled in the meantime
        answer_by = asyncio.get_running_loop().time() + _BACKGROUND_SECONDS
        await self._quietly(self.deliver(business, booking, now=now, answer_by=answer_by), booking)

    async def _quietly(self, work: Awaitable[Booking], booking: Booking) -> None:
        try:
            await work
        except BookingError as error:
            _log.info("wish_not_met", extra={"booking": booking.id, "reason": str(error)})

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
        if isinstance(refusal, _TELLING) or booking.attempts:
            try:
                client = await self._calendars.of(business)
                there = await saga.look(client, business, booking)
            except (CalcomError, ServiceUnavailable):
                await self._look_at(business, booking, now + pace.LOOK_AGAIN)
                return booking
            if there is not None and not saga.is_open(booking, there):
                return await self._met(saga, business, booking, there, now=now)
        error = _refusal(booking, refusal)
        if not await self._close(saga, business, booking, _word(error), now=now):
            return booking
        raise error from refusal

    async def _met(
        self, saga: Saga, business: Business, booking: Booking, there: Seen, *, now: datetime
    ) -> Booking:
        """Write down what stands at Cal.com, whether it is what was wished or not."""
        try:
            after = await self._write(business, booking, there, now=now)
        except Overlaps:
            after = await self._undo(business, booking, there, now=now)
        except AlreadyExists:
            return await self._foreign(saga, business, booking, now=now)
        except DatabaseError:
            # It stands at Cal.com but not here: told as a request, settled by a worker who looks.
            _log.exception("settling_failed", extra={"booking": booking.id})
            return booking
        if saga.is_met(booking, there):
            return after
        raise ChangedMeanwhile(after)

    async def _write(
        self, business: Business, booking: Booking, there: Seen, *, now: datetime
    ) -> Booking:
        """Bring the row and its claims in line with what stands.

        Raises:
            Overlaps: Cal.com has chosen a host whose time is claimed by somebody else.
            AlreadyExists: Another booking bears this uid.
            DatabaseError: See `db.errors`.
        """
        stand = _stand(booking, there)
        kind = business.event_types.get(stand.event_type_id)
        staff_id = _staff(business, there, stand)
        nobody = staff_id is None and booking.staff_id is None and there.is_live
        async with self._db.transaction(business.id) as tx:
            settled = await bookings.settle(
                tx,
                id=booking.id,
                state=there.state,
                calcom_uid=there.uid,
                seat_uid=there.seat_uid,
                stand=stand if there.is_live else None,
                wish_id=_wish(business, booking, stand) if there.is_live else None,
                staff_id=staff_id,
                failure="refused_by_host" if there.state is BookingState.FAILED else None,
                due_at=now + pace.LOOK_AGAIN if nobody else None,
                now=now,
                expected=[booking.state],
            )
            if settled and staff_id and kind and kind.kind is EventTypeKind.ROUND_ROBIN:
                await _follow_host(tx, settled, staff_id)
        await self._forget(business, booking)
        if settled is None:
            return await self._as_it_is(business, booking)
        if there.is_live and there.start not in {booking.start_at, booking.wished_start_at}:
            await self._claim_elsewhere(business, settled, now=now)
        return settled

    async def _undo(
        self, business: Business, booking: Booking, there: Seen, *, now: datetime
    ) -> Booking:
        """Cal.com let two bookings of ours race for one host: the later one here takes itself back.

        Raises:
            SlotTaken: Always, unless the booking is one that was moved: that needs a human.
        """
        _log.error("host_taken_twice", extra={"booking": booking.id})
        undone = booking.state in {BookingState.PENDING, BookingState.QUEUED}
        async with self._db.transaction(business.id) as tx:
            settled = await bookings.settle(
                tx,
                id=booking.id,
                state=BookingState.CANCELLING if undone else there.state,
                calcom_uid=there.uid,
                stand=_stand(booking, there),
                failure="host_taken",
                cancel_reason="the host is booked by somebody else" if undone else None,
                due_at=now if undone else None,
                needs_attention=not undone,
                now=now,
                expected=[booking.state],
            )
            if not undone:
                await _flag(tx, booking, "double_booked", None, now=now)
        if settled is None or not undone:
            return settled or booking
        answer_by = asyncio.get_running_loop().time() + _UNDO_SECONDS
        await self.deliver(business, settled, now=now, answer_by=answer_by)
        raise SlotTaken(booking.start_at)

    async def _close(
        self, saga: Saga, business: Business, booking: Booking, reason: str, *, now: datetime
    ) -> bool:
        """Write down that the wish came to nothing; false if that could not be written."""
        alone = booking.attempts > 0
        try:
            async with self._db.transaction(business.id) as tx:
                await bookings.settle(
                    tx,
                    id=booking.id,
                    state=saga.refused,
                    calcom_uid=None,
                    failure=reason,
                    needs_attention=alone,
                    now=now,
                    expected=[booking.state],
                )
                if alone:  # nobody is on the phone any more: a human must tell them
                    await _flag(tx, booking, "wish_not_met", reason, now=now)
        except DatabaseError:
            _log.exception("settling_failed", extra={"booking": booking.id})
            return False
        await self._forget(business, booking)
        return True

    async def _foreign(
        self, saga: Saga, business: Business, booking: Booking, *, now: datetime
    ) -> Booking:
        """The answer is about somebody else's booking: not ours to adopt, so the time is taken."""
        _log.error("foreign_booking_in_answer", extra={"booking": booking.id})
        if not await self._close(saga, business, booking, "foreign_answer", now=now):
            return booking
        async with self._db.transaction(business.id) as tx:
            await _flag(tx, booking, "foreign_answer", None, now=now)
        raise SlotTaken(span_wished(booking).start)

    async def _complete(
        self, business: Business, booking: Booking, there: Seen | None, *, now: datetime
    ) -> None:
        """Find out who performs a booking that stands; after some attempts a human must."""
        stand = Stand(booking.start_at, booking.end_at, booking.event_type_id)
        staff_id = _staff(business, there, stand) if there else None
        found = staff_id is not None or booking.state is not BookingState.CONFIRMED
        if not found and booking.attempts < _MOST_READINGS:
            await self._look_at(business, booking, pace.next_attempt(booking, now=now))
            return
        async with self._db.transaction(business.id) as tx:
            await bookings.settle(
                tx,
                id=booking.id,
                state=booking.state,
                calcom_uid=None,
                failure=booking.failure,
                staff_id=staff_id,
                needs_attention=not found,
                now=now,
                expected=[booking.state],
            )
            if not found:
                await _flag(tx, booking, "unknown_host", None, now=now)

    async def _put_off(
        self, business: Business, booking: Booking, error: NotNow, *, now: datetime
    ) -> Booking:
        """Nothing was sent. The wish stays and is delivered when Cal.com can be reached again."""
        due_at = pace.next_attempt(booking, now=now)
        if isinstance(error, RateLimited):
            due_at = max(due_at, now + timedelta(seconds=error.retry_after_seconds))
        if booking.state is not BookingState.PENDING:
            await self._look_at(business, booking, due_at, now=now, not_asked=True)
            return booking
        try:
            async with self._db.transaction(business.id) as tx:
                queued = await bookings.settle(
                    tx,
                    id=booking.id,
                    state=BookingState.QUEUED,
                    calcom_uid=None,
                    failure=None,
                    due_at=due_at,
                    now=now,
                    expected=[BookingState.PENDING],
                )
        except DatabaseError:
            _log.exception("settling_failed", extra={"booking": booking.id})
            return booking
        return queued or booking

    async def _look_at(
        self,
        business: Business,
        booking: Booking,
        due_at: datetime,
        *,
        now: datetime | None = None,
        not_asked: bool = False,
    ) -> None:
        """Leave it to a worker; `now` where this counts towards needing a human."""
        alarming = now is not None and pace.needs_a_human(booking, now=now)
        try:
            async with self._db.transaction(business.id) as tx:
                await bookings.postpone(
                    tx,
                    id=booking.id,
                    due_at=due_at,
                    not_asked=not_asked,
                    needs_attention=alarming,
                )
                if now is not None and alarming:
                    await _flag(tx, booking, "unsettled", None, now=now)
        except DatabaseError:  # its lease runs out by itself
            _log.exception("postponing_failed", extra={"booking": booking.id})

    async def _claim_elsewhere(
        self, business: Business, booking: Booking, *, now: datetime
    ) -> None:
        """Guard the time to which somebody else has moved it, if nobody else claims that."""
        place = place_of(Slot(event_type(business, booking), booking.start_at))
        try:
            async with self._db.transaction(business.id) as tx:
                await claims.take(
                    tx,
                    place=place,
                    call_id=None,
                    booking_id=booking.id,
                    holder=booking.group_id or booking.id,
                    now=now,
                )
        except ClaimTaken:
            _log.warning("claim_missing", extra={"booking": booking.id})

    async def _as_it_is(self, business: Business, booking: Booking) -> Booking:
        async with self._db.single(business.id) as tx:
            return await bookings.get(tx, id=booking.id) or booking

    async def _forget(self, business: Business, booking: Booking) -> None:
        """A host's booking changes the slots of all event types of that host."""
        kinds = [
            kind.id
            for kind in business.event_types.values()
            if booking.staff_id is None or kind.staff is None or kind.staff.id == booking.staff_id
        ]
        spans = {span_of(booking), span_wished(booking)}
        for zone in {line.timezone for line in business.lines}:
            for span in spans:
                await self._availability.forget(business.id, kinds, span, zone=zone)


_MOST_SWAPS: Final = 3
"""Of hosts between wishes that were made at the same moment."""

_MOST_READINGS: Final = 3
"""Before a human is asked who performs a booking."""


async def _flag(
    tx: Transaction, booking: Booking, kind: str, note: str | None, *, now: datetime
) -> None:
    await flags.raise_flag(
        tx,
        id=uuid4(),
        kind=kind,
        severity=Severity.WARNING,
        call_id=booking.call_id,
        booking_id=booking.id,
        note=note,
        now=now,
    )


async def _follow_host(tx: Transaction, booking: Booking, staff_id: UUID) -> None:
    for _ in range(_MOST_SWAPS):
        if await claims.follow_host(
            tx, booking_id=booking.id, staff_id=staff_id, starts_at=booking.start_at
        ):
            return


def _stand(booking: Booking, there: Seen) -> Stand:
    """Where it stands: of the event type that it was to move to, if it did."""
    moved = there.is_live and there.start == booking.wished_start_at
    kind_id = booking.wished_event_type_id if moved else booking.event_type_id
    return Stand(there.start, there.end, kind_id or booking.event_type_id)


def _staff(business: Business, there: Seen, stand: Stand) -> UUID | None:
    """Who performs it: by Cal.com's user, else as the event type says."""
    for person in business.staff:
        if person.calcom_user_id in there.host_ids:
            return person.id
    kind = business.event_types.get(stand.event_type_id)
    return kind.staff.id if kind and kind.staff else None


def _wish(business: Business, booking: Booking, stand: Stand) -> UUID | None:
    """The wish that is met where a booking stands: its former time may be wished for anew."""
    kind = business.event_types.get(stand.event_type_id)
    if booking.customer_id is None or kind is None:
        return None
    return wish_id(business.id, booking.customer_id, Slot(kind, stand.start))


def _refusal(booking: Booking, refusal: Refused | ServiceUnavailable) -> BookingError:
    match refusal:
        case SlotUnavailable() | BookingLimitReached():
            return SlotTaken(span_wished(booking).start)
        case Unauthorised() | NotFound() | ServiceUnavailable():
            return ServiceUnavailable(str(refusal))
        case _:
            return NotBookable(type(refusal).__name__)


def _word(error: BookingError) -> str:
    match error:
        case SlotTaken():
            return "slot_taken"
        case NotBookable(reason=reason):
            return reason
        case _:
            return "link_broken"
