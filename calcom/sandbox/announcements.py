"""What webhooks say about a booking: one builder per kind of payload.

The kinds differ in more than their trigger, as different code of Cal.com's builds them: when a
booking is made or moved, when the host answers a request, when it is cancelled.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from calcom.sandbox.instants import millis, seconds, utc_offset_minutes
from calcom.sandbox.records import Attendee, Booking, EventType, User
from calcom.sandbox.world import World

VIDEO = "integrations:daily"
_BOOKER_URL = "https://cal.com"
_LABELS = {
    "attendeePhoneNumber": "phone_number",
    "name": "your_name",
    "email": "email_address",
    "location": "location",
    "title": "what_is_this_meeting_about",
    "notes": "additional_notes",
    "guests": "additional_guests",
    "rescheduleReason": "reason_for_reschedule",
}
_CONFERENCE = {"createRequest": {"requestId": "2db644eb-37a5-581a-99fa-ebe6ce513834"}}
_VIDEO_CALL = {"type": "daily_video", "id": None, "password": None, "url": None}
_VIDEO_FAILED = {
    "appName": "daily-video",
    "type": "daily_video",
    "success": 0,
    "failures": 1,
    "errors": [],
}


def made(
    world: World,
    booking: Booking,
    *,
    one_time_password: str | None = None,
    seat: Attendee | None = None,
    is_first_seat: bool = True,
    seat_ics_uid: str | None = None,
) -> dict[str, Any]:
    """The payload of BOOKING_CREATED and BOOKING_REQUESTED for a new booking or a new seat."""
    payload = _full(world, booking, seat=seat, one_time_password=one_time_password)
    payload["iCalUID"] = seat_ics_uid or booking.ics_uid
    if seat is not None:
        payload["attendeeSeatId"] = seat.seat_uid
    if booking.location == VIDEO and booking.status == "accepted":
        payload |= (
            {"conferenceData": _CONFERENCE} if is_first_seat else {"videoCallData": _VIDEO_CALL}
        )
    event_type = _event_type(world, booking)
    if booking.recurring_uid is not None and event_type.recurrence is not None:
        recurrence = event_type.recurrence
        payload["recurringEvent"] = {
            "freq": FREQUENCIES.index(recurrence.frequency),
            "interval": recurrence.interval,
        }
    return payload


def moved(
    world: World,
    booking: Booking,
    former: Booking,
    *,
    one_time_password: str | None = None,
    seat: Attendee | None = None,
) -> dict[str, Any]:
    """The payload of BOOKING_RESCHEDULED, and of BOOKING_REQUESTED when the host must confirm."""
    payload = _full(world, booking, seat=seat, one_time_password=one_time_password)
    is_video = booking.location == VIDEO
    if is_video:
        payload["conferenceData"] = _CONFERENCE
    if seat is not None:
        payload |= {"attendeeSeatId": seat.seat_uid, "iCalUID": booking.ics_uid}
        return payload | {"iCalSequence": 1, "rescheduleUid": former.uid}
    if is_video and booking.status == "accepted":
        payload["iCalUID"] = booking.ics_uid
    if booking.has_video_link:
        payload["videoCallData"] = _VIDEO_CALL
    if booking.rescheduled_by is not None:
        payload["rescheduledBy"] = booking.rescheduled_by
    failed = is_video and booking.status == "accepted"
    return payload | {
        "appsStatus": [_VIDEO_FAILED] if failed else [],
        "rescheduleId": former.id,
        "rescheduleUid": former.uid,
        "rescheduleStartTime": seconds(former.start),
        "rescheduleEndTime": seconds(former.end),
    }


def answered(world: World, booking: Booking) -> dict[str, Any]:
    """The payload when the host confirms (BOOKING_CREATED) or declines (BOOKING_REJECTED).

    It has neither metadata nor iCalUID.
    """
    event_type = _event_type(world, booking)
    payload = {
        "type": event_type.slug,
        "title": booking.title,
        "description": booking.description,
        "bookerUrl": _BOOKER_URL,
        "userFieldsResponses": _custom_responses(event_type, booking.responses),
        "responses": _responses(event_type.booking_fields, booking.responses),
        "customInputs": {},
        "startTime": millis(booking.start),
        "endTime": millis(booking.end),
        "organizer": _organizer(world.users[booking.host_id], booking),
        "attendees": [_plain_attendee(a, booking) for a in booking.attendees],
        "location": booking.location,
        "uid": booking.uid,
        "destinationCalendar": [],
        "requiresConfirmation": True,
        "hideOrganizerEmail": False,
        "hideCalendarNotes": False,
        "hideCalendarEventDetails": False,
        "eventTypeId": booking.event_type_id,
        "customReplyToEmail": None,
        "organizationId": None,
        "additionalNotes": booking.description,
        **_event_type_facts(event_type),
        "price": 0,
        "length": _minutes(booking),
        "bookingId": booking.id,
        "status": booking.status.upper(),
    }
    if booking.status == "rejected":
        payload["rejectionReason"] = booking.rejection_reason
    elif booking.location == VIDEO:
        payload["conferenceData"] = _CONFERENCE
    return payload


def cancelled(
    world: World, booking: Booking, *, reason: str | None, seat: Attendee | None = None
) -> dict[str, Any]:
    """The payload of BOOKING_CANCELLED, sent while the booking still stands. No metadata."""
    event_type = _event_type(world, booking)
    answers = booking.responses
    if seat is not None:
        first, *others = booking.attendees
        answers = {
            "name": first.name,
            "email": first.email,
            "location": {"value": booking.location, "optionValue": booking.location},
            "notes": "",
            "guests": [a.email for a in others],
        }
    payload = {
        "bookerUrl": _BOOKER_URL,
        "title": booking.title,
        "length": _minutes(booking),
        "type": event_type.slug,
        "additionalNotes": booking.description,
        "description": booking.description,
        "customInputs": {},
        "eventTypeId": booking.event_type_id,
        "userFieldsResponses": _custom_responses(event_type, booking.responses),
        "responses": _responses(event_type.booking_fields, answers),
        "startTime": seconds(booking.start, suffix="+00:00"),
        "endTime": seconds(booking.end, suffix="+00:00"),
        "organizer": _organizer(world.users[booking.host_id], booking),
        "attendees": [_seat_row(seat, booking)]
        if seat
        else [_plain_attendee(a, booking) for a in booking.attendees],
        "uid": booking.uid,
        "bookingId": booking.id,
        "location": booking.location,
        "destinationCalendar": [],
        "seatsPerTimeSlot": event_type.seats.per_slot if event_type.seats else None,
        "seatsShowAttendees": bool(event_type.seats and event_type.seats.show_attendees),
        "iCalUID": booking.ics_uid,
        "iCalSequence": booking.ics_sequence + 1,
        "hideOrganizerEmail": False,
        "customReplyToEmail": None,
        "organizationId": None,
        **_event_type_facts(event_type),
        "requiresConfirmation": None,
        "price": None,
        "status": "CANCELLED",
    }
    if reason is not None or seat is not None:
        payload["cancellationReason"] = reason or ""
    return payload


def marked_absent(booking: Booking, emails: Mapping[str, bool]) -> dict[str, Any]:
    """The payload of BOOKING_NO_SHOW_UPDATED; it has no `uid`."""
    absent = [email for email, is_absent in emails.items() if is_absent]
    return {
        "message": ", ".join(f"{email} marked as no-show" for email in absent),
        "attendees": [{"email": e, "noShow": is_absent} for e, is_absent in emails.items()],
        "bookingUid": booking.uid,
        "bookingId": booking.id,
    }


FREQUENCIES = ("yearly", "monthly", "weekly", "daily")


def _full(
    world: World, booking: Booking, *, seat: Attendee | None, one_time_password: str | None
) -> dict[str, Any]:
    event_type = _event_type(world, booking)
    host = world.users[booking.host_id]
    attendees = booking.attendees if seat is None else [seat]
    answers = booking.responses
    if seat is not None:
        answers = {**seat.responses, "email": seat.email, "guests": []}
    place = {"location": {"value": booking.location, "optionValue": ""}}
    return {
        "bookerUrl": _BOOKER_URL,
        "title": booking.title if seat is None else title_of(event_type, host, seat.name),
        "startTime": seconds(booking.start),
        "endTime": seconds(booking.end),
        "additionalNotes": booking.description or "",
        "type": event_type.slug,
        "description": booking.description or "",
        "eventTypeId": event_type.id,
        "hideCalendarNotes": False,
        "hideCalendarEventDetails": False,
        "hideOrganizerEmail": False,
        "schedulingType": "ROUND_ROBIN" if event_type.is_round_robin else None,
        "seatsPerTimeSlot": event_type.seats.per_slot if event_type.seats else None,
        "seatsShowAttendees": True,
        "seatsShowAvailabilityCount": True,
        "customReplyToEmail": None,
        "disableRescheduling": False,
        "disableCancelling": False,
        "organizer": _organizer(host, booking),
        "attendees": [_booked_attendee(a, booking) for a in attendees],
        "customInputs": {},
        "responses": _responses(_fields_with_phone(event_type), {**answers, **place}),
        "userFieldsResponses": _custom_responses(event_type, answers),
        "location": booking.location,
        "destinationCalendar": None,
        "iCalSequence": booking.ics_sequence,
        "requiresConfirmation": booking.status == "pending",
        "oneTimePassword": one_time_password,
        "hashedLink": None,
        "uid": booking.uid,
        **_event_type_facts(event_type),
        "price": 0,
        "length": _minutes(booking),
        "bookingId": booking.id,
        "metadata": {"videoCallUrl": ""} | booking.metadata
        if booking.has_video_link
        else booking.metadata,
        "status": booking.status.upper(),
    }


def title_of(event_type: EventType, host: User, attendee_name: str) -> str:
    """`Checkup between Dr Lee and Ada Brook`."""
    return f"{event_type.title} between {host.name} and {attendee_name}"


def _event_type(world: World, booking: Booking) -> EventType:
    known = world.event_types.get(booking.event_type_id or 0)
    return known or EventType(
        id=0, owner_id=booking.host_id, title="", slug="", length_minutes=_minutes(booking)
    )


def _minutes(booking: Booking) -> int:
    return round((booking.end - booking.start).total_seconds() / 60)


def _event_type_facts(event_type: EventType) -> dict[str, Any]:
    return {
        "eventTitle": event_type.title,
        "eventDescription": event_type.description or None,
        "currency": "usd",
    }


def _organizer(host: User, booking: Booking) -> dict[str, Any]:
    return {
        "id": host.id,
        "name": host.name,
        "email": host.email,
        "username": host.username,
        "timeZone": host.time_zone,
        "language": {"locale": "en"},
        "timeFormat": "h:mma",
        "utcOffset": utc_offset_minutes(booking.start, host.time_zone),
    }


def _booked_attendee(attendee: Attendee, booking: Booking) -> dict[str, Any]:
    phone = {"phoneNumber": attendee.phone} if attendee.phone is not None else {}
    return {
        "email": attendee.email,
        "name": attendee.name,
        **phone,
        "firstName": "",
        "lastName": "",
        "timeZone": attendee.time_zone,
        "language": {"locale": attendee.language},
        "utcOffset": utc_offset_minutes(booking.start, attendee.time_zone),
    }


def _plain_attendee(attendee: Attendee, booking: Booking) -> dict[str, Any]:
    return {
        "name": attendee.name,
        "email": attendee.email,
        "timeZone": attendee.time_zone,
        "phoneNumber": attendee.phone,
        "language": {"locale": attendee.language},
        "utcOffset": utc_offset_minutes(booking.start, attendee.time_zone),
    }


def _seat_row(seat: Attendee, booking: Booking) -> dict[str, Any]:
    return {
        "id": seat.id,
        **_plain_attendee(seat, booking),
        "locale": seat.language,
        "bookingId": booking.id,
        "noShow": seat.absent,
    }


def _fields_with_phone(event_type: EventType) -> list[dict[str, Any]]:
    """The type's fields, with the hidden phone field that booking itself adds."""
    fields = event_type.booking_fields
    if any(f["slug"] == "attendeePhoneNumber" for f in fields):
        return fields
    return [{"slug": "attendeePhoneNumber", "hidden": True}, *fields]


def _responses(fields: Iterable[dict[str, Any]], answers: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for field in fields:
        slug = field["slug"]
        shown[slug] = {"label": _label(field), "isHidden": field.get("hidden", False)}
        if slug in answers:
            shown[slug]["value"] = answers[slug]
    return shown


def _custom_responses(event_type: EventType, answers: Mapping[str, Any]) -> dict[str, Any]:
    custom = [f for f in event_type.booking_fields if not f["isDefault"]]
    return _responses((f for f in custom if f["slug"] in answers), answers)


def _label(field: Mapping[str, Any]) -> str:
    own = field.get("label")
    return str(own or _LABELS.get(str(field["slug"]), field["slug"]))
