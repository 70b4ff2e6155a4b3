"""Words in, stems out: what of an utterance, or of a service's name, can tell services apart."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from booking.services.wording import Wording

MAX_HEARD = 300
"""Characters looked at."""
MAX_WORDS = 40
_WORD = re.compile(r"[^\W_]+|[,;.!?+&/]")
_BREAKS = frozenset(",;.!?")
_APOSTROPHES = str.maketrans(dict.fromkeys("'’‘´`ʼ", ""))
_TRANSLITERATED = re.compile(r"([aou])e")
_LEAST_STEM = 3
_LEAST_COMPOUND = 4


@dataclass(frozen=True, slots=True)
class Term:
    """One meaningful word of a phrase."""

    stem: str
    negated: bool = False
    """`ohne Föhnen`: said not to be wanted, or part of such a name."""

    @property
    def is_audience(self) -> bool:
        return self.stem.startswith("@")

    @property
    def is_number(self) -> bool:
        return self.stem.isdigit()


@dataclass(frozen=True, slots=True)
class Phrase:
    """An utterance or a name, cut into terms."""

    terms: tuple[Term, ...]
    vague: bool = False
    """It spoke of a service without naming one: `the usual`."""

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.negated)


def plain(text: str) -> str:
    """`text` in lower case without marks and apostrophes, bounded."""
    bounded = unicodedata.normalize("NFKD", text[:MAX_HEARD].translate(_APOSTROPHES).casefold())
    return "".join(letter for letter in bounded if not unicodedata.combining(letter))


def phrase(text: str, words: Wording, *, is_name: bool = False) -> Phrase:
    """Cut `text` into terms; of a service's name every word counts, of an utterance few do."""
    tokens = _WORD.findall(plain(text))[:MAX_WORDS]
    tokens = list(_with_durations(tokens, words))
    terms: list[Term] = []
    vague = negating = False
    for token in tokens:
        if token in _BREAKS or token in words.turns:
            negating = False
            continue
        if token in words.negations:
            negating = True
            continue
        if token in words.joiners or not token[0].isalnum():
            continue
        found = _terms(token, words, is_name=is_name)
        vague = vague or (not found and token in words.vague)
        terms += [Term(stem, negated=negating) for stem in found]
    return Phrase(tuple(terms), vague)


def _terms(token: str, words: Wording, *, is_name: bool) -> list[str]:
    """The stems in one token: two for `Herrenhaarschnitt`, none for `bitte`."""
    if token.isdigit():
        return [token]
    if token in words.units:
        return []
    if token in words.numbers:
        return [words.numbers[token]]
    known = _known_form(token, words)
    if known in words.audiences:
        return [words.audiences[known]]
    if known in words.stems:
        return [words.stems[known]]
    if token in words.fillers or token in words.vague:
        return [stem(token, words)] if is_name and len(token) > _LEAST_STEM else []
    if audience := _audience_before(known, words):
        rest = known[len(audience) :]
        return [words.audiences[audience], stem(rest, words)]
    return [stem(known, words)]


def _known_form(token: str, words: Wording) -> str:
    """`maenner` as `manner`, if that is a word we know."""
    short = _TRANSLITERATED.sub(r"\1", token)
    return short if short in words.stems or short in words.audiences else token


def _audience_before(token: str, words: Wording) -> str | None:
    """The audience that a compound starts with: `herren` of `herrenhaarschnitt`."""
    for length in range(len(token) - _LEAST_COMPOUND, _LEAST_STEM - 1, -1):
        if token[:length] in words.audiences:
            return token[:length]
    return None


def stem(word: str, words: Wording) -> str:
    """What stays of a word in all its forms."""
    if word in words.stems:
        return words.stems[word]
    for ending in words.endings:
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) > _LEAST_STEM:
            word = rest
            break
    for prefix in words.prefixes:
        if word.startswith(prefix) and word[len(prefix) :] in words.stems:
            return words.stems[word[len(prefix) :]]
    return words.stems.get(word, word)


def _with_durations(tokens: Sequence[str], words: Wording) -> Iterator[str]:
    """The tokens with spoken durations as minutes: `half an hour` as `30`."""
    at = 0
    while at < len(tokens):
        for length in range(5, 0, -1):
            said = " ".join(tokens[at : at + length])
            if said in words.hours and length <= len(tokens) - at:
                yield str(words.hours[said])
                at += length
                break
        else:
            yield from _apart(tokens[at])
            at += 1


def _apart(token: str) -> Iterator[str]:
    """`60min` and `60er` as `60`."""
    digits = re.match(r"\d+", token)
    if digits and not token.isdigit():
        yield digits.group()
        if len(token) - digits.end() > _LEAST_STEM:
            yield token[digits.end() :]
    else:
        yield token
