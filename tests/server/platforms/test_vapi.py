"""Vapi: one address, several credentials, five ways to write a tool call."""

import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.adapter import Secrets
from server.platforms import vapi
from server.wire import Refused, WireError
from tests.practice import ADA, LINE, Practice
from tests.server.platforms.switchboard import SECRETS, Switchboard, connected
from tests.servers import Addresses
from tools.words import words_in

_PAYLOADS = Path(__file__).parent / "payloads" / "vapi"
_NOW = datetime(2026, 9, 10, 8, 2, tzinfo=UTC)
_SECRET = "a secret shared with vapi"
_SECRETS: Secrets = {"vapi_secret": (_SECRET,)}


def payload(name: str) -> Any:
    return json.loads((_PAYLOADS / f"{name}.json").read_text("utf-8"))


def message(name: str, **fields: object) -> dict[str, Any]:
    """A recorded message, of a call from Ada to the practice."""
    told: dict[str, Any] = payload(name)["message"]
    told["customer"] = told["call"]["customer"] = {"number": ADA}
    return told | {"phoneNumber": {"number": LINE}} | fields


def signed(body: bytes, at: datetime, *, unit: int = 1, secret: str = _SECRET) -> dict[str, str]:
    stamp = str(int(at.timestamp() * unit))
    digest = hmac.digest(secret.encode(), stamp.encode() + b"." + body, "sha256").hex()
    return {"x-signature": digest, "x-timestamp": stamp}


# --- credentials --------------------------------------------------------------------------------


def test_the_known_answer_is_accepted() -> None:
    vector = payload("signature-vector")
    headers = {"x-signature": vector["header"], "x-timestamp": vector["timestamp"]}
    secrets = {"vapi_secret": (vector["secret"],)}
    now = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    vapi.tools.verify(headers, vector["body"].encode(), secrets, now)
    with pytest.raises(Refused, match="not of this body"):
        vapi.tools.verify(headers, vector["body"].encode() + b" ", secrets, now)


@pytest.mark.parametrize(
    "headers",
    [
        {"x-vapi-secret": _SECRET},
        {"authorization": f"Bearer {_SECRET}"},
        signed(b"{}", _NOW),
        signed(b"{}", _NOW, unit=1000),
        signed(b"{}", _NOW - timedelta(minutes=5)),
        {**signed(b"{}", _NOW), "x-signature": f"sha256={signed(b'{}', _NOW)['x-signature']}"},
    ],
)
def test_each_credential_opens(headers: dict[str, str]) -> None:
    vapi.tools.verify(headers, b"{}", _SECRETS, _NOW)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-vapi-secret": "another"},
        {"x-vapi-secret": ""},
        {"authorization": _SECRET},
        {"x-vapi-secret": "another", "authorization": f"Bearer {_SECRET}"},
        signed(b"{} ", _NOW),
        signed(b"{}", _NOW, secret="another"),
        signed(b"{}", _NOW - timedelta(minutes=5, seconds=1)),
        signed(b"{}", _NOW + timedelta(minutes=5, seconds=1)),
        {"x-signature": signed(b"{}", _NOW)["x-signature"]},
        {**signed(b"{}", _NOW), "x-timestamp": "now"},
    ],
)
def test_nothing_else_does(headers: dict[str, str]) -> None:
    with pytest.raises(Refused):
        vapi.tools.verify(headers, b"{}", _SECRETS, _NOW)


