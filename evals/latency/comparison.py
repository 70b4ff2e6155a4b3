"""Whole calls in seconds: the flow before and ours, side by side in one simulation."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from evals.latency import our_flow
from evals.latency.old_flow import OldFlow
from evals.latency.profile import Profile
from evals.latency.silence import FixedGap, Silence, TurnModel
from evals.latency.timeline import Kind, Stretch, by_kind, merged, total
from evals.records import Run, TrialRecord
from evals.statistics import quantile

GAPS: Final = (0.2, 0.8, 1.5)
"""Seconds between two turns."""

TARGET_GAP: Final = 0.8
TARGET_SECONDS: Final = {"unknown": 38.0, "known": 30.0}
"""Of our calls, by caller, at these gaps: the median over scenarios that end in a booking."""

PLAIN: Final = "plain"
"""Of calls with one check and one booking, as in the one that was reported of before."""

_BOOKING: Final = "booking"
_PLAIN_STEPS: Final = (
    ["check_availability", "book"],
    ["check_availability", "verify_name", "book"],
)

_Silences = Callable[[random.Random], Silence]

_DRAWS: Final = 400
_SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Length:
    """How long calls are, in seconds."""

    n: int
    """Calls, or scenarios."""
    p5: float
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Row:
    """Calls under one kind of silence."""

    silence: str
    old: Length
    ours: Mapping[str, Length]
    """By caller, such as `known`, and once more for the plain ones, such as `known, plain`."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is told about whole calls."""

    flow: OldFlow
    profile: Profile
    rows: Sequence[Row]
    """Fixed gaps, then the turn model."""
    documented_alone: Length
    """The old flow's documented parts without a word or a gap around them."""
    old: Sequence[Stretch]
    """Its call with everything at its middle, at gaps of 0.8 s."""
    ours: Mapping[str, Sequence[Stretch]]
    """The plain call of median length of each caller, at gaps of 0.8 s."""
    chosen: Mapping[str, str]
    """Its scenario."""
    as_slow_a_caller: Mapping[str, float]
    """Our median at 0.8 s if our callers thought as long before each answer as the old one's."""

    def length(self, whose: str) -> Length | None:
        """Ours at the gaps of the target; `None` if no such call was booked."""
        row = next(row for row in self.rows if row.silence == gap_name(TARGET_GAP))
        return row.ours.get(whose)


def gap_name(seconds: float) -> str:
    """What a row of a fixed gap is called."""
    return f"gaps of {seconds} s"


def compare(run: Run, *, profile: Profile, flow: OldFlow) -> Comparison:
    """Play both flows with the same silences and the same rates of speech.

    Args:
        run: Ours: of it the scenarios tagged `booking`, their trials without noise that passed and
            ended in one. A scenario counts once, with the median of its trials.
        profile: Of the turn model.
        flow: The one before.
    """
    booked = _booked(run)
    silences = {gap_name(gap): _always(gap) for gap in GAPS}
    silences["the turn model"] = lambda rng: TurnModel(profile, rng)
    rows = [
        Row(
            name,
            _old_lengths(flow, profile, silence),
            {
                whose: _of([median(_ours(trials, profile, silence)) for trials in each.values()])
                for whose, each in sorted(booked.items())
            },
        )
        for name, silence in silences.items()
    ]
    gap = FixedGap(TARGET_GAP)
    plain = {whose: each for whose, each in booked.items() if whose.endswith(PLAIN)} or booked
    chosen = {whose: _middle(each, profile) for whose, each in sorted(plain.items())}
    rng = random.Random(_SEED)
    return Comparison(
        flow=flow,
        profile=profile,
        rows=rows,
        documented_alone=_of([flow.documented_alone(rng) for _ in range(_DRAWS)]),
        old=merged(flow.call(gap, profile)),
        ours={
            whose: merged(our_flow.call(trial.turns, gap, profile))
            for whose, trial in chosen.items()
        },
        chosen={whose: trial.scenario for whose, trial in chosen.items()},
        as_slow_a_caller={
            whose: total(our_flow.call(trial.turns, gap, profile))
            + _thinking(flow, profile) * sum(turn.speaker == "caller" for turn in trial.turns)
            for whose, trial in chosen.items()
        },
    )


def _booked(run: Run) -> dict[str, dict[str, list[TrialRecord]]]:
    """The calls that count, by whose they are and by scenario."""
    found: dict[str, dict[str, list[TrialRecord]]] = {}
    for trial in run.trials:
        sound = trial.noise == 0 and trial.trouble is None and trial.passed
        if sound and _BOOKING in trial.tags and ends_in_a_booking(trial):
            whose = [trial.caller]
            if [call.tool for turn in trial.turns for call in turn.tool_calls] in _PLAIN_STEPS:
                whose.append(f"{trial.caller}, {PLAIN}")
            for group in whose:
                found.setdefault(group, {}).setdefault(trial.scenario, []).append(trial)
    return found


def ends_in_a_booking(trial: TrialRecord) -> bool:
    """Whether something new was booked, and nothing else was done in the call."""
    calls = [call for turn in trial.turns for call in turn.tool_calls]
    return any(call.reply.get("booked") is True for call in calls if call.tool == "book") and not {
        call.tool for call in calls
    } & {"cancel", "reschedule", "request_callback"}


def seconds_of(trial: TrialRecord, profile: Profile, gap: float = TARGET_GAP) -> float:
    """One call at a fixed gap."""
    return total(our_flow.call(trial.turns, FixedGap(gap), profile))


def _always(gap: float) -> "_Silences":
    return lambda _rng: FixedGap(gap)


def _ours(trials: Sequence[TrialRecord], profile: Profile, silence: _Silences) -> list[float]:
    return [
        total(our_flow.call(trial.turns, silence(random.Random(trial.seed)), profile))
        for trial in trials
    ]


def _old_lengths(flow: OldFlow, profile: Profile, silence: _Silences) -> Length:
    rng = random.Random(_SEED)
    return _of([total(flow.call(silence(rng), profile, rng)) for _ in range(_DRAWS)])


def _of(seconds: Sequence[float]) -> Length:
    ordered = sorted(seconds)
    low, high = (quantile(ordered, share) for share in (0.05, 0.95))
    return Length(len(ordered), low, median(ordered), high)


def _middle(scenarios: Mapping[str, Sequence[TrialRecord]], profile: Profile) -> TrialRecord:
    """The trial that is nearest to the median."""
    every = sorted(
        (trial for trials in scenarios.values() for trial in trials),
        key=lambda trial: (seconds_of(trial, profile), trial.key),
    )
    middle = median(
        median(seconds_of(trial, profile) for trial in trials) for trials in scenarios.values()
    )
    return min(every, key=lambda trial: abs(seconds_of(trial, profile) - middle))


def _thinking(flow: OldFlow, profile: Profile) -> float:
    """Seconds that the old flow's caller thinks before each answer."""
    call = flow.call(FixedGap(TARGET_GAP), profile)
    answers = sum(each.kind is Kind.CALLER for each in call)
    rounds = sum(flow.documented.name_rounds) / 2
    return by_kind(call)[Kind.THINKING] / (answers + rounds)
