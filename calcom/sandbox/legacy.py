"""The oldest version, 2024-04-15, as far as clients meet it by accident.

It answers requests whose `cal-api-version` is missing or unknown: with other shapes, and without
heeding filters.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from calcom.sandbox import checks
from calcom.sandbox.checks import Property
from calcom.sandbox.errors import bad_request
from calcom.sandbox.instants import millis
from calcom.sandbox.legacy_types import internal_fields
from calcom.sandbox.records import Attendee, Booking, EventType, User
from calcom.sandbox.world import World

_PAGE = 10
_BOOKING = (
    Property("start", checks.instant),
    Property("eventTypeId", checks.integer),
    Property("timeZone", checks.time_zone),
    Property("language", checks.string),
    Property("metadata", checks.mapping),
)


def refuse_booking(body: Mapping[str, Any]) -> None:
    """Refuse a booking in that version; the stand-in makes none.

    Raises:
        Refusal: 400, always; for a body of the current version with Cal.com's own words.
    """
    checks.refuse_as_list(body, _BOOKING)
    raise bad_request("The stand-in makes no bookings in version 2024-04-15.")


def one_booking(world: World, booking: Booking) -> dict[str, Any]:
    """GET of one booking: the internal shape, `status: "ACCEPTED"`."""
    event_type = world.event_types.get(booking.event_type_id or 0)
    host = world.users[booking.host_id]
    return {
        **_core(world, booking),
        "smsReminderNumber": None,
        "cancelledBy": booking.cancelled_by or None,
        "user": {**_person(host), "id": host.id},
        "attendees": [
            {
                "name": a.name,
                "email": a.email,
                "timeZone": a.time_zone,
                "phoneNumber": a.phone,
            }
            for a in booking.attendees
        ],
        "eventTypeId": booking.event_type_id,
        "eventType": {
            "eventName": None,
            "slug": event_type.slug if event_type else None,
            "timeZone": None,
            "schedulingType": None,
            "hideOrganizerEmail": False,
        },
        "seatsReferences": [],
        "tracking": None,
    }


def list_of_bookings(world: World, *, now: datetime) -> dict[str, Any]:
    """GET /v2/bookings: the first ten upcoming ones, whatever was asked for."""
    upcoming = [b for b in world.bookings.values() if b.is_live and b.end >= now]
    upcoming.sort(key=lambda b: (b.start, b.updated_at))
    return {
        "bookings": [_listed(world, b) for b in upcoming[:_PAGE]],
        "recurringInfo": [],
        "totalCount": len(upcoming),
        "nextCursor": _PAGE if len(upcoming) > _PAGE else None,
    }


def _core(world: World, booking: Booking) -> dict[str, Any]:
    return {
        "id": booking.id,
        "uid": booking.uid,
        "title": booking.title,
        "description": booking.description,
        "customInputs": {},
        "recurringEventId": booking.recurring_uid,
        "startTime": millis(booking.start),
        "endTime": millis(booking.end),
        "location": booking.location,
        "status": booking.status.upper(),
        "metadata": booking.metadata,
        "cancellationReason": booking.cancellation_reason or None,
        "responses": booking.responses,
        "rejectionReason": booking.rejection_reason or None,
        "userPrimaryEmail": world.users[booking.host_id].email,
        "fromReschedule": booking.from_uid,
        "rescheduled": True if booking.to_uid else None,
        "rescheduledBy": booking.rescheduled_by,
    }


def _listed(world: World, booking: Booking) -> dict[str, Any]:
    host = world.users[booking.host_id]
    event_type = world.event_types.get(booking.event_type_id or 0)
    return {
        **_core(world, booking),
        "createdAt": millis(booking.created_at),
        "updatedAt": millis(booking.updated_at),
        "paid": False,
        "cancelledBy": booking.cancelled_by or None,
        "isRecorded": False,
        "routedFromRoutingFormReponse": None,
        "eventType": _booked_type(event_type) if event_type else None,
        "references": [],
        "payment": [],
        "user": {**_person(host), "id": host.id},
        "attendees": [_attendee(a, booking) for a in booking.attendees],
        "seatsReferences": [],
        "assignmentReason": [],
        "report": None,
        "rescheduler": None,
    }


def _person(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "email": user.email,
        "username": user.username,
        "timeZone": user.time_zone,
        "avatarUrl": None,
    }


def _attendee(attendee: Attendee, booking: Booking) -> dict[str, Any]:
    nobody = {"name": None, "email": attendee.email, "avatarUrl": None, "username": None}
    return {
        "id": attendee.id,
        "email": attendee.email,
        "name": attendee.name,
        "timeZone": attendee.time_zone,
        "bookingId": booking.id,
        "locale": attendee.language,
        "phoneNumber": attendee.phone,
        "noShow": attendee.absent,
        "user": nobody,
    }


def _booked_type(event_type: EventType) -> dict[str, Any]:
    seats = event_type.seats
    return {
        "slug": event_type.slug,
        "id": event_type.id,
        "title": event_type.title,
        "eventName": None,
        "price": 0,
        "recurringEvent": None,
        "currency": "usd",
        "metadata": {},
        "disableGuests": event_type.disable_guests,
        "bookingFields": internal_fields(event_type),
        "seatsPerTimeSlot": seats.per_slot if seats else None,
        "seatsShowAttendees": bool(seats and seats.show_attendees),
        "seatsShowAvailabilityCount": True,
        "eventTypeColor": None,
        "customReplyToEmail": None,
        "allowReschedulingPastBookings": False,
        "hideOrganizerEmail": False,
        "disableCancelling": False,
        "disableRescheduling": False,
        "minimumRescheduleNotice": None,
        "teamId": None,
        "parentId": None,
        "schedulingType": None,
        "hosts": [],
        "length": event_type.length_minutes,
        "team": None,
        "hostGroups": [],
    }
