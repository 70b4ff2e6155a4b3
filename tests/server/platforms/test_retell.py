"""Retell: what its own software signs is accepted, and nothing else is."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from retell.lib.webhook_auth import symmetric

from server.platforms.retell.signature import verify
from server.platforms.retell.tools import parse
from server.wire import CallRef, NoCall, Refused, Unreadable, WireError

_PAYLOADS = Path(__file__).parent / "payloads" / "retell"
_KEY = "key_test_0123456789abcdef"
_NOW = datetime(2026, 9, 10, 8, 2, tzinfo=UTC)
_MILLISECONDS = int(_NOW.timestamp() * 1000)


def _signed(body: str, *, key: str = _KEY, at: int = _MILLISECONDS) -> dict[str, str]:
    return {"x-retell-signature": symmetric["sign"](body, key, at)}


def _tool_call() -> dict[str, Any]:
    payload: dict[str, Any] = json.loads((_PAYLOADS / "tool-call.json").read_text())
    return payload


# --- the signature ------------------------------------------------------------------------------


def test_the_known_answer_is_accepted() -> None:
    """A vector that Retell's SDK computed."""
    vector = json.loads((_PAYLOADS / "signature-vector.json").read_text())
    now = datetime.fromtimestamp(vector["timestamp_ms"] / 1000, UTC)
    headers, secrets = (
        {"x-retell-signature": vector["header"]},
        {"retell_key": (vector["api_key"],)},
    )
    verify(headers, vector["body"].encode(), secrets, now)
    with pytest.raises(Refused, match="not of this body"):
        verify(headers, vector["body"].encode() + b" ", secrets, now)


@given(body=st.text(), key=st.text(min_size=1))
def test_what_the_sdk_signs_is_accepted(body: str, key: str) -> None:
    verify(_signed(body, key=key), body.encode(), {"retell_key": (key,)}, _NOW)


@given(body=st.binary(min_size=1), position=st.integers(min_value=0), flip=st.integers(1, 255))
def test_one_altered_byte_is_refused(body: bytes, position: int, flip: int) -> None:
    text = body.decode("latin-1")
    signed = text.encode()
    altered = bytearray(signed)
    altered[position % len(altered)] ^= flip
    with pytest.raises(Refused):
        verify(_signed(text), bytes(altered), {"retell_key": (_KEY,)}, _NOW)


@pytest.mark.parametrize(
    ("late", "accepted"),
    [
        (timedelta(minutes=5), True),
        (timedelta(minutes=5, milliseconds=1), False),
        (timedelta(minutes=6), False),
        (timedelta(minutes=-5), True),
        (timedelta(minutes=-5, milliseconds=-1), False),
    ],
)
def test_a_signature_lives_five_minutes_in_both_directions(
    late: timedelta,
    accepted: bool,
) -> None:
    headers, now = _signed("{}"), _NOW + late
    at = _MILLISECONDS + late // timedelta(milliseconds=1)
    agrees = symmetric["verify"]("{}", _KEY, headers["x-retell-signature"], {"timestamp": at})
    assert agrees is accepted
    if accepted:
        verify(headers, b"{}", {"retell_key": (_KEY,)}, now)
    else:
        with pytest.raises(Refused, match="five minutes"):
            verify(headers, b"{}", {"retell_key": (_KEY,)}, now)


def test_both_keys_count_while_one_is_rotated() -> None:
    secrets = {"retell_key": ("key_new", "key_old")}
    verify(_signed("{}", key="key_new"), b"{}", secrets, _NOW)
    verify(_signed("{}", key="key_old"), b"{}", secrets, _NOW)
    with pytest.raises(Refused):
        verify(_signed("{}", key="key_retired"), b"{}", secrets, _NOW)


