"""All that a report tells, worked out once: the page and the Markdown only say it."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from evals import transcript
from evals.compare import Compared, Gate, K, gates_of
from evals.judge import Agreement, Judgement, still_passes
from evals.latency import our_flow
from evals.latency.comparison import PLAIN, TARGET_GAP, TARGET_SECONDS, Comparison, compare
from evals.latency.eva import LATE_MS, gap_score
from evals.latency.old_flow import OldFlow
from evals.latency.profile import Profile
from evals.latency.silence import TurnModel
from evals.records import AgentKind, Run, TrialRecord
from evals.standing import Standing
from evals.statistics import Interval, bootstrap, pass_hats

_LINE: Final = re.compile(r"\bL\d+\b")

KINDS: Final = {
    AgentKind.REFERENCE: "reference policy: rules, which say nothing about any model",
    AgentKind.REPLAY: "replay: a model's answers as they were recorded",
    AgentKind.MODEL: "model",
}


@dataclass(frozen=True, slots=True)
class Target:
    """What was aimed at, and what was reached."""

    name: str
    aim: str
    reached: str
    holds: bool | None
    """`None`: this run cannot tell."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A check that went wrong in a call."""

    scenario: str
    trial: int
    noise: float
    check: str
    evidence: str
    decided: bool
    """The call failed."""
    lines: Sequence[str]
    """Of the transcript, those that the evidence names."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """Silences before the agent speaks, of turns of one kind."""

    name: str
    with_tool: bool
    milliseconds: Sequence[float]
    """Modelled, with the measured milliseconds of tools in it."""
    tool_milliseconds: Sequence[float]
    """Of it, measured."""

    @property
    def late(self) -> float:
        """Share of turns that EVA calls late."""
        limit = LATE_MS[self.with_tool]
        return fmean(gap > limit for gap in self.milliseconds)

    @property
    def score(self) -> float:
        """Mean of EVA's curve."""
        return fmean(gap_score(gap, with_tool=self.with_tool) for gap in self.milliseconds)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a model reads in each round, by version of the prompt."""

    version: str
    run: str
    a_round: float


@dataclass(frozen=True, slots=True)
class Told:
    """A run, ready to be told."""

    run: Run
    standing: Standing
    reliability: Mapping[float, Mapping[int, Interval]]
    """pass^k by noise and k."""
    targets: Sequence[Target]
    gates: Sequence[Gate]
    failures: Sequence[Failure]
    troubles: Sequence[TrialRecord]
    calls: Comparison
    gaps: Sequence[Gaps]
    tools: Mapping[str, Sequence[float]]
    """Milliseconds of each tool as measured in this run's world, without load."""
    tokens: Sequence[Tokens]
    checks: Sequence[str]
    grid: Mapping[tuple[str, float], Mapping[str, tuple[int, int]]]
    """By scenario and noise: of each check how often it passed, and how often it was asked."""
    compared: Compared | None = None
    judgements: Sequence[Judgement] = ()
    agreements: Sequence[Agreement] = ()
    """Judges beside humans."""

    @property
    def title(self) -> str:
        record = self.run.record
        return f"{record.suite}: {record.agent.kind} {record.agent.model}"


def tell(
    run: Run,
    *,
    profile: Profile,
    flow: OldFlow,
    compared: Compared | None = None,
    beside: Sequence[Standing] = (),
    judgements: Sequence[Judgement] = (),
    agreements: Sequence[Agreement] = (),
) -> Told:
    """Work out a report.

    Args:
        run: What is reported.
        profile: Of the turn model.
        flow: The one before.
        compared: With an earlier run or the baseline, this run last.
        beside: Earlier runs whose tokens are shown, too.
        judgements: What judges said of its calls.
        agreements: How far they agree with humans.
    """
    standing = Standing.of(run, profile)
    calls = compare(run, profile=profile, flow=flow)
    levels = sorted({each.noise for each in standing.calls})
    sound = [trial for trial in run.trials if trial.trouble is None]
    return Told(
        run=run,
        standing=standing,
        reliability={
            level: pass_hats(outcomes, most=min(K, max(each.trials for each in outcomes)))
            for level in levels
            if (outcomes := standing.outcomes(noise=level))
        },
        targets=list(_targets(sound, standing, calls)),
        gates=compared.gates if compared else gates_of(standing),
        failures=list(_failures(sound)),
        troubles=[trial for trial in run.trials if trial.trouble is not None],
        calls=calls,
        gaps=_gaps(sound, profile),
        tools=_tools(sound),
        tokens=[_tokens(each) for each in (*beside, standing)],
        checks=list(dict.fromkeys(verdict.name for trial in sound for verdict in trial.verdicts)),
        grid=_grid(sound),
        compared=compared,
        judgements=judgements,
        agreements=agreements,
    )


