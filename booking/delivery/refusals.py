"""What Cal.com's refusals mean to whoever wished for something."""

from typing import Final

from booking.bookings import Booking, span_wished
from booking.errors import BookingError, NotBookable, ServiceUnavailable, SlotTaken
from calcom.errors import (
    BookingLimitReached,
    CalcomError,
    NotFound,
    SlotUnavailable,
    Unauthorised,
)

SLOT_TAKEN: Final = "slot_taken"


def meaning(
    booking: Booking, refusal: CalcomError | ServiceUnavailable
) -> tuple[BookingError, str]:
    """The desk's error for a refusal, and the word that the booking's `failure` keeps."""
    match refusal:
        case SlotUnavailable() | BookingLimitReached():
            return SlotTaken(span_wished(booking).start), SLOT_TAKEN
        case Unauthorised() | NotFound() | ServiceUnavailable():
            return ServiceUnavailable(str(refusal)), "link_broken"
        case _:
            reason = type(refusal).__name__
            return NotBookable(reason), reason
