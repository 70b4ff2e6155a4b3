"""Booking fields: what the type asks, and whether the answers will do."""

import re
from collections.abc import Mapping
from typing import Any

from calcom.sandbox.checks import is_number
from calcom.sandbox.errors import Zod, bad_request
from calcom.sandbox.records import EventType

_EMAIL = re.compile(
    r"(?!\.)(?!.*\.\.)[A-Z0-9_+.'-]*[A-Z0-9_+'-]@(?:[A-Z0-9][A-Z0-9-]*\.)+[A-Z]{2,}",
    re.IGNORECASE | re.ASCII,
)
_PHONE = re.compile(r"\+[\d\s()./-]+")
_PHONE_DIGITS = range(8, 16)
_NORTH_AMERICAN_DIGITS = 11
_KINDS: dict[str, tuple[str, type | tuple[type, ...]]] = {
    "text": ("string", str),
    "textarea": ("string", str),
    "address": ("string", str),
    "url": ("string", str),
    "phone": ("string", str),
    "email": ("string", str),
    "select": ("string", str),
    "radio": ("string", str),
    "number": ("number", (int, float)),
    "boolean": ("boolean", bool),
    "multiselect": ("array", list),
    "multiemail": ("array", list),
    "checkbox": ("array", list),
}


def is_email(text: str) -> bool:
    """Whether Cal.com takes the text for an e-mail address."""
    return _EMAIL.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    """Whether it looks like an international number.

    Cal.com asks libphonenumber; this knows lengths only.
    """
    digits = re.sub(r"\D", "", text)
    if _PHONE.fullmatch(text) is None or len(digits) not in _PHONE_DIGITS:
        return False
    return not digits.startswith("1") or len(digits) == _NORTH_AMERICAN_DIGITS


def sms_address(phone: str) -> str:
    """The e-mail address that stands for somebody of whom only the number is known."""
    return f"{phone.removeprefix('+')}@sms.cal.com"


def refuse_wrong_kinds(event_type: EventType, answers: Mapping[str, Any]) -> None:
    """Check the answers to the type's own questions before the booking core sees them.

    Raises:
        Refusal: 400, a required answer is missing, or an answer has the wrong type or option.
    """
    for field in event_type.booking_fields:
        if field["isDefault"]:
            continue
        slug = field["slug"]
        if slug in answers:
            _refuse_wrong_kind(field, answers[slug])
        elif field["required"]:
            raise bad_request(
                f"Missing required booking field response: {slug} - it is required by the event "
                "type booking fields, but missing in the bookingFieldsResponses. You can fetch "
                f"the event type with ID {event_type.id} to see the required fields."
            )


def _refuse_wrong_kind(field: Mapping[str, Any], value: Any) -> None:
    slug, kind = field["slug"], field["type"]
    expected, python = _KINDS.get(kind, ("string", str))
    if not isinstance(value, python) or (expected == "number" and not is_number(value)):
        raise bad_request(
            f"Invalid type for booking field '{slug}'. Expected type {expected} (compatible with "
            f"field type '{kind}'), but received {javascript_type(value)}."
        )
    options = field.get("options")
    if options and isinstance(value, list) and not all(v in options for v in value):
        raise bad_request(
            f"One or more invalid options for booking field '{slug}'. "
            f"Allowed options are: {', '.join(options)}."
        )
    if options and isinstance(value, str) and value not in options:
        raise bad_request(
            f"Invalid option '{value}' for booking field '{slug}'. "
            f"Allowed options are: {', '.join(options)}."
        )


def refuse_unusable(
    event_type: EventType, responses: Mapping[str, Any], *, email: str | None
) -> None:
    """Check all responses as the booking core does, one complaint per field.

    Args:
        event_type: Its fields say what is required.
        responses: By slug, the attendee's name, email, number and guests included.
        email: The attendee's own, which must not be among the guests.

    Raises:
        Zod: 400 `responses - {email}email_validation_error, `.
    """
    complaints = "".join(
        f"{{{field['slug']}}}{complaint}, "
        for field in event_type.booking_fields
        if (complaint := _complaint(field, responses, email=email))
    )
    if complaints:
        raise Zod(f"responses - {complaints}")


def _complaint(
    field: Mapping[str, Any], responses: Mapping[str, Any], *, email: str | None
) -> str | None:
    kind, value = field["type"], responses.get(field["slug"])
    if value is None or value == "":
        return "error_required_field" if field["required"] and not _is_implied(field) else None
    match kind:
        case "email" if not is_email(value) and not value.endswith("@sms.cal.com"):
            return "email_validation_error"
        case "phone" if not is_phone(value):
            return "invalid_number"
        case "number":
            return "Invalid string"
        case "name" if not value.strip():
            return "Invalid string"
        case "multiemail":
            return _guests_complaint(value, email=email)
    return None


def _is_implied(field: Mapping[str, Any]) -> bool:
    """Title is required but filled by Cal.com itself."""
    return bool(field.get("hidden"))


def _guests_complaint(guests: list[str], *, email: str | None) -> str | None:
    if not all(is_email(g) for g in guests):
        return "email_validation_error"
    everybody = [g.lower() for g in guests] + ([email.lower()] if email else [])
    return "duplicate_email" if len(set(everybody)) < len(everybody) else None


def javascript_type(value: Any) -> str:
    """What `typeof` says about a value that came as JSON."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    return "number" if is_number(value) else "object"
