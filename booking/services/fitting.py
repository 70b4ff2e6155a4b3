"""How one name of a service fits what was said: word by word, through compounds and mishearings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from booking.names.likeness import alike
from booking.services.phrase import Term

MISHEARD = 0.88
"""From here on two stems are one word misheard; see docs/adr/0011-names-and-services.md."""
CLOSE = 0.72
"""From here on a whole utterance may be a name that was misheard: worth a question."""
_LEAST_PART = 3
"""Letters of a part of a compound at least: `bar` is in too many words."""
_LEAST_FUZZY = 4
"""Letters of a word that may be misheard at least."""
_OFF = 0.4
"""The part of a word by which a misheard one is longer or shorter at most."""
_ENDING = 3
"""Letters that a form of a word may have more: `vaccinate` for `vaccination`."""
_JOINED = 0.75
"""The part of a compound that its parts cover, linking letters being nobody's."""
_KIND = 0.6
"""How much of a word is said by one that ends in it: `Rückenmassage` of `Massage`."""
_LONGEST_WINDOW = 3
"""Words that a name may have been torn into."""
_SHORT_WEIGHT = 3.0
"""Weight of an audience or a number, in letters."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name or synonym of the service at this position."""

    service: int
    terms: tuple[Term, ...]
    joined: str = field(init=False)
    """All stems run together."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "joined", "".join(term.stem for term in self.terms))


@dataclass(frozen=True, slots=True)
class Utterance:
    """What was said, with its neighbouring terms run together in all ways."""

    terms: tuple[Term, ...]
    windows: tuple[tuple[str, frozenset[int]], ...] = field(init=False)
    """Stems of one to three neighbouring terms, the longest first, and which terms these are."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "windows", tuple(_windows(self.terms)))


def _windows(said: Sequence[Term]) -> Iterator[tuple[str, frozenset[int]]]:
    for size in range(_LONGEST_WINDOW, 0, -1):
        for start in range(len(said) - size + 1):
            window = said[start : start + size]
            tells = not (window[0].weak or window[-1].weak)
            if tells and not any(term.negated for term in window):
                text = "".join(term.stem for term in window)
                yield text, frozenset(range(start, start + size))


@dataclass(frozen=True, slots=True)
class Fit:
    """How a label fits what was said."""

    service: int
    coverage: float = 0.0
    """The part of the label that was said, 0 to 1."""
    used: frozenset[int] = frozenset()
    """The terms of the utterance that say it."""
    whole: frozenset[int] = frozenset()
    """Those of them that are whole words of the label, not parts of a compound."""
    complete: bool = False
    """Something was said of each part of a name such as `Wash, cut, dry`, and nothing special."""
    special: bool = False
    """Something more special was said, such as `Rückenmassage` of `Massage`."""


@dataclass(frozen=True, slots=True)
class _Cover:
    """How much of one term of a label was said, and with what."""

    share: float = 0.0
    used: frozenset[int] = frozenset()
    whole: bool = False
    special: bool = False


def fit(label: Label, utterance: Utterance) -> Fit:
    """Lay `label` over the terms of an utterance."""
    said = utterance.terms
    if contradicts(label, said):
        return Fit(label.service)
    covers = [_cover(term, said) for term in label.terms]
    weights = [_weight(term) for term in label.terms]
    shares = zip(weights, covers, strict=True)
    coverage = sum(weight * cover.share for weight, cover in shares) / sum(weights)
    if coverage < 1.0 and (run := _run_together(label, utterance)):
        return run
    used = frozenset[int]().union(*(cover.used for cover in covers))
    if coverage == 1.0 and all(term.weak for term in label.terms):
        return Fit(label.service, 1.0, used, used, complete=True)  # "Full service"
    telling = [said[at] for at in used if not said[at].weak]
    if not telling or not _is_about_the_service(label, said, telling):
        return Fit(label.service)
    whole = frozenset(at for cover in covers if cover.whole for at in cover.used)
    parts = {term.part for term in label.terms}
    heard = {term.part for term, cover in zip(label.terms, covers, strict=True) if cover.share}
    special = any(cover.special for cover in covers)
    return Fit(label.service, coverage, used, whole, parts == heard and not special, special)


