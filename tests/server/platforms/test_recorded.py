"""Every request that platforms are known to send, as documented or recorded, gets its answer."""

import io
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from server import journal
from server.agent.model import Model
from server.settings import Log, OpenAI
from tests.practice import ADA, BERLIN, LINE
from tests.server.agent.scripted import ScriptedModel, served
from tests.server.platforms.switchboard import SECRETS, Switchboard

_PAYLOADS = Path(__file__).parent / "payloads"
_KEY = {"authorization": f"Bearer {SECRETS['api_key']}"}
_NUMBERS = {"+15555550100": ADA, "+15555550199": LINE}
_RECORDED_AT = datetime(2026, 9, 10, 10, 2, tzinfo=BERLIN)
"""A Thursday; what was recorded asks for the Monday after."""

TOOLS = {
    "retell/tool-call": "available",
    "retell/args-at-root": "technical_fault",
    "vapi/tool-calls-request": "available",
    "vapi/tool-calls-request-string-args": "available",
    "elevenlabs/tool-request": "available",
}
CALLS_THAT_RING = ("retell/inbound", "vapi/assistant-request", "elevenlabs/initiation-request")
EVENTS = (
    "retell/call-started",
    "retell/call-ended",
    "retell/call-analyzed",
    "retell/transfer-started",
    "vapi/status-update",
    "vapi/end-of-call-report",
    "elevenlabs/post-call-transcription",
    "elevenlabs/call-initiation-failure",
    "openai/incoming",
)
SOUND = "elevenlabs/post-call-audio"
CHATS = ("vapi/chat-completion", "elevenlabs/chat-completion")
EXCHANGES = ("mcp/2025-11-25", "mcp/2026-07-28")
VARIANTS = "vapi/tool-calls-request-docs-variants"
SOCKET = "retell/llm-websocket"
"""Frames of a conversation: for the tests of the WebSocket."""


def recorded(name: str) -> Any:
    """A request to the practice, by a caller of its own."""
    text = (_PAYLOADS / f"{name}.json").read_text("utf-8")
    for theirs, ours in _NUMBERS.items():
        text = text.replace(theirs, ours)
    return json.loads(text)


async def sent(switchboard: Switchboard, name: str) -> httpx.Response:
    """What a platform gets that sends a recorded request with a good credential."""
    switchboard.practice.clock.now = _RECORDED_AT
    platform, what = name.split("/")
    body = recorded(name)
    match platform:
        case "retell":
            tools = {"tool-call": "tools", "args-at-root": "tools", "inbound": "inbound"}
            return await switchboard.retell(tools.get(what, "events"), body)
        case "vapi":
            return await switchboard.vapi(body["message"])
        case "elevenlabs" if what == "tool-request":
            return await switchboard.elevenlabs("tools/check_availability", body)
        case "elevenlabs" if what == "initiation-request":
            return await switchboard.elevenlabs("init", body)
        case "elevenlabs":
            return await switchboard.elevenlabs_event(body)
        case _:
            return await switchboard.openai(body)


def envelopes(answer: httpx.Response) -> Iterator[dict[str, Any]]:
    """The reply envelopes in a platform's answer."""
    told = answer.json()
    for result in told.get("results", [told]):
        yield json.loads(result["result"]) if "result" in result else result


def test_every_recorded_request_is_sent_by_a_test() -> None:
    found = {str(path.relative_to(_PAYLOADS).with_suffix("")) for path in _PAYLOADS.rglob("*.json")}
    known = {*TOOLS, *CALLS_THAT_RING, *EVENTS, *CHATS, *EXCHANGES, VARIANTS, SOCKET, SOUND}
    vectors = {name for name in found if name.endswith("/signature-vector")}
    assert found - vectors == known
    assert {name.split("/")[0] for name in vectors} == {"retell", "vapi", "elevenlabs", "openai"}


@pytest.mark.parametrize("name", TOOLS)
async def test_a_tool_call_is_answered(switchboard: Switchboard, name: str) -> None:
    sink = io.StringIO()
    with journal.opened(Log(format="json"), sink):
        answer = await sent(switchboard, name)
    assert answer.status_code == 200
    (envelope,) = envelopes(answer)
    assert envelope["status"] == TOOLS[name]
    assert envelope["ok"] is (TOOLS[name] == "available")
    assert envelope["say"]
    assert ("args_at_root" in sink.getvalue()) is (name == "retell/args-at-root")


