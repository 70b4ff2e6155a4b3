"""Webhooks as a real Cal.com sent them, and as anybody might."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcom.notice import UNTOLD, NotANotice, read

RECORDED = json.loads(
    (Path(__file__).parent / "recorded" / "webhook-signatures.json").read_text(encoding="utf-8")
)
BODIES = [each["raw_body"].encode() for each in RECORDED["samples"]]


@pytest.mark.parametrize("body", BODIES)
def test_every_recorded_webhook_names_its_booking(body: bytes) -> None:
    told = read(body)
    envelope = json.loads(body)
    inner = envelope.get("payload", envelope)
    assert told.trigger == envelope["triggerEvent"]
    assert told.uid == (inner.get("uid") or inner.get("bookingUid"))
    assert told.uid


def test_a_flat_event_is_read() -> None:
    """MEETING_STARTED has no payload."""
    told = read(b'{"triggerEvent": "MEETING_STARTED", "uid": "abc", "metadata": {"k": "v"}}')
    assert (told.uid, told.metadata) == ("abc", {"k": "v"})
    assert not told.is_about_a_change


def test_an_absence_is_read() -> None:
    body = {
        "triggerEvent": "OOO_CREATED",
        "createdAt": "2026-03-02T08:00:00.000Z",
        "payload": {"oooEntry": {"start": "2026-03-09T00:00:00Z", "end": "2026-03-11T00:00:00Z"}},
    }
    told = read(json.dumps(body).encode())
    assert told.created_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert told.absence
    assert told.absence.end == datetime(2026, 3, 11, tzinfo=UTC)


def test_the_key_tells_events_apart_and_keeps_the_uid_to_itself() -> None:
    bodies = [
        b'{"triggerEvent":"BOOKING_CREATED","createdAt":"2026-03-02T08:00:00Z","payload":{"uid":"secretuid"}}',
        b'{"triggerEvent":"BOOKING_PAID","createdAt":"2026-03-02T08:00:00Z","payload":{"uid":"secretuid"}}',
        b'{"triggerEvent":"BOOKING_PAID","createdAt":"2026-03-02T08:00:01Z","payload":{"uid":"secretuid"}}',
        b'{"triggerEvent":"BOOKING_PAID","createdAt":"2026-03-02T08:00:01Z","payload":{"uid":"otheruid"}}',
    ]
    keys = {read(body).dedupe_key for body in bodies}
    assert len(keys) == len(bodies)
    assert not any("secretuid" in key for key in keys)
    assert read(bodies[0]).dedupe_key == read(bodies[0]).dedupe_key
    assert "secretuid" not in repr(read(bodies[0]))


@pytest.mark.parametrize("uid", ["../me", "a/b", "", "a b", "x" * 201, "ü", "\x00", 5, None, ["a"]])
def test_what_can_be_no_uid_is_none(uid: object) -> None:
    body = {"triggerEvent": "BOOKING_CREATED", "payload": {"uid": uid}}
    assert read(json.dumps(body).encode()).uid is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["payload", "uid", "bookingUid", "metadata", "oooEntry", "start", "createdAt"]
            )
            | st.text(),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(_JSON)
def test_any_json_is_a_notice_or_refused(value: object) -> None:
    body = json.dumps(value).encode()
    try:
        told = read(body)
    except NotANotice:
        assert not isinstance(value, dict)
    else:
        assert told.trigger == UNTOLD or told.trigger == value["triggerEvent"]  # type: ignore[index]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        read(body)
    except NotANotice:
        return
