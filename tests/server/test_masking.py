"""No person can be known from a log line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.masking import mask_email, mask_name, mask_number, mask_text, masked


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+493023125010", "+49…10"),
        ("+15555550100", "+1…00"),
        ("+420 601 123 456", "+420…56"),
        ("00493023125010", "+49…10"),
        ("030 23125010", "…10"),
        ("anonymous", "…"),
        ("110", "…"),
        ("", "…"),
        ("+²³", "…"),
    ],
)
def test_a_number_keeps_its_country_and_two_digits(number: str, shown: str) -> None:
    assert mask_number(number) == shown


@pytest.mark.parametrize(
    ("name", "shown"), [("Anna Müller", "A. M."), ("ute von der Heide", "U. V. D. H."), ("", "")]
)
def test_a_name_becomes_initials(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_an_address_keeps_one_letter_and_its_end() -> None:
    assert mask_email("anna@mueller.example.com") == "a…@….com"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("no customer on +49 (30) 2312-5010 here", "no customer on +49…10 here"),
        ("no customer on 0151 23456789", "no customer on …89"),
        ("call (555) 123-4567 back", "call …67 back"),
        ("sent to anna.mueller@example.com.", "sent to a…@….com."),
        ("Authorization: Bearer abc.def", "Authorization: [secret]"),
        ("cannot reach postgresql://app:s3cret@db/x", "cannot reach postgresql://[secret]@db/x"),
        ("refused key_test_0123456789abcdef", "refused [secret]"),
        (
            "duplicate key\nDETAIL:  Key (number)=(Anna Müller) already exists.",
            "duplicate key\nDETAIL:  [not logged]",
        ),
        (
            "Input should be valid [type=x, input_value='Anna Müller', input_type=str]",
            "Input should be valid [type=x, input_value=[not logged], input_type=str]",
        ),
    ],
)
def test_text_is_masked_by_what_it_looks_like(text: str, shown: str) -> None:
    assert mask_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-10T14:30:00+01:00",
        "01234567-0123-4567-89ab-012345678901",
        "call_0000000000000000000000001",
        "SELECT 1 took 0.00123456789 s",
        "1789000000000",
    ],
)
def test_times_and_ids_are_left_alone(text: str) -> None:
    assert mask_text(text) == text


def test_fields_are_masked_by_their_names_however_deep() -> None:
    line = masked(
        {
            "event": "tool_call",
            "caller": "+493023125010",
            "customer": {"name": "Anna Müller", "email": "anna@example.com"},
            "people": [{"attendee_name": "Bo Li", "number": 493023125010}],
            "arguments": {"note": "bring the dog"},
            "say": "See you on Tuesday, Anna.",
            "calcom_uid": "abc123",
            "line": None,
            "ok": True,
            "ms": 12.5,
        }
    )
    assert line == {
        "event": "tool_call",
        "caller": "+49…10",
        "customer": {"name": "A. M.", "email": "a…@….com"},
        "people": [{"attendee_name": "B. L.", "number": "…10"}],
        "arguments": "[not logged]",
        "say": "[not logged]",
        "calcom_uid": "[secret]",
        "line": None,
        "ok": True,
        "ms": 12.5,
    }


@given(st.text(max_size=60), st.from_regex(r"\+[1-9][0-9]{7,13}", fullmatch=True), st.text())
def test_a_number_is_found_between_any_words(before: str, number: str, after: str) -> None:
    assert number not in mask_text(f"{before} {number} {after}")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text() | st.sampled_from(["caller", "name", "email", "say"]), _JSON))
def test_anything_can_be_masked(event: dict[str, object]) -> None:
    assert masked(event).keys() == event.keys()
