"""Writing down what came of wishes: rows, their claims, and flags for what needs a human."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from booking.availability import Availability, Effect, Offered
from booking.bookings import Booking, BookingState, span_of, span_wished, wish_id
from booking.business import Business, EventTypeKind
from booking.delivery import pace
from booking.delivery.refusals import SLOT_TAKEN
from booking.delivery.seen import Seen
from booking.gate import BreakerOpen
from booking.places import place_of
from booking.slots import Slot
from calcom.errors import NotNow
from db import bookings, claims, flags
from db.bookings import Outcome, Stand
from db.database import Database
from db.errors import ClaimTaken, DatabaseError
from db.states import DEAD, FlagKind, Severity
from db.transaction import Transaction

_log = logging.getLogger(__name__)

_MOST_SWAPS: Final = 3
"""Of hosts between wishes that were made at the same moment."""


class Ledger:
    """Keeps our rows in line with what is known of Cal.com. Every method is a short transaction."""

    def __init__(self, database: Database, availability: Availability) -> None:
        self._db = database
        self._availability = availability

    async def stands(
        self, business: Business, booking: Booking, there: Seen, *, now: datetime
    ) -> Booking:
        """Bring a row and its claims in line with what stands at Cal.com.

        Raises:
            Overlaps: Cal.com has chosen a host whose time is claimed by somebody else.
            AlreadyExists: Another booking bears this uid.
            DatabaseError: See `db.errors`.
        """
        outcome = _outcome(business, booking, there, now=now)
        kind = business.event_types.get(_stand(booking, there).event_type_id)
        is_shared_out = kind is not None and kind.kind is EventTypeKind.ROUND_ROBIN
        alone = self._db.transaction if is_shared_out else self._db.single
        async with alone(business.id) as tx:
            done = await bookings.settle_all(tx, [outcome], now=now, expected=[booking.state])
            settled = next(iter(done), None)
            if settled and outcome.staff_id and is_shared_out:
                await _follow_host(tx, settled, outcome.staff_id)
        await self._tell(business, booking, settled, now=now)
        if settled is None:
            return await self._as_it_is(business, booking)
        if there.is_live and there.start not in {booking.start_at, booking.wished_start_at}:
            await self._claim_elsewhere(business, settled, now=now)
        return settled

    async def all_stand(
        self, business: Business, made: Sequence[tuple[Booking, Seen]], *, now: datetime
    ) -> Booking:
        """The same for all phases of a booking that was made as it was wished; tells the first.

        Raises:
            DatabaseError: See `db.errors`.
        """
        (first, there), *others = made
        async with self._db.transaction(business.id) as tx:
            for told in (others, [(first, there)]):  # the first one last: the schema sees to that
                outcomes = [_outcome(business, booking, at, now=now) for booking, at in told]
                done = await bookings.settle_all(tx, outcomes, now=now, expected=[first.state])
        after = done[0] if done else await self._as_it_is(business, first)
        await self._tell(business, first, after, now=now)
        return after

    async def arrived(
        self,
        business: Business,
        phases: Sequence[Booking],
        reached: Mapping[UUID, Seen],
        *,
        failure: str | None,
        home: bool = False,
        alarm: FlagKind | None = None,
        now: datetime,
    ) -> Booking:
        """Settle all phases of a booking that was moved: where they stand now, if told, or stood.

        Args:
            business: Whose it is.
            phases: As they are, first one first.
            reached: Where some of them stand now.
            failure: Why they could not move.
            home: They stand where they stood before.
            alarm: The flag for a human, if one must look at it.
            now: When.

        Returns:
            The first phase as it is now.

        Raises:
            DatabaseError: See `db.errors`.
        """
        outcomes = []
        for phase in phases:
            outcome = Outcome(phase.id, BookingState.CONFIRMED)
            if there := reached.get(phase.id):
                seen_from = _homed(phase) if home else phase
                outcome = _outcome(business, seen_from, there, now=now)
            attention = alarm is not None
            outcomes.append(replace(outcome, failure=failure, needs_attention=attention))
        by_id = {phase.id: phase for phase in phases}
        ends = max(
            outcome.stand.end if outcome.stand else by_id[outcome.id].end_at for outcome in outcomes
        )
        first = phases[0]
        async with self._db.transaction(business.id) as tx:
            done = await bookings.settle_all(
                tx,
                [replace(outcome, group_end_at=ends) for outcome in outcomes],
                now=now,
                expected=[BookingState.MOVING],
            )
            if alarm:
                await flag(tx, first, alarm, failure, now=now)
        rows = {row.id: row for row in done}
        for phase in phases:
            after = None if failure else rows.get(phase.id)
            await self._tell(business, phase, after, now=now)
        return rows.get(first.id) or await self._as_it_is(business, first)

    async def turn_back(
        self, business: Business, first: Booking, moved: Mapping[UUID, str], why: str, now: datetime
    ) -> list[Booking]:
        """Write down that all phases shall go back to where they stood; none if they are settled.

        Raises:
            DatabaseError: See `db.errors`.
        """
        async with self._db.transaction(business.id) as tx:
            return await bookings.turn_back(
                tx, group_id=first.id, moved=moved, failure=why, now=now
            )

    async def take_back(
        self, business: Business, booking: Booking, there: Seen, *, now: datetime
    ) -> Booking:
        """Note that a booking is in somebody's way at Cal.com.

        Returns:
            The booking: a new one is to be cancelled, one that was moved needs a human.
        """
        is_new = booking.state in {BookingState.PENDING, BookingState.QUEUED}
        async with self._db.transaction(business.id) as tx:
            settled = await bookings.settle(
                tx,
                id=booking.id,
                state=BookingState.CANCELLING if is_new else there.state,
                calcom_uid=there.uid,
                stand=_stand(booking, there),
                failure="host_taken",
                cancel_reason="the host is booked by somebody else" if is_new else None,
                due_at=now if is_new else None,
                needs_attention=not is_new,
                now=now,
                expected=[booking.state],
            )
            if not is_new:
                await flag(tx, booking, FlagKind.DOUBLE_BOOKED, now=now)
        return settled or await self._as_it_is(business, booking)

    async def close(
        self,
        business: Business,
        booking: Booking,
        state: BookingState,
        reason: str,
        *,
        now: datetime,
    ) -> bool:
        """Write down that a wish came to nothing; false if that could not be written.

        What could not be cancelled is read back by a worker: its host may not have accepted it.
        """
        unheard = booking.attempts > 0  # nobody is on the phone any more: a human must tell them
        stays = booking.state is BookingState.CANCELLING
        try:
            async with self._db.transaction(business.id) as tx:
                await bookings.settle(
                    tx,
                    id=booking.id,
                    state=state,
                    calcom_uid=None,
                    failure=reason,
                    due_at=now + pace.LOOK_AGAIN if stays else None,
                    needs_attention=unheard,
                    now=now,
                    expected=[booking.state],
                )
                if unheard or reason == FOREIGN:
                    kind = FlagKind.FOREIGN_ANSWER if reason == FOREIGN else FlagKind.WISH_NOT_MET
                    await flag(tx, booking, kind, reason, now=now)
        except DatabaseError:
            _log.exception("settling_failed", extra={"booking": booking.id})
            return False
        if reason == SLOT_TAKEN:
            self._availability.offered(Offered.TAKEN_THERE)
        await self._availability.tell(
            business,
            Effect.UNKNOWN,  # why Cal.com refuses what it had listed, only Cal.com can tell
            hosts={booking.staff_id},
            spans={span_of(booking), span_wished(booking)},
            now=now,
        )
        return True

    async def queue(
        self, business: Business, booking: Booking, why: NotNow, *, now: datetime
    ) -> Booking:
        """Note that nothing of a wish has left us yet."""
        due_at = pace.next_attempt(booking, why, now=now)
        if booking.state is not BookingState.PENDING:
            await self.look_at(business, booking, due_at, why, now=now, not_asked=True)
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

    async def look_at(
        self,
        business: Business,
        booking: Booking,
        due_at: datetime,
        why: Exception | None = None,
        *,
        now: datetime | None = None,
        not_asked: bool = False,
    ) -> None:
        """Leave it to a worker; `now` where this counts towards needing a human.

        What has only met the open breaker was no attempt: it must not wait longer the next time.
        """
        alarming = now is not None and pace.needs_a_human(booking, now=now)
        try:
            async with self._db.transaction(business.id) as tx:
                await bookings.postpone(
                    tx,
                    id=booking.id,
                    due_at=due_at,
                    not_asked=not_asked,
                    not_tried=isinstance(why, BreakerOpen),
                    needs_attention=alarming,
                )
                if now is not None and alarming:
                    await flag(tx, booking, FlagKind.UNSETTLED, now=now)
        except DatabaseError:  # its lease runs out by itself
            _log.exception("postponing_failed", extra={"booking": booking.id})

    async def asking(self, business: Business, booking: Booking, *, now: datetime) -> bool:
        """Note that Cal.com is about to be asked once more; false if there is nothing to ask."""
        async with self._db.transaction(business.id) as tx:
            return await bookings.asking(tx, id=booking.id, now=now)

    async def leave(self, business: Business, booking: Booking, *, now: datetime) -> None:
        """Give up finding out more about a booking that stands, and let a human do it."""
        async with self._db.transaction(business.id) as tx:
            await bookings.settle(
                tx,
                id=booking.id,
                state=booking.state,
                calcom_uid=None,
                failure=booking.failure,
                needs_attention=True,
                now=now,
                expected=[booking.state],
            )
            await flag(tx, booking, FlagKind.UNKNOWN_HOST, now=now)

    async def _claim_elsewhere(
        self, business: Business, booking: Booking, *, now: datetime
    ) -> None:
        """Guard the time to which somebody else has moved it, if nobody else claims that."""
        kind = business.event_types.get(booking.event_type_id)
        if kind is None:
            return
        try:
            async with self._db.transaction(business.id) as tx:
                await claims.take(
                    tx,
                    places={booking.id: place_of(Slot(kind, booking.start_at))},
                    call_id=None,
                    holder=booking.group_id or booking.id,
                    now=now,
                )
        except (ClaimTaken, DatabaseError):
            _log.warning("claim_missing", extra={"booking": booking.id})

    async def _as_it_is(self, business: Business, booking: Booking) -> Booking:
        async with self._db.single(business.id) as tx:
            return await bookings.get(tx, id=booking.id) or booking

    async def _tell(
        self, business: Business, before: Booking, after: Booking | None, *, now: datetime
    ) -> None:
        """A host's booking changes the slots of all event types of that host.

        One that stands where it was wished takes no more than was claimed for it, and told, before.
        """
        hosts = {before.staff_id, after.staff_id if after else None}
        if after is None or after.state in DEAD:
            freed = {span_of(before), span_wished(before)}
        elif after.start_at != before.start_at:
            freed = {span_of(before)}
        else:
            if after.staff_id != before.staff_id:
                await self._availability.tell(business, Effect.CLAIMED, now=now)
            return
        await self._availability.tell(business, Effect.FREED, hosts=hosts, spans=freed, now=now)


FOREIGN: Final = "foreign_answer"
"""The reason of a wish to which Cal.com answered with somebody else's booking."""