@pytest.mark.parametrize("number", range(5))
async def test_a_tool_call_is_answered_whichever_way_it_is_written(
    switchboard: Switchboard, number: int
) -> None:
    switchboard.practice.clock.now = _RECORDED_AT
    variant = recorded(VARIANTS)[number]
    inner = variant.get("message", {**variant, "type": "tool-calls"})
    answer = await switchboard.vapi({**inner, "call": {"id": "c1"}, "customer": {"number": ADA}})
    (envelope,) = envelopes(answer)
    # None of them names a service; the day is understood in each.
    assert (envelope["status"], envelope["known"]["date"]) == ("need_service", "2026-09-14")


@pytest.mark.parametrize("name", CALLS_THAT_RING)
async def test_a_call_that_rings_is_known(switchboard: Switchboard, name: str) -> None:
    answer = await sent(switchboard, name)
    assert answer.status_code == 200
    assert "Ada Lindqvist" in answer.text


@pytest.mark.parametrize("name", EVENTS)
async def test_an_event_is_stored_and_applied(switchboard: Switchboard, name: str) -> None:
    answer = await sent(switchboard, name)
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    await switchboard.settle()
    (event,) = await switchboard.events()
    assert event["source"] == name.split("/", maxsplit=1)[0]
    assert event["applied_at"]


async def test_a_recording_is_kept_and_no_event(switchboard: Switchboard) -> None:
    answer = await sent(switchboard, SOUND)
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    (recording,) = await switchboard.recordings()
    assert (recording["state"], recording["media_type"]) == ("stored", "audio/mpeg")
    assert await switchboard.events() == []


@pytest.mark.parametrize("name", CHATS)
async def test_a_turn_of_a_conversation_is_answered(switchboard: Switchboard, name: str) -> None:
    model = ScriptedModel(["What time suits you?"])
    async with served(model) as url:
        ours = Model(OpenAI(base_url=url), name="scripted")
        switchboard.practice.parts.agent.model = ours
        answer = await switchboard.http.post(
            "/v1/praxis/chat/completions", json=recorded(name), headers=_KEY
        )
        await ours.aclose()
    assert answer.status_code == 200
    *chunks, last = [line.removeprefix("data: ") for line in answer.text.split("\n\n") if line]
    assert last == "[DONE]"
    deltas = [choice["delta"] for chunk in chunks for choice in json.loads(chunk)["choices"]]
    said = "".join(delta.get("content") or "" for delta in deltas)
    assert said.strip() == "What time suits you?"
    (heard,) = model.heard
    assert [message["role"] for message in heard["messages"]] == ["system", "user"]
    asked = recorded(name)["tools"][0]["function"]["name"]
    assert asked in {tool["function"]["name"] for tool in heard["tools"]}


# --- MCP ----------------------------------------------------------------------------------------


def message_in(text: str) -> dict[str, Any]:
    """The JSON-RPC message of an answer, whether it is the body or the one event of a stream."""
    events = [line for line in text.splitlines() if line.startswith("data: ")]
    told: dict[str, Any] = json.loads(events[0].removeprefix("data: ") if events else text)
    return told


@pytest.mark.parametrize("name", EXCHANGES)
async def test_a_recorded_exchange_has_the_same_shape_with_us(
    switchboard: Switchboard, name: str
) -> None:
    """All but the stream to listen to and the end of a session: there are no sessions."""
    switchboard.practice.clock.now = _RECORDED_AT
    answered = 0
    for step in recorded(name):
        request, theirs = step["request"], step["response"]
        if request["method"] != "POST":
            continue
        ours = await switchboard.http.post(
            "/v1/praxis/mcp",
            json=request["body"],
            headers={**request["headers"], **_KEY, "x-call-id": "c1", "x-line": LINE},
        )
        assert ours.status_code == theirs["status"]
        if not theirs["body"]:
            assert not ours.content
            continue
        body = theirs["body"]
        expected = body if isinstance(body, dict) else message_in(body)
        told = message_in(ours.text)
        assert told.keys() == expected.keys()
        assert told["id"] == expected["id"]
        assert told["result"].keys() >= expected["result"].keys()
        for theirs_content, our_content in zip(
            expected["result"].get("content", []), told["result"].get("content", []), strict=True
        ):
            assert our_content.keys() == theirs_content.keys()
            assert json.loads(our_content["text"]) == told["result"]["structuredContent"]
        if request["body"].get("params", {}).get("name") == "nope":
            assert told["result"]["isError"] is True
        for tool in told["result"].get("tools", []):
            assert {"name", "description", "inputSchema", "annotations"} <= tool.keys()
        answered += 1
    assert answered == 5
