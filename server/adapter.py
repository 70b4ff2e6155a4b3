"""What every platform brings, so that the same doors can serve them all.

An adapter is a few plain functions and its name; each package in `server.platforms` has one for the
tools and, where the platform tells of its calls, one for events.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from calls.report import CallReport
from server.brief import Brief
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
    signed_by: str | None = None
    """The header of a signature over body and time: the same only if a request comes again."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an event says of itself, so that it can be stored."""

    kind: str
    """As the platform calls it."""
    dedupe_key: str
    """The same for the same event, however often it is sent."""
    is_sound: bool = False
    """Megabytes of a recording, which has no place in a table."""


@dataclass(frozen=True, slots=True)
class EventAdapter:
    """How one platform tells of its calls."""

    platform: str
    verify: Verify
    read: Callable[[bytes], Told | None]
    """(raw body): `None` if another event will tell it again; raises `WireError`s only."""
    report: Callable[[bytes], CallReport | None]
    """What it says of a call, `None` if that is nothing that we keep; raises `WireError`s only."""


@dataclass(frozen=True, slots=True)
class InboundCall:
    """A call that rings."""

    caller: str | None
    line: str | None
    agent: str | None = None
    """The platform's id of whoever shall answer, if it has chosen somebody."""


@dataclass(frozen=True, slots=True)
class InboundAdapter:
    """How one platform asks what its agent should know of a call before the first word."""

    platform: str
    verify: Verify
    parse: Callable[[bytes], InboundCall]
    """(raw body): raises `WireError`s only."""
    render: Callable[[InboundCall, Mapping[str, str], Brief | None], bytes]
    """(call, what is known, as texts, the agent for platforms that want us to bring one)."""
