"""What can be asked of Cal.com about a booking, one small table each.

A saga says how to ask, how to see whether that has happened already, and when it is too late for
it. What stands at Cal.com decides the rest: it is written down as it is.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from booking.bookings import Booking, BookingState, span_wished
from booking.business import Business, EventType, EventTypeKind
from booking.delivery.looking import by_uid, by_wish, event_type
from booking.delivery.seen import OUR_ID, Seen, seen
from booking.errors import ServiceUnavailable
from booking.slots import Span
from calcom.client import Client
from calcom.errors import (
    AlreadyCancelled,
    AlreadyEnded,
    AlreadySignedUp,
    CalcomError,
    NotFound,
    SlotUnavailable,
)
from calcom.outgoing import Attendee
from calcom.shapes import Booking as CalcomBooking

_AGAIN_SECONDS: Final = 0.1
_MOST_TRIES: Final = 4
_READ_BACK_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Asking:
    """One request to Cal.com: about what, and until when on the event loop's clock."""

    client: Client
    business: Business
    booking: Booking
    until: float

    @property
    def seconds(self) -> float:
        """What is left."""
        return max(self.until - asyncio.get_running_loop().time(), 0.0)


@dataclass(frozen=True, slots=True)
class Saga:
    """How one kind of wish is brought to Cal.com."""

    ask: Callable[[Asking], Awaitable[Seen | None]]
    """Ask once. `None`: the answer is about somebody else's booking."""
    look: Callable[[Client, Business, Booking], Awaitable[Seen | None]]
    """What stands at Cal.com now; `None` if nothing of ours is found."""
    is_met: Callable[[Booking, Seen], bool]
    """Whether that is what was wished."""
    is_open: Callable[[Booking, Seen], bool]
    """Whether it is still as it was before asking, so that asking again makes sense."""
    is_too_late: Callable[[Booking, datetime], bool]
    refused: BookingState
    """What the booking is if Cal.com says no."""


async def _ask_create(asking: Asking) -> Seen | None:
    kind = event_type(asking.business, asking.booking)
    made = await _create(asking, kind, span_wished(asking.booking).start)
    return await _with_host(asking, kind, seen(asking.booking, made))


async def _create(asking: Asking, kind: EventType, start: datetime) -> CalcomBooking:
    """Ask once; where several places are left by our own claims, a lost race is run again.

    Cal.com refuses all but one of the requests that reach it together for one start, though hosts
    or seats are left. A refusal says that nothing was done, so this is no second booking.
    """
    booking = asking.booking
    for tries_left in reversed(range(min(kind.capacity, _MOST_TRIES))):
        try:
            return await asking.client.create_booking(
                kind.calcom_id,
                start,
                Attendee(
                    name=booking.attendee_name,
                    email=booking.attendee_email,
                    phone_number=booking.attendee_number,
                    timezone=booking.attendee_timezone,
                    language=booking.attendee_language,
                ),
                metadata={OUR_ID: str(booking.id)},
                timeout_seconds=asking.seconds,
            )
        except AlreadySignedUp:
            raise
        except SlotUnavailable:
            if not tries_left or asking.seconds <= _AGAIN_SECONDS:
                raise
        await asyncio.sleep(random.uniform(0.0, _AGAIN_SECONDS))  # noqa: S311
    raise ServiceUnavailable(f"event type {kind.id} has no host")


async def _look_create(client: Client, business: Business, booking: Booking) -> Seen | None:
    kind = event_type(business, booking)
    found = await by_wish(client, booking, kind, Span(booking.start_at, booking.end_at))
    if not found:
        return None
    first = next((each for each in found if each.is_live), found[-1])
    # Somebody may have moved it before we knew of it.
    return await by_uid(client, replace(booking, calcom_uid=first.uid)) or first


async def _ask_move(asking: Asking) -> Seen | None:
    booking = asking.booking
    kind = event_type(asking.business, booking, wished=True)
    wished = span_wished(booking)
    if booking.wished_event_type_id != booking.event_type_id:
        return await _ask_swap(asking, kind, wished)
    made = await asking.client.reschedule(
        _uid(booking),
        wished.start,
        seat_uid=booking.seat_uid,
        timeout_seconds=asking.seconds,
    )
    return await _with_host(asking, kind, seen(booking, made))


