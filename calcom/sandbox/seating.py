"""Types whose bookings have seats."""

import uuid

from calcom.sandbox import announcements
from calcom.sandbox.errors import Bare, Nest
from calcom.sandbox.records import Attendee, Booking, EventType
from calcom.sandbox.sandbox import Sandbox, new_uid


def seat(attendee: Attendee, *, metadata: dict[str, str]) -> Attendee:
    """Give an attendee a seat."""
    attendee.seat_uid = str(uuid.uuid4())
    attendee.responses = {"name": attendee.name, "guests": []}
    attendee.metadata = metadata
    return attendee


async def take_seat(
    sandbox: Sandbox, booking: Booking, event_type: EventType, attendee: Attendee
) -> Attendee:
    """Add an attendee to a booking that stands.

    Raises:
        Refusal: 409, there already, or no seat left.
    """
    refuse_seat(booking, event_type, attendee.email)
    await sandbox.gap()
    refuse_seat(booking, event_type, attendee.email)
    booking.attendees.append(attendee)
    sandbox.world.put(booking)
    sandbox.world.commit()
    await sandbox.courier.announce(
        "BOOKING_CREATED",
        announcements.made(
            sandbox.world,
            booking,
            seat=attendee,
            is_first_seat=False,
            seat_ics_uid=f"{new_uid()}@Cal.com",
        ),
    )
    return attendee


def refuse_seat(booking: Booking, event_type: EventType, email: str) -> None:
    """Check that this person can have a seat in this booking.

    Raises:
        Refusal: 409, there already, or no seat left.
    """
    if any(a.email == email for a in booking.attendees):
        raise Bare(409, "already_signed_up_for_this_booking_error")
    if event_type.seats and len(booking.attendees) >= event_type.seats.per_slot:
        raise Nest(409, "No more seats left at this seated booking.")
