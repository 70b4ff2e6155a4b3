"""How alike two names are, and whether that makes them one person.

The question is always asked of a name heard on the phone and of a customer on the caller's number.
Alike surnames speak for the customer as much as for a relative; so the given names decide, and
where both are real and different, they are two people however alike they sound.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from booking.names.first_names import genders, is_first_name
from booking.names.parts import Spoken
from booking.names.said_otherwise import is_said_alike, is_short_form
from booking.names.sound import sound

SAME = 0.80
"""From here on two words are one name misheard; see docs/adr/0011-names-and-services.md."""
CLOSE = 0.66
"""From here on they may be."""
_NAMESAKE = 0.76
"""From here on surnames are one, if the given name is: few numbers have two Gerlindes."""
_NEARLY = 0.85
"""From here on two real first names are worth a question, not two people outright."""
_INITIAL = 0.85
"""An initial and a word that begins with it."""
_SHORT = 4
"""Letters of a surname that another first sound makes another one."""
_RUN_TOGETHER = 0.93
"""One letter in a whole name of usual length."""
_ONE_NAME = 0.82
"""Two real first names that differ in unstressed vowels only, such as Ute and Uta: one name, yet
far enough apart for an exact Uta on the same number."""
_LONGER = 3
"""Letters more that make another surname of one: `Bach`, `Bachmann`."""
_EAR_VOWELS = frozenset("aeiouAOU")


class Likeness(IntEnum):
    """Whether a heard name is a customer's; more is closer."""

    OTHER = 0
    UNSURE = 1
    """Close, yet perhaps a relative: worth a question."""
    SAME = 2
    EXACT = 3


@lru_cache(maxsize=8192)
def alike(one: str, other: str) -> float:
    """How much two folded words sound and look alike, 0 to 1."""
    if one == other or is_said_alike(one, other):
        return 1.0
    if not one or not other:
        return 0.0
    if min(len(one), len(other)) == 1:
        return _INITIAL if one[0] == other[0] else 0.0
    heard, stored = sound(one), sound(other)
    letters = JaroWinkler.similarity(one, other)
    ears = (
        JaroWinkler.similarity(heard.ear, stored.ear)
        + OSA.normalized_similarity(heard.ear, stored.ear)
    ) / 2
    score = 0.35 * letters + 0.65 * ears
    if heard.ear == stored.ear:
        score = max(score, 0.95)
    # Without vowels a short code says little: half of all names of two consonants share it.
    if len(heard.cologne) > 2 and heard.cologne == stored.cologne:  # noqa: PLR2004
        score += 0.08
    if not heard.metaphones.isdisjoint(stored.metaphones):
        score += 0.05
    return min(score, 1.0)


def alike_given(one: str, other: str) -> float:
    """How alike two folded given names are, knowing which names are different people's."""
    if one == other or is_short_form(one, other) or is_said_alike(one, other):
        return 1.0
    likeness = alike(one, other)
    known = is_first_name(one) and is_first_name(other)
    if not known or sound(one).ear == sound(other).ear:
        return likeness
    heard, stored = genders(one), genders(other)
    if heard and stored and heard.isdisjoint(stored):
        return 0.0
    if _stressed(one) == _stressed(other):
        return _ONE_NAME
    # Two real names: a recogniser may have swapped them, a family may have both.
    ceiling = SAME if likeness >= _NEARLY else CLOSE
    return min(likeness, ceiling - 0.01)


def _stressed(name: str) -> str:
    """A given name with its later vowels blurred: `ut.` for Ute and Uta, yet not for Ut."""
    heard = sound(name).ear
    first = next((at for at, letter in enumerate(heard) if letter in _EAR_VOWELS), 0) + 1
    blurred = "".join("." if letter in _EAR_VOWELS else letter for letter in heard[first:])
    return heard[:first] + blurred


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """What a comparison found; orders by certainty, then by score (0 to 1)."""

    likeness: Likeness
    score: float


_NOT_AT_ALL = Match(Likeness.OTHER, 0.0)


def compare(heard: Spoken, stored: Spoken) -> Match:
    """Judge whether the heard name is the stored one of a customer on the caller's number."""
    if not heard.words or not stored.words:
        return _NOT_AT_ALL
    if heard.generation and stored.generation and heard.generation != stored.generation:
        return _NOT_AT_ALL
    match = _compare_words(heard, stored)
    if heard.generation and not stored.generation and match.likeness > Likeness.UNSURE:
        # "Peter Schmitz junior" says that there is a senior; we do not know which one is stored.
        return Match(Likeness.UNSURE, match.score)
    return match


