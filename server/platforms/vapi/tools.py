"""Vapi's tool calls: several in one message, in any of the shapes that its material shows.

The answer has a text without line breaks for each; whatever has another status than 200 is ignored.
Source: https://docs.vapi.ai/, "Custom tools" and "Server events"; OpenAPI `ServerMessageToolCalls`.
"""

import json
from collections.abc import Sequence

from server import reading
from server.adapter import Adapter, Parsed
from server.platforms.vapi.credentials import verify
from server.platforms.vapi.message import PLATFORM, call_of, message_of
from server.wire import CallRef, ToolReply, ToolRequest, Unreadable

KINDS = frozenset({"tool-calls", "function-call"})
"""The second is an older one, with one call and without an id."""

_LISTS = ("toolCallList", "toolCalls")


def parse(body: bytes, _tool: str | None) -> Parsed:
    """Read all tool calls of a message, in their order.

    Raises:
        Unreadable: The body is not JSON, or asks for no tool.
    """
    message = message_of(body)
    asked = next((found for name in _LISTS if (found := reading.entries(message, name))), [])
    asked = asked or [reading.nested(message, "functionCall")]
    call = call_of(message)
    requests = [request for entry in asked if (request := _request(entry, call))]
    if not requests:
        raise Unreadable("the message asks for no tool")
    return Parsed(requests)


def render(replies: Sequence[ToolReply]) -> bytes:
    """A result for each, under the id that it was asked by."""
    results = [
        {"toolCallId": reply.id or "", "name": reply.tool, "result": reply.line}
        for reply in replies
    ]
    return json.dumps({"results": results}, ensure_ascii=False).encode()


def _request(entry: dict[str, object], call: CallRef | None) -> ToolRequest | None:
    """One tool call, whichever way it is written; `None` if it names no tool."""
    function = reading.nested(entry, "function") or entry
    tool = reading.text(function, "name")
    if tool is None:
        return None
    given = function.get("arguments", function.get("parameters"))
    return ToolRequest(tool, _arguments(given), call, id=reading.text(entry, "id"))


def _arguments(given: object) -> dict[str, object]:
    """What nobody can read is as good as nothing: the others of the message must be answered."""
    try:
        return reading.arguments(given)
    except Unreadable:
        return {}


adapter = Adapter(PLATFORM, verify, parse, render, always_ok=True)