def _weight(term: Term) -> float:
    return _SHORT_WEIGHT if term.is_audience or term.is_number else float(len(term.stem))


def _is_about_the_service(label: Label, said: Sequence[Term], telling: Sequence[Term]) -> bool:
    """Not only `for men` or `60`, if the label and the utterance say more than that."""

    def says_what(term: Term) -> bool:
        return not (term.is_audience or term.is_number or term.weak)

    if any(map(says_what, telling)):
        return True
    return not any(map(says_what, said)) or not any(map(says_what, label.terms))


def contradicts(label: Label, said: Sequence[Term]) -> bool:
    """For women if men were named, 30 minutes if 60 were."""
    audiences = {term.stem for term in said if term.is_audience and not term.negated}
    asked = {term.stem for term in label.terms if term.is_audience}
    if audiences and asked and audiences.isdisjoint(asked):
        return True
    numbers = {term.stem for term in said if term.is_number and not term.weak}
    measured = {term.stem for term in label.terms if term.is_number}
    return bool(numbers and measured and numbers.isdisjoint(measured))


def _cover(wanted: Term, said: Sequence[Term]) -> _Cover:
    best = _Cover()
    parts: list[tuple[range, int]] = []
    for at, term in enumerate(said):
        if term.negated is not wanted.negated:
            continue
        if term.weak:
            if term.stem == wanted.stem and not best.whole:
                best = _Cover(1.0, frozenset({at}), whole=True)
            continue
        likeness = max(same_word(term.stem, wanted.stem), same_word(term.word, wanted.word))
        if likeness > best.share:
            best = _Cover(likeness, frozenset({at}), whole=True)
        elif not (wanted.is_audience or term.is_number):
            if place := _place(term, wanted):
                parts.append((place, at))
            elif _is_kind_of(term.stem, wanted.stem) and best.share < _KIND:
                best = _Cover(_KIND, frozenset({at}), special=True)
    if best.whole or not parts:
        return best
    return _compound(wanted.stem, parts)


def _place(part: Term, compound: Term) -> range | None:
    """Where the word stands in the compound, its ending aside."""
    for one, other in ((part.stem, compound.stem), (part.word, compound.word)):
        at = other.find(one) if len(one) >= _LEAST_PART else -1
        if at >= 0:
            return range(at, min(at + len(one), len(compound.stem)))
    return None


def _is_kind_of(said: str, wanted: str) -> bool:
    """Whether something more special was said: `Rückenmassage` of `Massage`."""
    return (
        len(wanted) >= _LEAST_FUZZY
        and said.endswith(wanted)
        and len(said) - len(wanted) >= _LEAST_PART
    )


def _compound(compound: str, parts: Sequence[tuple[range, int]]) -> _Cover:
    """Cover a compound with parts of it: `Kinder` and `Schnitt` say `Kinderhaarschnitt`."""
    ends = [(place, at) for place, at in parts if not place.start or place.stop == len(compound)]
    if not ends:
        return _Cover()
    share = len({letter for place, _ in parts for letter in place}) / len(compound)
    used = frozenset(at for _, at in parts)
    return _Cover(1.0 if len(used) > 1 and share >= _JOINED else share, used)


def _run_together(label: Label, said: Utterance) -> Fit | None:
    """The neighbouring terms that are this label, cut into other words."""
    best = max(
        ((same_word(text, label.joined), used) for text, used in said.windows),
        key=lambda one: one[0],
        default=(0.0, frozenset[int]()),
    )
    likeness, used = best
    return Fit(label.service, likeness, used, used, complete=True) if likeness else None


@lru_cache(maxsize=8192)
def same_word(said: str, wanted: str) -> float:
    """1 for one word, down to `MISHEARD` for one misheard, else 0."""
    if said == wanted:
        return float(bool(said))
    short, long = sorted((len(said), len(wanted)))
    if short < _LEAST_FUZZY or long - short > _OFF * long or not (said + wanted).isalpha():
        return 0.0
    if said.startswith(wanted) and len(said) - len(wanted) <= _ENDING:
        return 1.0
    likeness = alike(said, wanted)
    return likeness if likeness >= MISHEARD else 0.0
