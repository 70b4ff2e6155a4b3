"""Percentiles that the number of samples carries: p99 from 1,000 on, p99.9 from 10,000 on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from evals.statistics import quantile

LADDER: Final = (50.0, 75.0, 90.0, 95.0, 99.0, 99.9)
_BEYOND: Final = 10
"""Samples that must lie beyond a percentile: fewer are anecdotes."""


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Of one kind of samples; exact, from the sorted samples themselves."""

    n: int
    values: dict[float, float]
    """Value by percentile: those of `LADDER` that so many samples carry."""
    most: float

    @classmethod
    def of(cls, samples: Sequence[float]) -> Self:
        """Sort and read off; never average percentiles of several loads.

        Raises:
            ValueError: There are no samples.
        """
        ordered = sorted(samples)
        if not ordered:
            raise ValueError("no samples")
        return cls(
            n=len(ordered),
            values={
                percent: quantile(ordered, percent / 100)
                for percent in LADDER
                if carries(len(ordered), percent)
            },
            most=ordered[-1],
        )


def carries(n: int, percent: float) -> bool:
    """Whether so many samples say anything about a percentile."""
    return percent == LADDER[0] or round(n * (100 - percent) / 100, 6) >= _BEYOND


def curve(samples: Sequence[float], points: int = 60) -> list[tuple[float, float]]:
    """(share, value) from the median out, closer together the rarer it gets, as HDR plots do."""
    ordered = sorted(samples)
    found: list[tuple[float, float]] = []
    beyond = 0.5
    least = min(max(_BEYOND / len(ordered), 1e-4), beyond)
    step = (least / beyond) ** (1 / points)
    for _ in range(points + 1):
        found.append((1 - beyond, quantile(ordered, 1 - beyond)))
        beyond = max(beyond * step, least)
    return found
