"""What a real Cal.com refused, read by the client: each wording becomes the error it means."""

import json

import pytest

from calcom import errors
from calcom.errors import CalcomError, OutcomeUnknown
from tests.calcom.calls import Call, covered
from tests.calcom.recordings import Exchange, by_name, client_over, exchanges, served

# By status and how the text begins; uids are veiled.
REFUSALS: dict[str, type[CalcomError]] = {
    "400 User either already has booking at this time or is not available": errors.SlotUnavailable,
    "409 booking_conflict_error": errors.SlotUnavailable,
    "409 No more seats left at this seated booking.": errors.SlotUnavailable,
    "422 This time slot is already reserved by another user.": errors.SlotUnavailable,
    "409 already_signed_up_for_this_booking_error": errors.AlreadySignedUp,
    "401 booking_limit_reached": errors.BookingLimitReached,
    "400 The event type can't be booked at the": errors.TooSoonOrTooFar,
    "400 Attempting to book a meeting in the past.": errors.InThePast,
    "400 responses - {email}email_validation_error": errors.InvalidAttendee,
    "400 responses - {attendeePhoneNumber}invalid_number": errors.InvalidAttendee,
    "400 responses - {name}Invalid string": errors.InvalidAttendee,
    "400 attendee property is wrong, timeZone": errors.InvalidAttendee,
    "400 attendee property is wrong, language": errors.InvalidAttendee,
    "400 attendee property is wrong, name": errors.InvalidAttendee,
    "400 attendee property is wrong,attendee should not be null": errors.InvalidAttendee,
    "400 responses - {name}error_required_field": errors.MissingField,
    "400 responses - {reason}error_required_field": errors.MissingField,
    "400 Missing required booking field response: reason": errors.MissingField,
    "400 Missing required booking field response: insurance": errors.MissingField,
    "400 Booking with uid=*** is a seated booking which means you have to": errors.MissingField,
    "400 Can't cancel booking with uid=*** because it has been cancelled": errors.AlreadyCancelled,
    "400 Can't reschedule booking with uid=*** because it has been cancelled.": (
        errors.AlreadyCancelled
    ),
    "400 Can't reschedule booking with uid=*** because it has been cancelled and rescheduled": (
        errors.AlreadyRescheduled
    ),
    "400 Cannot cancel a booking that has already ended": errors.AlreadyEnded,
    "400 Bad request: Please check your request data": errors.NotPending,
    "404 Booking with uid=*** was not found in the database": errors.NotFound,
    "404 Booking with uid=*** b was not found in the database": errors.NotFound,
    "404 Booking with uid=*** not found": errors.NotFound,
    "404 User with username nobody not found": errors.NotFound,
    "404 Event Type not found": errors.UnknownEventType,
    "404 Event type with id": errors.UnknownEventType,
    "404 Event Type with ID=99999 not found": errors.UnknownEventType,
    "404 Event type with slug nope": errors.UnknownEventType,
    "409 Webhook with this subscriber url already exists": errors.AlreadyExists,
    "401 CustomThrottlerGuard - Invalid API Key": errors.Unauthorised,
    "401 Invalid Access Token.": errors.Unauthorised,
    "401 ApiAuthStrategy - No authentication method provided": errors.Unauthorised,
    "401 checkBookingRequiresAuthentication": errors.Unauthorised,
    "401 reservationDuration can only be used for authenticated": errors.Unauthorised,
    "403 PermissionsGuard - no authentication provided": errors.Forbidden,
    "429 CustomThrottlerGuard - Too many requests": errors.RateLimited,
    "500 Internal server error": OutcomeUnknown,
    "400 Bad Request Exception": errors.InvalidRequest,
    "400 attendee property is wrong, foo property is wrong": errors.InvalidRequest,
    "400 Unexpected ": errors.InvalidRequest,
    "400 Unterminated string in JSON": errors.InvalidRequest,
    "400 Expected double-quoted property name in JSON": errors.InvalidRequest,
    "400 Can't specify 'lengthInMinutes'": errors.InvalidRequest,
    "400 Provided 'lengthInMinutes' is not": errors.InvalidRequest,
    "400 Provided recurrence count": errors.InvalidRequest,
    "400 Invalid type for booking field": errors.InvalidRequest,
    "400 Invalid option 'gold' for booking field": errors.InvalidRequest,
    "400 One or more invalid options for booking field": errors.InvalidRequest,
    "400 responses - {callback}invalid_number": errors.InvalidRequest,
    "400 metadata.b - Expected string, received boolean": errors.InvalidRequest,
    "400 start - Expected string, received null": errors.InvalidRequest,
    "400 undefined property is wrong": errors.InvalidRequest,
    **{
        f"400 {name} property is wrong": errors.InvalidRequest
        for name in (
            "allowConflicts",
            "cancellationReason",
            "duration",
            "end",
            "eventTypeId or eventTypeSlug + username",
            "eventTypeId",
            "eventTypeSlug",
            "foo",
            "format",
            "idempotencyKey",
            "lengthInMinutes",
            "metadata",
            "reservationUid",
            "start",
            "timeZone",
            "username",
            "usernames",
        )
    },
}