async def _ask_swap(asking: Asking, kind: EventType, wished: Span) -> Seen | None:
    """Cal.com moves within an event type only: to another host, book there and cancel here."""
    booking = asking.booking
    standing = await by_wish(asking.client, booking, kind, wished) if booking.attempts else []
    made = next((each for each in standing if each.is_live), None)
    if made is None:
        made = seen(booking, await _create(asking, kind, wished.start))
    if made is None:
        return None
    with suppress(AlreadyCancelled, AlreadyEnded, NotFound):
        await _cancel_what_stands(asking, reason="moved to another host")
    return await _with_host(asking, kind, made)


async def _look_move(client: Client, business: Business, booking: Booking) -> Seen | None:
    there = await by_uid(client, booking)
    swapped = booking.wished_event_type_id != booking.event_type_id
    if (booking.seat_uid is None and not swapped) or (there is not None and there.is_live):
        return there
    # A seat leaves no trace of where it went, nor does a booking that was made anew.
    kind = event_type(business, booking, wished=True)
    found = await by_wish(client, booking, kind, span_wished(booking))
    return next((each for each in found if each.is_live), there)


async def _ask_cancel(asking: Asking) -> Seen | None:
    booking = asking.booking
    uid, answer = await _cancel_what_stands(
        asking, reason=booking.cancel_reason or "cancelled by phone"
    )
    return seen(replace(booking, calcom_uid=uid), answer)


async def _cancel_what_stands(asking: Asking, *, reason: str) -> tuple[str, CalcomBooking]:
    """Cancel it under the uid that we know, or under the one that it has got since."""
    uid = _uid(asking.booking)
    try:
        return uid, await _cancel(asking, uid, reason=reason)
    except AlreadyCancelled:
        # So it says of a booking that was moved, too: then the one that stands is meant.
        there = await by_uid(asking.client, asking.booking)
        if there is None or not there.is_live:
            raise
    return there.uid, await _cancel(asking, there.uid, reason=reason)


async def _cancel(asking: Asking, uid: str, *, reason: str) -> CalcomBooking:
    return await asking.client.cancel(
        uid,
        reason=reason,
        seat_uid=asking.booking.seat_uid,
        timeout_seconds=asking.seconds,
    )


async def _look_cancel(client: Client, business: Business, booking: Booking) -> Seen | None:  # noqa: ARG001
    return await by_uid(client, booking)


async def _with_host(asking: Asking, kind: EventType, made: Seen | None) -> Seen | None:
    """Read the booking back if nobody knows who performs it; not knowing is no failure."""
    if made is None or made.host_ids or kind.kind is EventTypeKind.FIXED:
        return made
    seconds = min(asking.seconds, _READ_BACK_SECONDS)
    try:
        there = await asking.client.get_booking(made.uid, timeout_seconds=seconds)
    except CalcomError:
        return made
    return seen(asking.booking, there) or made


def _uid(booking: Booking) -> str:
    if booking.calcom_uid is None:
        raise LookupError(f"booking {booking.id} does not stand at Cal.com")
    return booking.calcom_uid


def _is_moved(booking: Booking, there: Seen) -> bool:
    at_wish = there.start == span_wished(booking).start
    return there.is_live and at_wish and there.uid != booking.calcom_uid


def _is_unmoved(booking: Booking, there: Seen) -> bool:
    """Another host's booking may stand or arrive beside it, wherever it has been moved to."""
    is_swapped = booking.wished_event_type_id != booking.event_type_id
    return there.is_live and (there.uid == booking.calcom_uid or is_swapped)


CREATE: Final = Saga(
    ask=_ask_create,
    look=_look_create,
    is_met=lambda _, there: there.is_live,
    is_open=lambda _, __: False,
    is_too_late=lambda booking, now: booking.start_at <= now,
    refused=BookingState.FAILED,
)
MOVE: Final = Saga(
    ask=_ask_move,
    look=_look_move,
    is_met=_is_moved,
    is_open=_is_unmoved,
    is_too_late=lambda booking, now: min(booking.start_at, span_wished(booking).start) <= now,
    refused=BookingState.CONFIRMED,
)
CANCEL: Final = Saga(
    ask=_ask_cancel,
    look=_look_cancel,
    is_met=lambda _, there: not there.is_live,
    is_open=lambda _, there: there.is_live,
    is_too_late=lambda booking, now: booking.end_at <= now,
    refused=BookingState.CONFIRMED,
)

SAGAS: Final[Mapping[BookingState, Saga]] = {
    BookingState.PENDING: CREATE,
    BookingState.QUEUED: CREATE,
    BookingState.MOVING: MOVE,
    BookingState.CANCELLING: CANCEL,
}
"""What a booking's state says is wished."""
