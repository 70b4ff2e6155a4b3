"""Brings one record of ours in line with one booking of Cal.com's, for inbox and reconciliation.

The record is read first, and Cal.com is asked after that: what it says is at least as new as what
the record says, so an old message can never undo a newer change. What was decided is written only
if the record is still what it was decided on.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from booking import disputes
from booking.adoption import adopt, as_uuid, follow
from booking.agreement import (
    Adopt,
    Decision,
    Dispute,
    Follow,
    InLine,
    KeepOut,
    Undo,
    Wait,
    at_work,
    decide,
    host_of,
    our_id_on,
)
from booking.availability import Availability, Effect
from booking.bookings import Booking, span_of
from booking.business import Business, EventType, EventTypeKind
from booking.calendars import Calendars
from booking.sighting import Sighting, look
from booking.slots import Span
from calcom.client import Client
from calcom.errors import AlreadyCancelled
from calcom.shapes import Booking as CalcomBooking
from db import bookings, outside
from db.database import Database
from db.states import DEAD, Quarrel

_log = logging.getLogger(__name__)

_ROUNDS: Final = 4
"""Each has lost a race for the record, or has found it under another name; more is odd."""

_UNDOING: Final = "The request that made this booking had been given up."


class ChangedMeanwhile(Exception):
    """The record changed faster than it could be compared: try again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided about a booking, and done."""

    decision: Decision
    ours: Booking | None
    """As it is now."""
    theirs: CalcomBooking | None = field(repr=False)
    """As Cal.com told it; `None` if it does not know it, or was not asked."""


class Mirror:
    """Compares and follows. Built once; `now` is an argument."""

    def __init__(
        self, *, database: Database, calendars: Calendars, availability: Availability
    ) -> None:
        self._db = database
        self._calendars = calendars
        self._availability = availability

    async def bring(
        self,
        business: Business,
        uid: str,
        *,
        our_id: UUID | None = None,
        unless: Callable[[Booking], bool] | None = None,
        now: datetime,
    ) -> Outcome:
        """Look at a booking, and do what must be done about it.

        Args:
            business: Whose it is.
            uid: Any that the booking has or had: the latest of its moves counts.
            our_id: Of the record that it is said to carry.
            unless: Whether our record alone says that there is nothing to look at.
            now: When.

        Raises:
            CalcomError: Cal.com cannot be asked, or answered something else than a booking. No
                row was changed.
            NotFound: Neither Cal.com nor we know this uid.
            ServiceUnavailable: The business has no key.
            ChangedMeanwhile: Somebody else is at the record.
            DatabaseError: See `db.errors`.
        """
        client = (await self._calendars.of(business)).in_background()
        if seats := await self._seats(business, uid):
            return await self._bring_seats(client, business, uid, seats, now=now)
        names = {uid}
        for _ in range(_ROUNDS):
            ours = await self._find(business, names, our_id)
            if ours and (wait := at_work(ours, now=now)):
                return Outcome(wait, ours, None)
            if ours and unless and unless(ours):
                return Outcome(InLine(), ours, None)
            seen = await look(client, uid, ours)
            names |= seen.names
            if ours is None and seen.theirs:
                our_id = our_id or as_uuid(our_id_on(seen.theirs))
                if await self._find(business, names, our_id):
                    continue  # our record first, then their word
            outcome = await self._act(client, business, ours, seen, now=now)
            if outcome is not None:
                return outcome
            # Somebody else has changed the record.
        raise ChangedMeanwhile("the record keeps changing")

    async def _bring_seats(
        self,
        client: Client,
        business: Business,
        uid: str,
        seats: Sequence[Booking],
        *,
        now: datetime,
    ) -> Outcome:
        """Several records of ours share one booking there. What became of the last that changed."""
        theirs = await client.get_booking(uid)
        result = Outcome(InLine(), seats[0], theirs)
        for ours in seats:
            outcome = await self._act(client, business, ours, Sighting(theirs), now=now)
            if outcome is None:
                raise ChangedMeanwhile("a seat keeps changing")
            if not isinstance(outcome.decision, InLine):
                result = outcome
        return result

    def compare(
        self, business: Business, ours: Booking | None, theirs: CalcomBooking, *, now: datetime
    ) -> Decision:
        """What would have to be done; nothing is."""
        event_type = _event_type(business, theirs)
        return decide(ours, theirs, event_type, staff=business.staff, now=now)

    async def _find(
        self, business: Business, names: Collection[str], our_id: UUID | None
    ) -> Booking | None:
        """Our record of a booking: by Cal.com's names for it, else by the id that it carries."""
        async with self._db.transaction(business.id) as tx:
            found = await outside.by_uid(tx, uids=names)
            if found is None and our_id is not None:
                found = await bookings.get(tx, id=our_id)
        return found

    async def _seats(self, business: Business, uid: str) -> list[Booking]:
        async with self._db.single(business.id) as tx:
            return await outside.seats(tx, uid=uid)

    async def _act(
        self,
        client: Client,
        business: Business,
        ours: Booking | None,
        seen: Sighting,
        *,
        now: datetime,
    ) -> Outcome | None:
        """Decide and do; `None` if the record has changed meanwhile."""
        theirs, changed = seen.twin or seen.theirs, ours
        decision = self._decide(business, ours, seen, now=now)
        match decision:
            case Follow() if ours:
                if (changed := await self._follow(business, decision, ours, now=now)) is None:
                    return None
            case Adopt() if theirs:
                changed = await self._adopt(business, decision, theirs, seen.names, now=now)
                if changed is None:
                    return None
            case Undo() if theirs and ours:
                _log.warning("undoing_orphan", extra={"booking": ours.id})
                await _cancel(client, theirs)
            case KeepOut(why=why):
                _log.info("booking_kept_out", extra={"business": business.slug, "why": why})
            case Dispute():
                await self._dispute(business, decision, ours, theirs, now=now)
            case _:
                pass
        if effect := _effect(decision, ours):
            await self._forget(business, effect, ours, theirs, now=now)
        return Outcome(decision, changed, theirs)

    def _decide(
        self, business: Business, ours: Booking | None, seen: Sighting, *, now: datetime
    ) -> Decision:
        if seen.twin:
            return Dispute(Quarrel.TWIN)
        if seen.theirs is None:
            return Dispute(Quarrel.UNKNOWN_THERE)
        return self.compare(business, ours, seen.theirs, now=now)

    async def _dispute(
        self,
        business: Business,
        decision: Dispute,
        ours: Booking | None,
        theirs: CalcomBooking | None,
        *,
        now: datetime,
    ) -> None:
        booking_id = ours.id if ours else None
        uid = theirs.uid if theirs else ours and ours.calcom_uid
        _log.error("bookings_disagree", extra={"booking": booking_id, "why": decision.quarrel})
        async with self._db.transaction(business.id) as tx:
            await disputes.keep(
                tx, decision.quarrel, uid=uid or "", ours=ours, theirs=theirs, now=now
            )

    async def _follow(
        self, business: Business, decision: Follow, ours: Booking, *, now: datetime
    ) -> Booking | None:
        async with self._db.transaction(business.id) as tx:
            followed = await follow(tx, business, decision, ours, now=now)
        if followed:
            _log.info("followed_calendar", extra={"booking": ours.id, "state": followed.state})
        return followed

    async def _adopt(
        self,
        business: Business,
        decision: Adopt,
        theirs: CalcomBooking,
        names: Collection[str],
        *,
        now: datetime,
    ) -> Booking | None:
        async with self._db.transaction(business.id) as tx:
            added = await adopt(tx, business, decision, theirs, names, now=now)
        if added:
            _log.info("adopted_from_calendar", extra={"booking": added.id})
        return added

    async def _forget(
        self,
        business: Business,
        effect: Effect,
        ours: Booking | None,
        theirs: CalcomBooking | None,
        *,
        now: datetime,
    ) -> None:
        """Both the time it had and the time it has may be free or taken now."""
        hosts: set[UUID | None] = {ours.staff_id} if ours else set()
        spans = {span_of(ours)} if ours else set()
        if theirs:
            host = host_of(theirs, _event_type(business, theirs), business.staff)
            hosts.add(host.id if host else None)
            spans.add(Span(theirs.start, theirs.end))
        await self.forget(business, hosts, spans, effect, now=now)

    async def forget(
        self,
        business: Business,
        hosts: Collection[UUID | None],
        spans: Collection[Span],
        effect: Effect = Effect.UNKNOWN,
        *,
        now: datetime,
    ) -> None:
        """Let what is known of these times be forgotten, as far as that makes it doubtful.

        Args:
            business: Whose slots they are.
            hosts: Whose time it is; `None` among them is anybody's.
            spans: When.
            effect: What happened.
            now: When.
        """
        await self._availability.tell(business, effect, hosts=hosts, spans=spans, now=now)


def _effect(decision: Decision, ours: Booking | None) -> Effect | None:
    """What a decision that was carried out means for what is known to be free."""
    match decision:
        case InLine() | Wait():
            return None
        case Adopt(event_type=kind, staff_id=staff_id):
            is_claimed = staff_id is not None and kind.kind is not EventTypeKind.SEATED
            return Effect.CLAIMED if is_claimed else Effect.UNKNOWN
        case Follow(state=state, start=start):
            is_gone = state in DEAD or (ours is not None and ours.start_at != start)
            return Effect.FREED if is_gone else Effect.CLAIMED
        case Undo():
            return Effect.FREED
        case KeepOut() | Dispute():
            return Effect.UNKNOWN


async def _cancel(client: Client, theirs: CalcomBooking) -> None:
    try:
        await client.cancel(theirs.uid, reason=_UNDOING)
    except AlreadyCancelled:
        return


def _event_type(business: Business, theirs: CalcomBooking) -> EventType | None:
    return next(
        (k for k in business.event_types.values() if k.calcom_id == theirs.event_type_id), None
    )
