"""What is asked of a call when it is over: deterministic checks of calendar, rows and words.

The verdict on a call is the product of `DECIDING`; every other check stands for itself.
"""

from collections.abc import Callable, Sequence
from typing import Final

from evals.checks import manner, promises, speech, state
from evals.checks.evidence import Evidence
from evals.checks.figures import figures
from evals.records import VerdictRecord

Check = Callable[[Evidence], VerdictRecord]

DECIDING: Final[dict[str, Check]] = {
    "end_state": state.end_state,
    "no_double_booking": state.no_double_booking,
    "no_orphan": state.no_orphan,
    "nothing_promised": promises.nothing_promised,
    "consent_before_write": promises.consent_before_write,
    "nothing_disclosed": speech.nothing_disclosed,
}
"""Any of these fails a call, whatever else was good about it."""

OTHERS: Final[dict[str, Check]] = {
    "name_asked_once": speech.name_asked_once,
    "facts_said": speech.facts_said,
    "recovered": state.recovered,
    "valid_calls": manner.valid_calls,
    "no_repeat": manner.no_repeat,
    "repeats_agree": manner.repeats_agree,
    "short_turns": manner.short_turns,
    "speakable": manner.speakable,
    "within_limits": manner.within_limits,
}
"""Reported and gated one by one."""


def judge(evidence: Evidence) -> list[VerdictRecord]:
    """Ask every check."""
    return [check(evidence) for check in (*DECIDING.values(), *OTHERS.values())]


def passes(verdicts: Sequence[VerdictRecord]) -> bool:
    """Whether nothing that decides has failed."""
    return all(each.passed for each in verdicts if each.name in DECIDING)


__all__ = ["DECIDING", "OTHERS", "Check", "Evidence", "figures", "judge", "passes"]
