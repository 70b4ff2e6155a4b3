"""Two runs, trial by trial: what changed, how sure that is, and which gates it breaks. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from evals.checks import DECIDING
from evals.records import AgentKind
from evals.standing import FIGURES, Key, Standing
from evals.statistics import Interval, Pairs, bootstrap, paired, pass_hat, smallest_detectable

NEVER: Final = tuple(check for check in DECIDING if check != "end_state")
"""Checks that may not go wrong once, whoever is the agent: they are promises."""

K: Final = 4
"""Trials that must all pass: pass^4."""

_MOST_TROUBLE: Final = 0.02
_SIGNIFICANT: Final = 0.05
_WORSE_PASS_HAT: Final = 0.05
_MAY_GROW: Final = 0.05
_BUDGETED: Final = ("tokens a round", "words a turn")


@dataclass(frozen=True, slots=True)
class Flip:
    """A trial that ended differently."""

    scenario: str
    noise: float
    trial: int
    rose: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition for merging."""

    name: str
    holds: bool
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A figure: its mean over the scenarios both runs have, then and now."""

    name: str
    before: float
    after: float
    difference: Interval
    """Over scenarios."""

    @property
    def share(self) -> float:
        """Growth against before."""
        return (self.after - self.before) / self.before if self.before else 0.0


@dataclass(frozen=True, slots=True)
class Compared:
    """All that is told of two runs."""

    before: Standing
    after: Standing
    pairs: Pairs[Key]
    pass_hat: Interval | None
    """Change of pass^4 over scenarios; `None` where there are too few trials."""
    changes: Sequence[Change]
    gates: Sequence[Gate]
    notes: Sequence[str]
    """What makes the two less comparable."""

    @property
    def holds(self) -> bool:
        return all(gate.holds for gate in self.gates)

    @property
    def detectable(self) -> float:
        """The smallest change of the pass rate that these pairs can show."""
        flips = len(self.pairs.fell) + len(self.pairs.rose)
        return smallest_detectable(len(self.pairs.both), flips)

    @property
    def flips(self) -> list[Flip]:
        """Who ended differently, those that fell first."""
        return [
            *(Flip(*key, rose=False) for key in self.pairs.fell),
            *(Flip(*key, rose=True) for key in self.pairs.rose),
        ]


def compare(before: Standing, after: Standing) -> Compared:
    """Compare two runs of a suite.

    A trial is compared with itself: the same scenario, noise and trial, which with the same seed of
    the run is the same caller with the same words misheard.
    """
    pairs = paired(before.passed, after.passed)
    pass_hat_change = _pass_hat_change(before, after)
    changes = list(_changes(before, after))
    return Compared(
        before=before,
        after=after,
        pairs=pairs,
        pass_hat=pass_hat_change,
        changes=changes,
        gates=[
            *gates_of(after),
            *_accuracy(after, pairs, pass_hat_change),
            *(_budget(change) for change in changes if change.name in _BUDGETED),
        ],
        notes=list(_notes(before, after, pairs)),
    )


def gates_of(run: Standing) -> list[Gate]:
    """What must hold of a run by itself."""
    gates = [
        Gate(check, not (failed := run.failed(check)), ", ".join(failed[:5])) for check in NEVER
    ]
    gates.append(
        Gate(
            "trials that say nothing",
            run.troubled <= _MOST_TROUBLE,
            f"{run.troubled:.1%} of trials; above {_MOST_TROUBLE:.0%} a run is invalid",
        )
    )
    if run.must_be_certain:
        broken = [
            f"{each.scenario} {each.results}"
            for each in run.calls
            if each.noise == 0 and "-" in each.results
        ]
        evidence = ", ".join(broken[:5])
        gates.append(Gate("the reference policy passes every trial", not broken, evidence))
    return gates


def _accuracy(run: Standing, pairs: "Pairs[Key]", change: Interval | None) -> Iterator[Gate]:
    """Gates that only a model can pass or break."""
    if run.agent is not AgentKind.MODEL:
        return
    fell = pairs.p < _SIGNIFICANT and pairs.difference < 0
    evidence = f"{pairs.difference:+.1%} in {len(pairs.both)} pairs, McNemar exact p {pairs.p:.3f}"
    yield Gate("pass rate", not fell, evidence)
    if change is not None:
        worse = change.estimate < -_WORSE_PASS_HAT and change.excludes_zero
        evidence = f"{change.estimate:+.1%}, between {change.low:+.1%} and {change.high:+.1%}"
        yield Gate(f"pass^{K}", not worse, evidence)


def _budget(change: Change) -> Gate:
    evidence = f"{change.before:.1f} -> {change.after:.1f}, {change.share:+.1%}"
    name = f"{change.name}: at most {_MAY_GROW:.0%} more"
    return Gate(name, change.share <= _MAY_GROW, evidence)


def _pass_hat_change(before: Standing, after: Standing) -> Interval | None:
    rates = [
        {
            (each.scenario, each.noise): pass_hat(each.outcome, K)
            for each in run.calls
            if each.outcome.trials >= K
        }
        for run in (before, after)
    ]
    both = [key for key in rates[0] if key in rates[1]]
    return bootstrap([rates[1][key] - rates[0][key] for key in both]) if both else None


def _changes(before: Standing, after: Standing) -> Iterator[Change]:
    old, new = (
        {(each.scenario, each.noise): each for each in run.calls} for run in (before, after)
    )
    both = [(old[key].figures, new[key].figures) for key in old if key in new]
    for name in FIGURES:
        pairs = [(one[name], other[name]) for one, other in both if name in one and name in other]
        if pairs:
            yield Change(
                name,
                fmean(one for one, _ in pairs),
                fmean(other for _, other in pairs),
                bootstrap([other - one for one, other in pairs]),
            )


def _notes(before: Standing, after: Standing, pairs: "Pairs[Key]") -> Iterator[str]:
    told: Mapping[str, tuple[object, object]] = {
        "suite": (before.suite, after.suite),
        "agent": (f"{before.agent} {before.model}", f"{after.agent} {after.model}"),
        "seed": (before.seed, after.seed),
        **{
            name: (before.digests.get(name), after.digests.get(name))
            for name in ("prompt", "tools", "scenarios", "code")
        },
    }
    for name, (one, other) in told.items():
        if one != other:
            yield f"{name}: {one} -> {other}"
    if pairs.only_in_one:
        yield f"{pairs.only_in_one} trials are in one of the runs only and are not compared"
