"""What the caller wanted and did not get."""

from collections.abc import Iterator
from typing import Final

from calls.flags.facts import Asked, CallFacts, Finding
from calls.flags.hearing import says, turns_of
from db.states import Ending, FlagKind, Role, Severity

_MET: Final = frozenset(
    {"booked", "already_booked", "requested", "moved", "cancelled", "unchanged"}
)
_PASSED_ON: Final = "callback_created"
_MIDWAY: Final = frozenset(
    {"available", "need_confirmation", "need_name", "need_choice", "identified", "new_caller"}
    | {"slot_taken", "none_free"}
)
"""After these the caller is asked something on the way to an appointment."""
_CHANGING: Final = frozenset({"reschedule", "cancel"})
_GONE: Final = frozenset({Ending.CALLER_HUNG_UP, Ending.SILENCE})
_LAST_WORDS: Final = 3


def technical_fault(call: CallFacts) -> Iterator[Finding]:
    """Something broke: in a tool, or at the platform."""
    for position, asked in enumerate(call.tools):
        if not asked.ok:
            mended = any(later.status in _MET for later in call.tools[position:])
            severity = Severity.INFO if mended else Severity.WARNING
            yield Finding(FlagKind.TECHNICAL_FAULT, severity, asked.at_ms, asked.tool)
            return
    if call.ending is Ending.FAULT:
        yield Finding(FlagKind.TECHNICAL_FAULT, Severity.WARNING, call.length_ms)


def wants_a_human(call: CallFacts) -> Iterator[Finding]:
    """The caller asked for somebody; if that was passed on, it is less urgent."""
    for wished in turns_of(call, Role.CALLER):
        if not says(wished, lambda phrases: phrases.wants_human):
            continue
        passed_on = call.ending is Ending.TRANSFERRED or any(
            asked.status == _PASSED_ON for asked in call.tools
        )
        severity = Severity.INFO if passed_on else Severity.WARNING
        yield Finding(FlagKind.WANTS_A_HUMAN, severity, wished.starts_at_ms, wished.text)
        return


def negative_end(call: CallFacts) -> Iterator[Finding]:
    """The caller's last words were angry, or the platform heard that they were."""
    last = turns_of(call, Role.CALLER)[-_LAST_WORDS:]
    for turn in last:
        if says(turn, lambda phrases: phrases.upset):
            yield Finding(FlagKind.NEGATIVE_END, Severity.WARNING, turn.starts_at_ms, turn.text)
            return
    if (call.sentiment or "").lower() == "negative":
        at = last[0].starts_at_ms if last else None
        yield Finding(FlagKind.NEGATIVE_END, Severity.WARNING, at)


def hung_up_midway(call: CallFacts) -> Iterator[Finding]:
    """The caller was gone while an appointment was being made."""
    if call.ending not in _GONE or _got_something(call):
        return
    booking = [asked for asked in call.tools if asked.status in _MIDWAY]
    if not booking or call.tools[-1] is not booking[-1] or _took_leave(call):
        return
    last = call.turns[-1].starts_at_ms if call.turns else None
    at = booking[-1].at_ms if last is None else last
    yield Finding(FlagKind.HUNG_UP_MIDWAY, Severity.WARNING, at, booking[-1].status)


def hidden_change(call: CallFacts) -> Iterator[Finding]:
    """Somebody whom nobody can identify wanted to change an appointment."""
    for asked in call.tools:
        if call.is_hidden and _is_refused(asked):
            yield Finding(FlagKind.HIDDEN_CHANGE, Severity.WARNING, asked.at_ms, asked.tool)
            return


def refused_by_rules(call: CallFacts) -> Iterator[Finding]:
    """A rule of the house stood in the way, and nothing else came of the call."""
    for asked in call.tools:
        too_early_or_late = asked.status in {"too_soon", "too_far"} and not _got_something(call)
        refused = not call.is_hidden and asked.status == "not_permitted"
        if too_early_or_late or (refused and asked.tool in _CHANGING):
            note = f"{asked.tool}: {asked.status}"
            yield Finding(FlagKind.REFUSED_BY_RULES, Severity.INFO, asked.at_ms, note)
            return


def _is_refused(asked: Asked) -> bool:
    return asked.tool in _CHANGING and asked.status in {"not_permitted", _PASSED_ON}


def _got_something(call: CallFacts) -> bool:
    return any(asked.status in _MET or asked.status == _PASSED_ON for asked in call.tools)


def _took_leave(call: CallFacts) -> bool:
    last = turns_of(call, Role.CALLER)[-1:]
    return any(says(turn, lambda phrases: phrases.farewell) for turn in last)
