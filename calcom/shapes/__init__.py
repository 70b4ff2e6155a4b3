"""What Cal.com answers, as far as we use it: tolerant of more, strict about that.

Every model is frozen, has our names and units, and is read from JSON only. Uids do not show in
their `repr`.
"""

from calcom.shapes.account import EventType, Me, Schedule, Webhook
from calcom.shapes.answer import Answer, Data
from calcom.shapes.bookings import (
    BookedAttendee,
    Booking,
    BookingStatus,
    CursorPage,
    Host,
    NumberedPage,
)
from calcom.shapes.slots import Reservation, Slot

__all__ = [
    "Answer",
    "BookedAttendee",
    "Booking",
    "BookingStatus",
    "CursorPage",
    "Data",
    "EventType",
    "Host",
    "Me",
    "NumberedPage",
    "Reservation",
    "Schedule",
    "Slot",
    "Webhook",
]
