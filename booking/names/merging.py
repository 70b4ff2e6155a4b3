"""A heard name put right by what was spelled."""

from collections.abc import Sequence

from booking.names.first_names import is_first_name
from booking.names.fold import fold
from booking.names.lexicon import lexicon
from booking.names.likeness import alike
from booking.names.spelling import spelled

_RECOGNISABLE = 0.55
"""How alike a heard and a spelled word must be for the one to replace the other."""


def merge(heard: tuple[str, ...], text: str, language: str) -> tuple[str, ...]:
    """The heard words with the spelled ones in their place; the others are kept.

    Spelled words that resemble nothing heard are the surname: callers spell what is difficult.
    """
    name = spelled(text, language)
    if name is None:
        return heard
    words = tuple(name.split())
    if not heard:
        return words
    target = fold("".join(words))
    spans = [
        (alike(_joined(heard[start:end]), target), start, end)
        for start in range(len(heard))
        for end in range(start + 1, len(heard) + 1)
    ]
    likeness, start, end = max(spans, key=lambda span: (span[0], span[1]))
    if likeness >= _RECOGNISABLE:
        return (*heard[:start], *words, *heard[end:])
    if len(words) > 1 and is_first_name(fold(words[0])):
        return words
    if len(heard) == 1:
        return (*heard, *words) if is_first_name(fold(heard[0])) else words
    return (*heard[: _surname_at(heard)], *words)


def _joined(words: Sequence[str]) -> str:
    return fold("".join(words)).replace("-", "").replace("'", "")


def _surname_at(words: Sequence[str]) -> int:
    at = len(words) - 1
    particles = lexicon("de").particles
    while at > 1 and words[at - 1].lower() in particles:
        at -= 1
    return at
