"""The rules: each looks at a call and says what it finds."""

from collections.abc import Callable, Iterator
from typing import Final

from calls.flags.facts import CallFacts, Finding
from calls.flags.rules.circles import going_round, name_asked_twice, question_repeated
from calls.flags.rules.pace import long_silence, stalled, too_slow
from calls.flags.rules.promises import booked_unheard, told_without_booking
from calls.flags.rules.wishes import (
    hidden_change,
    hung_up_midway,
    negative_end,
    refused_by_rules,
    technical_fault,
    wants_a_human,
)

__all__ = ["RULES", "Rule"]

Rule = Callable[[CallFacts], Iterator[Finding]]
"""Yields at most one finding of a kind, or one of a kind for each booking."""

RULES: Final[tuple[Rule, ...]] = (
    told_without_booking,
    booked_unheard,
    name_asked_twice,
    question_repeated,
    long_silence,
    stalled,
    too_slow,
    going_round,
    technical_fault,
    wants_a_human,
    negative_end,
    hung_up_midway,
    hidden_change,
    refused_by_rules,
)
