"""Which service the caller means, among those that the business offers; never a guess."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from booking.business import Service
from booking.names.sound import cologne
from booking.services.phrase import Phrase, Term, phrase, plain
from booking.services.wording import Wording, wording


@dataclass(frozen=True, slots=True)
class Found:
    """One service, named by the caller or the only one there is."""

    service: Service


@dataclass(frozen=True, slots=True)
class SeveralFit:
    """One question decides between these; or the caller named more than one."""

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

MISHEARD = 0.84
"""From here on two stems are one word misheard; see docs/adr/0011-names-and-services.md."""
_FULL = 0.85
"""The part of a name's letters that must be said for the name to count as said."""
_MOST = 4
"""Services in one question; more cannot be kept in mind on the phone."""


@dataclass(frozen=True, slots=True)
class _Label:
    service: int
    terms: tuple[Term, ...]
    joined: str
    """All stems run together."""


@dataclass(frozen=True, slots=True)
class _Fit:
    """How a service's name or synonym fits what was heard."""

    service: int
    coverage: float
    """The part of the label that was said, 0 to 1."""
    used: frozenset[int]
    """The terms of the utterance that say it."""


def find_service(heard: str | None, services: Sequence[Service], *, language: str) -> ServiceMatch:
    """Find the service that the caller asked for.

    Args:
        heard: In the caller's words, a whole sentence or one word; None if nothing was said.
        services: What the business offers.
        language: Of the call, `de` or `en`.
    """
    if not services:
        return NotOffered(())
    words = wording(language)
    spoken = heard or ""
    if exact := _exact(spoken, services):
        return Found(exact[0]) if len(exact) == 1 else SeveralFit(exact[:_MOST])
    said = phrase(_last_word_on_it(spoken, words), words)
    if not said.wanted:
        return Found(services[0]) if len(services) == 1 and not said.terms else NotSaid()
    labels = _labels(tuple((s.name, s.synonyms) for s in services), language)
    return _Search(said, labels, services, words).result()


def _exact(heard: str, services: Sequence[Service]) -> tuple[Service, ...]:
    """Services whose name or synonym was said to the letter, blanks and punctuation aside."""
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
    """What follows the last "no, wait": callers correct themselves."""
    flat = " ".join("".join(x if x.isalnum() else " " for x in plain(heard)).split())
    cut = max(
        (
            flat.rfind(f" {mark} ") + len(mark) + 1
            for mark in words.corrections
            if f" {mark} " in flat
        ),
        default=0,
    )
    corrected = flat[cut:]
    return corrected if cut and phrase(corrected, words).wanted else heard


@lru_cache(maxsize=256)
def _labels(named: tuple[tuple[str, tuple[str, ...]], ...], language: str) -> tuple[_Label, ...]:
    words = wording(language)
    labels = []
    for at, (name, synonyms) in enumerate(named):
        for text in (name, *synonyms):
            terms = phrase(text, words, is_name=True).terms
            if terms:
                labels.append(_Label(at, terms, "".join(term.stem for term in terms)))
    return tuple(labels)


