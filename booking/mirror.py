"""Brings one record of ours in line with one booking of Cal.com's, for inbox and reconciliation.

The record is read first, and Cal.com is asked after that: what it says is at least as new as what
the record says, so an old message can never undo a newer change. What was decided is written only
if the record is still what it was decided on.
"""

import logging
import re
from collections.abc import Collection, Iterable
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
    KeepOut,
    Undo,
    decide,
    host_of,
    is_live,
    our_id_on,
)
from booking.availability import Availability
from booking.bookings import Booking, span_of, wish_id
from booking.business import Business, EventType
from booking.calendars import Calendars
from booking.names import normalised
from booking.slots import Slot, Span
from calcom.client import Client
from calcom.errors import AlreadyCancelled, NotFound
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

_MOST_MOVES: Final = 10
"""Of one booking, as far as a chain of uids is followed."""

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
        names = {uid}
        for _ in range(_ROUNDS):
            ours = await self._find(business, names, our_id)
            try:
                chain = await _chain(client, (ours and ours.calcom_uid) or uid)
            except NotFound:
                if ours is None or ours.calcom_uid is None or ours.state in DEAD:
                    raise
                unknown = Dispute(Quarrel.UNKNOWN_THERE)
                await self._dispute(business, unknown, ours.calcom_uid, ours, None, now=now)
                return Outcome(unknown, ours, None)
            theirs = chain[-1]
            if ours is None:
                former = await _former(client, chain[0])
                names |= {booking.uid for booking in chain} | set(former)
                our_id = our_id or as_uuid(our_id_on(theirs))
                if await self._find(business, names, our_id):
                    continue  # our record first, then their word
            elif uid not in {booking.uid for booking in chain} | {theirs.rescheduled_from_uid}:
                other = (await _chain(client, uid))[-1]
                if is_live(other) and is_live(theirs) and other.uid != theirs.uid:
                    twin = Dispute(Quarrel.TWIN)
                    await self._dispute(business, twin, other.uid, ours, other, now=now)
                    await self._forget(business, ours, other)
                    return Outcome(twin, ours, other)
            decision = self.compare(business, ours, theirs, now=now)
            outcome = await self._act(client, business, decision, ours, theirs, now=now)
            if outcome:
                await self._forget(business, ours, theirs)
                return outcome
        raise ChangedMeanwhile("the record keeps changing")

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

    async def _act(
        self,
        client: Client,
        business: Business,
        decision: Decision,
        ours: Booking | None,
        theirs: CalcomBooking,
        *,
        now: datetime,
    ) -> Outcome | None:
        """Do what was decided; `None` if the record has changed meanwhile."""
        match decision:
            case Follow() if ours:
                followed = await self._follow(business, decision, ours, now=now)
                return Outcome(decision, followed, theirs) if followed else None
            case Adopt():
                added = await self._adopt(business, decision, theirs, now=now)
                return Outcome(decision, added, theirs) if added else None
            case Undo() if ours:
                _log.warning("undoing_orphan", extra={"booking": ours.id})
                await _cancel(client, theirs)
            case KeepOut(why=why):
                _log.info("booking_kept_out", extra={"business": business.slug, "why": why})
            case Dispute():
                await self._dispute(business, decision, theirs.uid, ours, theirs, now=now)
            case _:
                pass
        return Outcome(decision, ours, theirs)

    async def _dispute(
        self,
        business: Business,
        decision: Dispute,
        uid: str,
        ours: Booking | None,
        theirs: CalcomBooking | None,
        *,
        now: datetime,
    ) -> None:
        booking_id = ours.id if ours else None
        _log.error("bookings_disagree", extra={"booking": booking_id, "why": decision.quarrel})
        async with self._db.transaction(business.id) as tx:
            await disputes.keep(tx, decision.quarrel, uid=uid, ours=ours, theirs=theirs, now=now)

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
        self, business: Business, decision: Adopt, theirs: CalcomBooking, *, now: datetime
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


async def _chain(client: Client, uid: str) -> list[CalcomBooking]:
    """A booking and what its moves made of it, the latest last."""
    chain = [await client.get_booking(uid)]
    while (following := chain[-1].rescheduled_to_uid) and len(chain) <= _MOST_MOVES:
        if any(booking.uid == following for booking in chain):
            break
        chain.append(await client.get_booking(following))
    return chain


async def _former(client: Client, first: CalcomBooking) -> list[str]:
    """The names that a booking had before, the latest first."""
    names: list[str] = []
    earlier = first.rescheduled_from_uid
    while earlier and earlier not in names and len(names) < _MOST_MOVES:
        names.append(earlier)
        try:
            earlier = (await client.get_booking(earlier)).rescheduled_from_uid
        except NotFound:
            break
    return names


async def _cancel(client: Client, theirs: CalcomBooking) -> None:
    try:
        await client.cancel(theirs.uid, reason=_UNDOING)
    except AlreadyCancelled:
        return


async def _claim(
    tx: Transaction, booking: Booking, kind: EventType | None, *, now: datetime
) -> None:
    """Claim the host's time; where another booking of ours has it, tell a human."""
    if booking.staff_id is None or booking.state in DEAD or booking.end_at <= now:
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
