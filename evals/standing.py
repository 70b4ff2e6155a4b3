"""A run as far as others are compared with it: who passed what, and what it cost.

Small enough to be committed: that is what `evals/baseline/*.json` are.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Final, Self

from pydantic import TypeAdapter, ValidationError

from evals.latency.comparison import seconds_of
from evals.latency.profile import Profile
from evals.records import AgentKind, Run, TrialRecord
from evals.statistics import Outcome

BASELINES: Final = Path(__file__).parent / "baseline"

_CERTAIN: Final = frozenset({"core", "faults", "safety"})

Key = tuple[str, float, int]
"""Scenario, noise, trial: what makes two trials the same one."""


@dataclass(frozen=True, slots=True)
class Calls:
    """The trials of one scenario at one level of noise, from the first on."""

    scenario: str
    noise: float
    results: str
    """One letter a trial: `+` passed, `-` failed, `?` says nothing (trouble)."""
    failed: Mapping[str, int]
    """How often each check went wrong."""
    figures: Mapping[str, float]
    """Means over the trials that say something."""

    @property
    def outcome(self) -> Outcome:
        passed = self.results.count("+")
        return Outcome(passed + self.results.count("-"), passed)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a run comes to."""

    run: str
    suite: str
    agent: AgentKind
    model: str
    seed: int
    digests: Mapping[str, str]
    calls: Sequence[Calls]
    because: str = ""
    """Why this is the baseline."""

    @classmethod
    def of(cls, run: Run, profile: Profile) -> Self:
        """Sum up a run."""
        gathered: dict[tuple[str, float], list[TrialRecord]] = defaultdict(list)
        for trial in sorted(run.trials, key=lambda trial: trial.key):
            gathered[trial.scenario, trial.noise].append(trial)
        return cls(
            run=run.record.id,
            suite=run.record.suite,
            agent=run.record.agent.kind,
            model=run.record.agent.model,
            seed=run.record.seed,
            digests=run.record.digests,
            calls=[_calls(*key, trials, profile) for key, trials in gathered.items()],
        )

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a baseline.

        Raises:
            NoBaseline: There is none, or it is none; the message says what helps.
        """
        try:
            return TypeAdapter(cls).validate_json(path.read_bytes())
        except FileNotFoundError:
            raise NoBaseline(
                f"{path} does not exist: accept a run with `python -m evals baseline accept RUN`"
            ) from None
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise NoBaseline(f"{path} is no baseline: {where}: {first['msg']}") from None

    def write(self, path: Path) -> None:
        """Write as a baseline, so that a changed scenario is a changed line."""
        path.parent.mkdir(parents=True, exist_ok=True)
        text = TypeAdapter(Standing).dump_json(self, indent=1).decode()
        path.write_text(f"{text}\n", encoding="utf-8")

    @property
    def passed(self) -> dict[Key, bool]:
        """Every trial that says something."""
        return {
            (each.scenario, each.noise, number): letter == "+"
            for each in self.calls
            for number, letter in enumerate(each.results)
            if letter != "?"
        }

    def outcomes(self, *, noise: float | None = None) -> list[Outcome]:
        """Of each scenario, at one level of noise or at all."""
        return [
            each.outcome
            for each in self.calls
            if each.outcome.trials and (noise is None or each.noise == noise)
        ]

    @property
    def must_be_certain(self) -> bool:
        """Whether each trial without noise must pass: the reference policy repeats itself."""
        suites = set(self.suite.split("+"))
        return self.agent is AgentKind.REFERENCE and suites <= _CERTAIN

    @property
    def troubled(self) -> float:
        """Share of trials that say nothing."""
        letters = "".join(each.results for each in self.calls)
        return letters.count("?") / max(len(letters), 1)

    def failed(self, check: str) -> list[str]:
        """Scenarios in which a check went wrong, with how often."""
        return [
            f"{each.scenario} ({each.failed[check]} of {each.outcome.trials})"
            for each in self.calls
            if each.failed.get(check)
        ]


class NoBaseline(Exception):
    """There is nothing to compare with."""


def baseline_of(suite: str) -> Path:
    """Where a suite's baseline is; only the reference policy has one, for it alone repeats."""
    return BASELINES / f"{suite}.{AgentKind.REFERENCE}.json"


def _calls(scenario: str, noise: float, trials: Sequence[TrialRecord], profile: Profile) -> Calls:
    sound = [trial for trial in trials if trial.trouble is None]
    failed: dict[str, int] = defaultdict(int)
    for trial in sound:
        for verdict in trial.verdicts:
            if not verdict.passed:
                failed[verdict.name] += 1
    return Calls(
        scenario=scenario,
        noise=noise,
        results="".join(_letter(trial) for trial in trials),
        failed=dict(sorted(failed.items())),
        figures={
            name: round(fmean(measure(trial, profile) for trial in sound), 2)
            for name, measure in FIGURES.items()
            if sound
        },
    )


def _letter(trial: TrialRecord) -> str:
    if trial.trouble is not None:
        return "?"
    return "+" if trial.passed else "-"


def _turns(trial: TrialRecord, _: Profile) -> float:
    return sum(turn.speaker == "agent" for turn in trial.turns[1:])


def _tool_calls(trial: TrialRecord, _: Profile) -> float:
    return sum(len(turn.tool_calls) for turn in trial.turns)


def _words(trial: TrialRecord, _: Profile) -> float:
    said = [len(turn.text.split()) for turn in trial.turns if turn.speaker == "agent" and turn.text]
    return fmean(said) if said else 0.0


def _tokens(trial: TrialRecord, _: Profile) -> float:
    rounds = sum(turn.llm_rounds for turn in trial.turns)
    read = sum(
        turn.tokens.get("prompt_ruler", 0) + turn.tokens.get("tools_ruler", 0)
        for turn in trial.turns
    )
    return read / max(rounds, 1)


def _rounds(trial: TrialRecord, _: Profile) -> float:
    return sum(turn.llm_rounds for turn in trial.turns)


FIGURES: Final[Mapping[str, Callable[[TrialRecord, Profile], float]]] = {
    "call seconds": seconds_of,
    "agent turns": _turns,
    "words a turn": _words,
    "tool calls": _tool_calls,
    "model rounds": _rounds,
    "tokens a round": _tokens,
}
"""What is compared scenario by scenario; less of each is better."""
