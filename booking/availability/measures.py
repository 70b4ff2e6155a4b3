"""What is counted: where answers came from, how old they were, and what Cal.com was asked."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Layer(StrEnum):
    """Where an answer was found."""

    PROCESS = "process"
    REDIS = "redis"
    CALCOM = "calcom"


class Freshness(StrEnum):
    """What it was worth."""

    FRESH = "fresh"
    STALE = "stale"
    """Given at once, asked for anew behind it."""
    DOUBTED = "doubted"
    """Given because nothing better could be had in time."""


class Purpose(StrEnum):
    """For whom Cal.com is asked."""

    CALLER = "caller"
    """Somebody waits."""
    BACKGROUND = "background"
    """Behind an answer, or after a change."""
    WARMING = "warming"
    """Before anybody has asked."""


@dataclass(frozen=True, slots=True)
class Served:
    """One answer about one event type."""

    layer: Layer
    freshness: Freshness
    age_seconds: float
    """Of its oldest day."""


class Offered(StrEnum):
    """What became of a time that was offered, when somebody wanted it."""

    HELD = "held"
    TAKEN_HERE = "taken_here"
    """Another call of ours was faster."""
    TAKEN_THERE = "taken_there"
    """Cal.com refused it: what we offered was stale."""


Seen = Served | Purpose | Offered
Observer = Callable[[Seen], None]
"""Told of each answer, request to Cal.com and wanted offer; must neither wait nor raise."""


@dataclass(slots=True)
class Tally:
    """The same, summed up in this process, for benchmarks. Nothing resets it but `clear`."""

    answers: Counter[tuple[Layer, Freshness]] = field(
        default_factory=Counter[tuple[Layer, Freshness]]
    )
    requests: Counter[Purpose] = field(default_factory=Counter[Purpose])
    """Slot reads at Cal.com, each one HTTP request."""
    offers: Counter[Offered] = field(default_factory=Counter[Offered])
    """Times that were wanted. Stale are those that were taken there."""
    ages: list[float] = field(default_factory=list[float])
    """Seconds; of the last `MOST_AGES` answers."""

    def __call__(self, seen: Seen) -> None:
        """Observe."""
        match seen:
            case Purpose():
                self.requests[seen] += 1
            case Offered():
                self.offers[seen] += 1
            case Served():
                self._answered(seen)

    def _answered(self, seen: Served) -> None:
        self.answers[seen.layer, seen.freshness] += 1
        self.ages.append(seen.age_seconds)
        if len(self.ages) > MOST_AGES:
            del self.ages[: MOST_AGES // 2]

    @property
    def hit_rate(self) -> float:
        """The share of answers for which nobody had to wait for Cal.com."""
        asked = sum(n for (layer, _), n in self.answers.items() if layer is Layer.CALCOM)
        return 1 - asked / self.answers.total() if self.answers else 1.0

    @property
    def saved(self) -> int:
        """Requests that a client without memory would have made besides."""
        return self.answers.total() - self.requests.total()

    def clear(self) -> None:
        """Begin anew."""
        self.answers.clear()
        self.requests.clear()
        self.offers.clear()
        self.ages.clear()


def told(observers: Sequence[Observer]) -> Observer:
    """One observer that tells several."""

    def tell(seen: Seen) -> None:
        for observe in observers:
            observe(seen)

    return tell


MOST_AGES: Final = 20_000
