"""The body of POST /v2/bookings: what must be right about it before anything is looked up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calcom.sandbox import checks
from calcom.sandbox.checks import MISSING, Property, wrong
from calcom.sandbox.errors import Refusal, bad_request

_METADATA_KEYS, _METADATA_KEY_LENGTH, _METADATA_VALUE_LENGTH = 50, 40, 500
_LANGUAGES = (
    "ar, ca, de, es, eu, he, id, ja, lv, pl, ro, sr, th, vi, az, cs, el, es-419, fi, hr, it, km, "
    "nl, pt, ru, sv, tr, zh-CN, bg, da, en, et, fr, hu, iw, ko, no, pt-BR, sk, ta, uk, zh-TW, bn"
)
_SELECTOR = "eventTypeId or eventTypeSlug + username"
_SELECTOR_WORDS = (
    "Either eventTypeId or eventTypeSlug + username or eventTypeSlug + teamSlug must be provided"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A well-formed booking request; `attendee` and `body` as sent."""

    start: str
    name: str
    email: str | None
    phone: str | None
    time_zone: str
    language: str
    event_type_id: int | None
    event_type_slug: str | None
    username: str | None
    answers: dict[str, Any]
    guests: list[str]
    metadata: dict[str, Any]
    location: Any
    length_minutes: int | None
    recurrence_count: int | None


def read(body: Mapping[str, Any] | list[Any]) -> Wish:
    """Check a body and take it apart.

    Raises:
        Refusal: 400, its message names every property that is wrong.
    """
    if isinstance(body, list):
        unknown = "an unknown value was passed to the validate function"
        raise bad_request(wrong("undefined", unknown))
    _refuse_malformed(body)
    attendee = body["attendee"]
    return Wish(
        start=body["start"],
        name=attendee["name"],
        email=attendee.get("email"),
        phone=attendee.get("phoneNumber"),
        time_zone=attendee["timeZone"],
        language=attendee.get("language") or "en",
        event_type_id=body.get("eventTypeId") or None,
        event_type_slug=body.get("eventTypeSlug"),
        username=body.get("username"),
        answers=dict(body.get("bookingFieldsResponses") or {}),
        guests=list(body.get("guests") or []),
        metadata=dict(body.get("metadata") or {}),
        location=body.get("location"),
        length_minutes=body.get("lengthInMinutes"),
        recurrence_count=body.get("recurrenceCount"),
    )


def _refuse_malformed(body: Mapping[str, Any]) -> None:
    words: list[str] = []
    known = {p.name for p in _BODY} | {"attendee"}
    words += [wrong(n, f"property {n} should not exist") for n in body if n not in known]
    for each in _BODY:
        if broken := each.broken(body):
            words.append(wrong(each.name, ", ".join(broken.values())))
        if each.name == "start":
            words += _attendee_words(body.get("attendee"))
    if not _selects_event_type(body):
        words.append(wrong(_SELECTOR, _SELECTOR_WORDS))
    if words:
        raise bad_request(", ".join(words))


def _attendee_words(attendee: Any) -> list[str]:
    if attendee is None:
        return [wrong("attendee", "attendee should not be null or undefined")]
    if not isinstance(attendee, dict):
        nested = "nested property attendee must be either object or array"
        return [wrong("attendee", nested)]
    try:
        checks.refuse_in_words(attendee, _ATTENDEE)
    except Refusal as refusal:
        return [wrong("attendee", "", children=refusal.message)]
    if not attendee.get("email") and not attendee.get("phoneNumber"):
        either = "At least one contact method (email or phoneNumber) must be provided"
        return [wrong("attendee", either)]
    return []


def _selects_event_type(body: Mapping[str, Any]) -> bool:
    by_slug = body.get("eventTypeSlug") and (body.get("username") or body.get("teamSlug"))
    return bool(body.get("eventTypeId") or by_slug)


def _metadata(name: str, value: Any) -> dict[str, str]:
    broken: dict[str, str] = {}
    if not _is_small(value):
        broken["metadata"] = (
            "Metadata must have at most 50 keys, each key up to 40 characters, "
            "and string values up to 500 characters."
        )
    return broken | checks.mapping(name, value)


def _is_small(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and len(value) <= _METADATA_KEYS
        and all(len(key) <= _METADATA_KEY_LENGTH for key in value)
        and all(_is_small_value(v) for v in value.values())
    )


def _is_small_value(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= _METADATA_VALUE_LENGTH
    return isinstance(value, bool | int | float)


def _texts(name: str, value: Any) -> dict[str, str]:
    broken: dict[str, str] = {}
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        broken["isString"] = f"each value in {name} must be a string"
    if not isinstance(value, list):
        broken["isArray"] = f"{name} must be an array"
    return broken


def _language(name: str, value: Any) -> dict[str, str]:
    if value is MISSING or value in _LANGUAGES.split(", "):
        return {}
    return {"isEnum": f"{name} must be one of the following values: {_LANGUAGES}"}


_BODY = (
    Property("start", checks.instant),
    Property("bookingFieldsResponses", checks.mapping, optional=True),
    Property("eventTypeId", checks.integer, optional=True),
    Property("eventTypeSlug", checks.string, optional=True),
    Property("username", checks.string, optional=True),
    Property("teamSlug", checks.string, optional=True),
    Property("organizationSlug", checks.string, optional=True),
    Property("guests", _texts, optional=True),
    Property("metadata", _metadata, optional=True),
    Property("location", checks.anything, optional=True),
    Property("meetingUrl", checks.string, optional=True),
    Property("lengthInMinutes", checks.positive_integer, optional=True),
    Property("recurrenceCount", checks.positive_integer, optional=True),
    Property("routing", checks.mapping, optional=True),
    Property("emailVerificationCode", checks.string, optional=True),
    Property("instant", checks.boolean, optional=True),
    Property("rrHostSubsetIds", checks.anything, optional=True),
)
_ATTENDEE = (
    Property("name", checks.string),
    Property("email", checks.string, optional=True),
    Property("timeZone", checks.time_zone),
    Property("phoneNumber", checks.string, optional=True),
    Property("language", _language, optional=True),
)
