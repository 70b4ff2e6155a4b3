"""What every platform brings, so that one door can serve them all.

An adapter is three plain functions and its name; each module in `server.platforms` ends in one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.wire import ToolReply, ToolRequest

Secrets = Mapping[str, tuple[str, ...]]
"""A business's credentials by name; several values are valid at once while one is rotated."""

Verify = Callable[[Mapping[str, str], bytes, Secrets, datetime], None]
"""(headers, raw body, secrets, now): returns, or raises `Refused`; nothing else."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a body asks for."""

    requests: Sequence[ToolRequest]
    ignored: tuple[str, ...] = ()
    """Names of fields that nobody reads: a new version of a platform shows here first."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """How one platform speaks to us. `parse` and `render` raise `WireError`s only."""

    platform: str
    verify: Verify
    parse: Callable[[bytes, str | None], Parsed]
    """(raw body, the tool named in the path if the platform names it there)."""
    render: Callable[[Sequence[ToolReply]], bytes]
    always_ok: bool = False
    """Answer 200 to whoever has the credential: other statuses never reach this model's ears."""