def _compare_words(heard: Spoken, stored: Spoken) -> Match:
    if heard.joined == stored.joined or sorted(heard.words) == sorted(stored.words):
        return Match(Likeness.EXACT, 1.0)
    if len(heard.words) == 1:
        return _compare_alone(heard.words[0], stored.words)
    if len(stored.words) == 1:
        return _compare_alone(stored.words[0], heard.words)
    if not (heard.seams and stored.seams):
        return _compare_surnames(heard, stored)
    best = max(
        _judge(given_heard, surname_heard, given_stored, surname_stored)
        for given_stored, surname_stored in _splits(stored)
        for given_heard, surname_heard in (*_splits(heard), *_turned(heard))
    )
    if best.likeness < Likeness.SAME and _is_cut_elsewhere(heard.words, stored.words):
        whole = alike(heard.joined, stored.joined)
        if whole >= _RUN_TOGETHER:
            return Match(Likeness.SAME, whole)
    return best


def _is_cut_elsewhere(heard: Sequence[str], stored: Sequence[str]) -> bool:
    """Whether words were run together or torn apart: `Bertold Kamp` for `Bert Holtkamp`."""
    if heard[-1] == stored[-1]:
        return False
    return len(heard) != len(stored) or abs(len(heard[0]) - len(stored[0])) > 2  # noqa: PLR2004


def _compare_alone(word: str, words: Sequence[str]) -> Match:
    """One word against a full name: a given name or a surname alone, or all run together."""
    given, *rest = words
    as_given = alike_given(word, given)
    as_surname = max(
        (_alike_surnames([word], [part]) for part in (*rest, "".join(rest)) if part), default=0.0
    )
    as_surname = max(as_surname, alike(word, "".join(words)))
    score = max(as_given, as_surname)
    if len(word) <= 3 and score < 0.95:  # noqa: PLR2004 - in so short a word a letter is a lot
        return Match(Likeness.OTHER, score)
    return Match(_graded(score, SAME, CLOSE), score)


def _compare_surnames(heard: Spoken, stored: Spoken) -> Match:
    """A double surname alone, such as `Meyer-Lindt`, against a name with or without a given one."""
    surnames = [
        [name.words, *(surname for _, surname in _splits(name))] for name in (heard, stored)
    ]
    score = max(_alike_surnames(one, other) for one in surnames[0] for other in surnames[1])
    return Match(_graded(score, SAME, CLOSE), score)


def _judge(
    given_heard: Sequence[str],
    surname_heard: Sequence[str],
    given_stored: Sequence[str],
    surname_stored: Sequence[str],
) -> Match:
    surname = _alike_surnames(surname_heard, surname_stored)
    given = _alike_givens(given_heard, given_stored)
    score = (given + surname) / 2
    if surname < CLOSE:
        return Match(Likeness.OTHER, score)
    # A given name that is none is a mishearing, so it may lie further off.
    slack = 0.0 if is_first_name(given_heard[0]) else 0.09
    likeness = _graded(given, SAME - slack, CLOSE - slack)
    if surname < SAME and likeness is Likeness.UNSURE:
        likeness = Likeness.OTHER
    elif surname < _NAMESAKE and likeness is Likeness.SAME:
        likeness = Likeness.UNSURE
    return Match(likeness, score)


def _graded(score: float, same: float, close: float) -> Likeness:
    if score >= same:
        return Likeness.SAME
    return Likeness.UNSURE if score >= close else Likeness.OTHER


def _splits(name: Spoken) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    for at in name.seams:
        yield name.words[:at], name.words[at:]


def _turned(name: Spoken) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Surname first: `Brandt Ute`."""
    for at in name.seams:
        yield name.words[at:], name.words[:at]


def _alike_surnames(heard: Sequence[str], stored: Sequence[str]) -> float:
    whole = alike("".join(heard), "".join(stored))
    if len(heard) == len(stored) == 1:
        longer, shorter = heard[0], stored[0]
        if len(longer) >= len(shorter) + _LONGER and longer.startswith(shorter):
            # Recognisers cut names off; they add no syllable.
            return min(whole, _NAMESAKE - 0.01)
        begins = {sound(word).ear[:1] for word in (longer, shorter)}
        if whole < 1.0 and len(begins) > 1 and min(len(longer), len(shorter)) <= _SHORT:
            return min(whole, _NAMESAKE - 0.01)  # "Vale", "Dale"
        return whole
    if len(heard) == 1 or len(stored) == 1:
        # Half of a double name.
        return max(whole, *(alike(one, other) for one in heard for other in stored))
    return whole


def _alike_givens(heard: Sequence[str], stored: Sequence[str]) -> float:
    whole = alike_given("".join(heard), "".join(stored))
    if len(heard) == len(stored) == 1:
        return whole
    if len(heard) > 1 and len(stored) > 1:
        first, last = alike_given(heard[0], stored[0]), alike_given(heard[-1], stored[-1])
        # "Anna Lena" and "Anna Maria" share a half, "Ulrich B." and "Berat B." nothing.
        return max(whole, first if last >= CLOSE else min(first, SAME - 0.01))
    if whole < _RUN_TOGETHER:
        whole = 0.0
    # Of several given names one is enough; a piece of a double surname is none of them.
    ours = [one for at, one in enumerate(heard) if not at or is_first_name(one)]
    return max(whole, *(alike_given(one, other) for one in ours for other in stored))
