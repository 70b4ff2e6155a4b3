"""Leaves a task where a caller must hear what became of a wish.

A caller who heard it in the call needs nothing, unless the business confirms everything by message.
Whoever was told "requested", or nothing, gets a
message when it stands, and a callback when it does not. Whoever heard a refusal and hung up without
another appointment gets a callback as well.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from booking.desk import CALLBACK_WITHIN
from db import bookings, calls, tasks
from db.bookings import BookingRow
from db.events import EventRow
from db.states import (
    DEAD,
    BookingOrigin,
    BookingState,
    CallState,
    DomainEventKind,
    TaskKind,
    TaskReason,
    Urgency,
)
from db.transaction import Transaction
from server.listeners.listener import Listener, NotYet, Surroundings
from tools.reply import Status

MESSAGE_WITHIN: Final = timedelta(minutes=30)

_REPLY_WITHIN: Final = timedelta(minutes=1)
"""A reply takes four seconds at most, and is written down a moment later."""
_ASK_AGAIN: Final = timedelta(seconds=5)
_SAYS_NOTHING: Final = frozenset({Status.REQUESTED, Status.TECHNICAL_FAULT})
"""Replies that leave open what became of a wish."""

_LONGEST_CALL: Final = timedelta(minutes=15)
"""After that a call counts as over, also if its platform never said so."""
_LOOK_AGAIN: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What somebody must do."""

    kind: TaskKind
    reason: TaskReason
    urgency: Urgency = Urgency.NORMAL


def wanted(event: EventRow) -> FollowUp | None:
    """What must follow something that the caller has not heard of."""
    was = event.facts.get("from")
    match event.kind:
        case DomainEventKind.BOOKED:
            return FollowUp(TaskKind.MESSAGE, TaskReason.CONFIRMED)
        case DomainEventKind.MOVED:
            return FollowUp(TaskKind.MESSAGE, TaskReason.MOVED)
        case DomainEventKind.CANCELLED if was == BookingState.CANCELLING:
            return FollowUp(TaskKind.MESSAGE, TaskReason.CANCELLED)
        case DomainEventKind.CANCELLED:  # by the business: the caller may want another time
            return FollowUp(TaskKind.CALLBACK, TaskReason.CANCELLED)
        case DomainEventKind.CHANGE_FAILED:
            return FollowUp(TaskKind.CALLBACK, TaskReason.CHANGE_FAILED, Urgency.URGENT)
        case DomainEventKind.BOOKING_FAILED if was == BookingState.AWAITING_HOST:
            return FollowUp(TaskKind.CALLBACK, TaskReason.DECLINED)
        case DomainEventKind.BOOKING_FAILED:
            return FollowUp(TaskKind.CALLBACK, TaskReason.WISH_FAILED, Urgency.URGENT)
        case _:
            return None


def _confirmation(event: EventRow) -> FollowUp | None:
    """What repeats in writing what was done in a call."""
    task = wanted(event)
    return task if task and task.kind is TaskKind.MESSAGE else None


async def _follow_up(event: EventRow, around: Surroundings) -> None:
    if event.booking_id is None:
        return
    async with around.database.transaction(around.business.id) as tx:
        booking = await bookings.get(tx, id=event.booking_id)
        if booking is None or booking.origin is not BookingOrigin.PHONE:
            return
        if booking.group_id not in {None, booking.id}:
            return  # one of several phases: the first one speaks for all
        if event.kind is DomainEventKind.CANCELLED and await _was_undone(tx, booking):
            event = replace(event, kind=DomainEventKind.BOOKING_FAILED)
        heard = await _was_heard(tx, event, around)
        if heard and (told := _confirmation(event)) and around.business.reach.confirms:
            task: FollowUp | None = told
        elif heard:
            task = await _after_the_call(tx, event, booking, around)
        else:
            task = wanted(event)
        if task:
            within = CALLBACK_WITHIN if task.kind is TaskKind.CALLBACK else MESSAGE_WITHIN
            await tasks.add(
                tx,
                kind=task.kind,
                reason=task.reason,
                urgency=task.urgency,
                recipient=booking.attendee_number,
                call_id=booking.call_id,
                booking_id=booking.id,
                event_id=event.id,
                heard=heard,
                due_at=event.recorded_at + within,
                now=around.now,
            )


async def _was_undone(tx: Transaction, booking: BookingRow) -> bool:
    """Whether it was taken back because another of its phases could not be had."""
    if booking.group_id is None:
        return False
    phases = await bookings.whole(tx, id=booking.group_id)
    return any(phase.state is BookingState.FAILED for phase in phases)


async def _was_heard(tx: Transaction, event: EventRow, around: Surroundings) -> bool:
    """Whether the caller was told of it in the call: the reply of the request that did it says so.

    A reply that is written nowhere was never given: its process died.

    Raises:
        NotYet: The reply may be on its way.
    """
    if event.facts.get("unheard"):
        return False
    told = await calls.told_at(tx, at=event.recorded_at)
    if not told and around.now < event.recorded_at + _REPLY_WITHIN:
        raise NotYet(around.now + _ASK_AGAIN)
    return bool(told) and not _SAYS_NOTHING.intersection(told)


async def _after_the_call(
    tx: Transaction, event: EventRow, booking: BookingRow, around: Surroundings
) -> FollowUp | None:
    """What must follow a refusal that the caller heard: nothing, if another wish was met.

    Raises:
        NotYet: The caller is still on the phone.
    """
    if event.kind is not DomainEventKind.BOOKING_FAILED:
        return None
    call = await calls.get(tx, id=booking.call_id) if booking.call_id else None
    is_over = around.now >= event.recorded_at + _LONGEST_CALL
    if call and call.state is CallState.ONGOING and not is_over:
        raise NotYet(around.now + _LOOK_AGAIN)
    later = await bookings.of_call(tx, call_id=booking.call_id) if booking.call_id else []
    if booking.customer_id:
        later += await bookings.upcoming_of_customer(
            tx, customer_id=booking.customer_id, now=around.now
        )
    if any(other.state not in DEAD and other.created_at >= booking.created_at for other in later):
        return None
    return FollowUp(TaskKind.CALLBACK, TaskReason.WISH_FAILED)


follow_up: Final = Listener(
    "tasks",
    frozenset(
        {
            DomainEventKind.BOOKED,
            DomainEventKind.BOOKING_FAILED,
            DomainEventKind.MOVED,
            DomainEventKind.CHANGE_FAILED,
            DomainEventKind.CANCELLED,
        }
    ),
    _follow_up,
)