@given(
    body=st.binary(),
    headers=st.dictionaries(
        st.sampled_from(["x-vapi-secret", "authorization", "x-signature", "x-timestamp"]), st.text()
    ),
)
def test_whatever_comes_is_refused_and_nothing_else(body: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(Refused):
        vapi.tools.verify(headers, body, _SECRETS, _NOW)


# --- tool calls ---------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", payload("tool-calls-request-docs-variants"))
def test_every_way_to_write_a_tool_call_is_read(variant: dict[str, Any]) -> None:
    inner = variant.get("message", {**variant, "type": "tool-calls"})
    body = {"message": {**inner, "call": {"id": "c1"}, "customer": {"number": ADA}}}
    (request,) = vapi.tools.parse(json.dumps(body).encode(), None).requests
    assert (request.tool, request.arguments) == ("check_availability", {"date": "2026-09-14"})
    assert request.call
    assert (request.call.id, request.call.caller) == ("c1", ADA)


@pytest.mark.parametrize("name", ["tool-calls-request", "tool-calls-request-string-args"])
def test_the_recorded_requests_are_read(name: str) -> None:
    (request,) = vapi.tools.parse(json.dumps(payload(name)).encode(), None).requests
    assert request.id == "call_VaJOd8ZeZgWCEHDY"
    assert request.arguments == {"date": "2026-09-14", "service": "checkup"}
    assert request.call
    assert request.call.caller == "+15555550100"
    assert request.call.line in {"+15555550199", None}  # the second tells no dialled number


def test_identity_never_comes_from_arguments() -> None:
    told = message("tool-calls-request")
    told["toolCallList"][0]["function"]["arguments"] |= {"customer": {"number": "+491701"}}
    (request,) = vapi.tools.parse(json.dumps({"message": told}).encode(), None).requests
    assert request.call
    assert request.call.caller == ADA


async def test_several_tool_calls_of_one_request_are_all_answered(
    switchboard: Switchboard,
) -> None:
    asked = [
        {"id": "a", "name": "check_availability", "arguments": {"service": "checkup"}},
        {"id": "b", "function": {"name": "verify_name", "arguments": '{"name": "Ada Lindqvist"}'}},
        {"id": "c", "name": "no_such_tool", "arguments": {}},
        {"id": "d", "name": "verify_name", "arguments": "{"},
    ]
    answer = await switchboard.vapi(message("tool-calls-request", toolCallList=asked))
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [result["toolCallId"] for result in results] == ["a", "b", "c", "d"]
    statuses = [json.loads(result["result"])["status"] for result in results]
    assert statuses[1:] == ["identified", "technical_fault", "identified"]
    assert not any("\n" in result["result"] for result in results)


async def test_whoever_may_come_in_is_always_answered_with_200(switchboard: Switchboard) -> None:
    for told in (
        message("tool-calls-request", call={}),
        message("tool-calls-request", toolCallList=[{"id": "a", "name": "no_such_tool"}]),
    ):
        answer = await switchboard.vapi(told)
        assert answer.status_code == 200
        (result,) = answer.json()["results"]
        assert json.loads(result["result"])["say"]


# --- calls --------------------------------------------------------------------------------------


async def test_the_assistant_knows_the_caller_before_the_first_word(
    switchboard: Switchboard,
) -> None:
    answer = await switchboard.vapi(message("assistant-request"))
    told = answer.json()
    assert told["assistantId"] == "00000000-0000-4000-8000-00000000a001"
    variables = told["assistantOverrides"]["variableValues"]
    assert (variables["known"], variables["name"]) == ("true", "Ada Lindqvist")
    assert all(isinstance(value, str) for value in variables.values())


@pytest.mark.parametrize("order", list(permutations(["started", "ended", "report"])))
async def test_any_order_leads_to_the_same_record(
    switchboard: Switchboard, order: tuple[str, ...]
) -> None:
    told = {
        "started": message("status-update"),
        "ended": message("status-update", status="ended"),
        "report": message("end-of-call-report"),
    }
    for name in order:
        for _ in range(2):
            assert (await switchboard.vapi(told[name])).json() == {"ok": True}
        await switchboard.settle()
    assert len(await switchboard.events()) == 3
    (call,) = await switchboard.calls()
    assert (call["state"], call["ending"]) == ("ended", "caller_hung_up")
    assert (call["caller_number"], call["direction"]) == (ADA, "inbound")
    assert call["started_at"].startswith("2026-09-10T08:02:00")
    assert call["ended_at"].startswith("2026-09-10T08:04:01")
    assert (float(call["cost_amount"]), call["cost_currency"]) == (0.2331, "USD")
    assert call["latency"]["llm"] == {"mean": 412.0}
    turns = await switchboard.turns(call["id"])
    assert [(turn.role, turn.starts_at_ms, turn.ends_at_ms) for turn in turns] == [
        ("agent", 500, 2900),
        ("caller", 4000, 6500),
    ]
    (recording,) = await switchboard.recordings()
    assert recording["channel"] == "separate"
    assert recording["expires_at"].startswith("2026-09-10T09:04:01")


async def test_what_the_report_tells_again_is_not_kept(switchboard: Switchboard) -> None:
    for kind in ("conversation-update", "speech-update", "transcript"):
        answer = await switchboard.vapi(message("status-update", type=kind))
        assert answer.status_code == 200
    await switchboard.vapi(message("status-update", type="a-kind-of-next-year"))
    assert [event["kind"] for event in await switchboard.events()] == ["a-kind-of-next-year"]


@given(told=st.dictionaries(st.text(), st.none() | st.integers() | st.text() | st.lists(st.text())))
def test_whatever_a_message_holds_is_read_or_refused(told: dict[str, Any]) -> None:
    body = json.dumps({"message": {"type": "end-of-call-report", **told}}).encode()
    for read in (vapi.events.read, vapi.events.report, vapi.inbound.parse):
        try:
            read(body)
        except WireError as refusal:
            told["why"] = refusal.why
    assert told.get("why", "x")


@pytest.fixture
async def reachable(practice: Practice, addresses: Addresses) -> AsyncIterator[Switchboard]:
    """The practice, with an address that platforms reach it under."""
    settings = practice.parts.settings
    server = settings.server.model_copy(update={"public_url": "https://phone.example.com"})
    parts = replace(practice.parts, settings=settings.model_copy(update={"server": server}))
    async with connected(replace(practice, parts=parts), addresses) as switchboard:
        yield switchboard


def ringing_without_assistant() -> dict[str, Any]:
    told = message("assistant-request")
    del told["call"]["assistantId"]
    return told


async def test_where_nobody_is_chosen_we_bring_the_assistant(reachable: Switchboard) -> None:
    """The same that `slotline connect vapi` makes, with our tools and the caller's name."""
    told = (await reachable.vapi(ringing_without_assistant())).json()
    assert told.keys() == {"assistant", "assistantOverrides"}
    assistant = told["assistant"]
    assert assistant["firstMessage"] == "Praxis am Park, hello. How can I help?"
    assert "{{today}}" in assistant["model"]["messages"][0]["content"]
    assert assistant["server"] == {
        "url": "https://phone.example.com/v1/praxis/vapi",
        "timeoutSeconds": 9,
        "headers": {"X-Vapi-Secret": SECRETS["vapi_secret"]},
    }
    assert told["assistantOverrides"]["variableValues"]["name"] == "Ada Lindqvist"


async def test_without_an_address_the_caller_hears_why_nobody_answers(
    switchboard: Switchboard,
) -> None:
    told = (await switchboard.vapi(ringing_without_assistant())).json()
    assert told == {"error": words_in("en").technical_fault}
