"""Retell's custom functions: one signed POST a tool call, the live call object included.

Body: `{"name": str, "args": object | JSON text, "call": {...}}`, or with the arguments flat beside
`name` and `call`. Whatever we answer with status 200 is given to the model as text.

Source: https://docs.retellai.com/, "Custom function"; retell-sdk 6.2.13, `lib/webhook_auth.py`.
"""

import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from server import reading
from server.access import valid_values
from server.adapter import Adapter, Parsed, Secrets
from server.wire import CallRef, NoCall, Refused, ToolReply, ToolRequest, Unreadable

TOLERANCE = timedelta(minutes=5)
"""Between the signature's clock and ours, in both directions."""

_SIGNATURE = re.compile(r"v=([0-9]{1,15}),d=([0-9a-f]{64})")
"""Milliseconds since 1970 and HMAC-SHA256 in lower-case hex."""

_ENVELOPE = {"name", "args", "arguments", "call"}


def verify(headers: Mapping[str, str], body: bytes, secrets: Secrets, now: datetime) -> None:
    """Check `X-Retell-Signature` on the raw bytes against each valid `retell_key`.

    Raises:
        Refused: It is missing, malformed, older or newer than five minutes, or not of this body.
    """
    match = _SIGNATURE.fullmatch(headers.get("x-retell-signature", ""))
    stamp, digest = match.groups() if match else ("0", "")
    signed = body + stamp.encode()
    matches = [
        hmac.compare_digest(hmac.digest(key.encode(), signed, "sha256").hex(), digest)
        for key in valid_values(secrets, "retell_key")
    ]
    if not match:
        raise Refused("X-Retell-Signature is missing or malformed")
    if not any(matches):
        raise Refused("X-Retell-Signature is not of this body and key")
    if abs(now.timestamp() - int(stamp) / 1000) > TOLERANCE.total_seconds():
        raise Refused("X-Retell-Signature is more than five minutes off our clock")


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
    """Who calls whom: on an outbound call the person is the one who was dialled."""
    call_id = reading.text(call, "call_id")
    if call_id is None:
        raise NoCall("call.call_id is missing")
    origin, dialled = reading.number(call, "from_number"), reading.number(call, "to_number")
    if call.get("direction") == "outbound":
        origin, dialled = dialled, origin
    return CallRef("retell", call_id, caller=origin, line=dialled)


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


adapter = Adapter("retell", verify, parse, render, always_ok=True)
