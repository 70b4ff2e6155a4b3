"""Utterances as tokens: bounded, in one Unicode form, without anything invisible."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from booking.names.fold import fold
from booking.names.lexicon import Lexicon

MAX_HEARD = 400
"""Characters looked at; a name that comes later is in a story, not in an answer."""
_CODE = frozenset("<>{}[]|\\=$@#^~*_")
_BREAKS = frozenset(',;:!?…/()"„“”»«.&+')
_SIGNS = str.maketrans({**dict.fromkeys("’‘ʼ`´", "'"), **dict.fromkeys("‐‑–—", "-")})


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an utterance."""

    text: str
    folded: str
    """Without marks and apostrophes; hyphens stay."""
    after_break: bool
    """Punctuation parts it from the word before."""


def inert(text: str) -> str:
    """`text` bounded and composed, without control characters and symbols; dashes are `-`."""
    composed = unicodedata.normalize("NFKC", text[:MAX_HEARD]).translate(_SIGNS)
    if composed.isascii() and composed.isprintable():
        return composed
    return "".join(_visible(letter) for letter in composed)


def _visible(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Cf":  # joins or turns letters; without a meaning of its own in a name
        return ""
    return " " if category[0] in "CZ" or (category[0] == "S" and not letter.isascii()) else letter


def tokens(text: str, known: Lexicon) -> list[Token]:
    """The words of `text`; none if it holds characters of code, which no name does."""
    clear = inert(text)
    if any(letter in _CODE for letter in clear):
        return []
    said: list[Token] = []
    for token in _cut(clear, known):
        before = said[-2:]
        if len(before) > 1 and before[1].folded in known.hyphen:
            # "Hansen Bindestrich Kruse"
            joined = f"{before[0].text}-{token.text}"
            said[-2:] = [Token(joined, f"{before[0].folded}-{token.folded}", before[0].after_break)]
        elif before and before[-1].folded in known.commas:
            said[-1:] = [Token(token.text, token.folded, after_break=True)]
        else:
            said.append(token)
    return said


def _cut(text: str, known: Lexicon) -> Iterator[Token]:
    broken = False
    for chunk in text.split():
        start, end = 0, len(chunk)
        while start < end and not _is_letter(chunk[start]):
            start += 1
        while end > start and not _is_letter(chunk[end - 1]):
            end -= 1
        broken = broken or not _BREAKS.isdisjoint(chunk[:start]) or chunk == "-"
        folded = piece = ""
        for piece in _pieces(chunk[start:end]):
            folded = fold(piece).replace("'", "")
            yield Token(piece, folded, broken)
            broken = False
        rest = chunk[end:]
        abbreviated = rest == "." and (len(piece) == 1 or _is_abbreviation(folded, known))
        broken = broken or (not abbreviated and not _BREAKS.isdisjoint(rest))


def _is_letter(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter)[0] == "M"


def _is_abbreviation(word: str, known: Lexicon) -> bool:
    return word in known.titles or word in known.salutations or word == "st"


def _pieces(word: str) -> Iterator[str]:
    """`Brandt,Ute` and `Dr.Brandt` are two words; `Meyer-Lindt` and `O'Brien` are one."""
    joined = "".join(letter if _is_letter(letter) or letter in "-'" else " " for letter in word)
    yield from filter(None, (piece.strip("-'") for piece in joined.split()))