class _Search:
    """One utterance against all labels."""

    def __init__(
        self, said: Phrase, labels: Sequence[_Label], services: Sequence[Service], words: Wording
    ) -> None:
        self._terms = said.terms
        self._vague = said.vague
        self._labels = labels
        self._services = services
        self._words = words

    def result(self) -> ServiceMatch:
        fits = [fit for label in self._labels if (fit := self._fit(label)).used]
        full = [fit for fit in fits if fit.coverage >= _FULL]
        if full:
            return self._named(full, fits)
        if fits:
            return self._partly(fits)
        return self._nothing()

    def _fit(self, label: _Label) -> _Fit:
        """How much of `label` was said, and with which terms."""
        if self._contradicts(label):
            return _Fit(label.service, 0.0, frozenset())
        said: set[int] = set()
        weight = total = 0.0
        for term in label.terms:
            size = 3 if term.is_audience or term.is_number else len(term.stem)
            covered, used = self._cover(term)
            total += size
            weight += size * covered
            said |= used
        coverage = weight / total
        if coverage < _FULL and (run := self._run_together(label)):
            return _Fit(label.service, 1.0, run)
        if all(self._terms[at].is_audience or self._terms[at].is_number for at in said):
            only = all(term.is_audience or term.is_number for term in label.terms)
            if not only and len(said) < len(self._terms):
                return _Fit(label.service, 0.0, frozenset())
        return _Fit(label.service, coverage, frozenset(said))

    def _contradicts(self, label: _Label) -> bool:
        """For women if men were named, 30 minutes if 60 were."""
        audiences = {term.stem for term in self._terms if term.is_audience and not term.negated}
        asked = {term.stem for term in label.terms if term.is_audience}
        if audiences and asked and audiences.isdisjoint(asked):
            return True
        numbers = {term.stem for term in self._terms if term.is_number}
        measured = {term.stem for term in label.terms if term.is_number}
        return bool(numbers and measured and numbers.isdisjoint(measured))

    def _cover(self, wanted: Term) -> tuple[float, set[int]]:
        """How much of one term of a label was said: all, or parts of a compound."""
        best, used = 0.0, set[int]()
        parts: list[tuple[int, int, int]] = []
        for at, term in enumerate(self._terms):
            if term.negated is not wanted.negated:
                continue
            likeness = _same_word(term.stem, wanted.stem)
            if likeness > best:
                best, used = likeness, {at}
            if not wanted.is_audience and len(term.stem) >= 3 and not term.is_number:
                where = wanted.stem.find(term.stem)
                if where >= 0 and len(term.stem) < len(wanted.stem):
                    whole = where == 0 or where + len(term.stem) == len(wanted.stem)
                    if whole or parts:
                        parts.append((where, where + len(term.stem), at))
        if best < 1.0 and parts:
            letters = {letter for start, end, _ in parts for letter in range(start, end)}
            compound = len(letters) / len(wanted.stem)
            if compound > best:
                # Linking letters between the parts of a compound are nobody's: Kind-er-schnitt.
                joined = compound >= 0.75 and len(parts) > 1
                return (1.0 if joined else compound), {at for _, _, at in parts}
        return best, used

    def _run_together(self, label: _Label) -> frozenset[int]:
        """The neighbouring terms that are this label, cut into other words."""
        for size in (2, 3, 1):
            for start in range(len(self._terms) - size + 1):
                window = range(start, start + size)
                if any(self._terms[at].negated for at in window):
                    continue
                text = "".join(self._terms[at].stem for at in window)
                if len(text) > 4 and _same_word(text, label.joined) >= MISHEARD:
                    return frozenset(window)
        return frozenset()

    def _named(self, full: Sequence[_Fit], fits: Sequence[_Fit]) -> ServiceMatch:
        """One label or more were said in full; the longest that covers the others counts."""
        kept = [fit for fit in full if not any(fit.used < other.used for other in full)]
        named = list(dict.fromkeys(fit.service for fit in kept))
        if len(named) > 1:
            best = max(fit.coverage for fit in kept)
            closest = [fit for fit in kept if fit.coverage == best]
            same = {fit.used for fit in kept}
            if len(same) == 1 and len({fit.service for fit in closest}) == 1:
                named = [closest[0].service]
        used = frozenset().union(*(fit.used for fit in kept))
        beside = [
            fit.service
            for fit in fits
            if fit.service not in named and fit.used - used and self._tells(fit.used - used)
        ]
        return self._of([*named, *dict.fromkeys(beside)])

    def _tells(self, used: frozenset[int]) -> bool:
        return any(not self._terms[at].is_number for at in used)

    def _partly(self, fits: Sequence[_Fit]) -> ServiceMatch:
        kept = [fit for fit in fits if not any(fit.used < other.used for other in fits)]
        named = list(dict.fromkeys(fit.service for fit in kept))
        if len(named) > 1:
            return self._of(named)
        used = frozenset().union(*(fit.used for fit in kept))
        left = [
            term
            for at, term in enumerate(self._terms)
            if at not in used and not term.negated and term.stem not in self._words.deeds
        ]
        service = self._services[named[0]]
        return SeveralFit((service,)) if left else Found(service)

    def _of(self, services: Sequence[int]) -> ServiceMatch:
        if len(services) == 1:
            return Found(self._services[services[0]])
        return SeveralFit(tuple(self._services[at] for at in services[:_MOST]))

    def _nothing(self) -> ServiceMatch:
        wanted = [term for term in self._terms if not term.negated and not term.is_number]
        if not wanted:
            return NotSaid()
        text = "".join(term.stem for term in wanted)
        scored = sorted(
            (
                (
                    max(
                        _likeness(text, label.joined)
                        for label in self._labels
                        if label.service == at
                    ),
                    at,
                )
                for at in {label.service for label in self._labels}
            ),
            reverse=True,
        )
        close = [at for score, at in scored if score >= 0.72]
        if close:
            return SeveralFit(tuple(self._services[at] for at in close[:_MOST]))
        return NotOffered(tuple(self._services[at] for score, at in scored[:3] if score > 0.5))


@lru_cache(maxsize=8192)
def _same_word(one: str, other: str) -> float:
    """1 for one word, down to `MISHEARD` for one misheard, else 0."""
    if one == other:
        return 1.0
    if len(one) < 4 or len(other) < 4 or not (one.isalpha() and other.isalpha()):
        return 0.0
    score = _likeness(one, other)
    return score if score >= MISHEARD else 0.0


def _likeness(one: str, other: str) -> float:
    letters = (JaroWinkler.similarity(one, other) + OSA.normalized_similarity(one, other)) / 2
    heard, meant = (cologne(text) if text.isascii() else text for text in (one, other))
    sound = OSA.normalized_similarity(heard, meant) if heard and meant else 0.0
    return 0.75 * letters + 0.25 * sound
