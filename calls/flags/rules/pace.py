"""What took too long, and what was waited for in vain."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from calls.flags.facts import CallFacts, Finding
from calls.flags.hearing import over_at, says, turns_of
from calls.report import Said
from db.states import FlagKind, Role, Severity

_AGENT_SILENT_MS: Final = 6_000
"""A caller who has spoken asks "hello?" after some four seconds."""
_BOTH_SILENT_MS: Final = 15_000
"""A caller who was asked something may look into a diary."""
_LOOKS_WITHIN_MS: Final = 5_000
"""After "one moment" a tool is asked; F-002."""


def long_silence(call: CallFacts) -> Iterator[Finding]:
    """Nobody said anything for long; the longest such stretch, from its start."""
    longest, since, severity = 0, None, Severity.INFO
    for before, after in pairwise(call.turns):
        over = before.ends_at_ms
        if over is None or after.starts_at_ms is None:
            continue
        silent = after.starts_at_ms - over
        waited = before.role is Role.CALLER and after.role is Role.AGENT
        if silent >= (_AGENT_SILENT_MS if waited else _BOTH_SILENT_MS) and silent > longest:
            longest, since = silent, over
            severity = Severity.WARNING if waited else Severity.INFO
    if longest:
        yield Finding(FlagKind.LONG_SILENCE, severity, since, f"{longest / 1000:.0f} s")


def too_slow(call: CallFacts) -> Iterator[Finding]:
    """A tool was not answered in time; the first one."""
    for asked in call.tools:
        if asked.took_ms >= asked.deadline_ms:
            yield Finding(
                FlagKind.TOOL_TOO_SLOW,
                Severity.WARNING,
                asked.at_ms,
                f"{asked.tool}: {asked.took_ms / 1000:.1f} s",
            )
            return


def stalled(call: CallFacts) -> Iterator[Finding]:
    """The agent said that it was looking, and looked nowhere (F-002)."""
    holding = [turn for turn in turns_of(call, Role.AGENT) if _holds(turn)]
    timed = [turn for turn in holding if turn.starts_at_ms is not None]
    for turn in timed:
        if not _is_followed(turn, call):
            yield Finding(FlagKind.STALLED, Severity.WARNING, turn.starts_at_ms, turn.text)
            return
    untimed = len(holding) - len(timed)
    if untimed > len(call.tools):
        turn = holding[-1]
        yield Finding(FlagKind.STALLED, Severity.WARNING, turn.starts_at_ms, turn.text)


def _holds(turn: Said) -> bool:
    return says(turn, lambda phrases: phrases.looking)


def _is_followed(turn: Said, call: CallFacts) -> bool:
    """Whether a tool was asked around a turn, or the call was over too soon to tell."""
    starts, ends = turn.starts_at_ms or 0, over_at(turn) or 0
    until = ends + _LOOKS_WITHIN_MS
    if call.length_ms is not None and call.length_ms < until:
        return True
    return any(
        asked.at_ms <= until and asked.answered_at_ms >= starts - _LOOKS_WITHIN_MS
        for asked in call.tools
    )
