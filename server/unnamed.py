"""Requests that name no call: they may read, each as a call of its own, and nothing else."""

from collections.abc import Mapping
from uuid import uuid4

from server.wire import CallRef, ToolRequest
from tools.catalogue import TOOLS


def request_of(
    tool: str, arguments: Mapping[str, object], call: CallRef | None, *, platform: str
) -> ToolRequest:
    """A tool request, of a call of its own if none is named and the tool only reads."""
    known = TOOLS.get(tool)
    if call is None and known and not known.writes:
        call = CallRef(platform, f"without-id-{uuid4().hex}")
    return ToolRequest(tool, arguments, call)
