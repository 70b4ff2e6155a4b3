"""Bad input: a status for the machine, a sentence for the model, a reason in the log, no trace.

The statuses are those of the documented interface; every body is the reply envelope.
"""

import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.openapi import Envelope
from tests.server.edge import API_KEY, NOW, edge
from tools.words import words_in

_CALL = {"call_id": "c-1", "arguments": {}}
_RETELL = {"name": "book", "args": {}, "call": {"call_id": "c-1"}}
_GERMAN = words_in("de").technical_fault
_ENGLISH = words_in("en").technical_fault


def _apology(response: httpx.Response) -> Envelope:
    """The body, if it is an envelope that admits a fault and gives nothing away."""
    assert response.headers["content-type"] == "application/json"
    assert "\n" not in response.text
    for leak in ("Traceback", "Error", "server/", "pydantic"):
        assert leak not in response.text
    envelope = Envelope.model_validate_json(response.content)
    assert not envelope.ok
    assert not envelope.booked
    assert envelope.status == "technical_fault"
    return envelope


@pytest.mark.parametrize(
    ("tool", "body", "status", "why"),
    [
        ("book", b"", 400, "not JSON"),
        ("book", b"{", 400, "not JSON"),
        ("book", b"[]", 400, "must be an object, not a list"),
        ("book", _CALL | {"caller": 49}, 400, "caller must be text, not a number"),
        ("book", _CALL | {"arguments": [1]}, 400, "the arguments must be an object"),
        ("book", _CALL | {"arguments": "{"}, 400, "not JSON"),
        ("book", {"arguments": {}}, 422, "call_id is missing"),
        ("book", {"call_id": None}, 422, "call_id is missing"),
        ("drop_table", _CALL, 404, "there is no tool 'drop_table'"),
        ("book", b" " * 1_000_000, 413, "the body has 1000000 bytes; 262144 are allowed"),
    ],
)
async def test_a_machine_gets_a_status_and_a_model_a_sentence(
    tool: str, body: object, status: int, why: str
) -> None:
    async with edge() as at:
        response = await at.neutral(tool, body)
    assert response.status_code == status
    assert _apology(response).say == (_ENGLISH if status == 413 else _GERMAN)
    assert not at.behind.asked
    (line,) = at.lines
    assert line["level"] == "warning"
    assert why in line["why"]
    assert (line["status_code"], line["business"], line["platform"]) == (
        status,
        "praxis",
        "neutral",
    )


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not JSON"),
        (b"null", "must be an object, not null"),
        ({"date": "2026-09-14"}, "args_at_root"),
        (_RETELL | {"call": {}}, "call.call_id is missing"),
        (_RETELL | {"name": 5}, "name must be the name of a tool"),
        (_RETELL | {"args": 5}, "the arguments must be an object"),
        (_RETELL | {"name": "drop_table"}, "there is no tool 'drop_table'"),
    ],
)
async def test_who_signs_for_retell_is_always_answered_with_200(body: object, why: str) -> None:
    """The model hears nothing of any other status."""
    async with edge() as at:
        response = await at.retell(body)
    assert response.status_code == 200
    assert _apology(response).say == _GERMAN
    assert not at.behind.asked
    (line,) = at.lines
    assert why in line["why"]


async def test_a_megabyte_is_refused_on_every_tool_route() -> None:
    async with edge() as at:
        answers = [
            await at.neutral("book", b"x" * 1_000_000),
            await at.retell(b"x" * 1_000_000),
            await at.http.post("/v1/praxis/tools/book", content=b"x" * 1_000_000),
            await at.http.post("/v1/nobody/retell/tools", content=b"x" * 1_000_000),
        ]
    assert [answer.status_code for answer in answers] == [413] * 4
    assert len({answer.content for answer in answers}) == 1
    assert not at.behind.asked


async def test_a_body_that_announces_no_length_is_counted() -> None:
    async def endless() -> Any:
        for _ in range(1000):
            yield b"x" * 1024

    async with edge() as at:
        response = await at.http.post("/v1/praxis/tools/book", content=endless())
    assert response.status_code == 413
    assert "more than 262144 bytes" in at.lines[0]["why"]


async def test_the_transcript_of_a_long_call_is_not_too_large() -> None:
    """Retell sends all that was said with each tool call: half a megabyte after half an hour."""
    transcript = [{"role": "user", "content": "x" * 1000}] * 600
    call = {"call_id": "c-1", "transcript_with_tool_calls": transcript}
    async with edge() as at:
        response = await at.retell(_RETELL | {"call": call})
    assert json.loads(response.content)["status"] == "none_free"


