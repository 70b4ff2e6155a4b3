"""Which service the caller means, among those that the business offers; never a guess."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from booking.business import Service
from booking.names.likeness import alike
from booking.services.fitting import CLOSE, Fit, Label, contradicts, fit
from booking.services.phrase import Term, plain, terms
from booking.services.wording import Wording, wording


@dataclass(frozen=True, slots=True)
class Found:
    """One service, named by the caller or the only one there is."""

    service: Service


@dataclass(frozen=True, slots=True)
class SeveralFit:
    """A question decides: several fit, one fits only in part, or more than one was named."""

    candidates: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class NotOffered:
    """The caller named something that this business does not do."""

    suggestions: tuple[Service, ...]
    """What comes closest, best first; often nothing does."""


@dataclass(frozen=True, slots=True)
class NotSaid:
    """The caller has not said which service."""


ServiceMatch = Found | SeveralFit | NotOffered | NotSaid

FULL = 0.85
"""The part of a name's letters that must be said for the name to count as said."""
_HALF = 0.5
"""The part from which a name counts as a second wish beside one that was said in full."""
_NOTICEABLY = 0.03
"""How much better one of two labels must fit the same words to be the one meant."""
_MOST = 4
"""Services in one question; more cannot be kept in mind on the phone."""


def find_service(heard: str | None, services: Sequence[Service], *, language: str) -> ServiceMatch:
    """Find the service that the caller asked for.

    Args:
        heard: In the caller's words, a whole sentence or one word; None if nothing was said.
        services: What the business offers.
        language: Of the call, `de` or `en`.
    """
    spoken = heard or ""
    if exact := _exact(spoken, services):
        return _of(exact)
    words = wording(language)
    said = terms(_last_word_on_it(spoken, words), words)
    labels = _labels(tuple((service.name, service.synonyms) for service in services), language)
    if not any(map(_tells, said)) and not _is_everyday(said, labels):
        negated = any(term.negated and not term.weak for term in said)
        return Found(services[0]) if len(services) == 1 and not negated else NotSaid()
    if len(services) == 1 and _is_only_for_somebody(said, labels):
        return Found(services[0])
    if _is_for_several(spoken, words):
        said = tuple(term for term in said if not term.is_audience)
    return _Search(said, labels, services, words).result()


def _tells(term: Term) -> bool:
    """Whether the term says something about the service wanted."""
    return not term.weak and not term.negated


def _is_only_for_somebody(said: Sequence[Term], labels: Sequence[Label]) -> bool:
    """Whether just an audience was named, and one whom the only service is for."""
    telling = [term for term in said if _tells(term)]
    return all(term.is_audience for term in telling) and not all(
        contradicts(label, said) for label in labels
    )


def _is_everyday(said: Sequence[Term], labels: Sequence[Label]) -> bool:
    """Whether a name of everyday words only was said: `Full service`."""
    return any(fit(label, said).used for label in labels if all(term.weak for term in label.terms))


def _of(services: Sequence[Service]) -> ServiceMatch:
    return Found(services[0]) if len(services) == 1 else SeveralFit(tuple(services[:_MOST]))


def _exact(heard: str, services: Sequence[Service]) -> tuple[Service, ...]:
    """Services whose name or synonym was said to the letter, but for blanks and signs."""
    key = _key(heard)
    if not key:
        return ()
    named = tuple(service for service in services if _key(service.name) == key)
    return named or tuple(
        service for service in services if any(_key(synonym) == key for synonym in service.synonyms)
    )


def _key(text: str) -> str:
    return "".join(letter for letter in plain(text) if letter.isalnum())


def _last_word_on_it(heard: str, words: Wording) -> str:
    """What follows the last "no, wait", if it names something: callers correct themselves."""
    flat = "".join(letter if letter.isalnum() else " " for letter in plain(heard))
    flat = f" {' '.join(flat.split())} "
    marks = (f" {mark} " for mark in words.corrections)
    cut = max((flat.rfind(mark) + len(mark) for mark in marks if mark in flat), default=0)
    corrected = flat[cut:]
    return corrected if cut and any(map(_tells, terms(corrected, words))) else heard


def _is_for_several(heard: str, words: Wording) -> bool:
    """`For me and my son`: an audience was named, and the caller besides it."""
    tokens = plain(heard).replace(",", " and ").split()
    return any(
        (one in words.selves and other in words.joiners)
        or (one in words.joiners and other in words.selves)
        for one, other in pairwise(tokens)
    )


