"""The neutral platform: a bearer token, a small body, the envelope back."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.platforms.neutral import parse, render, verify
from server.wire import CallRef, NoCall, Refused, ToolReply, Unreadable, WireError
from tools.reply import Status

_NOW = datetime(2026, 2, 9, 8, tzinfo=UTC)
_FULL: dict[str, Any] = {
    "call_id": "c-1",
    "caller": "+493023125010",
    "line": "+493023125000",
    "language": "de",
    "tool_call_id": "t-1",
    "arguments": {"service": "Haarschnitt"},
}


def _parsed(**changes: object) -> Any:
    return parse(json.dumps(_FULL | changes).encode(), "check_availability").requests[0]


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_key_opens(scheme: str) -> None:
    verify({"authorization": f"{scheme} old"}, b"", {"api_key": ("new", "old")}, _NOW)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": "Bearer "},
        {"authorization": "Bearer wrong"},
        {"authorization": "right"},
        {"authorization": "Basic right"},
        {"authorization": "Bearer rightt"},
        {"authorization": "Bearer räght"},
    ],
)
def test_nothing_else_opens(headers: dict[str, str]) -> None:
    with pytest.raises(Refused):
        verify(headers, b"", {"api_key": ("right",)}, _NOW)


@given(st.text(), st.lists(st.text().filter(lambda key: key.strip() != "guess"), max_size=2))
def test_no_header_and_no_key_do_more_than_refuse(header: str, keys: list[str]) -> None:
    for guess in (header, f"Bearer {header}", "Bearer guess"):
        try:
            verify({"authorization": guess}, b"", {"api_key": tuple(keys)}, _NOW)
        except Refused:
            continue
        assert guess.partition(" ")[2].strip() in keys


def test_a_tool_call_is_read() -> None:
    request = _parsed()
    assert request.tool == "check_availability"
    assert request.arguments == {"service": "Haarschnitt"}
    assert request.id == "t-1"
    assert request.call == CallRef(
        "neutral", "c-1", caller="+493023125010", line="+493023125000", language="de"
    )


def test_all_but_the_call_id_may_be_missing_or_null() -> None:
    bare = parse(b'{"call_id": "c-1"}', "book").requests[0]
    nulls = _parsed(caller=None, line=None, language=None, tool_call_id=None, arguments=None)
    assert bare.call == nulls.call == CallRef("neutral", "c-1")
    assert bare.arguments == nulls.arguments == {}
    assert bare.id is None


def test_arguments_may_be_json_text() -> None:
    assert _parsed(arguments='{"service": "Haarschnitt"}') == _parsed()


@pytest.mark.parametrize(
    ("tag", "language"), [("de-AT", "de"), ("EN_us", "en"), ("fr", None), ("", None)]
)
def test_a_language_is_one_that_we_speak(tag: str, language: str | None) -> None:
    assert _parsed(language=tag).call.language == language


def test_fields_that_nobody_reads_are_named() -> None:
    body = json.dumps(_FULL | {"agent": "x", "model": "y"}).encode()
    assert set(parse(body, "book").ignored) == {"agent", "model"}


@pytest.mark.parametrize("call_id", [None, "", "  "])
def test_without_a_call_id_there_is_no_call(call_id: str | None) -> None:
    with pytest.raises(NoCall):
        _parsed(call_id=call_id)


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("call_id", 5, "call_id must be text, not a number"),
        ("call_id", "x" * 201, "call_id has 201 characters; 200 are allowed"),
        ("caller", ["+49"], "caller must be text, not a list"),
        ("line", {"number": "+49"}, "line must be text, not an object"),
        ("language", True, "language must be text, not true or false"),
        ("tool_call_id", 1.5, "tool_call_id must be text, not a number"),
        ("arguments", [], "the arguments must be an object or JSON text, not a list"),
        ("arguments", "not json", "not JSON: "),
    ],
)
def test_a_wrong_type_is_named_for_the_developer(field: str, value: object, why: str) -> None:
    with pytest.raises(Unreadable) as caught:
        _parsed(**{field: value})
    assert caught.value.why.startswith(why)


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{", b"\xff\xfe", b'{"a": NaN}', b"[" * 10_000, b"\xef\xbb\xbf{}"],
)
def test_what_is_no_json_object_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        parse(body, "book")


def test_the_envelope_is_the_answer() -> None:
    line = '{"ok":true,"say":"Schön."}'
    assert render([ToolReply(None, "book", Status.BOOKED, line)]) == line.encode()


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(
    st.binary()
    | st.fixed_dictionaries({}, optional=dict.fromkeys(_FULL, _ANY)).map(
        lambda body: json.dumps(body).encode()
    )
)
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    try:
        (request,) = parse(body, "book").requests
    except WireError:
        return
    assert request.call
    stored = json.dumps([dict(request.arguments), request.call.id], allow_nan=False)
    assert "\\u0000" not in stored
