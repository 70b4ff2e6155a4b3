"""What callers say about one letter: `mit dt`, `with a y`, `ohne h`, `Doppel-f`, `e at the end`."""

import re
from dataclasses import dataclass

from booking.names.fold import fold
from booking.names.lexicon import Lexicon
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
_UMLAUTS = {"a": "ä", "o": "ö", "u": "ü"}
_PLAIN = {umlaut: letter for letter, umlaut in _UMLAUTS.items()}
_MOST_LETTERS = 3
_INITIAL = frozenset("ck")
"""Letters that callers mean where the word begins: `Catherine with a K`."""


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


def read_hint(text: str, known: Lexicon) -> Hint | None:
    """The remark in `text`, or None if it is not one."""
    flat = " ".join(re.findall(r"[^\W_]+(?:['’][^\W_]+)?|[,;]", text.lower()))
    marks = "|".join(sorted(known.with_words | known.without, key=len, reverse=True))
    found = re.match(rf"(.*?)\b({marks})\b(.*)", flat)
    if found:
        about, mark, rest = (part.strip() for part in found.groups())
    else:
        about, mark, rest = "", "", flat
    at_the_end = False
    for phrase in known.at_the_end:
        folded = re.sub(rf"\b{phrase}\b", " ", rest)
        at_the_end, rest = at_the_end or folded != rest, folded
    if not found and not at_the_end and not set(fold(rest).split()) & known.twice:
        return None
    rest, *wrong = re.split(rf"\b(?:{'|'.join(sorted(known.rather))})\b", rest, maxsplit=1)
    once = any(word in known.once for word in f"{mark} {rest}".split())
    words = [word for word in rest.split() if word not in known.once | known.soft]
    if words and fold(words[0]) in known.umlaut and len(words) == 1:
        letters = "umlaut"
    else:
        letters = Reader(" ".join(words), known).letters()
        if not 0 < len(letters) <= _MOST_LETTERS:
            return None
    return Hint(
        letters,
        present=mark not in known.without,
        at_the_end=at_the_end,
        single=once and len(letters) == 1,
        instead=Reader(wrong[0].removeprefix(" an "), known).letters() if wrong else "",
        about=about.split()[-1] if about else "",
    )


def apply_hint(word: str, hint: Hint) -> str:
    """`word`, in small letters, as the remark wants it; unchanged where it does not fit."""
    if hint.letters == "umlaut":
        table = _UMLAUTS if hint.present else _PLAIN
        return re.sub(f"[{''.join(table)}]", lambda at: table[at.group()], word, count=1)
    if not hint.present:
        return _without(word, hint)
    if hint.instead and hint.instead in word:
        at = word.rfind(hint.instead)
        return word[:at] + hint.letters + word[at + len(hint.instead) :]
    if hint.single and hint.letters * 2 in word:
        return word.replace(hint.letters * 2, hint.letters, 1)
    if hint.at_the_end:
        return _ending(word, hint.letters)
    if hint.letters in word:
        return word
    return _with(word, hint.letters)


def _without(word: str, hint: Hint) -> str:
    letters = hint.letters
    at = word.rfind(letters) if letters in "aeiou" or hint.at_the_end else word.find(letters)
    return word if at < 0 else word[:at] + word[at + len(letters) :]


def _ending(word: str, letters: str) -> str:
    if word.endswith(letters):
        return word
    for old in _others(letters):
        if word.endswith(old):
            return word[: -len(old)] + letters
    return word + letters


def _others(letters: str) -> list[str]:
    """Spellings that may stand where `letters` belong, longest first."""
    others = {other for sounds in _SOUNDS if letters in sounds for other in sounds}
    if len(letters) == 2 and letters[0] == letters[1]:  # noqa: PLR2004
        others = {letters[0]}
    return sorted(others - {letters}, key=lambda other: (-len(other), other))


def _with(word: str, letters: str) -> str:
    if letters == "h":
        return _with_h(word)
    for old in _others(letters):
        at = word.find(old) if old in _INITIAL else word.rfind(old)
        if at >= 0:
            return word[:at] + letters + word[at + len(old) :]
    if letters == "e":
        return word + letters
    return word


def _with_h(word: str) -> str:
    """`Thomas`, `Sarah`, `John`: where a silent h usually stands."""
    if "h" in word:
        return word
    if "t" in word:
        return word.replace("t", "th", 1)
    if word[-1:] in "aeiou":
        return word + "h"
    return word[:-1] + "h" + word[-1:]