@lru_cache(maxsize=256)
def _labels(named: tuple[tuple[str, tuple[str, ...]], ...], language: str) -> tuple[Label, ...]:
    """The names and synonyms of services by their position, cut into terms once."""
    words = wording(language)
    return tuple(
        Label(at, cut)
        for at, (name, synonyms) in enumerate(named)
        for text in (name, *synonyms)
        if (cut := terms(text, words, is_name=True))
    )


class _Search:
    """One utterance against all labels."""

    def __init__(
        self,
        said: Sequence[Term],
        labels: Sequence[Label],
        services: Sequence[Service],
        words: Wording,
    ) -> None:
        self._said = said
        self._labels = labels
        self._services = services
        self._words = words

    def result(self) -> ServiceMatch:
        fits = [found for label in self._labels if (found := fit(label, self._said)).used]
        full = [found for found in fits if found.coverage >= FULL]
        if full:
            return self._named(_longest(full), fits)
        if fits:
            return self._partly(_longest(fits))
        return self._nothing()

    def _named(self, full: Sequence[Fit], fits: Sequence[Fit]) -> ServiceMatch:
        """Names that were said in full, and what was said beside them."""
        services = list(dict.fromkeys(found.service for found in full))
        used = frozenset[int]().union(*(found.used for found in full))
        services += [
            found.service
            for found in fits
            if found.service not in services and self._is_second_wish(found, used)
        ]
        return self._these(services)

    def _is_second_wish(self, found: Fit, used: frozenset[int]) -> bool:
        left = [(at, self._said[at]) for at in found.used - used]
        beside = {at for at, term in left if not (term.is_number or term.weak)}
        if not beside:
            return False
        parts = {self._said[at].part for at in used}
        apart = any(self._said[at].part not in parts for at in beside)
        return apart or found.coverage >= _HALF or not beside.isdisjoint(found.whole)

    def _partly(self, fits: Sequence[Fit]) -> ServiceMatch:
        """Parts of names; one name counts if nothing else was said that it lacks."""
        services = list(dict.fromkeys(found.service for found in fits))
        used = frozenset[int]().union(*(found.used for found in fits))
        unheard = [
            term
            for at, term in enumerate(self._said)
            if at not in used and _tells(term) and term.stem not in self._words.deeds
        ]
        open_ended = not any(found.complete and self._says_what(found) for found in fits)
        if len(services) == 1 and (unheard or open_ended):
            return SeveralFit((self._services[services[0]],))
        return self._these(services)

    def _says_what(self, found: Fit) -> bool:
        """Whether more was said than for whom: `for my son` may be any service."""
        return any(not self._said[at].is_audience for at in found.used)

    def _these(self, positions: Iterable[int]) -> ServiceMatch:
        return _of([self._services[at] for at in dict.fromkeys(positions)])

    def _nothing(self) -> ServiceMatch:
        """No part of any name was said; perhaps one was misheard beyond recognition."""
        text = "".join(
            term.stem
            for term in self._said
            if _tells(term) and not (term.is_number or term.is_audience)
        )
        if not text:
            return NotSaid()
        scores: dict[int, float] = {}
        possible: set[int] = set()
        for label in self._labels:
            score = alike(text, label.joined)
            scores[label.service] = max(score, scores.get(label.service, 0.0))
            if not contradicts(label, self._said):
                possible.add(label.service)
        best = sorted(scores, key=lambda at: -scores[at])[:_MOST]
        close = [self._services[at] for at in best if scores[at] >= CLOSE and at in possible]
        if close:
            return SeveralFit(tuple(close))
        return NotOffered(tuple(self._services[at] for at in best if scores[at] > _HALF))


def _longest(fits: Sequence[Fit]) -> list[Fit]:
    """The fits without those that another one surpasses."""
    return [found for found in fits if not any(_surpasses(other, found) for other in fits)]


def _surpasses(other: Fit, found: Fit) -> bool:
    """Whether `other` makes more of what was said, or the same more exactly."""
    if other.used != found.used:
        return other.used > found.used
    if found.special != other.special:
        return found.special
    return found.coverage >= FULL and other.coverage - found.coverage > _NOTICEABLY
