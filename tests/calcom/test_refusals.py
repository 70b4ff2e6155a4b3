"""Wordings that are known from Cal.com's source or from production, but were not recorded."""

import json

import pytest

from calcom import errors
from calcom.errors import CalcomError, OutcomeUnknown
from calcom.refusals import read_refusal
from tests.calcom.recordings import client_over, served


def _read(status: int, body: object) -> CalcomError:
    return read_refusal(status, {}, json.dumps(body).encode(), endpoint="POST /v2/bookings")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "Host already booked"),
        (400, "The host is already booked at this time."),
        (400, "One of the hosts either already has booking at this time or is not available"),
        (400, "This slot is no longer available"),
        (409, "no_available_users_found_error"),
        (409, "fixed_hosts_unavailable_for_booking"),
        (409, "round_robin_host_unavailable_for_booking"),
        (500, "hosts_unavailable_for_booking"),
        (409, "booking_seats_full_error"),
        (409, "not_enough_available_seats_error"),
        (409, "Words that nobody has seen yet"),
        (422, "Can't reserve a slot if the event is already booked."),
        (422, "Booking with id=4 at 2027-05-19T14:00:00Z has no more seats left."),
    ],
)
def test_f_062_a_busy_host_is_a_taken_slot_and_no_outage(status: int, words: str) -> None:
    error = _read(status, {"statusCode": status, "message": words})
    assert type(error) is errors.SlotUnavailable
    assert not error.is_outage


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (400, "booking_time_out_of_bounds_error", errors.TooSoonOrTooFar),
        (400, "booker_limit_exceeded_error", errors.BookingLimitReached),
        (
            400,
            "... because the maximum number of active bookings has been reached.",
            errors.BookingLimitReached,
        ),
        (400, "cancelled_bookings_cannot_be_rescheduled", errors.AlreadyCancelled),
        (400, "Cancellation reason is required when you are the host", errors.MissingField),
        (400, "responses - {guests}duplicate_email, ", errors.InvalidAttendee),
        (400, "responses - {email}error_required_field, ", errors.MissingField),
        (401, "User not a host of this event or an admin of the booking user", errors.Forbidden),
        (400, "booker_email_blocked", errors.Forbidden),
        (404, "Cannot GET /v2/slots?eventTypeId=1", errors.InvalidRequest),
        (404, "event_type_not_found_error", errors.UnknownEventType),
        (402, "payment_required", errors.Refused),
        (503, "service_unavailable", errors.ServerFault),
    ],
)
def test_other_words_from_cal_coms_source(status: int, words: str, kind: type[CalcomError]) -> None:
    assert type(_read(status, {"statusCode": status, "message": words})) is kind


def test_the_three_shapes_say_the_same() -> None:
    words = "booking_conflict_error"
    nest = {
        "error": {"code": "ConflictException", "message": words, "details": {"statusCode": 409}}
    }
    for body in (nest, {"error": {"code": "CONFLICT", "message": words}}, {"message": words}):
        assert type(_read(409, body)) is errors.SlotUnavailable


def test_reasons_are_told_without_the_values() -> None:
    """A validation error quotes what was sent: somebody's name or number."""
    wrong = {
        "target": {"attendee": {"name": "Ada"}},
        "value": "Ada",
        "children": [{"value": "Lovelace", "constraints": {"isInt": "it must be an integer"}}],
        "constraints": {"isString": "name must be a string"},
    }
    body = {"error": {"message": "Bad Request Exception", "details": {"errors": [wrong]}}}
    error = _read(400, body)
    assert error.message == "Bad Request Exception: name must be a string; it must be an integer"


async def test_a_seat_that_cancels_with_a_404_may_be_gone() -> None:
    """Cal.com loses a race against itself: the seat is cancelled, and the answer is an error."""
    words = "Invalid Query: The requested record was not found."
    body = {"status": "error", "error": {"code": "NOT_FOUND", "message": words}}
    client = client_over(lambda _: served({"status": 404, "headers": {}, "json": body}))
    with pytest.raises(OutcomeUnknown):
        await client.cancel("82ZUxh5AiQnU9aUmWUWSLq", reason="ill", seat_uid="seat")
