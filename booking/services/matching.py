"""Which service the caller means, among those that the business offers; never a guess."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise

from booking.business import Service
from booking.names.likeness import alike
from booking.services.fitting import CLOSE, Fit, fit
from booking.services.languages import wording
from booking.services.phrase import MAX_HEARD, Term, plain, terms
from booking.services.sides import Label, Utterance
from booking.services.verdict import Found, NotOffered, NotSaid, ServiceMatch, SeveralFit
from booking.services.wording import Wording

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
    named = tuple((one.name, one.synonyms) for one in services)
    verdict = _verdict((heard or "")[:MAX_HEARD], named, language)
    meant = tuple(services[at] for at in verdict.services)
    match verdict.kind:
        case _Kind.FOUND:
            return Found(meant[0])
        case _Kind.SEVERAL_FIT:
            return SeveralFit(meant)
        case _Kind.NOT_OFFERED:
            return NotOffered(meant)
        case _Kind.NOT_SAID:
            return NotSaid()


class _Kind(Enum):
    FOUND = auto()
    SEVERAL_FIT = auto()
    NOT_OFFERED = auto()
    NOT_SAID = auto()


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What a `ServiceMatch` says, of services by their position."""

    kind: _Kind
    services: tuple[int, ...] = ()


_Named = tuple[tuple[str, tuple[str, ...]], ...]
"""Name and synonyms of each service."""


@lru_cache(maxsize=4096)
def _verdict(spoken: str, named: _Named, language: str) -> _Verdict:
    """Kept: a model says the same words again in each tool call, and callers say few others."""
    catalogue = _catalogue(named, language)
    if exact := catalogue.exact(_key(spoken)):
        return _of(exact)
    words = wording(language)
    said = terms(_last_word_on_it(spoken, language), language)
    if _is_for_several(spoken, words):
        said = tuple(term for term in said if not term.is_audience)
    utterance = Utterance(said)
    if len(named) == 1 and _names_nothing(utterance, catalogue.labels):
        return _of([0])
    return _Search(utterance, catalogue.labels, words).result()


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """The names of a business's services, cut once; services go by their position."""

    labels: tuple[Label, ...]
    names: tuple[str, ...]
    synonyms: tuple[frozenset[str], ...]

    def exact(self, key: str) -> list[int]:
        """Services whose name, else synonym was said to the letter, but for blanks and signs."""
        if not key:
            return []
        named = [at for at, name in enumerate(self.names) if name == key]
        return named or [at for at, keys in enumerate(self.synonyms) if key in keys]


@lru_cache(maxsize=256)
def _catalogue(named: _Named, language: str) -> _Catalogue:
    return _Catalogue(
        labels=tuple(
            Label(at, cut)
            for at, (name, synonyms) in enumerate(named)
            for text in (name, *synonyms)
            if (cut := terms(text, language, is_name=True))
        ),
        names=tuple(_key(name) for name, _ in named),
        synonyms=tuple(frozenset(map(_key, synonyms)) for _, synonyms in named),
    )


def _key(text: str) -> str:
    return "".join(letter for letter in plain(text) if letter.isalnum())


def _of(positions: Sequence[int]) -> _Verdict:
    kind = _Kind.FOUND if len(positions) == 1 else _Kind.SEVERAL_FIT
    return _Verdict(kind, tuple(positions[:_MOST]))


def _tells(term: Term) -> bool:
    """Whether the term says something about the service wanted."""
    return not term.weak and not term.negated


def _names_nothing(said: Utterance, labels: Sequence[Label]) -> bool:
    """Whether no service was named or refused, at most somebody whom the only one is for."""
    if any(not (term.weak or term.is_audience) for term in said.terms):
        return False
    return not all(label.contradicts(said) for label in labels)


