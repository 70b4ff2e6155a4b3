"""A heard name put right by what was spelled."""

from collections.abc import Sequence

from booking.names.casing import write_word
from booking.names.first_names import is_first_name
from booking.names.fold import fold
from booking.names.hints import Hint, apply_hint, read_hints
from booking.names.languages import lexicon
from booking.names.likeness import alike
from booking.names.spelling import Reader, spelled

_A_PART = 2
"""Letters that are a remark on the name and not the name, where they resemble nothing heard."""
_RECOGNISABLE = 0.55
"""How alike a heard and a spelled word must be for the one to replace the other."""


def merge(heard: tuple[str, ...], text: str, language: str) -> tuple[str, ...]:
    """The heard words with the spelled ones in their place; the others are kept.

    Args:
        heard: The name as heard, maybe no word of it.
        text: What was spelled, or a remark such as `mit dt`.
        language: Of the call.
    """
    if hints := read_hints(text, language):
        return _hinted(heard, hints)
    name = spelled(_without_remarks(text, language), language)
    if name is None:
        letter = Reader(text, lexicon(language)).letters()
        named = any(f" {mark} " in f" {text.lower()} " for mark in lexicon(language).as_in)
        # "G wie Gustav", and no more of it: the letter that was misheard
        return _hinted(heard, [Hint(letter, present=True)]) if letter and named else heard
    return _replaced(heard, tuple(name.split())) if heard else tuple(name.split())


def corrected(settled: str, name: str) -> str:
    """The settled name after the caller said `name` instead: `Marta Ehlerz` after `Ehlerz`.

    A single word that resembles the surname takes its place; anything else is a name of its own.
    """
    *given, surname = settled.split()
    said = _joined([name])
    likeness = alike(said, _joined([surname]))
    as_given = max((alike(said, _joined([one])) for one in given), default=1.0)
    if " " in name or likeness < _RECOGNISABLE or as_given >= likeness:
        return name
    return " ".join((*given, name))


def _without_remarks(text: str, language: str) -> str:
    """`T A Y L O R` of `Taylor with a y, T A Y L O R`: the letters say it all."""
    known = lexicon(language)
    marks = known.with_words | known.without
    parts = [f" {' '.join(part.lower().split())} " for part in text.split(",")]
    letters = [part for part in parts if not any(f" {mark} " in part for mark in marks)]
    return ",".join(letters) if letters != parts and spelled(",".join(letters), language) else text


def _hinted(heard: tuple[str, ...], hints: Sequence[Hint]) -> tuple[str, ...]:
    about = hints[0].about
    if not heard:
        return (_with_hints(about, hints),) if about else heard
    words = list(heard)
    likeness, at = max((alike(_joined([word]), fold(about)), at) for at, word in enumerate(words))
    if about and likeness >= _RECOGNISABLE:
        words[at] = _with_hints(about, hints)
        return tuple(words)
    # Without a word of its own the remark is about the surname, then about the first name.
    for at in range(len(words) - 1, -1, -1):
        corrected = _with_hints(words[at], hints)
        if corrected.lower() != words[at].lower():
            words[at] = corrected
            break
        if all(hint.present and hint.letters in words[at].lower() for hint in hints):
            break
    return tuple(words)


def _with_hints(word: str, hints: Sequence[Hint]) -> str:
    word = word.lower()
    for hint in hints:
        word = apply_hint(word, hint)
    return write_word(word)


def _replaced(heard: tuple[str, ...], words: tuple[str, ...]) -> tuple[str, ...]:
    """Put spelled words where they resemble heard ones.

    Spelled words that resemble nothing heard are the surname: callers spell what is difficult.
    """
    target = _joined(words)
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
    if len(target) <= _A_PART and len(heard[-1]) > _A_PART:
        return _hinted(heard, [Hint(target, present=True)])
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