async def test_whoever_shows_no_credential_gets_one_and_the_same_body() -> None:
    """Not even whether the business exists can be learnt."""
    raw = json.dumps(_CALL).encode()
    wrong = {"authorization": "Bearer wrong"}
    right = {"authorization": f"Bearer {API_KEY}"}
    signed = {"x-retell-signature": f"v={int(NOW.timestamp() * 1000)},d={'0' * 64}"}
    async with edge() as at:
        answers = [
            await at.http.post("/v1/praxis/tools/book", content=raw),
            await at.http.post("/v1/praxis/tools/book", content=raw, headers=wrong),
            await at.http.post("/v1/praxis/tools/no_tool", content=raw, headers=wrong),
            await at.http.post("/v1/praxis/tools/book", content=b"no json", headers=wrong),
            await at.http.post("/v1/nobody/tools/book", content=raw),
            await at.http.post("/v1/nobody/tools/book", content=raw, headers=right),
            await at.http.post("/v1/%00/tools/book", content=raw, headers=right),
            await at.http.post(f"/v1/{'x' * 5000}/tools/book", content=raw, headers=right),
            await at.http.post("/v1/praxis/retell/tools", content=raw, headers=right),
            await at.http.post("/v1/praxis/retell/tools", content=raw, headers=signed),
            await at.http.post("/v1/nobody/retell/tools", content=raw, headers=signed),
            await at.retell(_RETELL, key="key_of_somebody_else"),
            await at.http.get("/v1/praxis/tools"),
            await at.http.get("/v1/nobody/tools", headers=right),
            await at.http.get("/v1/praxis/context", headers=wrong),
            await at.http.get("/v1/nobody/context", headers=right),
        ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({(answer.content, str(answer.headers)) for answer in answers}) == 1
    assert not at.behind.asked
    assert len(at.lines) == len(answers)
    assert all(line["why"] for line in at.lines)
    assert not any(secret in str(at.lines) for secret in ("wrong", API_KEY))


async def test_the_sentence_is_in_the_language_of_the_call() -> None:
    async with edge() as at:
        own = await at.neutral("drop_table", _CALL | {"language": "en"})
        line = await at.neutral("drop_table", _CALL | {"line": "+49 30 23125011"})
        unknown = await at.neutral("drop_table", _CALL | {"language": "xx", "line": "?"})
    assert [_apology(answer).say for answer in (own, line, unknown)] == [
        _ENGLISH,
        _ENGLISH,
        _GERMAN,
    ]


async def test_a_sender_that_leaves_halfway_leaves_a_line() -> None:
    async with edge() as at:
        parts = [{"type": "http.request", "body": b"{", "more_body": True}]
        sent: list[Any] = []

        async def receive() -> Any:
            return parts.pop() if parts else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        path = "/v1/praxis/tools/book"
        scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": []}
        await at.app(scope, receive, send)
    assert sent[0]["status"] == 400
    assert "left" in at.lines[0]["why"]


async def test_what_nobody_foresaw_is_answered_too() -> None:
    async with edge() as at:
        at.behind.fails = RuntimeError("no customer on +493023125099")
        answers = [await at.neutral("book", _CALL), await at.retell(_RETELL)]
    for answer in answers:
        assert answer.status_code == 200
        assert _apology(answer).say == _GERMAN
    for line in at.lines:
        assert line["event"] == "fault"
        assert "RuntimeError: no customer on +49…99" in line["exception"]
        assert line["platform_call"] == "c-1"


async def test_when_businesses_cannot_be_looked_up_the_caller_hears_so() -> None:
    async with edge() as at:
        at.behind.cannot_look_up = OSError("postgresql://app:s3cret@db is down")
        answers = [await at.neutral("book", _CALL), await at.retell(_RETELL)]
        lookup = await at.http.get("/v1/praxis/context")
    for answer in answers:
        assert answer.status_code == 200
        assert _apology(answer).say == _ENGLISH
    assert lookup.status_code == 500
    _apology(lookup)
    assert "s3cret" not in str(at.lines)


async def test_a_lookup_that_hangs_is_given_up() -> None:
    async with edge(lookup_seconds=0.01) as at:
        at.behind.cannot_look_up = TimeoutError()
        response = await at.neutral("book", _CALL)
    assert response.status_code == 200
    _apology(response)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/docs", 404),
        ("POST", "/v1/praxis/tools/", 404),
        ("POST", "/v1/praxis/tools/book/", 404),
        ("POST", "/v1/praxis/vapour", 404),
        ("GET", "/v1/praxis/tools/book", 405),
        ("DELETE", "/v1/praxis/retell/tools", 405),
    ],
)
async def test_other_addresses_and_methods_are_envelopes_too(
    method: str, path: str, status: int
) -> None:
    async with edge() as at:
        response = await at.http.request(method, path)
    assert response.status_code == status
    _apology(response)


async def test_an_unknown_wrapping_of_schemas_is_a_bad_request() -> None:
    async with edge() as at:
        headers = {"authorization": f"Bearer {API_KEY}"}
        response = await at.http.get("/v1/praxis/tools?for=fax", headers=headers)
    assert response.status_code == 400
    _apology(response)


@settings(max_examples=30, deadline=None)
@given(
    body=st.binary(max_size=300), key=st.text(max_size=20), tool=st.text(min_size=1, max_size=20)
)
async def test_nothing_at_all_gets_a_stack_trace(body: bytes, key: str, tool: str) -> None:
    headers = {b"authorization": f"Bearer {key}".encode()}
    async with edge() as at:
        path = f"/v1/praxis/tools/{quote(tool, safe='')}"
        guess = await at.http.post(path, content=body, headers=headers)
        known = await at.neutral("book", body)
    for response in (guess, known):
        assert response.status_code in {400, 401, 404, 405, 422}
        _apology(response)


async def test_answers_say_nothing_about_the_server() -> None:
    async with edge() as at:
        response = await at.neutral("book", _CALL)
    assert "server" not in response.headers
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