def _last_word_on_it(heard: str, language: str) -> str:
    """What follows the last "no, wait", if it names something: callers correct themselves."""
    flat = "".join(letter if letter.isalnum() else " " for letter in plain(heard))
    flat = f" {' '.join(flat.split())} "
    marks = (f" {mark} " for mark in wording(language).corrections)
    cut = max((flat.rfind(mark) + len(mark) for mark in marks if mark in flat), default=0)
    corrected = flat[cut:]
    return corrected if cut and any(map(_tells, terms(corrected, language))) else heard


def _is_for_several(heard: str, words: Wording) -> bool:
    """`For me and my son`: an audience was named, and the caller besides it."""
    tokens = plain(heard).replace(",", " and ").split()
    return any(
        (one in words.selves and other in words.joiners)
        or (one in words.joiners and other in words.selves)
        for one, other in pairwise(tokens)
    )


class _Search:
    """One utterance against all labels."""

    def __init__(
        self,
        utterance: Utterance,
        labels: Sequence[Label],
        words: Wording,
    ) -> None:
        self._utterance = utterance
        self._said = utterance.terms
        self._labels = labels
        self._words = words

    def result(self) -> _Verdict:
        fits = [found for label in self._labels if (found := fit(label, self._utterance)).used]
        full = [found for found in fits if found.coverage >= FULL]
        if full:
            return self._named(_longest(full), fits)
        if fits:
            return self._partly(_longest(fits))
        return self._nothing()

    def _named(self, full: Sequence[Fit], fits: Sequence[Fit]) -> _Verdict:
        """Names that were said in full, and what was said beside them."""
        services = list(dict.fromkeys(found.service for found in full))
        used = frozenset[int]().union(*(found.used for found in full))
        services += [
            found.service
            for found in fits
            if found.service not in services and self._is_second_wish(found, used)
        ]
        heads = self._last_head(used)
        services += [
            label.service
            for label in self._labels
            if label.service not in services and label.terms[-1].stem in heads
        ]
        return self._these(services)

    def _last_head(self, used: frozenset[int]) -> set[str]:
        """The everyday word that is a wish of its own: `service` of `MOT plus service`."""
        last = self._said[-1]
        alone = [term for term in self._said if term.part == last.part] == [last]
        named = any(self._said[at].part == last.part for at in used)
        return {last.stem} if last.weak and alone and last.part and not named else set()

    def _is_second_wish(self, found: Fit, used: frozenset[int]) -> bool:
        left = [(at, self._said[at]) for at in found.used - used]
        beside = {at for at, term in left if not (term.is_number or term.weak)}
        if not beside:
            return False
        parts = {self._said[at].part for at in used}
        apart = any(self._said[at].part not in parts for at in beside)
        return apart or found.coverage >= _HALF or not beside.isdisjoint(found.whole)

    def _partly(self, fits: Sequence[Fit]) -> _Verdict:
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
            return _Verdict(_Kind.SEVERAL_FIT, (services[0],))
        return self._these(services)

    def _says_what(self, found: Fit) -> bool:
        """Whether more was said than for whom: `for my son` may be any service."""
        return any(not self._said[at].is_audience for at in found.used)

    def _these(self, positions: Iterable[int]) -> _Verdict:
        return _of(list(dict.fromkeys(positions)))

    def _nothing(self) -> _Verdict:
        """No part of any name was said; perhaps one was misheard beyond recognition."""
        text = "".join(
            term.stem
            for term in self._said
            if _tells(term) and not (term.is_number or term.is_audience)
        )
        if not text:
            return _Verdict(_Kind.NOT_SAID)
        scores: dict[int, float] = {}
        possible: set[int] = set()
        for label in self._labels:
            score = alike(text, label.joined)
            scores[label.service] = max(score, scores.get(label.service, 0.0))
            if not label.contradicts(self._utterance):
                possible.add(label.service)
        best = sorted(scores, key=lambda at: -scores[at])[:_MOST]
        close = tuple(at for at in best if scores[at] >= CLOSE and at in possible)
        if close:
            return _Verdict(_Kind.SEVERAL_FIT, close)
        suggested = tuple(at for at in best if scores[at] > _HALF)
        return _Verdict(_Kind.NOT_OFFERED, suggested)


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
