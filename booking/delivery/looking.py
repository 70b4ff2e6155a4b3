"""Looking up what became of a booking: no filter finds metadata, and a move makes a new uid."""

from dataclasses import replace
from typing import Final

from booking.bookings import Booking
from booking.business import Business, EventType
from booking.delivery.seen import Seen, seen
from booking.errors import ServiceUnavailable
from booking.slots import Span
from calcom.client import Client
from calcom.errors import NotFound
from calcom.outgoing import BookingFilter
from calcom.shapes import BookingStatus

_MOST_MOVES: Final = 20
"""Of one appointment; a longer chain would be a loop."""


def event_type(business: Business, booking: Booking, *, wished: bool = False) -> EventType:
    """The event type where a booking stands, or where it shall move.

    Raises:
        ServiceUnavailable: It is not offered any more.
    """
    id_ = booking.wished_event_type_id if wished else booking.event_type_id
    try:
        return business.event_types[id_ or booking.event_type_id]
    except KeyError:
        raise ServiceUnavailable(f"event type {id_} is not offered") from None


async def by_uid(client: Client, booking: Booking) -> Seen | None:
    """The booking that bears our uid, or has taken the place of the one that did."""
    uid = booking.calcom_uid
    for _ in range(_MOST_MOVES):
        if uid is None:
            return None
        try:
            there = await client.get_booking(uid)
        except NotFound:
            return None
        found = seen(replace(booking, calcom_uid=uid), there)
        if there.status is not BookingStatus.CANCELLED or there.rescheduled_to_uid is None:
            return found
        uid = there.rescheduled_to_uid
    return None


async def by_wish(client: Client, booking: Booking, kind: EventType, where: Span) -> list[Seen]:
    """The bookings at a time that are ours, oldest first.

    Whoever has them is not asked for: where an event type hides its e-mail field, Cal.com puts an
    address of its own in the place of the attendee's.
    """
    could_be_it = BookingFilter(
        event_type_ids=[kind.calcom_id],
        after_start=where.start,
        before_end=where.end,
    )
    found = [seen(booking, there) async for there in client.list_bookings(could_be_it)]
    return [each for each in found if each is not None]
