"""Telling Cal.com: ask, settle; and where nobody knows what came of it, look before asking again.

A booking's row is committed before anything leaves, and carries what a later reader needs. No
transaction is open while the network is waited for.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Final

from booking.availability import Availability
from booking.bookings import Booking, BookingState, span_of
from booking.business import Business, EventType
from booking.calendars import Calendars
from booking.errors import NotBookable, ServiceUnavailable, SlotTaken
from calcom.client import Client
from calcom.errors import (
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
from calcom.outgoing import Attendee, BookingFilter
from calcom.shapes import Booking as CalcomBooking
from calcom.shapes import BookingStatus
from db import bookings
from db.database import Database
from db.errors import DatabaseError

_log = logging.getLogger(__name__)

OUR_ID: Final = "slotline_booking_id"
"""Metadata key under which a booking at Cal.com carries the id of our row."""

LATE_ARRIVAL: Final = timedelta(seconds=30)
"""Cal.com calls calendars, mail and webhooks inside the request, so a booking whose answer was lost
can appear tens of seconds later. Only after that is "not found" an answer."""

_LOOK_AGAIN: Final = timedelta(seconds=5)
_TRY_AGAIN: Final = timedelta(seconds=20)
_SETTLE_SECONDS: Final = 0.4
"""What is left of a deadline for writing down the outcome."""

_BACKGROUND_SECONDS: Final = 20.0
"""Nobody waits for a worker: it may take what Cal.com takes on a bad day."""


class Delivery:
    """Brings bookings to Cal.com and settles their rows."""

    def __init__(
        self, *, database: Database, calendars: Calendars, availability: Availability
    ) -> None:
        self._db = database
        self._calendars = calendars
        self._availability = availability

    async def create(
        self, business: Business, booking: Booking, *, now: datetime, answer_by: float
    ) -> Booking:
        """Ask Cal.com once to make a booking, and write down what came of it.

        Returns:
            The booking as it stands now; pending or queued if a worker must see to it.

        Raises:
            SlotTaken: The time went to somebody else.
            NotBookable: Cal.com refuses for good.
            ServiceUnavailable: The link to Cal.com is broken.
        """
        left = answer_by - asyncio.get_running_loop().time()
        try:
            client = await self._calendars.of(business)
            made = await _ask(
                client, business, booking, timeout_seconds=max(left - _SETTLE_SECONDS, 0.0)
            )
        except (SlotUnavailable, BookingLimitReached) as error:
            await self._fail(business, booking, "slot_taken", now=now)
            raise SlotTaken(booking.start_at) from error
        except (Unauthorised, NotFound, ServiceUnavailable) as error:
            await self._fail(business, booking, "link_broken", now=now)
            raise ServiceUnavailable(str(error)) from error
        except Refused as error:
            reason = type(error).__name__
            await self._fail(business, booking, reason, now=now)
            raise NotBookable(reason) from error
        except NotNow as error:
            return await self._queue(business, booking, error, now=now)
        except OutcomeUnknown as error:
            _log.warning("outcome_unknown", extra={"booking": booking.id, "error": str(error)})
            return await self._look_later(business, booking, now=now)
        return await self._settle(business, booking, made, now=now)

    async def resume(self, business: Business, booking: Booking, *, now: datetime) -> None:
        """Settle a booking whose writer died or could not know: look, wait, then ask again.

        Called by workers, which hold the booking's lease.
        """
        client = (await self._calendars.of(business)).in_background()
        try:
            found = await _look(client, business, booking)
        except CalcomError as error:
            _log.info("calendar_unavailable", extra={"booking": booking.id, "error": str(error)})
            await self._postpone(business, booking, now + _TRY_AGAIN)
            return
        if found:
            await self._settle(business, booking, found, now=now)
        elif booking.asked_at and now - booking.asked_at < LATE_ARRIVAL:
            await self._postpone(business, booking, booking.asked_at + LATE_ARRIVAL)
        elif booking.start_at <= now:
            await self._fail(business, booking, "too_late", now=now)
        else:
            await self._ask_again(business, booking, now=now)

    async def _ask_again(self, business: Business, booking: Booking, *, now: datetime) -> None:
        async with self._db.transaction(business.id) as tx:
            await bookings.asking(tx, id=booking.id, now=now)
        answer_by = asyncio.get_running_loop().time() + _BACKGROUND_SECONDS
        try:
            await self.create(business, booking, now=now, answer_by=answer_by)
        except (SlotTaken, NotBookable, ServiceUnavailable) as error:
            _log.info("wish_not_met", extra={"booking": booking.id, "reason": str(error)})

    async def _settle(
        self, business: Business, booking: Booking, made: CalcomBooking, *, now: datetime
    ) -> Booking:
        if not made.carries(OUR_ID, str(booking.id)):
            # Cal.com may answer with an older booking of the same attendee: not ours to adopt.
            _log.error("foreign_booking_in_answer", extra={"booking": booking.id})
            await self._fail(business, booking, "foreign_answer", now=now)
            raise SlotTaken(booking.start_at)
        state = _STATES.get(made.status, BookingState.FAILED)
        try:
            async with self._db.transaction(business.id) as tx:
                settled = await bookings.settle(
                    tx, id=booking.id, state=state, calcom_uid=made.uid, failure=None, now=now
                )
        except DatabaseError:
            # It stands at Cal.com but not here: told as a request, settled by a worker who looks.
            _log.exception("settling_failed", extra={"booking": booking.id})
            return booking
        await self._forget(business, booking)
        return settled or booking

    async def _fail(
        self, business: Business, booking: Booking, reason: str, *, now: datetime
    ) -> None:
        async with self._db.transaction(business.id) as tx:
            await bookings.settle(
                tx,
                id=booking.id,
                state=BookingState.FAILED,
                calcom_uid=None,
                failure=reason,
                now=now,
            )
        await self._forget(business, booking)

    async def _queue(
        self, business: Business, booking: Booking, error: NotNow, *, now: datetime
    ) -> Booking:
        """Nothing was sent. The wish stays and is delivered when Cal.com can be reached again."""
        pause = (
            timedelta(seconds=error.retry_after_seconds)
            if isinstance(error, RateLimited)
            else _TRY_AGAIN
        )
        async with self._db.transaction(business.id) as tx:
            queued = await bookings.settle(
                tx,
                id=booking.id,
                state=BookingState.QUEUED,
                calcom_uid=None,
                failure=None,
                due_at=now + pause,
                now=now,
            )
        return queued or booking

    async def _look_later(self, business: Business, booking: Booking, *, now: datetime) -> Booking:
        await self._postpone(business, booking, now + _LOOK_AGAIN)
        return booking

    async def _postpone(self, business: Business, booking: Booking, due_at: datetime) -> None:
        async with self._db.transaction(business.id) as tx:
            await bookings.postpone(tx, id=booking.id, due_at=due_at)

    async def _forget(self, business: Business, booking: Booking) -> None:
        """A host's booking changes the slots of all event types of that host."""
        kinds = [
            kind.id
            for kind in business.event_types.values()
            if booking.staff_id is None or kind.staff is None or kind.staff.id == booking.staff_id
        ]
        for zone in {line.timezone for line in business.lines}:
            await self._availability.forget(business.id, kinds, span_of(booking), zone=zone)


