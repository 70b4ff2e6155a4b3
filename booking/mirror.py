"""Brings one record of ours in line with one booking of Cal.com's, for inbox and reconciliation.

The record is read first, and Cal.com is asked after that: what it says is at least as new as what
the record says, so an old message can never undo a newer change. What was decided is written only
if the record is still what it was decided on.
"""

import logging
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4, uuid5

from booking import disputes
from booking.agreement import (
    Adopt,
    Decision,
    Dispute,
    Follow,
    InLine,
    KeepOut,
    Undo,
    decide,
    host_of,
    our_id_on,
)
from booking.availability import Availability
from booking.bookings import Booking, span_of, wish_id
from booking.business import Business, EventType, EventTypeKind
from booking.calendars import Calendars
from booking.names import normalised
from booking.sighting import Sighting, look
from booking.slots import Slot, Span
from calcom.client import Client
from calcom.errors import AlreadyCancelled
from calcom.shapes import BookedAttendee
from calcom.shapes import Booking as CalcomBooking
from db import bookings, flags, outside
from db.database import Database
from db.outside import Occupied
from db.states import DEAD, Quarrel, Severity
from db.transaction import Transaction

_log = logging.getLogger(__name__)

_ROUNDS: Final = 4
"""Each has lost a race for the record, or has found it under another name; more is odd."""

_UNDOING: Final = "The request that made this booking had been given up."

_E164: Final = re.compile(r"\+[1-9]\d{6,14}")


class ChangedMeanwhile(Exception):
    """The record changed faster than it could be compared: try again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided about a booking, and done."""

    decision: Decision
    ours: Booking | None
    """As it is now."""
    theirs: CalcomBooking | None = field(repr=False)
    """As Cal.com told it; `None` if it does not know it."""


class Mirror:
    """Compares and follows. Built once; `now` is an argument."""

    def __init__(
        self, *, database: Database, calendars: Calendars, availability: Availability
    ) -> None:
        self._db = database
        self._calendars = calendars
        self._availability = availability

    async def bring(
        self, business: Business, uid: str, *, our_id: UUID | None = None, now: datetime
    ) -> Outcome:
        """Look at a booking, and do what must be done about it.

        Args:
            business: Whose it is.
            uid: Any that the booking has or had: the latest of its moves counts.
            our_id: Of the record that it is said to carry.
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
        names, done = {uid}, None
        for _ in range(_ROUNDS):
            ours = await self._find(business, names, our_id)
            seen = await look(client, uid, ours)
            names |= seen.names
            if ours is None and seen.theirs:
                our_id = our_id or as_uuid(our_id_on(seen.theirs))
                if await self._find(business, names, our_id):
                    continue  # our record first, then their word
            outcome = await self._act(client, business, ours, seen, now=now)
            if outcome is None:
                continue  # somebody else has changed the record
            if isinstance(outcome.decision, Adopt) and outcome.ours:
                # Who looked before there was a record may have seen it end, and said nothing.
                done, our_id = outcome, outcome.ours.id
                continue
            return done if done and isinstance(outcome.decision, InLine) else outcome
        if done is None:
            raise ChangedMeanwhile("the record keeps changing")
        return done

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
        if theirs:
            await self._forget(business, ours, theirs)
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
        kind = business.event_types.get(decision.event_type_id)
        async with self._db.transaction(business.id) as tx:
            followed = await outside.follow(
                tx,
                seen=ours,
                state=decision.state,
                event_type_id=decision.event_type_id,
                start_at=decision.start,
                end_at=decision.end,
                staff_id=decision.staff_id,
                calcom_uid=decision.uid,
                wish_id=_wish(business, ours, kind, decision.start),
                failure=decision.failure,
                now=now,
            )
            if followed:
                await _claim(tx, followed, kind, now=now)
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
        attendee, kind = theirs.attendees[0], decision.event_type
        number = _number(attendee)
        async with self._db.transaction(business.id) as tx:
            customer_id = await outside.customer_of(
                tx,
                id=_customer_behind(attendee.email, business),
                number=number,
                name_normalised=normalised(attendee.name),
            )
            added = await outside.add(
                tx,
                id=uuid4(),
                state=decision.state,
                customer_id=customer_id,
                service_id=_service_of(business, kind),
                event_type_id=kind.id,
                staff_id=decision.staff_id,
                start_at=theirs.start,
                end_at=theirs.end,
                attendee_name=attendee.name,
                attendee_email=attendee.email,
                attendee_number=number,
                attendee_language=attendee.language or business.language,
                attendee_timezone=attendee.time_zone,
                wish_id=uuid5(business.id, theirs.uid),
                calcom_uid=theirs.uid,
                former_uids=[name for name in names if name != theirs.uid],
                now=now,
            )
            if added:
                await _claim(tx, added, kind, now=now)
        if added:
            _log.info("adopted_from_calendar", extra={"booking": added.id})
        return added

    async def _forget(
        self, business: Business, ours: Booking | None, theirs: CalcomBooking
    ) -> None:
        """Both the time it had and the time it has may be free or taken now."""
        host = host_of(theirs, _event_type(business, theirs), business.staff)
        hosts = {host.id if host else None, *([ours.staff_id] if ours else [])}
        spans = {Span(theirs.start, theirs.end), *([span_of(ours)] if ours else [])}
        await self.forget(business, hosts, spans)

    async def forget(
        self, business: Business, hosts: Collection[UUID | None], spans: Iterable[Span]
    ) -> None:
        """Let the next question about these times go to Cal.com.

        Args:
            business: Whose slots they are.
            hosts: Whose time it is; `None` among them is anybody's.
            spans: When.
        """
        kinds = [
            kind.id
            for kind in business.event_types.values()
            if None in hosts or kind.staff is None or kind.staff.id in hosts
        ]
        if not kinds:
            return
        for span in spans:
            for zone in {line.timezone for line in business.lines}:
                await self._availability.forget(business.id, kinds, span, zone=zone)


def as_uuid(text: str | None) -> UUID | None:
    """The id that a text spells, if it is one."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


