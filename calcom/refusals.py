"""Cal.com's error bodies, in three shapes and without stable codes, read into one tree of errors.

Classification goes by the text, and by the status only where the text is unknown: a host who is
busy is a 400, a full class a 409, and a day that is full a 401.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from calcom import errors
from calcom.errors import CalcomError, Where

_BLOCK_SECONDS: Final = 60.0
"""How long Cal.com blocks a key that asked too often."""

_LONGEST_MESSAGE: Final = 1000
"""Characters; the longest known one lists all languages and says what matters at its beginning."""

_CODES: Final[Mapping[str, type[CalcomError]]] = {
    "booking_conflict_error": errors.SlotUnavailable,
    "no_available_users_found_error": errors.SlotUnavailable,
    "hosts_unavailable_for_booking": errors.SlotUnavailable,
    "fixed_hosts_unavailable_for_booking": errors.SlotUnavailable,
    "round_robin_host_unavailable_for_booking": errors.SlotUnavailable,
    "booking_seats_full_error": errors.SlotUnavailable,
    "not_enough_available_seats_error": errors.SlotUnavailable,
    "already_signed_up_for_this_booking_error": errors.AlreadySignedUp,
    "booking_limit_reached": errors.BookingLimitReached,
    "duration_limit_reached": errors.BookingLimitReached,
    "booker_limit_exceeded_error": errors.BookingLimitReached,
    "booker_limit_exceeded_error_reschedule": errors.BookingLimitReached,
    "booking_time_out_of_bounds_error": errors.TooSoonOrTooFar,
    "cancelled_bookings_cannot_be_rescheduled": errors.AlreadyCancelled,
    "event_type_not_found_error": errors.UnknownEventType,
    "booking_not_found_error": errors.NotFound,
    "invalid_phone_number": errors.InvalidAttendee,
    "booker_email_blocked": errors.Forbidden,
    "booker_email_requires_login": errors.Forbidden,
}
"""Internal codes of the booking core that reach us as the whole message, whatever the status."""

_WORDINGS: Final[Sequence[tuple[type[CalcomError], Sequence[str]]]] = (
    # First, because it quotes the names of fields.
    (
        errors.InvalidRequest,
        (r"should not exist", r"^Cannot (GET|POST|PATCH|PUT|DELETE) /"),
    ),
    (
        errors.AlreadyRescheduled,
        (r"rescheduled already to booking with uid=(?P<rescheduled_to_uid>\w+)",),
    ),
    (errors.AlreadyCancelled, (r"has been cancell?ed", r"cancell?ed already")),
    (errors.AlreadyEnded, (r"already ended",)),
    (errors.NotPending, (r"^Bad request: please check your request data",)),
    # Said about a seat that is cancelled all the same: never to be taken for an answer.
    (errors.ServerFault, (r"^Invalid Query: The requested record was not found",)),
    (errors.InThePast, (r"meeting in the past",)),
    (errors.TooSoonOrTooFar, (r"can't be booked at the \"start\" time",)),
    (errors.BookingLimitReached, (r"maximum number of active bookings",)),
    (
        errors.SlotUnavailable,
        (
            r"already (has|have) (a )?booking",
            r"already (been )?(booked|reserved)",
            r"no more seats",
            r"(host|user|slot|time)s?\b.*\b(not|no longer) available",
            r"double.?book",
        ),
    ),
    (
        errors.MissingField,
        (
            r"responses - \{(?P<field>\w+)\}error_required_field",
            r"Missing required booking field response: (?P<field>[^\s,]+)",
            r"provide (?P<field>seatUid)",
            r"(?P<field>Cancellation reason) is required",
        ),
    ),
    (
        errors.InvalidAttendee,
        (
            r"responses - \{(?P<field>email|attendeePhoneNumber|name|guests)\}",
            r"^attendee property is wrong,(?: (?P<field>\w+) property)?",
        ),
    ),
    (errors.UnknownEventType, (r"^Event[ -]?Type\b.*\bnot found",)),
    (errors.AlreadyExists, (r"already exists",)),
    (errors.Forbidden, (r"User not a host of this event",)),
    (
        errors.InvalidRequest,
        (
            r"property is wrong",
            r"^Bad Request Exception",
            r"in JSON at position|is not valid JSON|end of JSON input",
            r"unknown value was passed",
            r"Expected \w+, received",
            r"lengthInMinutes",
            r"recurrence count",
            r"for booking field",
            r"responses - \{",
            r"Invalid seatUid",
        ),
    ),
)
"""Parts of messages, by what they mean; the first that fits decides. Groups become attributes."""

_STATUSES: Final[Mapping[int, type[CalcomError]]] = {
    HTTPStatus.UNAUTHORIZED: errors.Unauthorised,
    HTTPStatus.FORBIDDEN: errors.Forbidden,
    HTTPStatus.NOT_FOUND: errors.NotFound,
    HTTPStatus.REQUEST_TIMEOUT: errors.NoAnswer,
    # Every known 409 of the booking core is about a host or a seat.
    HTTPStatus.CONFLICT: errors.SlotUnavailable,
    HTTPStatus.UNPROCESSABLE_ENTITY: errors.InvalidRequest,
}

_PATTERNS: Final = tuple(
    (re.compile(wording, re.IGNORECASE), kind)
    for kind, wordings in _WORDINGS
    for wording in wordings
)


def read_refusal(
    status: int, headers: Mapping[str, str], body: bytes, *, endpoint: str
) -> CalcomError:
    """The error that an answer other than 2xx stands for. Never raises.

    Args:
        status: HTTP status, not 2xx.
        headers: By lower-case name.
        body: One of the three shapes, or anything that a proxy on the way may say.
        endpoint: For the error.

    Returns:
        `UnexpectedAnswer` for a body that is not Cal.com's, unless the status says enough: nobody
        may take a proxy's 404 for a booking that is gone.
    """
    where = Where(endpoint=endpoint, status=status, request_id=headers.get("x-request-id"))
    message = _message(body)
    if status < HTTPStatus.BAD_REQUEST:
        return errors.UnexpectedAnswer("neither an answer nor an error", **where)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return errors.RateLimited(
            message or "too many requests", retry_after_seconds=_seconds_to_wait(headers), **where
        )
    if message is not None and (kind := _CODES.get(message)):
        return kind(message, **where)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return errors.ServerFault(message or "no readable reason", **where)
    if message is None:
        return errors.UnexpectedAnswer("not an answer of Cal.com's API", **where)
    return _by_wording(message, where) or _STATUSES.get(status, errors.Refused)(message, **where)


def _by_wording(message: str, where: Where) -> CalcomError | None:
    for pattern, kind in _PATTERNS:
        if match := pattern.search(message):
            facts: dict[str, Any] = match.groupdict()
            return kind(message, **facts, **where)
    return None


def _message(body: bytes) -> str | None:
    """What the body says; `None` if it is none of the three shapes.

    1. Nest: `{"error": {"code", "message", "details": {...}}}`; validation errors of some endpoints
       say only "Bad Request Exception" and keep the reasons in `details.errors[].constraints`.
    2. Zod and Prisma: the same with a message like `responses - {email}email_validation_error, `.
    3. The booking core: `{"statusCode": 409, "message": "booking_conflict_error"}`.
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict):
        return None
    error = answer.get("error")
    source = error if isinstance(error, dict) else answer
    message = source.get("message")
    if isinstance(message, list):
        message = ", ".join(str(part) for part in message)
    if not isinstance(message, str):
        return None
    reasons = "; ".join(_constraints(source.get("details")))
    return (f"{message}: {reasons}" if reasons else message.strip())[:_LONGEST_MESSAGE]


def _constraints(details: object) -> Iterator[str]:
    """The texts of nested validation errors; not their values, which are somebody's."""
    if not isinstance(details, dict):
        return
    pending = [error for error in _list(details.get("errors")) if isinstance(error, dict)]
    while pending:
        error = pending.pop(0)
        constraints = error.get("constraints")
        if isinstance(constraints, dict):
            yield from (text for text in constraints.values() if isinstance(text, str))
        pending += [child for child in _list(error.get("children")) if isinstance(child, dict)]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _seconds_to_wait(headers: Mapping[str, str]) -> float:
    """Seconds left of the block. Cal.com sends no `Retry-After`; a proxy before it may."""
    for name in ("x-ratelimit-reset-default", "retry-after"):
        try:
            seconds = float(headers[name])
        except (KeyError, ValueError):
            continue
        if math.isfinite(seconds) and seconds >= 0:
            return seconds
    return _BLOCK_SECONDS
