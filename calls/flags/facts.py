"""What the rules know of a call that is over, and what they find."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from calls.report import Said
from db.states import Ending, FlagKind, Severity


@dataclass(frozen=True, slots=True)
class Asked:
    """One tool call: when it arrived, by our clock, and what it was answered."""

    tool: str
    status: str
    ok: bool
    at_ms: int
    took_ms: float
    deadline_ms: float
    """From here on the answer was an apology for being late."""
    arguments: str = field(default="", repr=False)
    """As one text that is equal for equal arguments."""
    booking_id: UUID | None = None
    """The booking that it made."""

    @property
    def answered_at_ms(self) -> float:
        return self.at_ms + self.took_ms


@dataclass(frozen=True, slots=True)
class CallFacts:
    """A call that is over."""

    turns: Sequence[Said] = ()
    """Empty if the platform tells no words."""
    tools: Sequence[Asked] = ()
    """Oldest first."""
    is_hidden: bool = False
    """Whether the caller's number was not transmitted."""
    ending: Ending | None = None
    sentiment: str | None = None
    """As the platform judges the caller: `negative`, `neutral` or `positive`."""
    length_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a human should look at a call."""

    kind: FlagKind
    severity: Severity
    at_ms: int | None = None
    """From where to listen."""
    note: str | None = None
    """What was seen, in words of the call."""
    booking_id: UUID | None = None
