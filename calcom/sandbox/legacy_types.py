"""Event types in the oldest version, 2024-04-15: in groups, in the internal shape."""

from collections.abc import Mapping
from typing import Any

from calcom.sandbox.announcements import FREQUENCIES
from calcom.sandbox.records import EventType, User
from calcom.sandbox.world import World


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
        "position": 0,
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
        "bookingFields": internal_fields(event_type),
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


def internal_fields(event_type: EventType) -> list[dict[str, Any]]:
    """A type's questions as Cal.com stores them."""
    return [_field(f) for f in event_type.booking_fields]


_SOURCES = [{"id": "default", "type": "default", "label": "Default"}]
_USER_SOURCES = [{"id": "user", "type": "user", "label": "User", "fieldRequired": True}]
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
    slug, hidden = field["slug"], field.get("hidden", False)
    shown = {"name": slug, "type": field["type"], "required": field["required"]}
    asked = {"label": field.get("label"), "hidden": hidden, "disableOnPrefill": False}
    if field["isDefault"] and slug in _DEFAULTS:
        shown |= {"sources": _SOURCES, **_DEFAULTS[slug]}
        return (
            shown | {"hidden": True, "disableOnPrefill": False}
            if _is_switched_off(field)
            else shown
        )
    if field["isDefault"]:
        label = {"editable": _OPTIONAL, "defaultLabel": "phone_number"}
        return {**shown, **asked, **label, "sources": _SOURCES}
    if field["type"] == "boolean":
        asked["labelAsSafeHtml"] = f"<p>{field.get('label')}</p>\n"
    if "options" in field:
        asked["options"] = [{"label": o, "value": o} for o in field["options"]]
    if "placeholder" in field:
        asked["placeholder"] = field["placeholder"]
    return {**shown, **asked, "editable": "user", "sources": _USER_SOURCES}


def _is_switched_off(field: Mapping[str, Any]) -> bool:
    return bool(field["slug"] == "guests" and field.get("hidden"))
