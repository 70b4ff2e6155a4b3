"""A call as numbered lines: what checks point at, and what people read."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from evals.records import ToolCallRecord, TrialRecord, TurnRecord

_MARKS: Final = {True: "ok", False: "FAILED"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said, or one tool call. A tool call stands before the words it led to."""

    number: int
    """From 1; written `L1`."""
    turn: TurnRecord
    call: ToolCallRecord | None = None

    @property
    def speaker(self) -> str:
        """`caller`, `agent`, or `tool`."""
        return "tool" if self.call else self.turn.speaker

    def __str__(self) -> str:
        return f"L{self.number}"


def lines(turns: Sequence[TurnRecord]) -> list[Line]:
    """Number a conversation, as it happened."""
    return [Line(number, turn, call) for number, (turn, call) in enumerate(_each(turns), start=1)]


def markdown(trial: TrialRecord) -> str:
    """A trial for people: what was said and done, and what the checks say of it."""
    return "\n".join([*_head(trial), "", *map(_written, lines(trial.turns)), ""])


def _each(
    turns: Sequence[TurnRecord],
) -> Iterator[tuple[TurnRecord, ToolCallRecord | None]]:
    for turn in turns:
        for call in turn.tool_calls:
            yield turn, call
        yield turn, None


def _head(trial: TrialRecord) -> Iterator[str]:
    outcome = "passed" if trial.passed else "failed"
    if trial.trouble:
        outcome = "says nothing"
    yield f"# {trial.scenario}, trial {trial.trial}: {outcome}"
    yield ""
    noise = f"{trial.noise:.0%} noise"
    yield f"{trial.suite} · {trial.language} · seed {trial.seed} · {noise} · {trial.caller} number"
    if trial.trouble:
        yield ""
        yield f"Trouble: {trial.trouble}"
    yield ""
    for verdict in trial.verdicts:
        value = "" if verdict.value is None else f" ({verdict.value:g})"
        evidence = f": {verdict.evidence}" if verdict.evidence else ""
        yield f"- {_MARKS[verdict.passed]} {verdict.name}{value}{evidence}"


def _written(line: Line) -> str:
    if call := line.call:
        arguments = json.dumps(call.arguments, ensure_ascii=False)
        reply = json.dumps(call.reply, ensure_ascii=False)
        repeats = f", asked {call.repeats + 1} times" if call.repeats else ""
        return (
            f"{line}   `{call.tool}({call.unreadable or arguments})` -> `{reply}` "
            f"({call.milliseconds:.0f} ms{repeats})\n"
        )
    turn = line.turn
    text = turn.text or "(silence)"
    heard = ""
    if turn.heard is not None and turn.heard != turn.text:
        heard = f" *heard as: {turn.heard or '(nothing)'}*"
    return f"{line} **{turn.speaker}**: {text}{heard}\n"
