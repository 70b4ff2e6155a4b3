"""The oldest version, 2024-04-15, as far as clients meet it by accident.

It answers requests whose `cal-api-version` is missing or unknown: with other shapes, and without
heeding filters.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from calcom.sandbox import checks
from calcom.sandbox.announcements import FREQUENCIES
from calcom.sandbox.checks import Property
from calcom.sandbox.errors import bad_request
from calcom.sandbox.instants import millis
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


def event_type_groups(world: World, user: User) -> dict[str, Any]:
    """GET /v2/event-types: types in groups, in the internal shape."""
    profile = {
        "slug": user.username,
        "name": user.name,
        "image": "https://app.cal.com/avatar.svg",
    }
    membership = {"membershipCount": 1, "readOnly": False}
    ordered = sorted(world.event_types.values(), key=lambda e: e.id)
    return {
        "eventTypeGroups": [
            {
                "teamId": None,
                "bookerUrl": "https://cal.com",
                "membershipRole": None,
                "profile": profile,
                "eventTypes": [_event_type(world, e) for e in ordered],
                "metadata": membership,
            }
        ],
        "profiles": [{**profile, **membership, "teamId": None, "membershipRole": None}],
        "allUsersAcrossAllEventTypes": {},
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
        "bookingFields": _fields(event_type),
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


def _event_type(world: World, event_type: EventType) -> dict[str, Any]:
    seats, window, recurrence = event_type.seats, event_type.window, event_type.recurrence
    nothing = dict.fromkeys(_ABSENT)
    return {
        **nothing,
        **dict.fromkeys(_OFF, False),
        "id": event_type.id,
        "userId": event_type.owner_id,
        "userIds": event_type.hosts,
        "metadata": {"multipleDuration": event_type.length_options}
        if event_type.length_options
        else {},
        "description": event_type.description or None,
        "hidden": event_type.hidden,
        "slug": event_type.slug,
        "length": event_type.length_minutes,
        "title": event_type.title,
        "requiresConfirmation": event_type.requires_confirmation,
        "requiresConfirmationWillBlockSlot": event_type.pending_blocks_slot,
        "canSendCalVideoTranscriptionEmails": True,
        "position": event_type.position,
        "offsetStart": event_type.offset_start_minutes,
        "owner": {"timeZone": world.users[event_type.owner_id].time_zone},
        "periodType": "ROLLING" if window else "UNLIMITED",
        "periodDays": window.value if window else None,
        "periodCountCalendarDays": window.type == "calendarDays" if window else None,
        "disableGuests": event_type.disable_guests,
        "minimumBookingNotice": event_type.minimum_notice_minutes,
        "beforeEventBuffer": event_type.before_buffer_minutes,
        "afterEventBuffer": event_type.after_buffer_minutes,
        "seatsPerTimeSlot": seats.per_slot if seats else None,
        "seatsShowAttendees": bool(seats and seats.show_attendees),
        "seatsShowAvailabilityCount": True,
        "onlyShowFirstAvailableSlot": event_type.only_first_slot,
        "scheduleId": event_type.schedule_id,
        "price": 0,
        "currency": "usd",
        "slotInterval": event_type.slot_interval_minutes,
        "instantMeetingExpiryTimeOffsetInSeconds": 90,
        "instantMeetingParameters": [],
        "recurringEvent": {
            "freq": FREQUENCIES.index(recurrence.frequency),
            "count": recurrence.occurrences,
            "interval": recurrence.interval,
        }
        if recurrence
        else None,
        "locations": [_location(place) for place in event_type.locations],
        "bookingFields": _fields(event_type),
        "bookingLimits": {
            f"PER_{unit.upper()}": count for unit, count in event_type.booking_limits.items()
        }
        or None,
        "hashedLink": [],
        "children": [],
        "hosts": [],
    }


_ABSENT = (
    "teamId",
    "schedulingType",
    "interfaceLanguage",
    "profileId",
    "eventName",
    "parentId",
    "timeZone",
    "periodStartDate",
    "periodEndDate",
    "lockedTimeZone",
    "minimumRescheduleNotice",
    "instantMeetingScheduleId",
    "successRedirectUrl",
    "aiPhoneCallConfig",
    "secondaryEmailId",
    "durationLimits",
    "eventTypeColor",
    "rrSegmentQueryValue",
    "maxLeadThreshold",
    "customReplyToEmail",
    "restrictionScheduleId",
    "instantMeetingSchedule",
    "team",
)
_OFF = (
    "requiresConfirmationForFreeEmail",
    "autoTranslateDescriptionEnabled",
    "lockTimeZoneToggleOnBookingPage",
    "requiresBookerEmailVerification",
    "disableCancelling",
    "disableRescheduling",
    "allowReschedulingCancelledBookings",
    "hideCalendarNotes",
    "allowReschedulingPastBookings",
    "hideOrganizerEmail",
    "showOptimizedSlots",
    "isInstantEvent",
    "assignAllTeamMembers",
    "isRRWeightsEnabled",
    "rescheduleWithSameRoundRobinHost",
    "useEventTypeDestinationCalendarEmail",
    "hideCalendarEventDetails",
    "assignRRMembersUsingSegment",
    "useEventLevelSelectedCalendars",
    "useBookerTimezone",
)


def _location(place: Mapping[str, Any]) -> dict[str, Any]:
    kind = "inPerson" if place["type"] == "address" else place["type"]
    return {
        "type": kind,
        "address": place.get("address"),
        "displayLocationPublicly": place.get("public", False),
    }


def _fields(event_type: EventType) -> list[dict[str, Any]]:
    return [_field(f) for f in event_type.booking_fields]


_SOURCES = [{"id": "default", "type": "default", "label": "Default"}]
_OPTIONAL = "system-but-optional"
_DEFAULTS: dict[str, dict[str, Any]] = {
    "name": {
        "editable": "system",
        "defaultLabel": "your_name",
        "variant": "fullName",
        "variantsConfig": {
            "variants": {
                "fullName": {
                    "fields": [
                        {
                            "name": "fullName",
                            "type": "text",
                            "label": "your_name",
                            "required": True,
                        }
                    ]
                },
                "firstAndLastName": {
                    "fields": [
                        {
                            "name": "firstName",
                            "type": "text",
                            "label": "",
                            "required": True,
                            "placeholder": "",
                        },
                        {
                            "name": "lastName",
                            "type": "text",
                            "label": "",
                            "required": False,
                            "placeholder": "",
                        },
                    ]
                },
            }
        },
    },
    "email": {"editable": _OPTIONAL, "defaultLabel": "email_address"},
    "location": {
        "editable": "system",
        "defaultLabel": "location",
        "getOptionsAt": "locations",
        "hideWhenJustOneOption": True,
        "optionsInputs": {
            "phone": {"type": "phone", "required": True, "placeholder": ""},
            "somewhereElse": {"type": "text", "required": True, "placeholder": ""},
            "attendeeInPerson": {"type": "address", "required": True, "placeholder": ""},
        },
    },
    "title": {
        "editable": _OPTIONAL,
        "hidden": True,
        "defaultLabel": "what_is_this_meeting_about",
        "defaultPlaceholder": "",
    },
    "notes": {
        "editable": _OPTIONAL,
        "defaultLabel": "additional_notes",
        "defaultPlaceholder": "share_additional_notes",
    },
    "guests": {
        "editable": _OPTIONAL,
        "hidden": False,
        "defaultLabel": "additional_guests",
        "defaultPlaceholder": "email",
    },
    "rescheduleReason": {
        "editable": _OPTIONAL,
        "views": [{"id": "reschedule", "label": "Reschedule View"}],
        "defaultLabel": "reason_for_reschedule",
        "defaultPlaceholder": "reschedule_placeholder",
    },
}


def _field(field: Mapping[str, Any]) -> dict[str, Any]:
    slug = field["slug"]
    base = {"name": slug, "type": field["type"], "required": field["required"]}
    if field["isDefault"]:
        return {**base, "sources": _SOURCES, **_DEFAULTS.get(slug, {})}
    return {**base, "editable": "user", "sources": _SOURCES, "label": field.get("label")}
