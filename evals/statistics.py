"""What can be said about a run, and about two of them, and how sure that is. Pure."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import comb, sqrt
from statistics import NormalDist, fmean
from typing import Final, Generic, TypeVar

T = TypeVar("T")

RESAMPLES: Final = 10_000
_NORMAL: Final = NormalDist()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How often one scenario was tried, and how often it passed."""

    trials: int
    passed: int


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and the bounds between which it lies in 95 of 100 resamplings."""

    estimate: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


def pass_hat(outcome: Outcome, k: int) -> float:
    """The chance that `k` fresh trials of a scenario all pass.

    The unbiased estimator: the share of ways to draw `k` of the trials that were made, in which all
    pass. Source: tau-bench, arXiv 2406.12045, section 5.1.

    Raises:
        ValueError: There were fewer trials than `k`.
    """
    if not 0 < k <= outcome.trials:
        raise ValueError(f"pass^{k} of {outcome.trials} trials")
    return comb(outcome.passed, k) / comb(outcome.trials, k)


def pass_hats(outcomes: Sequence[Outcome], *, most: int, seed: int = 0) -> dict[int, Interval]:
    """pass^1 to pass^most, each the mean over those scenarios that were tried often enough."""
    found: dict[int, Interval] = {}
    for k in range(1, most + 1):
        values = [pass_hat(each, k) for each in outcomes if each.trials >= k]
        if values:
            found[k] = bootstrap(values, seed=seed)
    return found


def bootstrap(
    values: Sequence[T],
    statistic: Callable[[Sequence[T]], float] | None = None,
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Interval:
    """A statistic of scenarios, and how much it depends on which scenarios there happen to be.

    Args:
        values: One of each scenario: trials of a scenario are no independent witnesses.
        statistic: The mean, if nothing else is said.
        seed: The same seed gives the same interval.
        resamples: How often scenarios are drawn anew.
    """
    measure: Callable[[Sequence[T]], float] = statistic or fmean  # type: ignore[assignment]
    estimate = measure(values)
    if all(value == values[0] for value in values):  # drawing them anew changes nothing
        return Interval(estimate, estimate, estimate)
    rng = random.Random(seed)
    drawn = sorted(measure(rng.choices(values, k=len(values))) for _ in range(resamples))
    return Interval(estimate, quantile(drawn, 0.025), quantile(drawn, 0.975))


def quantile(ordered: Sequence[float], share: float) -> float:
    """Of sorted values, the smallest that at least this share of them does not exceed."""
    return ordered[min(max(-int(-share * len(ordered) // 1) - 1, 0), len(ordered) - 1)]


def mcnemar(only_first: int, only_second: int) -> float:
    """How likely so uneven a split is if both sides are equally good: exact, two-sided.

    Args:
        only_first: Pairs that passed only the first time.
        only_second: Pairs that passed only the second time.
    """
    flips = only_first + only_second
    fewer = min(only_first, only_second)
    tail: float = sum(comb(flips, n) for n in range(fewer + 1)) / 2**flips
    return min(1.0, 2 * tail)


@dataclass(frozen=True, slots=True)
class Pairs(Generic[T]):
    """The same trials of two runs, and who fell or rose between them."""

    both: Sequence[T]
    fell: Sequence[T]
    """Passed in the first run only."""
    rose: Sequence[T]
    """Passed in the second run only."""
    only_in_one: int
    """Trials that the other run does not have: they compare with nothing."""

    @property
    def difference(self) -> float:
        """Change of the pass rate among the pairs."""
        return (len(self.rose) - len(self.fell)) / max(len(self.both), 1)

    @property
    def p(self) -> float:
        return mcnemar(len(self.fell), len(self.rose))


def paired(first: Mapping[T, bool], second: Mapping[T, bool]) -> "Pairs[T]":
    """Compare trial with trial; a key is what makes two trials the same one."""
    both = [key for key in first if key in second]
    return Pairs(
        both=both,
        fell=[key for key in both if first[key] and not second[key]],
        rose=[key for key in both if second[key] and not first[key]],
        only_in_one=len(first) + len(second) - 2 * len(both),
    )


def smallest_detectable(pairs: int, flips: int, *, power: float = 0.8) -> float:
    """The change of the pass rate that so many pairs can show: 5 % level, 80 % power.

    McNemar's test sees flips only. How often trials flip by chance is what these runs showed; where
    they showed too little, the smallest split that can be significant at all is the bound: six to
    none. Trials of one scenario are alike, so the truth is rather larger.

    Source: Connor, Biometrics 43 (1987), for the size of paired samples.
    """
    if not pairs:
        return 1.0
    reach = _NORMAL.inv_cdf(0.975) + _NORMAL.inv_cdf(power)
    by_chance = reach * sqrt(flips / pairs / pairs)
    return min(1.0, max(by_chance, _FEWEST_FLIPS / pairs))


_FEWEST_FLIPS: Final = 6
"""2 * 0.5**6 is the first below 0.05."""


def kappa(pairs: Sequence[tuple[bool, bool]]) -> float:
    """Cohen's kappa: agreement of two judges beyond what chance gives.

    Returns:
        1 for judges who always agree, 0 for chance; 1 too where both know one answer only.
    """
    if not pairs:
        raise ValueError("nobody has judged anything")
    agreed = fmean(one == other for one, other in pairs)
    first, second = (fmean(each[side] for each in pairs) for side in (0, 1))
    by_chance = first * second + (1 - first) * (1 - second)
    return 1.0 if by_chance == 1 else (agreed - by_chance) / (1 - by_chance)