def _targets(
    trials: Sequence[TrialRecord], standing: Standing, calls: Comparison
) -> Iterator[Target]:
    for caller, aim in TARGET_SECONDS.items():
        yield _of_calls(calls, caller, aim, "over booking scenarios")
        whose = f"{caller}, {PLAIN}"
        if calls.length(whose):
            yield _of_calls(calls, whose, aim, "over those of one check and one booking")
    asked = [verdict.passed for trial in trials if (verdict := trial.verdict("name_asked_once"))]
    yield Target(
        "calls in which the name is asked at most once",
        "100 %",
        f"{fmean(asked):.1%} of {len(asked)}" if asked else "not checked in this run",
        all(asked) if asked else None,
    )
    if standing.must_be_certain:
        hats = pass_hats(standing.outcomes(noise=0), most=K)
        reached = hats.get(K)
        yield Target(
            f"pass^{K} of the reference policy, no noise",
            "1.0",
            f"{reached.estimate:.3f}" if reached else f"fewer than {K} trials",
            reached.estimate == 1.0 if reached else None,
        )


def _of_calls(calls: Comparison, whose: str, aim: float, of: str) -> Target:
    length = calls.length(whose)
    caller = whose.partition(",")[0]
    return Target(
        f"call of {'an' if caller == 'unknown' else 'a'} {caller} caller, gaps of {TARGET_GAP} s, "
        f"median {of}",
        f"<= {aim:.0f} s",
        f"{length.p50:.1f} s of {length.n}" if length else "no such call in this run",
        length.p50 <= aim if length else None,
    )


def _failures(trials: Sequence[TrialRecord]) -> list[Failure]:
    found = [
        Failure(
            trial.scenario,
            trial.trial,
            trial.noise,
            verdict.name,
            verdict.evidence,
            decided=not trial.passed,
            lines=_quoted(verdict.evidence, trial),
        )
        for trial in trials
        for verdict in trial.verdicts
        if not verdict.passed
    ]
    return sorted(
        found,
        key=lambda each: (not each.decided, each.noise, each.scenario, each.trial, each.check),
    )


def _quoted(evidence: str, trial: TrialRecord) -> list[str]:
    named = set(_LINE.findall(evidence))
    return [
        f"{line} {line.speaker}: {line.call.tool if line.call else line.turn.text}"
        for line in transcript.lines(trial.turns)
        if str(line) in named
    ]


def _gaps(trials: Sequence[TrialRecord], profile: Profile) -> list[Gaps]:
    found: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for trial in trials:
        model = TurnModel(profile, random.Random(trial.seed))
        for turn in trial.turns[1:]:
            if turn.speaker == "agent":
                tools = our_flow.tool_seconds(turn)
                gap = model.before_agent(our_flow.work_of(turn)) + tools
                found[bool(turn.tool_calls)].append((gap * 1000, tools * 1000))
    names = {True: "with a tool", False: "without a tool"}
    return [
        Gaps(names[kind], kind, [gap for gap, _ in each], [tools for _, tools in each])
        for kind, each in found.items()
        if each
    ]


def _tools(trials: Sequence[TrialRecord]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for trial in trials:
        for turn in trial.turns:
            for call in turn.tool_calls:
                found.setdefault(call.tool, []).append(call.milliseconds)
    return dict(sorted(found.items()))


def _tokens(standing: Standing) -> Tokens:
    figures = [each.figures["tokens a round"] for each in standing.calls if each.figures]
    version = standing.digests.get("prompt", "?")
    return Tokens(version, standing.run, fmean(figures) if figures else 0.0)


def _grid(
    trials: Sequence[TrialRecord],
) -> dict[tuple[str, float], dict[str, tuple[int, int]]]:
    grid: dict[tuple[str, float], dict[str, tuple[int, int]]] = {}
    for trial in sorted(trials, key=lambda trial: (trial.noise, trial.scenario)):
        row = grid.setdefault((trial.scenario, trial.noise), {})
        for verdict in trial.verdicts:
            passed, asked = row.get(verdict.name, (0, 0))
            row[verdict.name] = (passed + verdict.passed, asked + 1)
    return grid


def pass_rates(told: Told) -> dict[float, Interval]:
    """Share of trials that passed, by noise, with the spread over scenarios."""
    return {
        level: bootstrap(
            [each.passed / each.trials for each in told.standing.outcomes(noise=level)]
        )
        for level in told.reliability
    }


def failed_by_judges(told: Told) -> int:
    """Calls that passed every check that decides, and that a judge who is believed fails."""
    believed = [each.rubric for each in told.agreements if each.believed]
    return sum(
        trial.passed and not still_passes(trial, told.judgements, believed)
        for trial in told.run.trials
    )
