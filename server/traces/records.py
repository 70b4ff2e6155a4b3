"""What is put down for a trace: plain values, as they come. Whoever writes them out masks them.

Instants are seconds since the epoch.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, UUID, uuid5

from db.states import Channel, Role


@dataclass(frozen=True, slots=True)
class CallKey:
    """Which call something belongs to: known to every process that has to do with it."""

    business_id: UUID
    platform: str
    platform_call_id: str

    @property
    def trace_id(self) -> int:
        """The same in every process, so that they write one trace without talking to each other."""
        name = f"slotline/{self.business_id}/{self.platform}/{self.platform_call_id}"
        return uuid5(NAMESPACE_URL, name).int

    def url(self, host: str) -> str:
        """Where the trace can be seen: Langfuse finds its project."""
        return f"{host}/trace/{self.trace_id:032x}"

    @property
    def root_id(self) -> int:
        """Of the span that stands for the whole call."""
        digest = hashlib.sha256(self.trace_id.to_bytes(16, "big")).digest()
        return int.from_bytes(digest[:8], "big") or 1


@dataclass(frozen=True, slots=True)
class RequestSpan:
    """One request to Cal.com within a tool call."""

    endpoint: str
    """With blanks in place of ids, which may be secrets."""
    became: str
    started: float
    seconds: float


@dataclass(frozen=True, slots=True)
class ToolSpan:
    """One tool call."""

    call: CallKey
    tool: str
    arguments: Mapping[str, object] = field(repr=False)
    reply: str = field(repr=False)
    """The envelope, as JSON."""
    status: str
    ok: bool
    ended: float
    seconds: float
    requests: Sequence[RequestSpan] = ()


@dataclass(frozen=True, slots=True)
class Generation:
    """One turn of our own agent."""

    call: CallKey
    model: str
    prompt: str
    """The digest of the system prompt."""
    ended: float
    seconds: float
    first_seconds: float | None
    """To the first word; `None` if it said nothing."""
    prompt_tokens: int
    completion_tokens: int
    rounds: int


@dataclass(frozen=True, slots=True)
class TurnSpan:
    """One thing said."""

    role: Role
    text: str = field(repr=False)
    started: float
    ended: float


@dataclass(frozen=True, slots=True)
class Score:
    """A judgement of a call: a rule's or a human's."""

    call: CallKey
    name: str
    value: str
    id: str
    """Written twice, it counts once."""


@dataclass(frozen=True, slots=True)
class CallSpan:
    """A whole call, once it is over."""

    call: CallKey
    call_id: UUID
    business: str
    language: str
    ending: str | None
    caller: str | None = field(repr=False)
    """E.164; only a hash of it is written."""
    names: Sequence[str] = field(repr=False)
    """Names that are known in the call; they are masked wherever they were said."""
    started: float
    ended: float
    turns: Sequence[TurnSpan] = ()
    scores: Sequence[Score] = ()


@dataclass(frozen=True, slots=True)
class SoundSpan:
    """What can be heard of a call; the sound itself is with Langfuse already."""

    call: CallKey
    channel: Channel
    media_id: str
    media_type: str
    started: float
    ended: float

    @property
    def span_id(self) -> int:
        """The same for the same sound: written twice, it is one."""
        digest = hashlib.sha256(f"{self.call.trace_id}/{self.channel}/{self.media_id}".encode())
        return int.from_bytes(digest.digest()[:8], "big") or 1


Record = ToolSpan | Generation | CallSpan | Score | SoundSpan