async def _cancel(client: Client, theirs: CalcomBooking) -> None:
    try:
        await client.cancel(theirs.uid, reason=_UNDOING)
    except AlreadyCancelled:
        return


async def _claim(
    tx: Transaction, booking: Booking, kind: EventType | None, *, now: datetime
) -> None:
    """Claim the host's time; where another booking of ours has it, tell a human."""
    is_seat = kind is not None and kind.kind is EventTypeKind.SEATED
    if booking.staff_id is None or booking.state in DEAD or booking.end_at <= now or is_seat:
        return
    before = timedelta(minutes=kind.before_buffer_minutes if kind else 0)
    after = timedelta(minutes=kind.after_buffer_minutes if kind else 0)
    occupied = Occupied(
        staff_id=booking.staff_id,
        event_type_id=booking.event_type_id,
        starts=booking.start_at - before,
        ends=booking.end_at + after,
    )
    if not await outside.claim(tx, id=uuid4(), booking=booking, occupied=occupied, now=now):
        await flags.raise_flag(
            tx,
            id=uuid4(),
            kind="double_booking",
            severity=Severity.WARNING,
            call_id=None,
            booking_id=booking.id,
            note="Booked or moved in the calendar onto time that another booking takes.",
            now=now,
        )


def _event_type(business: Business, theirs: CalcomBooking) -> EventType | None:
    return next(
        (k for k in business.event_types.values() if k.calcom_id == theirs.event_type_id), None
    )


def _service_of(business: Business, kind: EventType) -> UUID:
    return next(service.id for service in business.services if kind in service.event_types)


def _wish(business: Business, ours: Booking, kind: EventType | None, start: datetime) -> UUID:
    """The wish that the booking fulfils now: a moved one leaves its old time to be wished for."""
    if kind is None or ours.customer_id is None:
        return ours.wish_id
    return wish_id(business.id, ours.customer_id, Slot(kind, start))


def _number(attendee: BookedAttendee) -> str | None:
    number = attendee.phone_number or ""
    return number if _E164.fullmatch(number) else None


def _customer_behind(email: str, business: Business) -> UUID | None:
    """Whose address we made up, if we did."""
    local, _, domain = email.partition("@")
    return as_uuid(local) if domain.casefold() == business.attendee_email_domain else None