_STATES: Final = {
    BookingStatus.ACCEPTED: BookingState.CONFIRMED,
    BookingStatus.PENDING: BookingState.AWAITING_HOST,
    BookingStatus.CANCELLED: BookingState.CANCELLED,
}


async def _ask(
    client: Client, business: Business, booking: Booking, *, timeout_seconds: float
) -> CalcomBooking:
    kind = _event_type(business, booking)
    return await client.create_booking(
        kind.calcom_id,
        booking.start_at,
        Attendee(
            name=booking.attendee_name,
            email=booking.attendee_email,
            phone_number=booking.attendee_number,
            timezone=booking.attendee_timezone,
            language=booking.attendee_language,
        ),
        metadata={OUR_ID: str(booking.id)},
        timeout_seconds=timeout_seconds,
    )


async def _look(client: Client, business: Business, booking: Booking) -> CalcomBooking | None:
    """Find the booking at Cal.com that carries our id. There is no filter for metadata."""
    kind = _event_type(business, booking)
    could_be_it = BookingFilter(
        attendee_email=booking.attendee_email,
        event_type_ids=[kind.calcom_id],
        after_start=booking.start_at,
        before_end=booking.end_at,
    )
    async for candidate in client.list_bookings(could_be_it):
        if candidate.carries(OUR_ID, str(booking.id)):
            return candidate
    return None


def _event_type(business: Business, booking: Booking) -> EventType:
    try:
        return business.event_types[booking.event_type_id]
    except KeyError:
        raise ServiceUnavailable(f"event type {booking.event_type_id} is not offered") from None
