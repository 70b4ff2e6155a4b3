"""What to do where our record of a booking and Cal.com's booking differ. Decides, and does nothing.

Cal.com is the authority for what stands. Our own sagas are the authority for what they are still
at: a booking that one of them is changing is left to it. Nothing here ever leads out of a dead
state: what was told to a caller as gone is not revived by a message that comes late.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from booking.bookings import Booking, BookingState
from booking.business import EventType, EventTypeKind, Staff
from booking.delivery import OUR_ID
from calcom.notice import Notice
from calcom.shapes import Booking as CalcomBooking
from calcom.shapes import BookingStatus
from db.states import DEAD, Quarrel

_LOOK_AGAIN: Final = timedelta(seconds=10)
"""After a saga that does not say when it will be done."""

_ECHOES_FOR: Final = timedelta(minutes=10)
"""Cal.com tells us of what we ask for within seconds, sometimes within minutes; later it may be
about something else."""

_GONE: Final = frozenset({BookingStatus.CANCELLED, BookingStatus.REJECTED})
_AT_WORK: Final = frozenset({BookingState.MOVING, BookingState.CANCELLING})
_UNANSWERED: Final = frozenset({BookingState.PENDING, BookingState.QUEUED})


@dataclass(frozen=True, slots=True)
class InLine:
    """Nothing differs."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A saga of ours is at it: look again then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Follow:
    """Write down what stands there."""

    state: BookingState
    event_type_id: UUID
    start: datetime
    end: datetime
    uid: str = field(repr=False)
    staff_id: UUID | None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Adopt:
    """Make a record of a booking that was made outside."""

    state: BookingState
    event_type: EventType
    staff_id: UUID | None


