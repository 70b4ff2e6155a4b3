"""What every platform's adapter parses into and renders from.

An adapter (`server.adapter`) is three functions: `verify` raises `Refused`, `parse` finds
`ToolRequest`s or raises `Unreadable`, `render` turns `ToolReply`s into the platform's answer. It
knows no booking and no other adapter.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tools.reply import Status


@dataclass(frozen=True, slots=True)
class CallRef:
    """Which call a request is about: from the platform's trusted channel, never from a model."""

    platform: str
    id: str
    caller: str | None = None
    """As transmitted; `None` for a hidden number."""
    line: str | None = None
    """The dialled number as transmitted; `None` means the business's only line."""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class ToolRequest:
    """One tool call of a model."""

    tool: str
    arguments: Mapping[str, object]
    call: CallRef | None
    """`None` where the platform sent no call id: such a request may only read."""
    id: str | None = None
    """The platform's id of the tool call, if any: a retry repeats it, so replies go by it."""


@dataclass(frozen=True, slots=True)
class ToolReply:
    """The answer to one `ToolRequest`: `line` is the reply envelope as one line of JSON."""

    id: str | None
    tool: str
    status: Status
    line: str


class WireError(Exception):
    """A request that no tool has seen. `status_code` is for machines, `why` for the log."""

    status_code = 400

    def __init__(self, why: str) -> None:
        """`why` is for the log; it is never sent."""
        super().__init__(why)
        self.why = why


class Refused(WireError):
    """Wrong or missing credential, or unknown business: one and the same answer for all of them."""

    status_code = 401


class Unreadable(WireError):
    """The body is not JSON, or not of the platform's shape."""

    status_code = 400


class NoCall(WireError):
    """The body names no call."""

    status_code = 422


class UnknownTool(WireError):
    """There is no tool of this name."""

    status_code = 404


class TooLarge(WireError):
    """The body is larger than any honest one."""

    status_code = 413
