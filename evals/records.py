"""What is written down of a run: who said what, which tools were asked, and what came of it.

Everything here turns into JSON and back (`evals.archive` keeps it on disk). `SCHEMA` counts
changes that older readers would not understand; `json_schema` describes the present shape.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from pydantic import TypeAdapter

SCHEMA: Final = 1


class AgentKind(StrEnum):
    """What stood behind the endpoint. Only a model may claim to be accurate."""

    REFERENCE = "reference"
    """The rules of `evals.policy`: they say nothing about a model."""
    REPLAY = "replay"
    """Answers that a model gave when they were recorded."""
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class ToolCallRecord:
    """One tool call as the platform made it, and the envelope that came back."""

    tool: str
    arguments: dict[str, Any]
    reply: dict[str, Any]
    """The envelope, as the agent read it; `{"error": ...}` where no tool has run."""
    milliseconds: float
    """Measured, on this machine."""
    at_ms: float
    """When it began, measured since the caller's words had reached the agent."""
    repeats: int = 0
    """How often the platform asked again under the same id."""
    unreadable: str | None = None
    """The arguments as they were written, where they are no JSON object."""


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """One thing said, by either side. The first one is the agent's greeting."""

    speaker: str
    """`caller` or `agent`."""
    text: str
    """What was really said."""
    heard: str | None = None
    """What recognition made of a caller's words; `None` for the agent's."""
    tool_calls: list[ToolCallRecord] = field(default_factory=list)
    """Of an agent's turn, in order; they ran before its last words were spoken."""
    llm_rounds: int = 0
    tokens: dict[str, int] = field(default_factory=dict)
    """Of an agent's turn: `prompt` and `completion` as the endpoint counts them, `prompt_ruler`,
    `tools_ruler` and `completion_ruler` as our own ruler does, each summed over its rounds."""
    pause_seconds: float = 0.0
    """How long a caller was silent before speaking."""
    interrupts: bool = False
    """The caller spoke while the agent did."""
    at: str = ""
    """When it began, on the scenario's clock: ISO 8601 with the business's offset."""


@dataclass(frozen=True, slots=True)
class VerdictRecord:
    """What one check found."""

    name: str
    passed: bool
    value: float | None = None
    evidence: str = ""
    """Why, naming lines of the transcript as `L7`; empty if there is nothing to say."""


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """One call, judged."""

    scenario: str
    suite: str
    tags: list[str]
    language: str
    caller: str
    """Whose number it was, as in the scenario: `known`, `unknown` or `hidden`."""
    trial: int
    """From 0."""
    seed: int
    noise: float
    """Word error rate that was aimed at, from 0 to 1."""
    turns: list[TurnRecord]
    verdicts: list[VerdictRecord]
    figures: dict[str, float]
    passed: bool
    """The product of the verdicts in `evals.checks.DECIDING`; never true with `trouble`."""
    trouble: str | None
    """Why the trial says nothing: infrastructure, or a caller who broke its own rules."""
    wall_seconds: float
    scenario_digest: str = ""
    served_by: list[str] = field(default_factory=list)
    """The models that the endpoint said it was: an alias moves."""

    @property
    def key(self) -> tuple[str, float, int]:
        """What is paired when two runs are compared."""
        return (self.scenario, self.noise, self.trial)

    def verdict(self, name: str) -> VerdictRecord | None:
        """What a check found, if it was asked."""
        return next((each for each in self.verdicts if each.name == name), None)


@dataclass(frozen=True, slots=True)
class AgentRecord:
    """Who answered the phone."""

    kind: AgentKind
    model: str
    base_url_host: str | None = None
    """Where the endpoint is; `None` in this process."""

    @property
    def claims_accuracy(self) -> bool:
        """Whether its pass rate is a model's."""
        return self.kind is AgentKind.MODEL


@dataclass(frozen=True, slots=True)
class GitRecord:
    """The commit that was run, and whether something was changed since."""

    sha: str
    dirty: bool


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run, without its trials."""

    id: str
    suite: str
    started_at: datetime
    agent: AgentRecord
    digests: dict[str, str]
    """Of `prompt`, `tools`, `scenarios` and `code`: equal ones make trials comparable."""
    git: GitRecord
    seed: int
    versions: dict[str, str]
    """Of Python and of the libraries that could change a result."""
    noise: list[float]
    trials: int
    """Calls of each scenario at each level of noise."""
    scenarios: list[str]
    finished_at: datetime | None = None
    """`None`: it was interrupted, and can be taken up again."""
    redone: int = 0
    """Trials that were in trouble and played again; only the second time is kept."""
    stopped: str | None = None
    """Why it ended early, such as a limit of cost."""
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True)
class Run:
    """A run with its trials, as read from disk."""

    record: RunRecord
    trials: list[TrialRecord]


TRIAL: Final = TypeAdapter(TrialRecord)
RUN: Final = TypeAdapter(RunRecord)


def json_schema() -> Mapping[str, Any]:
    """The JSON Schema of `run.json` and of each line of `trials.jsonl`."""
    return {
        "schema": SCHEMA,
        "run.json": RUN.json_schema(mode="serialization"),
        "trials.jsonl": TRIAL.json_schema(mode="serialization"),
    }
