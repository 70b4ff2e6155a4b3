"""Retell's custom LLM: JSON frames over a WebSocket on which Retell asks and we speak.

Retell opens it to `{llm_websocket_url}/{call_id}` with no signature, so the credential stands in
the path. A response with a higher id takes the place of all earlier ones; ending the call and
transferring it come with the last piece of a response, and happen when it has been spoken.

Source: https://docs.retellai.com/, "LLM WebSocket".
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from server import reading
from server.platforms.retell.people import people
from server.wire import CallRef, Unreadable

GREETING_ID: Final = 0
"""The response that nobody has asked for."""

END_CALL: Final = "end_call"
TRANSFER: Final = "transfer_call"

_ROLES: Final = {"agent": "assistant", "user": "user"}
_MOST_TURNS: Final = 400


@dataclass(frozen=True, slots=True)
class Ping:
    """Sent every two seconds; without our answer for five Retell connects anew."""

    timestamp: int


@dataclass(frozen=True, slots=True)
class Details:
    """Who is on the phone, and on which line."""

    call: CallRef


@dataclass(frozen=True, slots=True)
class Wanted:
    """The caller has spoken and waits."""

    response_id: int
    said: Sequence[dict[str, Any]] = field(repr=False)
    """The conversation, as messages of Chat Completions."""


@dataclass(frozen=True, slots=True)
class Silence:
    """The caller has said nothing for a while."""

    response_id: int


@dataclass(frozen=True, slots=True)
class Told:
    """What needs no answer: the transcript so far, or what newer versions tell."""

    kind: str


Frame = Ping | Details | Wanted | Silence | Told


def read(text: str) -> Frame:
    """Read one frame of Retell's.

    Raises:
        Unreadable: It is not JSON, or not of Retell's shape.
    """
    fields = reading.json_object(text)
    match reading.text(fields, "interaction_type"):
        case "ping_pong":
            return Ping(_whole(fields, "timestamp"))
        case "call_details":
            return Details(_call(reading.nested(fields, "call")))
        case "response_required":
            return Wanted(_whole(fields, "response_id"), _said(fields))
        case "reminder_required":
            return Silence(_whole(fields, "response_id"))
        case None:
            raise Unreadable("interaction_type is missing")
        case kind:
            return Told(kind)


def config() -> str:
    """The first frame: what we would like to be told."""
    wishes = {"auto_reconnect": True, "call_details": True, "transcript_with_tool_calls": True}
    return _frame("config", config=wishes)


def pong(ping: Ping) -> str:
    """The answer to a ping."""
    return _frame("ping_pong", timestamp=ping.timestamp)


def response(response_id: int, content: str, *, is_last: bool = False, **then: object) -> str:
    """A piece of a response; with the last one may come `end_call` or `transfer_number`."""
    return _frame(
        "response", response_id=response_id, content=content, content_complete=is_last, **then
    )


def invoked(tool_call_id: str, tool: str, arguments: str) -> str:
    """A tool has begun: for the transcript only."""
    return _frame(
        "tool_call_invocation", tool_call_id=tool_call_id, name=tool, arguments=arguments or "{}"
    )


def replied(tool_call_id: str, content: str, *, ok: bool) -> str:
    """A tool has ended: for the transcript only."""
    return _frame("tool_call_result", tool_call_id=tool_call_id, content=content, successful=ok)


def tools(*, can_transfer: bool) -> list[dict[str, Any]]:
    """What Retell can do with the call itself, as a model reads it."""
    offered = [_tool(END_CALL, "End the call. Only when the caller has nothing left; say goodbye.")]
    if can_transfer:
        told = "Put the caller through to a person, instead of request_callback. Say so first."
        offered.append(_tool(TRANSFER, told))
    return offered


def _tool(name: str, description: str) -> dict[str, Any]:
    parameters = {"type": "object", "properties": {}}
    function = {"name": name, "description": description, "parameters": parameters}
    return {"type": "function", "function": function}


def _frame(kind: str, **fields: object) -> str:
    return json.dumps({"response_type": kind, **fields}, ensure_ascii=False)


def _call(call: dict[str, object]) -> CallRef:
    call_id = reading.text(call, "call_id")
    if call_id is None:
        raise Unreadable("call.call_id is missing")
    caller, line = people(call)
    return CallRef("retell", call_id, caller=caller, line=line)


def _said(fields: dict[str, object]) -> list[dict[str, Any]]:
    return [
        {"role": role, "content": content}
        for turn in reading.entries(fields, "transcript")[-_MOST_TURNS:]
        if (role := _ROLES.get(str(turn.get("role"))))
        and (content := reading.prose(turn, "content"))
    ]


def _whole(fields: dict[str, object], name: str) -> int:
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unreadable(f"{name} must be a whole number")
    return value
