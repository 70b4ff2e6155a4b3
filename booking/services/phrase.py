"""Words in, stems out: what of an utterance, or of a service's name, can tell services apart."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from booking.services.languages import wording
from booking.services.wording import Wording

MAX_HEARD = 300
"""Characters looked at."""
MAX_WORDS = 40
_WORD = re.compile(r"[^\W_]+|[,;.!?+&/]")
_BREAKS = frozenset(",;.!?")
_APOSTROPHES = str.maketrans(dict.fromkeys("'’‘´`ʼ", ""))
_TRANSLITERATED = re.compile(r"([aou])e")
_MINUTES = "'"
"""Stands for any unit after a number; no word can be it."""
_LEAST_STEM = 3
"""Letters that an ending leaves at least."""
_LEAST_HEAD = 4
"""Letters of the last part of a compound at least."""
_LONGEST_DURATION = 5
"""Words: `one and a half hours`."""


@dataclass(frozen=True, slots=True)
class Term:
    """One meaningful word of a phrase."""

    stem: str
    word: str = ""
    """As said; in compounds a word may end otherwise than alone."""
    negated: bool = False
    """`ohne Föhnen`: said not to be wanted, or part of such a name."""
    weak: bool = False
    """An everyday word that happens to be in a name (`lange Massage`); alone it means nothing."""
    part: int = 0
    """Terms of one part stand together; `and`, commas and the like begin the next one."""

    @property
    def is_audience(self) -> bool:
        return self.stem.startswith("@")

    @property
    def is_number(self) -> bool:
        return self.stem.isdigit()


def plain(text: str) -> str:
    """`text` in lower case without marks and apostrophes, bounded."""
    bounded = unicodedata.normalize("NFKD", text[:MAX_HEARD].translate(_APOSTROPHES).casefold())
    return "".join(letter for letter in bounded if not unicodedata.combining(letter))


def terms(text: str, language: str, *, is_name: bool = False) -> tuple[Term, ...]:
    """Cut `text`, an utterance or a service's name, into its meaningful words."""
    words = wording(language)
    found: list[Term] = []
    negating, part = False, 0
    tokens = list(_with_durations(_WORD.findall(plain(text))[:MAX_WORDS], words))
    for at, token in enumerate(tokens):
        if token in words.negations:
            negating = True
        elif token in _BREAKS or token in words.turns:
            negating, part = False, part + 1
        elif token in words.joiners or not token.isalnum():
            part += 1
        elif token.isdigit() or token in words.numbers:
            timed = is_name or tokens[at + 1 : at + 2] == [_MINUTES]
            number = Term(words.numbers.get(token, token), weak=not timed)
            found.append(replace(number, negated=negating, part=part))
        elif token != _MINUTES:
            cut = _terms(token, language, is_name)
            found += [replace(term, negated=negating, part=part) for term in cut]
    return tuple(found)


@lru_cache(maxsize=8192)
def _terms(token: str, language: str, is_name: bool) -> tuple[Term, ...]:
    """The terms in one word: two for `Herrenhaarschnitt`, none for a short word in a name."""
    words = wording(language)
    known = _known_form(token, words)
    if known in words.audiences:
        return (Term(words.audiences[known]),)
    if token in words.fillers or token in words.vague:
        everyday = Term(stem(token, words), token, weak=True)
        return () if is_name and len(token) <= _LEAST_STEM else (everyday,)
    if audience := _audience_before(known, words):
        rest = known[len(audience) :]
        return (Term(words.audiences[audience]), Term(stem(rest, words), rest))
    return (Term(stem(known, words), known),)


def _known_form(token: str, words: Wording) -> str:
    """`maenner` as `manner`, if that is a word we know."""
    short = _TRANSLITERATED.sub(r"\1", token)
    return short if short in words.stems or short in words.audiences else token


def _audience_before(token: str, words: Wording) -> str | None:
    """The audience that a compound starts with: `herren` of `herrenhaarschnitt`."""
    for length in range(len(token) - _LEAST_HEAD, _LEAST_STEM, -1):
        if token[:length] in words.audiences:
            return token[:length]
    return None


def stem(word: str, words: Wording) -> str:
    """What stays of a word in all its forms; of a compound its last part changes."""
    if word in words.stems:
        return words.stems[word]
    for at in range(_LEAST_STEM, len(word) - _LEAST_HEAD + 1):
        if word[at:] in words.stems:
            return word[:at] + words.stems[word[at:]]
    for ending in words.endings:
        if word.endswith(ending) and len(word) - len(ending) > _LEAST_STEM:
            word = word[: -len(ending)]
            break
    for prefix in words.prefixes:
        if word.startswith(prefix) and word[len(prefix) :] in words.stems:
            return words.stems[word[len(prefix) :]]
    return words.stems.get(word, word)


def _with_durations(tokens: Sequence[str], words: Wording) -> Iterator[str]:
    """The tokens with durations as minutes: `half an hour` as `30` and a mark after it."""
    at = 0
    while at < len(tokens):
        for length in range(min(_LONGEST_DURATION, len(tokens) - at), 0, -1):
            minutes = words.hours.get(" ".join(tokens[at : at + length]))
            if minutes is not None:
                yield from (str(minutes), _MINUTES)
                at += length
                break
        else:
            yield from _apart(tokens[at], words)
            at += 1


def _apart(token: str, words: Wording) -> Iterator[str]:
    """`60min` and `60er` as `60`."""
    digits = re.match(r"\d+(?=[^\d])", token)
    if digits is None:
        yield _MINUTES if token in words.units else token
        return
    yield digits.group()
    rest = token[digits.end() :]
    if rest in words.units:
        yield _MINUTES
    elif len(rest) > _LEAST_STEM:
        yield rest
