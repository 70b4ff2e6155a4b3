"""What was asked more than once, of the caller or of a tool."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from rapidfuzz import fuzz

from calls.flags.facts import CallFacts, Finding
from calls.flags.hearing import means, questions, turns_of
from calls.report import Said
from db.states import FlagKind, Role, Severity

_LIKE: Final = 92.0
"""Percent: a filler word more or less is the same question, another day is not."""
_FEWEST_WORDS: Final = 3
_TOO_OFTEN: Final = 3
_DIGITS: Final = re.compile(r"\d+")


def name_asked_twice(call: CallFacts) -> Iterator[Finding]:
    """The caller was asked for a name more than once; at the second time."""
    asking = [turn for turn in turns_of(call, Role.AGENT) if _asks_name(turn)]
    if len(asking) > 1:
        again = asking[1]
        yield Finding(FlagKind.NAME_ASKED_TWICE, Severity.WARNING, again.starts_at_ms, again.text)


def question_repeated(call: CallFacts) -> Iterator[Finding]:
    """The same was asked twice; a read-back is another question if it reads back something else."""
    before: list[str] = []
    for turn in turns_of(call, Role.AGENT):
        asked = [
            question for question in _questions(turn) if len(question.split()) >= _FEWEST_WORDS
        ]
        if any(_is_same(question, earlier) for question in asked for earlier in before):
            yield Finding(FlagKind.QUESTION_REPEATED, Severity.INFO, turn.starts_at_ms, turn.text)
            return
        before += asked


def going_round(call: CallFacts) -> Iterator[Finding]:
    """A tool was asked the same again and again, or too often at all."""
    seen: Counter[tuple[str, str]] = Counter()
    for asked in call.tools:
        seen[asked.tool, asked.arguments] += 1
        if asked.status == "limited" or seen[asked.tool, asked.arguments] >= _TOO_OFTEN:
            yield Finding(FlagKind.TOOL_REPEATED, Severity.WARNING, asked.at_ms, asked.tool)
            return


def _asks_name(turn: Said) -> bool:
    return any(means(question, lambda phrases: phrases.asks_name) for question in questions(turn))


def _questions(turn: Said) -> Iterator[str]:
    """Questions as they are compared: one that only asks for a yes with all that comes before."""
    for question in questions(turn):
        if means(question, lambda phrases: phrases.courtesy) or _names(question):
            continue
        is_bare = means(question, lambda phrases: phrases.asks_agreement)
        yield turn.text.lower() if is_bare else question


def _names(question: str) -> bool:
    return means(question, lambda phrases: phrases.asks_name)


def _is_same(one: str, other: str) -> bool:
    return _DIGITS.findall(one) == _DIGITS.findall(other) and fuzz.ratio(one, other) >= _LIKE
