"""What the caller was told and what was done: the promise of this system, held against a call."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from calls.flags.facts import Asked, CallFacts, Finding
from calls.flags.hearing import Choice, claims, over_at, turns_of
from calls.report import Said
from db.states import FlagKind, Role, Severity

_CLOCKS_MS: Final = 2_000
"""Turns are timed by the platform and tool calls by us; both clocks are set over the network."""


@dataclass(frozen=True, slots=True)
class _Deed:
    """Something that the agent may say is done."""

    said: Choice
    proven_by: frozenset[str]
    """Statuses of tools that allow the sentence."""
    done_by: frozenset[str]
    """Those that changed the calendar and must be told."""


_DEEDS: Final = (
    _Deed(
        lambda phrases: phrases.booked,
        frozenset({"booked", "already_booked", "found", "moved", "unchanged"}),
        frozenset({"booked"}),
    ),
    _Deed(
        lambda phrases: phrases.moved,
        frozenset({"moved", "unchanged"}),
        frozenset({"moved"}),
    ),
    _Deed(
        lambda phrases: phrases.cancelled,
        frozenset({"cancelled", "none_found"}),
        frozenset({"cancelled"}),
    ),
)


def told_without_booking(call: CallFacts) -> Iterator[Finding]:
    """The agent said that it was done when no tool had said so: never, or not yet."""
    told = [(turn, deed) for turn in turns_of(call, Role.AGENT) for deed in _DEEDS]
    for turn, deed in told:
        if not claims(turn, deed.said):
            continue
        proofs = [asked for asked in call.tools if asked.status in deed.proven_by]
        if any(_is_before(proof, turn) for proof in proofs):
            continue
        came_later = any(proof.status in deed.done_by for proof in proofs)
        yield Finding(
            FlagKind.TOLD_WITHOUT_BOOKING,
            Severity.WARNING if came_later else Severity.CRITICAL,
            turn.starts_at_ms,
            turn.text,
        )
        return


def booked_unheard(call: CallFacts) -> Iterator[Finding]:
    """The calendar was changed, and after that nobody said so.

    Models find words of their own for it: whatever is no question and names a day or a time counts.
    """
    if not call.turns:
        return
    for deed in _DEEDS:
        for asked in call.tools:
            if asked.status in deed.done_by and not any(
                _may_tell(turn, asked) and _tells(turn) for turn in turns_of(call, Role.AGENT)
            ):
                yield Finding(
                    FlagKind.BOOKED_UNHEARD,
                    Severity.WARNING,
                    round(asked.answered_at_ms),
                    booking_id=asked.booking_id,
                )
                return


def _is_before(proof: Asked, turn: Said) -> bool:
    """Whether a tool had answered when the turn was over; yes if nobody knows when it was."""
    over = over_at(turn)
    return over is None or proof.answered_at_ms <= over + _CLOCKS_MS


def _tells(turn: Said) -> bool:
    names_time = claims(turn, lambda phrases: phrases.names_time)
    return names_time or any(claims(turn, deed.said) for deed in _DEEDS)


def _may_tell(turn: Said, asked: Asked) -> bool:
    over = over_at(turn)
    return over is None or over >= asked.answered_at_ms - _CLOCKS_MS
