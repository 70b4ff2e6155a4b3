"""What leaves us is in the spelling that Cal.com takes."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calcom.errors import InvalidAttendee
from calcom.outgoing import Attendee, BookingFilter, ListStatus, fit_metadata, instant

BERLIN_WINTER = timezone(timedelta(hours=1))


def test_f_063_metadata_are_texts_and_empty_values_are_dropped() -> None:
    assert fit_metadata({"party": 2, "first_visit": True, "note": None}) == {
        "party": "2",
        "first_visit": "true",
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (False, "false"),
        (1.5, "1.5"),
        ("  lange Haare ", "lange Haare"),
        (["a", 1], '["a", 1]'),
        ({"öl": True}, '{"öl": true}'),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
    ],
)
def test_other_values_become_texts(value: object, text: str) -> None:
    assert fit_metadata({"key": value}) == {"key": text}


@pytest.mark.parametrize("empty", [None, "", "   ", [], {}, ()])
def test_empty_values_are_dropped(empty: object) -> None:
    assert fit_metadata({"key": empty}) == {}


def test_long_values_are_cut_between_characters() -> None:
    """Cal.com counts in units of UTF-16, of which an emoji takes two."""
    assert fit_metadata({"key": "x" * 501}) == {"key": "x" * 500}
    assert fit_metadata({"key": "x" + "💈" * 250}) == {"key": "x" + "💈" * 249}


def test_keys_beyond_the_limits_are_left_out_and_the_first_ones_kept() -> None:
    many = {f"key{n}": "value" for n in range(60)}
    kept = fit_metadata({"slotline_booking_id": "7", "k" * 41: "value", "k" * 40: "value", **many})
    assert list(kept)[:2] == ["slotline_booking_id", "k" * 40]
    assert len(kept) == 50


@given(
    st.dictionaries(
        st.text(),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=5,
        ),
        max_size=60,
    )
)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_goes_in_cal_com_takes_what_comes_out(metadata: dict[str, object]) -> None:
    fitting = fit_metadata(metadata)
    assert len(fitting) <= 50
    assert fitting.keys() <= metadata.keys()
    for key, value in fitting.items():
        assert 0 < len(key.encode("utf-16-le", "replace")) // 2 <= 40
        assert 0 < len(value.encode("utf-16-le")) // 2 <= 500


def test_instants_are_sent_in_utc() -> None:
    assert instant(datetime(2027, 2, 2, 15, tzinfo=BERLIN_WINTER)) == "2027-02-02T14:00:00Z"
    precise = datetime(2026, 11, 22, 16, 31, 17, 815_999, tzinfo=UTC)
    assert instant(precise) == "2026-11-22T16:31:17.815Z"


def test_a_wall_clock_time_is_not_sent() -> None:
    with pytest.raises(ValueError, match="zone"):
        instant(datetime(2027, 2, 2, 15))  # noqa: DTZ001


@pytest.mark.parametrize(
    "number",
    ["+1 (202) 555-0133", "02025550133", "+0123456789", "12025550133", "+49", "", "+4930123\n"],
)
def test_a_number_that_is_not_e164_is_not_sent(number: str) -> None:
    attendee = Attendee("Ada", "Europe/Berlin", email="ada@example.com", phone_number=number)
    with pytest.raises(InvalidAttendee) as raised:
        attendee.to_json()
    assert raised.value.field == "attendeePhoneNumber"
    assert number.strip() not in str(raised.value) or not number.strip()


def test_an_attendee_must_be_reachable() -> None:
    with pytest.raises(InvalidAttendee, match="neither"):
        Attendee("Ada", "Europe/Berlin").to_json()


def test_an_attendee_is_sent_without_gaps() -> None:
    attendee = Attendee("Ada", "Europe/Berlin", phone_number="+493012345678", language="de")
    assert attendee.to_json() == {
        "name": "Ada",
        "timeZone": "Europe/Berlin",
        "phoneNumber": "+493012345678",
        "language": "de",
    }


def test_filters_that_are_not_given_are_not_sent() -> None:
    assert BookingFilter().to_query() == {}
    assert BookingFilter(event_type_ids=[4]).to_query() == {"eventTypeId": 4}
    both = BookingFilter(event_type_ids=[4, 5], statuses=[ListStatus.PAST, ListStatus.UPCOMING])
    assert both.to_query() == {"eventTypeIds": "4,5", "status": "past,upcoming"}
