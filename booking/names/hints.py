"""What callers say about one letter: `mit dt`, `with a y`, `ohne h`, `Doppel-f`, `e at the end`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from booking.names.fold import fold
from booking.names.languages import lexicon
from booking.names.spelling import Reader

_SOUNDS = (
    ("ei", "ai", "ey", "ay", "aei"),
    ("eu", "oi", "äu", "oy", "eu"),
    ("ie", "ee", "ea", "ih", "i", "y"),
    ("i", "y", "ü", "j"),
    ("dt", "th", "tt", "dd", "t", "d"),
    ("ck", "ch", "kk", "cc", "qu", "k", "c", "g"),
    ("ph", "ff", "pf", "f", "v", "w"),
    ("sch", "sh", "ch", "s"),
    ("tz", "ts", "zz", "z", "c", "s"),
    ("ss", "ß", "sz", "s", "z", "c"),
    ("chs", "cks", "ks", "x"),
    ("ä", "ae", "e"),
    ("ö", "oe", "o"),
    ("ü", "ue", "u", "y"),
    ("b", "p"),
    ("g", "k"),
    ("oo", "ou", "u"),
)
"""Spellings of one sound, longest first; what is there gives way to what was said."""
_DOUBLED = {"t": "dt", "k": "ck", "z": "tz", "s": "ß", "f": "ph"}
"""What else stands for a letter where two of it belong: `Schmidt`, `mit Doppel-t`."""
_UMLAUTS = {"a": "ä", "o": "ö", "u": "ü"}
_PLAIN = {umlaut: letter for letter, umlaut in _UMLAUTS.items()}
_MOST_LETTERS = 3
_INITIAL = frozenset("ck")
"""Letters that callers mean where the word begins: `Catherine with a K`."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


@dataclass(frozen=True, slots=True)
class Hint:
    """One remark about the spelling of a heard name."""

    letters: str
    """At most three, small; `umlaut` if only that was said."""
    present: bool
    """They are in the name; else they are not."""
    at_the_end: bool = False
    single: bool = False
    """`mit einem l`: not two of them."""
    instead: str = ""
    """The letters that are wrong: `mit d statt t`."""
    about: str = ""
    """The word that the remark follows: `Stephan` in `Stephan mit ph`."""


def read_hints(text: str, language: str) -> list[Hint]:
    """The remarks in `text`: two in `with a y and an e`; none if it is something else."""
    known = lexicon(language)
    first, *more = _alternatives(known.joiners).split(" ".join(_WORD.findall(text.lower())))
    found = _alternatives(known.with_words | known.without).search(first)
    mark = found.group() if found else ""
    hints = [read_hint(part, language) for part in (first, *(f"{mark} {part}" for part in more))]
    return [hint for hint in hints if hint] if all(hints) else []


def read_hint(text: str, language: str) -> Hint | None:
    """The remark in `text`, or None if it is not one."""
    known = lexicon(language)
    flat = " ".join(_WORD.findall(text.lower()))
    found = _alternatives(known.with_words | known.without).search(flat)
    about, mark, rest = ("", "", flat)
    if found:
        about, mark, rest = flat[: found.start()], found.group(), flat[found.end() :]
    rest, endings = _alternatives(known.at_the_end).subn(" ", rest)
    rest, *wrong = _alternatives(known.rather).split(rest, maxsplit=1)
    if not (found or endings or wrong or set(rest.split()) & known.twice):
        return None
    once = bool(known.once & set(f"{mark} {rest}".split()))
    words = [word for word in rest.split() if word not in known.once | known.soft]
    letters = _letters(words, language)
    if not letters:
        return None
    return Hint(
        letters,
        present=mark not in known.without,
        at_the_end=bool(endings),
        single=once and len(letters) == 1,
        instead=_letters([word for word in wrong[0].split() if word != "an"], language)
        if wrong
        else "",
        about=about.split()[-1] if about else "",
    )


@cache
def _alternatives(phrases: Iterable[str]) -> re.Pattern[str]:
    """Any of the phrases as whole words, the longest first."""
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"\b(?:{'|'.join(ordered)})\b")


def _letters(words: list[str], language: str) -> str:
    """The few letters that the words name, and nothing else; empty otherwise."""
    known = lexicon(language)
    if len(words) == 1 and fold(words[0]) in known.umlaut:
        return "umlaut"
    letters = Reader(" ".join(words), known).letters()
    return letters if len(letters) <= _MOST_LETTERS else ""


def apply_hint(word: str, hint: Hint) -> str:
    """`word`, in small letters, as the remark wants it; unchanged where it does not fit."""
    letters = hint.letters
    if letters == "umlaut":
        table = _UMLAUTS if hint.present else _PLAIN
        return re.sub(f"[{''.join(table)}]", lambda at: table[at.group()], word, count=1)
    if not hint.present:
        at = word.rfind(letters) if letters in "aeiou" or hint.at_the_end else word.find(letters)
        return word if at < 0 else word[:at] + word[at + len(letters) :]
    if hint.instead and hint.instead in word:
        return letters.join(word.rsplit(hint.instead, 1))
    if hint.single and letters * 2 in word:
        return word.replace(letters * 2, letters, 1)
    if hint.at_the_end:
        return _ending(word, letters)
    return word if letters in word else _with(word, letters)


def _ending(word: str, letters: str) -> str:
    if word.endswith(letters):
        return word
    for old in _others(letters):
        if word.endswith(old):
            return word[: -len(old)] + letters
    return word + letters


def _others(letters: str) -> list[str]:
    """Spellings that may stand where `letters` belong, longest first."""
    if len(letters) > 1 and len(set(letters)) == 1:
        return [old for old in (_DOUBLED.get(letters[0]), letters[0]) if old]
    others = {other for sounds in _SOUNDS if letters in sounds for other in sounds}
    return sorted(others - {letters}, key=lambda other: (-len(other), other))


def _with(word: str, letters: str) -> str:
    if letters == "h":
        return _with_h(word)
    for old in _others(letters):
        first = old in _INITIAL or letters in _PLAIN
        at = word.find(old) if first else word.rfind(old)
        if at >= 0:
            return word[:at] + letters + word[at + len(old) :]
    if letters == "p":
        return re.sub("m(?=[st])", "mp", word, count=1)
    if letters == "e":
        return word + letters
    return word


def _with_h(word: str) -> str:
    """`Thomas`, `Sarah`, `John`: where a silent h usually stands."""
    if "t" in word:
        return word.replace("t", "th", 1)
    if word[-1:] in "aeiou":
        return word + "h"
    return word[:-1] + "h" + word[-1:]
