"""ElevenLabs' server tools: a body as we described it, the tool in the path.

Beside the arguments it has `conversation_id`, `caller_number` and `called_number`, which
`slotline connect elevenlabs` fills from system variables: the model neither sees nor sets them.
Source: https://elevenlabs.io/docs/, "Server tools".
"""

from collections.abc import Sequence

from server import reading
from server.adapter import Adapter, Parsed
from server.platforms.elevenlabs.credentials import verify_bearer
from server.wire import CallRef, NoCall, ToolReply, ToolRequest, Unreadable

PLATFORM = "elevenlabs"

_TRUSTED = ("conversation_id", "caller_number", "called_number", "tool_call_id")


def parse(body: bytes, tool: str | None) -> Parsed:
    """Read one tool call.

    Raises:
        Unreadable: The body is not JSON, or not an object.
        NoCall: It names no conversation.
    """
    fields = reading.json_object(body)
    if tool is None:
        raise Unreadable("the path names no tool")
    conversation_id = reading.text(fields, "conversation_id")
    if conversation_id is None:
        raise NoCall(
            "conversation_id is missing: map it from system__conversation_id in the tool's body"
        )
    call = CallRef(
        PLATFORM,
        conversation_id,
        caller=reading.number(fields, "caller_number"),
        line=reading.number(fields, "called_number"),
    )
    said = {name: value for name, value in fields.items() if name not in _TRUSTED}
    return Parsed(
        [ToolRequest(tool, reading.arguments(said), call, id=reading.text(fields, "tool_call_id"))]
    )


def render(replies: Sequence[ToolReply]) -> bytes:
    """The envelope is the body."""
    return replies[0].line.encode()


adapter = Adapter(PLATFORM, verify_bearer, parse, render, always_ok=True)
