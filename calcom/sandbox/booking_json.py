"""A booking as the API shows it (`cal-api-version: 2024-08-13`)."""

from typing import Any

from calcom.sandbox.instants import millis
from calcom.sandbox.records import Attendee, Booking
from calcom.sandbox.world import World


def booking_json(world: World, booking: Booking) -> dict[str, Any]:
    """One booking; recurring and seated ones have shapes of their own."""
    shown = _base(world, booking)
    if booking.seated:
        return {**shown, "attendees": [_seat(a) for a in booking.attendees]}
    shown |= {
        "cancelledByEmail": booking.cancelled_by,
        "metadata": booking.metadata,
        "attendees": [_attendee(a) for a in booking.attendees],
        "bookingFieldsResponses": booking.responses,
    }
    if booking.guests:
        shown["guests"] = booking.guests
    if booking.recurring_uid is not None:
        del shown["rescheduledByEmail"]
        shown["recurringBookingUid"] = booking.recurring_uid
    return shown


def occurrences(world: World, recurring_uid: str) -> list[Booking]:
    """The bookings of one recurrence, earliest first."""
    found = [b for b in world.bookings.values() if b.recurring_uid == recurring_uid]
    return sorted(found, key=lambda b: b.start)


def _base(world: World, booking: Booking) -> dict[str, Any]:
    host = world.users[booking.host_id]
    event_type = world.event_types.get(booking.event_type_id or 0)
    shown: dict[str, Any] = {
        "id": booking.id,
        "uid": booking.uid,
        "title": booking.title,
        "description": booking.description,
        "hosts": [
            {
                "id": host.id,
                "name": host.name,
                "email": host.email,
                "username": host.username,
                "timeZone": host.time_zone,
            }
        ],
        "status": booking.status,
        "cancellationReason": booking.cancellation_reason,
        "rescheduledByEmail": booking.rescheduled_by,
        "start": millis(booking.start),
        "end": millis(booking.end),
        "duration": round((booking.end - booking.start).total_seconds() / 60),
        "meetingUrl": booking.location,
        "location": booking.location,
        "absentHost": booking.absent_host,
        "createdAt": millis(booking.created_at),
        "updatedAt": millis(booking.updated_at),
        "rating": None,
        "icsUid": booking.ics_uid,
    }
    if event_type is not None:
        shown["eventTypeId"] = event_type.id
        shown["eventType"] = {"id": event_type.id, "slug": event_type.slug}
    optional = {
        "reschedulingReason": booking.rescheduling_reason,
        "rescheduledFromUid": booking.from_uid,
        "rescheduledToUid": booking.to_uid,
    }
    return shown | {key: value for key, value in optional.items() if value is not None}


def _attendee(attendee: Attendee) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "name": attendee.name,
        "email": attendee.email,
        "timeZone": attendee.time_zone,
        "language": attendee.language,
        "absent": attendee.absent,
    }
    if attendee.phone is not None:
        shown["phoneNumber"] = attendee.phone
    return shown


def _seat(attendee: Attendee) -> dict[str, Any]:
    return {
        **_attendee(attendee),
        "seatUid": attendee.seat_uid,
        "bookingFieldsResponses": attendee.responses,
        "metadata": attendee.metadata,
    }