@pytest.mark.parametrize("secrets", [{}, {"retell_key": ()}, {"retell_key": ("",)}])
def test_without_a_key_nothing_is_accepted(secrets: dict[str, tuple[str, ...]]) -> None:
    """An empty key would make a signature that everybody can compute."""
    for key in ("x", "\0", "None"):
        with pytest.raises(Refused):
            verify(_signed("{}", key=key), b"{}", secrets, _NOW)
    empty = {"x-retell-signature": symmetric["sign"]("{}", "", _MILLISECONDS)}
    with pytest.raises(Refused):
        verify(empty, b"{}", secrets, _NOW)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda header: header[:0],
        lambda header: header.upper(),
        lambda header: header + "0",
        lambda header: header + "\n",
        lambda header: " " + header,
        lambda header: header.replace(",d=", ", d="),
        lambda header: header.replace("v=", "v=+"),
        lambda header: header.rpartition("d=")[2],
        lambda header: header.replace("d=", "d=,d="),
    ],
)
def test_only_the_exact_form_is_accepted(spoil: Any) -> None:
    header = spoil(_signed("{}")["x-retell-signature"])
    assert not symmetric["verify"]("{}", _KEY, header, {"timestamp": _MILLISECONDS})
    with pytest.raises(Refused):
        verify({"x-retell-signature": header}, b"{}", {"retell_key": (_KEY,)}, _NOW)


@given(
    body=st.binary(),
    headers=st.dictionaries(
        st.sampled_from(["x-retell-signature", "authorization"]),
        st.text()
        | st.from_regex(r"v=\d*,d=[0-9a-f]*", fullmatch=True)
        | st.from_regex(r"v=[0-9]{1,15},d=[0-9a-f]{64}", fullmatch=True),
    ),
    keys=st.lists(st.text(), max_size=2).map(tuple),
)
def test_whatever_comes_is_refused_in_so_many_words(
    body: bytes, headers: dict[str, str], keys: tuple[str, ...]
) -> None:
    with pytest.raises(Refused):
        verify(headers, body, {"retell_key": keys}, _NOW)


# --- the body -----------------------------------------------------------------------------------


def test_a_tool_call_is_read() -> None:
    parsed = parse(json.dumps(_tool_call()).encode(), None)
    (request,) = parsed.requests
    assert request.tool == "check_availability"
    assert request.arguments == {"date": "2026-09-14", "service": "checkup"}
    assert request.id == "tool_call_3f9a1c"
    assert request.call == CallRef(
        "retell", "call_0000000000000000000000001", caller="+15555550100", line="+15555550199"
    )
    assert not parsed.ignored


def test_f_016_caller_and_arguments_are_the_same_in_every_form() -> None:
    """A new version once sent them flat instead of nested: every check failed, nobody was known."""
    nested, text, flat = _tool_call(), _tool_call(), _tool_call()
    text["args"] = json.dumps(text["args"])
    flat |= flat.pop("args")
    requests = [parse(json.dumps(form).encode(), None).requests for form in (nested, text, flat)]
    assert requests[0] == requests[1] == requests[2]
    assert requests[2][0].call == CallRef(
        "retell", "call_0000000000000000000000001", caller="+15555550100", line="+15555550199"
    )


def test_no_arguments_are_no_arguments() -> None:
    nothings: tuple[object, ...] = (None, {}, "", "{}")
    for nothing in nothings:
        payload = _tool_call() | {"args": nothing}
        assert parse(json.dumps(payload).encode(), None).requests[0].arguments == {}


def test_fields_that_nobody_reads_are_named() -> None:
    payload = _tool_call() | {"agent_swarm": {"id": 1}}
    assert parse(json.dumps(payload).encode(), None).ignored == ("agent_swarm",)


def test_on_an_outbound_call_the_caller_is_who_was_dialled() -> None:
    payload = _tool_call()
    payload["call"]["direction"] = "outbound"
    call = parse(json.dumps(payload).encode(), None).requests[0].call
    assert call
    assert (call.caller, call.line) == ("+15555550199", "+15555550100")