REFUSED = [pair for pair in covered() if not pair[0].is_good]


def _expected(error: CalcomError) -> type[CalcomError]:
    said = f"{error.status} {error.message.removeprefix('the outcome is unknown: ')}"
    fitting = [wording for wording in REFUSALS if said.startswith(wording)]
    assert fitting, f"no expectation for {said!r}"
    return REFUSALS[max(fitting, key=len)]


@by_name(REFUSED)
async def test_a_recorded_refusal_becomes_the_error_that_it_means(
    exchange: Exchange, call: Call
) -> None:
    with pytest.raises(CalcomError) as raised:
        await call(client_over(lambda _: served(exchange.response)))
    error = raised.value
    assert type(error) is _expected(error)
    assert error.status == exchange.status
    assert error.request_id == "req-1"
    assert error.endpoint.startswith(exchange.method)


def test_every_expected_wording_was_recorded() -> None:
    """The table above describes recordings, it does not guess."""
    recorded = {
        f"{exchange.status} {exchange.answer.get('error', exchange.answer)['message']}"
        for exchange, _ in REFUSED
    }
    for wording in REFUSALS:
        plain = wording.split("***")[0]
        assert any(said.startswith(plain) for said in recorded), wording


@by_name([pair for pair in REFUSED if "uid" in json.dumps(pair[0].answer)])
async def test_no_refusal_quotes_a_uid(exchange: Exchange, call: Call) -> None:
    with pytest.raises(CalcomError) as raised:
        await call(client_over(lambda _: served(exchange.response)))
    uids = {
        exchange.path.split("/")[3] if exchange.path.count("/") > 2 else "-",
        getattr(raised.value, "rescheduled_to_uid", "-"),
    }
    for uid in uids - {"-"}:
        assert uid not in str(raised.value)
        assert uid not in repr(raised.value)


async def test_a_moved_booking_names_the_one_that_stands() -> None:
    exchange, call = _recorded("reschedule-old-uid-3")
    moved_to = next(e for e in exchanges() if str(e) == "reschedule-old-uid-2")
    with pytest.raises(errors.AlreadyRescheduled) as raised:
        await call(client_over(lambda _: served(exchange.response)))
    assert raised.value.rescheduled_to_uid == moved_to.answer["data"]["uid"]


@pytest.mark.parametrize(
    ("recorded", "field"),
    [
        ("book-custom-fields-1", "reason"),
        ("book-custom-fields-2", "insurance"),
        ("book-custom-fields-3", "reason"),
        ("book-attendee-invalid-3", "name"),
        ("seats-reschedule-6", "seatUid"),
        ("book-email-invalid-1", "email"),
        ("book-phone-invalid-1", "attendeePhoneNumber"),
        ("book-attendee-invalid-1", "timeZone"),
        ("book-attendee-invalid-2", "language"),
        ("book-attendee-invalid-7", None),
    ],
)
async def test_a_refusal_names_the_field_that_is_wrong(recorded: str, field: str | None) -> None:
    exchange, call = _recorded(recorded)
    with pytest.raises((errors.MissingField, errors.InvalidAttendee)) as raised:
        await call(client_over(lambda _: served(exchange.response)))
    assert isinstance(raised.value, errors.MissingField | errors.InvalidAttendee)
    assert raised.value.field == field


async def test_the_rate_limit_says_how_long_to_wait() -> None:
    exchange, call = next(pair for pair in REFUSED if pair[0].status == 429)
    with pytest.raises(errors.RateLimited) as raised:
        await call(client_over(lambda _: served(exchange.response)))
    assert raised.value.retry_after_seconds == 60


async def test_an_internal_error_leaves_a_write_undecided() -> None:
    exchange, call = next(pair for pair in REFUSED if pair[0].status == 500)
    with pytest.raises(OutcomeUnknown) as raised:
        await call(client_over(lambda _: served(exchange.response)))
    assert isinstance(raised.value.fault, errors.ServerFault)


def _recorded(name: str) -> tuple[Exchange, Call]:
    return next(pair for pair in REFUSED if str(pair[0]) == name)
