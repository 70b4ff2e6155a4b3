"""Retell's custom functions: one signed POST a tool call, the live call object included.

Body: `{"name": str, "args": object | JSON text, "call": {...}}`, or with the arguments flat beside
`name` and `call`. Whatever we answer with status 200 is given to the model as text.

Source: https://docs.retellai.com/, "Custom function".
"""

from collections.abc import Sequence

from server import reading
from server.adapter import Adapter, Parsed
from server.platforms.retell.people import people
from server.platforms.retell.signature import HEADER, verify
from server.wire import CallRef, NoCall, ToolReply, ToolRequest, Unreadable

_ENVELOPE = {"name", "args", "arguments", "call"}


def parse(body: bytes, _tool: str | None) -> Parsed:
    """Read one tool call.

    Raises:
        Unreadable: The body is not JSON or not of Retell's shape.
        NoCall: There is a call, but it has no id.
    """
    fields = reading.json_object(body)
    call, tool = fields.get("call"), fields.get("name")
    if not isinstance(call, dict):
        raise Unreadable(
            "the body has no call: in Retell, set this function's payload to the full request, "
            "not 'args only' (args_at_root: false)"
        )
    if not isinstance(tool, str):
        raise Unreadable("name must be the name of a tool")
    call_ref = _call_ref(call)
    flat = not fields.keys() & {"args", "arguments"}
    beside = {name: value for name, value in fields.items() if name not in _ENVELOPE}
    given = beside if flat else fields.get("args", fields.get("arguments"))
    arguments = reading.arguments(given)
    return Parsed(
        [ToolRequest(tool, arguments, call_ref, id=_tool_call_id(call, tool, arguments))],
        ignored=() if flat else tuple(beside),
    )


def render(replies: Sequence[ToolReply]) -> bytes:
    """The envelope is the body; a single line is far below Retell's 15,000 characters."""
    return replies[0].line.encode()


def _call_ref(call: dict[str, object]) -> CallRef:
    call_id = reading.text(call, "call_id")
    if call_id is None:
        raise NoCall("call.call_id is missing")
    caller, line = people(call)
    return CallRef("retell", call_id, caller=caller, line=line)


def _tool_call_id(call: dict[str, object], tool: str, arguments: dict[str, object]) -> str | None:
    """The id of this invocation, which Retell gives in the transcript only.

    Of several invocations of one tool that still wait for their results, ours is the one with our
    arguments. Where that is open there is no id: better none than that of another invocation,
    whose reply would then be given to this one.
    """
    transcript = call.get("transcript_with_tool_calls")
    entries = [
        entry
        for entry in (transcript if isinstance(transcript, list) else [])
        if isinstance(entry, dict) and isinstance(entry.get("tool_call_id"), str)
    ]
    settled = {e["tool_call_id"] for e in entries if e.get("role") == "tool_call_result"}
    waiting = [
        entry
        for entry in entries
        if entry.get("role") == "tool_call_invocation"
        and entry.get("name") == tool
        and entry["tool_call_id"] not in settled
    ]
    if len(waiting) > 1:
        waiting = [entry for entry in waiting if _asks_for(entry, arguments)]
    return reading.text(waiting[0], "tool_call_id") if len(waiting) == 1 else None


def _asks_for(invocation: dict[str, object], arguments: dict[str, object]) -> bool:
    try:
        return reading.arguments(invocation.get("arguments")) == arguments
    except Unreadable:
        return False


adapter = Adapter("retell", verify, parse, render, always_ok=True, signed_by=HEADER)