def test_a_web_call_has_no_numbers() -> None:
    payload = _tool_call()
    payload["call"] = {"call_id": "web_1", "call_type": "web_call"}
    request = parse(json.dumps(payload).encode(), None).requests[0]
    assert request.call == CallRef("retell", "web_1")
    assert request.id is None


@pytest.mark.parametrize("hidden", ["anonymous", "", None, "Restricted"])
def test_a_hidden_number_is_none(hidden: str | None) -> None:
    payload = _tool_call()
    payload["call"]["from_number"] = hidden
    call = parse(json.dumps(payload).encode(), None).requests[0].call
    assert call
    assert call.caller is None


def test_arguments_at_the_root_are_unreadable_and_the_setting_is_named() -> None:
    with pytest.raises(Unreadable, match="args_at_root"):
        parse((_PAYLOADS / "args-at-root.json").read_bytes(), None)


def test_a_call_without_an_id_is_no_call() -> None:
    with pytest.raises(NoCall):
        parse(b'{"name": "book", "args": {}, "call": {"call_id": null}}', None)


# --- the id of the invocation -------------------------------------------------------------------


def _invocation(name: str, id_: object, **arguments: str) -> dict[str, object]:
    return {
        "role": "tool_call_invocation",
        "tool_call_id": id_,
        "name": name,
        "arguments": json.dumps(arguments),
    }


def _result(id_: str) -> dict[str, object]:
    return {"role": "tool_call_result", "tool_call_id": id_, "content": "", "successful": True}


def _id_of(transcript: object, **arguments: str) -> str | None:
    payload = {
        "name": "book",
        "args": arguments,
        "call": {"call_id": "c", "transcript_with_tool_calls": transcript},
    }
    return parse(json.dumps(payload).encode(), None).requests[0].id


def test_an_invocation_that_waits_for_its_result_is_ours() -> None:
    transcript = [_invocation("book", "t1", slot="A"), _result("t1"), _invocation("book", "t2")]
    assert _id_of(transcript, slot="A") == "t2"


def test_of_two_that_wait_ours_has_our_arguments() -> None:
    transcript = [_invocation("book", "t1", slot="A"), _invocation("book", "t2", slot="B")]
    assert _id_of(transcript, slot="A") == "t1"
    assert _id_of(transcript, slot="B") == "t2"


@pytest.mark.parametrize(
    "transcript",
    [
        None,
        "text",
        [],
        ["text", {"role": "agent"}],
        [_invocation("cancel", "t1")],
        [_invocation("book", "t1"), _result("t1")],
        [_invocation("book", "t1", slot="A"), _invocation("book", "t2", slot="A")],
        [_invocation("book", 7)],
        [_invocation("book", "t1") | {"arguments": "{"}, _invocation("book", "t2", slot="B")],
    ],
)
def test_in_doubt_there_is_no_id(transcript: object) -> None:
    """Another invocation's id would give this one the other's reply."""
    assert _id_of(transcript, slot="A") is None


# --- anything -----------------------------------------------------------------------------------

_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
_CALL = st.fixed_dictionaries(
    {},
    optional={
        "call_id": _ANY,
        "from_number": _ANY,
        "to_number": _ANY,
        "direction": _ANY,
        "transcript_with_tool_calls": _ANY,
    },
)
_BODY = st.fixed_dictionaries({}, optional={"name": _ANY, "args": _ANY, "call": _CALL | _ANY})


@given(st.binary() | _BODY.map(lambda body: json.dumps(body).encode()))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    """What is read can be written to PostgreSQL: valid text and JSON without NUL and infinity."""
    try:
        requests = parse(body, None).requests
    except WireError:
        return
    for request in requests:
        assert request.call
        stored = json.dumps([dict(request.arguments), request.call.id], allow_nan=False)
        assert "\\u0000" not in stored
        stored.encode()
