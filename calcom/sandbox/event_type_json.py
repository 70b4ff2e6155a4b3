"""Event types as the API shows and takes them (`cal-api-version: 2024-06-14`)."""

from collections.abc import Callable, Mapping
from typing import Any

from calcom.sandbox.records import EventType, Recurrence, Seats, User
from calcom.sandbox.world import World

_CONSTANTS = {
    "price": 0,
    "currency": "usd",
    "lockTimeZoneToggleOnBookingPage": False,
    "forwardParamsSuccessRedirect": True,
    "successRedirectUrl": None,
    "isInstantEvent": False,
    "requiresBookerEmailVerification": False,
    "hideCalendarNotes": False,
    "useDestinationCalendarEmail": False,
    "hideCalendarEventDetails": False,
    "hideOrganizerEmail": False,
}
_DISABLED = {"disabled": True}


def event_type_json(world: World, event_type: EventType, *, in_list: bool) -> dict[str, Any]:
    """One event type. Lists leave hidden booking fields out; single answers show them."""
    fields = event_type.booking_fields
    shown: dict[str, Any] = {
        "id": event_type.id,
        "ownerId": event_type.owner_id,
        "lengthInMinutes": event_type.length_minutes,
        "title": event_type.title,
        "slug": event_type.slug,
        "description": event_type.description,
        "locations": event_type.locations,
        "bookingFields": [f for f in fields if not (in_list and f.get("hidden"))],
        "recurrence": _recurrence_json(event_type.recurrence),
        "disableGuests": event_type.disable_guests,
        "slotInterval": event_type.slot_interval_minutes,
        "minimumBookingNotice": event_type.minimum_notice_minutes,
        "beforeEventBuffer": event_type.before_buffer_minutes,
        "afterEventBuffer": event_type.after_buffer_minutes,
        "metadata": {"multipleDuration": event_type.length_options}
        if event_type.length_options
        else {},
        **_CONSTANTS,
        "users": [_user_json(world.users[h]) for h in event_type.hosts],
        "scheduleId": event_type.schedule_id,
        "onlyShowFirstAvailableSlot": event_type.only_first_slot,
        "offsetStart": event_type.offset_start_minutes,
        "bookingWindow": event_type.window.model_dump() if event_type.window else _DISABLED,
        "confirmationPolicy": _confirmation_json(event_type),
        "seats": _seats_json(event_type.seats),
        "hidden": event_type.hidden,
        "bookingRequiresAuthentication": event_type.requires_authentication,
        "bookerActiveBookingsLimit": _active_json(event_type),
    }
    if event_type.length_options:
        shown["lengthInMinutesOptions"] = event_type.length_options
    if event_type.booking_limits:
        shown["bookingLimitsCount"] = event_type.booking_limits
    if event_type.is_round_robin:
        shown |= {
            "schedulingType": "roundRobin",
            "hosts": [_host_json(world.users[h]) for h in event_type.hosts],
        }
    if not in_list:
        shown["calVideoSettings"] = None
    return shown


def changes(body: Mapping[str, Any]) -> dict[str, Any]:
    """What a body of POST or PATCH sets, as unchecked fields of `EventType`."""
    simple = {_NAMES[key]: value for key, value in body.items() if key in _NAMES}
    for key, (name, convert, nothing) in _SWITCHED.items():
        if key in body:
            value = body[key]
            simple[name] = nothing if not value or value.get("disabled") else convert(value)
    if "confirmationPolicy" in body:
        policy = body["confirmationPolicy"] or _DISABLED
        simple["requires_confirmation"] = not policy.get("disabled", False)
        simple["pending_blocks_slot"] = bool(policy.get("blockUnconfirmedBookingsInBooker"))
    if "bookerActiveBookingsLimit" in body:
        limit = body["bookerActiveBookingsLimit"] or {}
        simple["active_bookings_limit"] = limit.get("maximumActiveBookings")
        simple["offers_reschedule_at_limit"] = bool(limit.get("offerReschedule"))
    if "lengthInMinutesOptions" in body:
        simple["length_options"] = body["lengthInMinutesOptions"] or []
    return simple