@dataclass(frozen=True, slots=True)
class Undo:
    """Cancel it there: we asked for it, gave up, and told so; then it came."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """Leave both as they are and tell a human."""

    quarrel: Quarrel


@dataclass(frozen=True, slots=True)
class KeepOut:
    """None of ours. `why` is one word for the log."""

    why: str


Decision = InLine | Wait | Follow | Adopt | Undo | Dispute | KeepOut


def is_echo(told: Notice, ours: Booking, at: datetime) -> bool:
    """Whether a webhook says nothing but what we have just made, moved or cancelled ourselves.

    Looking at such a booking would cost a request for each of our own. What has changed since has a
    webhook of its own, and reconciliation after that.

    Args:
        told: What it says.
        ours: The record of its uid.
        at: When it arrived.
    """
    if told.uid != ours.calcom_uid or abs(at - ours.updated_at) > _ECHOES_FOR:
        return False
    if told.trigger == "BOOKING_CANCELLED":
        return ours.state is BookingState.CANCELLED
    return (
        told.trigger in {"BOOKING_CREATED", "BOOKING_RESCHEDULED"}
        and told.metadata.get(OUR_ID) == str(ours.id)
        and ours.state is BookingState.CONFIRMED
        and told.stands == (ours.start_at, ours.end_at)
    )


def decide(
    ours: Booking | None,
    theirs: CalcomBooking,
    event_type: EventType | None,
    *,
    staff: Iterable[Staff],
    now: datetime,
) -> Decision:
    """What to do about a booking at Cal.com and our record of it.

    Args:
        ours: The record that was found for it.
        theirs: Asked for after `ours` was read, so at least as new as that.
        event_type: Of theirs, if it is one of the business's.
        staff: Of the business.
        now: When.
    """
    host = host_of(theirs, event_type, staff)
    if ours is None:
        return _of_outside(theirs, event_type, host, now=now)
    if wait := at_work(ours, now=now):
        return wait
    if not _may_be(ours, theirs):
        return Dispute(Quarrel.OTHER_RECORD)
    if ours.state in DEAD:
        return _of_dead(ours, theirs, now=now)
    if ours.calcom_uid is None and not _is_wished(ours, theirs, event_type):
        return Dispute(Quarrel.OTHER_ATTENDEE)
    state, failure = _state(ours.state, _status(ours, theirs))
    there = Follow(
        state=state,
        event_type_id=event_type.id if event_type else ours.event_type_id,
        start=theirs.start,
        end=theirs.end,
        uid=theirs.uid,
        staff_id=host.id if host else ours.staff_id,
        failure=failure,
    )
    return InLine() if _is_there(ours, there) else there


def at_work(ours: Booking, *, now: datetime) -> Wait | None:
    """Whether one of our own sagas is changing the booking: then it is not worth a look."""
    is_leased = ours.due_at is not None and ours.due_at > now and ours.state in _UNANSWERED
    if is_leased or ours.state in _AT_WORK:
        return Wait(max(ours.due_at or now, now + _LOOK_AGAIN))
    return None


def host_of(
    theirs: CalcomBooking, event_type: EventType | None, staff: Iterable[Staff]
) -> Staff | None:
    """Who performs it, as far as we know them."""
    ids = {host.id for host in theirs.hosts if host.id is not None}
    named = next((person for person in staff if person.calcom_user_id in ids), None)
    return named or (event_type.staff if event_type else None)


def is_live(theirs: CalcomBooking) -> bool:
    """Whether it takes up time at Cal.com, or may yet."""
    return theirs.status not in _GONE


def our_id_on(theirs: CalcomBooking) -> str | None:
    """The id of ours that it carries, real or not."""
    return theirs.metadata.get(OUR_ID)


def _of_outside(
    theirs: CalcomBooking, event_type: EventType | None, host: Staff | None, *, now: datetime
) -> Decision:
    if not is_live(theirs):
        return InLine()
    if event_type is None:
        return KeepOut("unknown_event_type")
    if our_id_on(theirs) is not None:
        return Dispute(Quarrel.UNRECORDED)
    if event_type.kind is EventTypeKind.SEATED:
        return KeepOut("seated")
    if theirs.end <= now:
        return KeepOut("over")
    if not theirs.attendees:
        return KeepOut("nobody")
    waits = theirs.status is not BookingStatus.ACCEPTED
    state = BookingState.AWAITING_HOST if waits else BookingState.CONFIRMED
    return Adopt(state, event_type, host.id if host else None)


def _of_dead(ours: Booking, theirs: CalcomBooking, *, now: datetime) -> Decision:
    """A dead record stays dead; whether its booking must go too is safe to say in one case only."""
    is_gone = _status(ours, theirs) in _GONE
    if is_gone or theirs.end <= now:
        return InLine()
    never_stood = ours.state is BookingState.FAILED and ours.calcom_uid is None
    if never_stood and our_id_on(theirs) == str(ours.id) and theirs.rescheduled_from_uid is None:
        return Undo()
    return Dispute(Quarrel.STANDS_THOUGH_DEAD)


def _status(ours: Booking, theirs: CalcomBooking) -> BookingStatus:
    """Theirs, or that of our seat in it: who gave up a seat has gone, though others stay."""
    taken = {attendee.seat_uid for attendee in theirs.attendees}
    if ours.seat_uid is None or ours.seat_uid in taken:
        return theirs.status
    return BookingStatus.CANCELLED


def _is_there(ours: Booking, there: Follow) -> bool:
    here = (ours.state, ours.event_type_id, ours.start_at, ours.end_at, ours.calcom_uid)
    same = here == (there.state, there.event_type_id, there.start, there.end, there.uid)
    return same and ours.staff_id == there.staff_id


def _may_be(ours: Booking, theirs: CalcomBooking) -> bool:
    """Whether it carries no id of another record. Moves and seats may lose ours."""
    return our_id_on(theirs) in {None, str(ours.id)}


def _is_wished(ours: Booking, theirs: CalcomBooking, event_type: EventType | None) -> bool:
    """Whether a booking that has just turned up is what was wished for, and not just called so."""
    emails = {attendee.email.casefold() for attendee in theirs.attendees}
    return (
        event_type is not None
        and event_type.id == ours.event_type_id
        and ours.attendee_email.casefold() in emails
    )


def _state(here: BookingState, there: BookingStatus) -> tuple[BookingState, str | None]:
    """Our word for Cal.com's status, and why if it came to nothing."""
    match there:
        case BookingStatus.ACCEPTED:
            return BookingState.CONFIRMED, None
        case BookingStatus.PENDING | BookingStatus.AWAITING_HOST:
            return BookingState.AWAITING_HOST, None
        case BookingStatus.REJECTED if here is not BookingState.CONFIRMED:
            return BookingState.FAILED, "rejected"
        case BookingStatus.CANCELLED if here is not BookingState.CONFIRMED:
            return BookingState.FAILED, "cancelled_outside"
        case _:
            return BookingState.CANCELLED, None
