"""All that a check may look at: the call, and what stands on both sides when it is over."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from evals.outcome import Outcome
from evals.records import TurnRecord
from evals.scenario import Scenario
from evals.transcript import Line, lines


@dataclass(frozen=True, slots=True)
class Evidence:
    """One trial."""

    scenario: Scenario
    """Without blanks."""
    turns: Sequence[TurnRecord]
    outcome: Outcome
    zone: ZoneInfo
    instant: Callable[[str], datetime]
    """Reads a time of the scenario's."""
    standing: Mapping[str, str] = field(default_factory=dict)
    """What stood before: Cal.com's uid by the scenario's name for it."""
    vanished: frozenset[str] = frozenset()
    """Names of standing bookings that others have cancelled meanwhile."""
    others: frozenset[str] = frozenset()
    """Uids of what others have booked meanwhile."""
    contradictions: Sequence[str] = ()
    """Tools that have answered a repeated request otherwise."""

    @property
    def lines(self) -> list[Line]:
        """The transcript."""
        return lines(self.turns)

    @property
    def calls(self) -> list[Line]:
        """The tool calls."""
        return [line for line in self.lines if line.call]

    @property
    def spoken(self) -> Iterator[Line]:
        """What the agent has said, the greeting included."""
        return (line for line in self.lines if line.speaker == "agent")

    def local(self, instant: datetime) -> str:
        """An instant as people of the house write it."""
        return f"{instant.astimezone(self.zone):%Y-%m-%dT%H:%M}"
