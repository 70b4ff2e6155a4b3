"""What a phone platform tells of a call: one shape, whatever the platform calls things.

An adapter fills in what its event says and leaves out the rest; the call log adds it to what is
known already, so events may come in any order and any number of times.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from db.states import Channel, Direction, Ending, Role


@dataclass(frozen=True, slots=True)
class Said:
    """One turn. Times are milliseconds since the call started, if the platform tells them."""

    role: Role
    text: str = field(repr=False)
    starts_at_ms: int | None = None
    ends_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class RecordingLink:
    """Where a recording can be fetched, for a while."""

    channel: Channel
    url: str = field(repr=False)
    """Whoever has it can listen: as secret as the recording."""
    expires_at: datetime | None = None
    """`None` if the platform does not say."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording that the platform sends itself."""

    channel: Channel
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cost:
    """What the platform charges for the call."""

    amount: Decimal
    currency: str
    """As ISO 4217 has it, or the platform's own unit, such as `credits`."""


@dataclass(frozen=True, slots=True)
class CallReport:
    """What one event says of one call; what it does not say is `None` or empty."""

    platform: str
    platform_call_id: str
    caller: str | None = field(default=None, repr=False)
    """The person's number, as transmitted, whoever rang whom."""
    line: str | None = None
    """The business's number, as transmitted."""
    language: str | None = None
    direction: Direction | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    is_over: bool = False
    ending: Ending | None = None
    end_reason: str | None = None
    """The same in the platform's own word."""
    turns: Sequence[Said] | None = None
    """Everything said so far; `None` if the event does not tell."""
    recordings: Sequence[RecordingLink] = ()
    sound: Sound | None = None
    latency: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """The platform's own figures in milliseconds: by part (`e2e`, `llm`, `tts`, ...), then by
    measure (`p50`, `p95`, `mean`, ...)."""
    cost: Cost | None = None
    summary: str | None = field(default=None, repr=False)
    sentiment: str | None = None
    """`negative`, `neutral` or `positive`."""
