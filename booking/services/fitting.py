"""How one name of a service fits what was said: word by word, through compounds and mishearings."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from booking.names.likeness import alike
from booking.services.phrase import Term
from booking.services.sides import Label, Utterance, says_what

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


def fit(label: Label, said: Utterance) -> Fit:
    """Lay `label` over what was said."""
    nothing = Fit(label.service)
    if label.contradicts(said):
        return nothing
    covers = [_cover(term, said.terms) for term in label.terms]
    shares = zip(label.weights, covers, strict=True)
    coverage = sum(weight * cover.share for weight, cover in shares) / sum(label.weights)
    if coverage < 1.0 and (run := _run_together(label, said)):
        return run
    used = frozenset[int]().union(*(cover.used for cover in covers))
    if coverage == 1.0 and label.is_everyday:
        return Fit(label.service, 1.0, used, used, complete=True)  # "Full service"
    telling = [said.terms[at] for at in used if not said.terms[at].weak]
    # "For men" or "60" alone say no service, if more was said or is in the name.
    vague = said.says_what and label.says_what and not any(map(says_what, telling))
    if vague or not telling:
        return nothing
    heard = {term.part for term, cover in zip(label.terms, covers, strict=True) if cover.share}
    special = any(cover.special for cover in covers)
    return Fit(
        label.service,
        coverage,
        used,
        whole=frozenset(at for cover in covers if cover.whole for at in cover.used),
        complete=heard == label.parts and not special,
        special=special,
    )


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
