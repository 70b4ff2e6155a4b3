"""What stands at Cal.com, as far as it is ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from booking.bookings import Booking, BookingState
from calcom.shapes import Booking as CalcomBooking
from calcom.shapes import BookingStatus

OUR_ID: Final = "slotline_booking_id"
"""Metadata key under which a booking at Cal.com carries the id of our row."""

_STATES: Final[Mapping[BookingStatus, BookingState]] = {
    BookingStatus.ACCEPTED: BookingState.CONFIRMED,
    BookingStatus.PENDING: BookingState.AWAITING_HOST,
    BookingStatus.AWAITING_HOST: BookingState.AWAITING_HOST,
    BookingStatus.CANCELLED: BookingState.CANCELLED,
    BookingStatus.REJECTED: BookingState.FAILED,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One booking of ours at Cal.com, or our seat in one."""

    uid: str = field(repr=False)
    seat_uid: str | None = field(repr=False)
    state: BookingState
    """Confirmed, awaiting its host, cancelled, or failed where the host refused."""
    start: datetime
    end: datetime
    host_ids: tuple[int, ...]
    """Cal.com's ids of its users; empty where the answer names none."""

    @property
    def is_live(self) -> bool:
        """Whether it occupies its time."""
        return self.state in {BookingState.CONFIRMED, BookingState.AWAITING_HOST}


def seen(booking: Booking, there: CalcomBooking) -> Seen | None:
    """Read an answer of Cal.com's; `None` if it is not about our booking.

    Cal.com may answer a new wish with an older booking of the same attendee, and a uid may be
    anybody's. Ours carries our row's id, which no booking made before the row can; one that was
    made in Cal.com's web UI is known by its uid, or by that of the booking it was moved from.
    """
    seat_uid = None
    gone = False
    if any(each.seat_uid for each in there.attendees) or booking.seat_uid:
        seat_uid = _seat(booking, there)
        gone = seat_uid is None
        if gone and there.uid != booking.calcom_uid:
            return None
    elif not _is_ours(booking, there):
        return None
    return Seen(
        uid=there.uid,
        seat_uid=seat_uid,
        state=BookingState.CANCELLED if gone else _STATES[there.status],
        start=there.start,
        end=there.end,
        host_ids=tuple(host.id for host in there.hosts if host.id is not None),
    )


def _is_ours(booking: Booking, there: CalcomBooking) -> bool:
    if OUR_ID in there.metadata:
        return there.metadata[OUR_ID] == str(booking.id)
    known = booking.calcom_uid
    return known is not None and known in {there.uid, there.rescheduled_from_uid}


def _seat(booking: Booking, there: CalcomBooking) -> str | None:
    return next(
        (
            attendee.seat_uid
            for attendee in there.attendees
            if attendee.metadata.get(OUR_ID) == str(booking.id)
            or (booking.seat_uid is not None and attendee.seat_uid == booking.seat_uid)
        ),
        None,
    )