def booking_fields(
    custom: list[dict[str, Any]], *, disable_guests: bool = False
) -> list[dict[str, Any]]:
    """The type's questions: Cal.com's own around the custom ones."""
    return [
        _default("name", "name", required=True, label="your_name"),
        _overridden(custom, "email") or _default("email", "email", required=True, hidden=False),
        {
            "isDefault": True,
            "type": "radioInput",
            "slug": "location",
            "required": False,
            "hidden": False,
        },
        *(_custom(field) for field in custom if field.get("slug") not in _OWN_SLUGS),
        _default("text", "title", required=True, hidden=True),
        _default("textarea", "notes", required=False, hidden=False),
        _default("multiemail", "guests", required=False, hidden=disable_guests),
        _default("textarea", "rescheduleReason", required=False, hidden=False),
    ]


_NAMES = {
    "title": "title",
    "slug": "slug",
    "description": "description",
    "lengthInMinutes": "length_minutes",
    "locations": "locations",
    "scheduleId": "schedule_id",
    "slotInterval": "slot_interval_minutes",
    "minimumBookingNotice": "minimum_notice_minutes",
    "beforeEventBuffer": "before_buffer_minutes",
    "afterEventBuffer": "after_buffer_minutes",
    "offsetStart": "offset_start_minutes",
    "onlyShowFirstAvailableSlot": "only_first_slot",
    "hidden": "hidden",
    "disableGuests": "disable_guests",
    "bookingRequiresAuthentication": "requires_authentication",
}
_OWN_SLUGS = {"name", "email", "location", "title", "notes", "guests", "rescheduleReason"}


def _default(kind: str, slug: str, *, required: bool, **more: Any) -> dict[str, Any]:
    return {
        "isDefault": True,
        "type": kind,
        "slug": slug,
        "required": required,
        "disableOnPrefill": False,
        **more,
    }


def _overridden(custom: list[dict[str, Any]], slug: str) -> dict[str, Any] | None:
    own = next((f for f in custom if f.get("slug") == slug), None)
    return (
        None
        if own is None
        else _default(slug, slug, required=bool(own.get("required")), hidden=False)
    )


def _custom(field: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("type", "slug", "label", "required", "placeholder", "options")
    return {
        "isDefault": field.get("isDefault", False),
        **{key: field[key] for key in kept if key in field},
        "disableOnPrefill": field.get("disableOnPrefill", False),
        "hidden": field.get("hidden", False),
    }


def _user_json(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "name": user.name,
        "username": user.username,
        "avatarUrl": None,
        "brandColor": None,
        "darkBrandColor": None,
        "weekStart": "Sunday",
        "metadata": {},
    }


def _host_json(user: User) -> dict[str, Any]:
    return {
        "userId": user.id,
        "name": user.name,
        "username": user.username,
        "avatarUrl": None,
        "mandatory": False,
        "priority": "medium",
    }


def _recurrence_json(recurrence: Recurrence | None) -> dict[str, Any] | None:
    if recurrence is None:
        return None
    return {"disabled": False, **recurrence.model_dump()}


def _confirmation_json(event_type: EventType) -> dict[str, Any]:
    if not event_type.requires_confirmation:
        return _DISABLED
    return {
        "type": "always",
        "blockUnconfirmedBookingsInBooker": event_type.pending_blocks_slot,
    }


def _seats_json(seats: Seats | None) -> dict[str, Any]:
    if seats is None:
        return _DISABLED
    return {
        "disabled": False,
        "seatsPerTimeSlot": seats.per_slot,
        "showAttendeeInfo": seats.show_attendees,
        "showAvailabilityCount": seats.show_count,
    }


def _seats(body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "per_slot": body.get("seatsPerTimeSlot"),
        "show_attendees": body.get("showAttendeeInfo", True),
        "show_count": body.get("showAvailabilityCount", True),
    }


def _active_json(event_type: EventType) -> dict[str, Any]:
    if event_type.active_bookings_limit is None:
        return _DISABLED
    return {
        "maximumActiveBookings": event_type.active_bookings_limit,
        "offerReschedule": event_type.offers_reschedule_at_limit,
    }


_SWITCHED: dict[str, tuple[str, Callable[[Mapping[str, Any]], Mapping[str, Any]], Any]] = {
    "recurrence": ("recurrence", dict, None),
    "bookingWindow": ("window", dict, None),
    "seats": ("seats", _seats, None),
    "bookingLimitsCount": ("booking_limits", dict, {}),
}
