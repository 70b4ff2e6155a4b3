"""The two sides of a comparison: a name of a service, and what was said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from booking.services.phrase import Term

_SHORT_WEIGHT = 3.0
"""Weight of an audience or a number, in letters."""
_LONGEST_WINDOW = 3
"""Words that a name may have been torn into."""


@dataclass(frozen=True)
class Label:
    """A name or synonym of the service at this position."""

    service: int
    terms: tuple[Term, ...]

    @cached_property
    def joined(self) -> str:
        """All stems run together."""
        return "".join(term.stem for term in self.terms)

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """How much each term says, in letters."""
        short = [term.is_audience or term.is_number for term in self.terms]
        sizes = [float(len(term.stem)) for term in self.terms]
        return tuple(_SHORT_WEIGHT if one else size for one, size in zip(short, sizes, strict=True))

    @cached_property
    def parts(self) -> frozenset[int]:
        """The parts of a name such as `Wash, cut, dry`."""
        return frozenset(term.part for term in self.terms)

    @cached_property
    def is_everyday(self) -> bool:
        """Whether there are only words in it that mean nothing alone: `Full service`."""
        return all(term.weak for term in self.terms)

    @cached_property
    def says_what(self) -> bool:
        """Whether there is more in it than for whom and how long."""
        return any(map(says_what, self.terms))

    @cached_property
    def audiences(self) -> frozenset[str]:
        return frozenset(term.stem for term in self.terms if term.is_audience)

    @cached_property
    def minutes(self) -> frozenset[str]:
        return frozenset(term.stem for term in self.terms if term.is_number)

    def contradicts(self, said: "Utterance") -> bool:
        """For women if men were named, 30 minutes if 60 were."""
        for ours, theirs in ((self.audiences, said.audiences), (self.minutes, said.minutes)):
            if ours and theirs and ours.isdisjoint(theirs):
                return True
        return False


@dataclass(frozen=True)
class Utterance:
    """What was said."""

    terms: tuple[Term, ...]

    @cached_property
    def windows(self) -> tuple[tuple[str, frozenset[int]], ...]:
        """Stems of one to three neighbouring terms, the longest first, and which they are."""
        return tuple(_windows(self.terms))

    @cached_property
    def says_what(self) -> bool:
        """Whether more was said than for whom and how long."""
        return any(map(says_what, self.terms))

    @cached_property
    def audiences(self) -> frozenset[str]:
        return frozenset(term.stem for term in self.terms if term.is_audience and not term.negated)

    @cached_property
    def minutes(self) -> frozenset[str]:
        """Durations; other numbers may be hours of the clock or people."""
        return frozenset(term.stem for term in self.terms if term.is_number and not term.weak)


def says_what(term: Term) -> bool:
    """Whether the term says more than for whom or how long."""
    return not (term.weak or term.is_audience or term.is_number)


def _windows(said: Sequence[Term]) -> Iterator[tuple[str, frozenset[int]]]:
    for size in range(_LONGEST_WINDOW, 0, -1):
        for start in range(len(said) - size + 1):
            window = said[start : start + size]
            tells = not (window[0].weak or window[-1].weak)
            if tells and not any(term.negated for term in window):
                text = "".join(term.stem for term in window)
                yield text, frozenset(range(start, start + size))
