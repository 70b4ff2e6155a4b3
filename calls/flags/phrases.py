"""By what one hears what a turn is about: patterns, one set a language.

All languages are heard at once: callers and models change theirs within a call.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from re import Pattern
from typing import Final

_SENTENCE: Final = re.compile(r"[^.!?…;]+[.!?…;]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Patterns of one language; sentences are matched in lower case."""

    booked: Pattern[str]
    """The agent says that an appointment stands."""
    moved: Pattern[str]
    cancelled: Pattern[str]
    names_time: Pattern[str]
    """A day or a time."""
    reserved: Pattern[str]
    """What takes such a sentence back: a condition, a negation, a wish."""
    asks_name: Pattern[str]
    asks_agreement: Pattern[str]
    """A question that says nothing without what was said before it."""
    courtesy: Pattern[str]
    """A question that may be asked again and again."""
    looking: Pattern[str]
    """The agent says that it is about to look, or asks for a moment."""
    wants_human: Pattern[str]
    upset: Pattern[str]
    farewell: Pattern[str]
    """The caller ends the call as one does, or has thought better of it."""


def sentences(text: str) -> Iterator[str]:
    """The sentences of a turn in lower case, each with its mark."""
    for found in _SENTENCE.findall(text.lower().replace("’", "'")):
        if sentence := found.strip():
            yield sentence


def pattern(*alternatives: str) -> Pattern[str]:
    """One pattern for all of them, each beginning at the beginning of a word."""
    return re.compile(r"\b(?:" + "|".join(alternatives) + ")")
