"""Our own plain HTTP interface: for platforms without an adapter, and for scripts.

Body: `{"call_id", "caller", "line", "language", "tool_call_id", "arguments"}`; the tool is in the
path. The answer is the reply envelope itself.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from server import reading
from server.access import check_bearer
from server.adapter import Adapter, Parsed, Secrets
from server.wire import CallRef, NoCall, ToolReply, ToolRequest, Unreadable

_FIELDS = {"call_id", "caller", "line", "language", "tool_call_id", "arguments"}


def verify(headers: Mapping[str, str], _body: bytes, secrets: Secrets, _now: datetime) -> None:
    """Check the bearer token.

    Raises:
        Refused: It is not the business's `api_key`.
    """
    check_bearer(headers, secrets, "api_key")


def parse(body: bytes, tool: str | None) -> Parsed:
    """Read one tool call.

    Raises:
        Unreadable: The body is not JSON, or a field has the wrong type.
        NoCall: There is no `call_id`.
    """
    if tool is None:
        raise Unreadable("the path names no tool")
    fields = reading.json_object(body)
    call_id = reading.text(fields, "call_id")
    caller, line = reading.number(fields, "caller"), reading.text(fields, "line")
    language = reading.language(fields, "language")
    tool_call_id = reading.text(fields, "tool_call_id")
    arguments = reading.arguments(fields.get("arguments"))
    if call_id is None:
        raise NoCall("call_id is missing")
    call = CallRef(adapter.platform, call_id, caller=caller, line=line, language=language)
    request = ToolRequest(tool, arguments, call, id=tool_call_id)
    return Parsed([request], ignored=tuple(fields.keys() - _FIELDS))


def render(replies: Sequence[ToolReply]) -> bytes:
    """The envelope is the body."""
    return replies[0].line.encode()


adapter = Adapter("neutral", verify, parse, render)
