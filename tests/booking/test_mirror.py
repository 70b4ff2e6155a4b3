"""What to do where our record and Cal.com's booking differ: decided on values alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.agreement import (
    Adopt,
    Decision,
    Dispute,
    Follow,
    InLine,
    KeepOut,
    Undo,
    Wait,
    decide,
)
from booking.bookings import Booking, BookingState
from booking.business import EventType, EventTypeKind, Staff
from calcom.shapes import Booking as CalcomBooking
from calcom.shapes import BookingStatus
from db.states import DEAD, BookingOrigin, Quarrel

NOW = datetime(2026, 4, 7, 9, 0, tzinfo=UTC)
START = NOW + timedelta(days=2)
LENGTH = timedelta(minutes=40)
OUR_ID = UUID(int=77)

ANNA = Staff(UUID(int=1), "anna", "Anna", calcom_user_id=11)
BEN = Staff(UUID(int=2), "ben", "Ben", calcom_user_id=12)
STAFF = (ANNA, BEN)
MASSAGE = EventType(UUID(int=5), 501, EventTypeKind.FIXED, 40, staff=ANNA)


def ours(state: BookingState = BookingState.CONFIRMED, **changes: Any) -> Booking:
    """A record that stands as `theirs()` does."""
    unsettled = state in {BookingState.PENDING, BookingState.QUEUED}
    record = Booking(
        id=OUR_ID,
        business_id=UUID(int=9),
        call_id=None,
        customer_id=None,
        service_id=UUID(int=6),
        event_type_id=MASSAGE.id,
        staff_id=ANNA.id,
        state=state,
        start_at=START,
        end_at=START + LENGTH,
        attendee_name="Ida Holm",
        attendee_email="0a1b@callers.example",
        attendee_number=None,
        attendee_language="de",
        attendee_timezone="Europe/Berlin",
        note=None,
        wish_id=UUID(int=8),
        calcom_uid=None if unsettled else "theUid",
        seat_uid=None,
        wished_start_at=None,
        wished_end_at=None,
        wished_event_type_id=None,
        cancel_reason=None,
        group_id=None,
        group_end_at=None,
        due_at=None,
        attempts=0,
        asked_at=NOW,
        failure=None,
        needs_attention=False,
        origin=BookingOrigin.PHONE,
        created_at=NOW,
        updated_at=NOW,
        settled_at=None,
    )
    return replace(record, **changes)


def theirs(status: str = "accepted", **changes: Any) -> CalcomBooking:
    shown = {
        "id": 1,
        "uid": "theUid",
        "status": BookingStatus(status),
        "start": START,
        "end": START + LENGTH,
        "createdAt": NOW,
        "updatedAt": NOW,
        "eventTypeId": 501,
        "hosts": ({"id": 11},),
        "attendees": (
            {"name": "Ida Holm", "email": "0a1b@callers.example", "timeZone": "Europe/Berlin"},
        ),
        "metadata": {"slotline_booking_id": str(OUR_ID)},
    }
    return CalcomBooking.model_validate(shown | changes)


def decided(
    record: Booking | None, booking: CalcomBooking, event_type: EventType | None = MASSAGE
) -> Decision:
    return decide(record, booking, event_type, staff=STAFF, now=NOW)


def test_what_agrees_is_left_alone() -> None:
    assert decided(ours(), theirs()) == InLine()
    assert decided(ours(), theirs(metadata={})) == InLine()


@pytest.mark.parametrize("state", [BookingState.PENDING, BookingState.QUEUED])
def test_an_unsettled_wish_whose_booking_appears_is_confirmed(state: BookingState) -> None:
    match decided(ours(state), theirs()):
        case Follow(state=BookingState.CONFIRMED, uid="theUid", start=start):
            assert start == START
        case other:
            pytest.fail(str(other))


@pytest.mark.parametrize("state", [BookingState.PENDING, BookingState.QUEUED])
def test_a_leased_row_is_its_writers(state: BookingState) -> None:
    due_at = NOW + timedelta(seconds=14)
    assert decided(ours(state, due_at=due_at), theirs()) == Wait(due_at)


@pytest.mark.parametrize("state", [BookingState.MOVING, BookingState.CANCELLING])
@pytest.mark.parametrize("status", ["accepted", "cancelled"])
def test_what_a_saga_is_changing_is_left_to_it(state: BookingState, status: str) -> None:
    elsewhere = theirs(status, start=START + timedelta(hours=3), end=START + timedelta(hours=4))
    assert isinstance(decided(ours(state), elsewhere), Wait)


@pytest.mark.parametrize(
    ("here", "there", "after", "failure"),
    [
        (BookingState.AWAITING_HOST, "accepted", BookingState.CONFIRMED, None),
        (BookingState.AWAITING_HOST, "rejected", BookingState.FAILED, "rejected"),
        (BookingState.AWAITING_HOST, "cancelled", BookingState.FAILED, "cancelled_outside"),
        (BookingState.PENDING, "pending", BookingState.AWAITING_HOST, None),
        (BookingState.PENDING, "cancelled", BookingState.FAILED, "cancelled_outside"),
        (BookingState.CONFIRMED, "cancelled", BookingState.CANCELLED, None),
        (BookingState.CONFIRMED, "rejected", BookingState.CANCELLED, None),
        (BookingState.CONFIRMED, "pending", BookingState.AWAITING_HOST, None),
    ],
)
def test_their_status_becomes_our_state(
    here: BookingState, there: str, after: BookingState, failure: str | None
) -> None:
    found = decided(ours(here), theirs(there))
    assert isinstance(found, Follow)
    assert (found.state, found.failure) == (after, failure)


def test_a_move_outside_is_followed_with_its_new_name() -> None:
    later = START + timedelta(days=1, minutes=25)
    found = decided(
        ours(), theirs(uid="newUid", start=later, end=later + LENGTH, rescheduledFromUid="theUid")
    )
    assert isinstance(found, Follow)
    assert (found.start, found.end, found.uid) == (later, later + LENGTH, "newUid")
    assert found.state is BookingState.CONFIRMED


def test_another_host_is_followed() -> None:
    found = decided(ours(), theirs(hosts=({"id": 12},)))
    assert isinstance(found, Follow)
    assert found.staff_id == BEN.id


@pytest.mark.parametrize("state", sorted(DEAD))
def test_nothing_leads_out_of_a_dead_state(state: BookingState) -> None:
    assert decided(ours(state), theirs()) == Dispute(Quarrel.STANDS_THOUGH_DEAD)
    assert decided(ours(state), theirs("cancelled")) == InLine()


def test_what_came_after_we_gave_up_is_undone() -> None:
    given_up = ours(BookingState.FAILED, calcom_uid=None)
    assert decided(given_up, theirs()) == Undo()
    assert decided(given_up, theirs(metadata={})) == Dispute(Quarrel.STANDS_THOUGH_DEAD)


def test_f_044_our_id_on_somebody_elses_booking_is_not_believed() -> None:
    stranger = {"name": "Ole", "email": "ole@example.com", "timeZone": "Europe/Berlin"}
    pending = ours(BookingState.PENDING)
    assert decided(pending, theirs(attendees=(stranger,))) == Dispute(Quarrel.OTHER_ATTENDEE)
    other = replace(MASSAGE, id=UUID(int=55), calcom_id=502)
    assert decided(pending, theirs(eventTypeId=502), other) == Dispute(Quarrel.OTHER_ATTENDEE)


def test_a_booking_with_another_records_id_is_not_taken_over() -> None:
    foreign = theirs(metadata={"slotline_booking_id": str(UUID(int=78))})
    assert decided(ours(), foreign) == Dispute(Quarrel.OTHER_RECORD)


def test_a_booking_made_outside_becomes_a_record() -> None:
    web = theirs(metadata={}, hosts=({"id": 12},))
    assert decided(None, web) == Adopt(BookingState.CONFIRMED, MASSAGE, BEN.id)
    assert decided(None, theirs("pending", metadata={})) == Adopt(
        BookingState.AWAITING_HOST, MASSAGE, ANNA.id
    )


def test_what_is_none_of_ours_stays_out() -> None:
    web = theirs(metadata={})
    over: dict[str, Any] = {"start": NOW - timedelta(hours=2), "end": NOW - timedelta(hours=1)}
    assert decided(None, web, None) == KeepOut("unknown_event_type")
    assert decided(None, theirs(metadata={}, **over)) == KeepOut("over")
    assert decided(None, theirs(metadata={}, attendees=())) == KeepOut("nobody")
    assert decided(None, theirs("cancelled", metadata={})) == InLine()
    assert decided(None, theirs()) == Dispute(Quarrel.UNRECORDED)


_STATES = st.sampled_from(
    sorted(set(BookingState) - {BookingState.MOVING, BookingState.CANCELLING})
)
_STATUSES = st.sampled_from([status.value for status in BookingStatus])
_MINUTES = st.integers(-3000, 3000)


@given(state=_STATES, status=_STATUSES, minutes=_MINUTES)
def test_whoever_has_followed_is_in_line(state: BookingState, status: str, minutes: int) -> None:
    """Deciding again on what was written changes nothing: applying twice is applying once."""
    start = START + timedelta(minutes=minutes)
    booking = theirs(status, start=start, end=start + LENGTH)
    found = decided(ours(state), booking)
    if isinstance(found, Follow):
        followed = ours(
            found.state,
            start_at=found.start,
            end_at=found.end,
            calcom_uid=found.uid,
            staff_id=found.staff_id,
        )
        assert decided(followed, booking) == InLine()