async def flag(
    tx: Transaction, booking: Booking, kind: FlagKind, note: str | None = None, *, now: datetime
) -> None:
    """Let a human look at a booking."""
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


def host_of(business: Business, there: Seen, stand: Stand) -> UUID | None:
    """Who performs it: by Cal.com's user, else as the event type says."""
    for person in business.staff:
        if person.calcom_user_id in there.host_ids:
            return person.id
    kind = business.event_types.get(stand.event_type_id)
    return kind.staff.id if kind and kind.staff else None


async def _follow_host(tx: Transaction, booking: Booking, staff_id: UUID) -> None:
    for _ in range(_MOST_SWAPS):
        if await claims.follow_host(
            tx, booking_id=booking.id, staff_id=staff_id, starts_at=booking.start_at
        ):
            return


def _outcome(business: Business, booking: Booking, there: Seen, *, now: datetime) -> Outcome:
    stand = _stand(booking, there)
    staff_id = host_of(business, there, stand)
    nobody = staff_id is None and booking.staff_id is None and there.is_live
    return Outcome(
        booking.id,
        there.state,
        calcom_uid=there.uid,
        seat_uid=there.seat_uid,
        stand=stand if there.is_live else None,
        wish_id=_wish(business, booking, stand) if there.is_live else None,
        staff_id=staff_id,
        failure="refused_by_host" if there.state is BookingState.FAILED else None,
        due_at=now + pace.LOOK_AGAIN if nobody else None,
    )


def _homed(phase: Booking) -> Booking:
    """As if it had never wished to be elsewhere."""
    return replace(phase, wished_start_at=None, wished_end_at=None, wished_event_type_id=None)


def _stand(booking: Booking, there: Seen) -> Stand:
    """Where it stands: of the event type that it was to move to, if it did."""
    moved = there.is_live and there.start == booking.wished_start_at
    kind_id = booking.wished_event_type_id if moved else booking.event_type_id
    return Stand(there.start, there.end, kind_id or booking.event_type_id)


def _wish(business: Business, booking: Booking, stand: Stand) -> UUID | None:
    """The wish that is met where a booking stands: its former time may be wished for anew."""
    kind = business.event_types.get(stand.event_type_id)
    if booking.customer_id is None or kind is None:
        return None
    return wish_id(business.id, booking.customer_id, Slot(kind, stand.start))
