"""Runs as they would be on disk, for tests of what is made of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from evals.records import (
    AgentKind,
    AgentRecord,
    GitRecord,
    Run,
    RunRecord,
    ToolCallRecord,
    TrialRecord,
    TurnRecord,
    VerdictRecord,
)

NOON = datetime(2026, 6, 12, 12, 0, tzinfo=UTC)
_CHECKS = ("end_state", "name_asked_once", "short_turns")


def asked(tool: str, milliseconds: float = 20.0, **reply: Any) -> ToolCallRecord:
    """A tool call and its envelope."""
    return ToolCallRecord(tool, {"service": "cleaning"}, reply, milliseconds, at_ms=5.0)


def agent(text: str, *calls: ToolCallRecord) -> TurnRecord:
    return TurnRecord(
        "agent",
        text,
        tool_calls=list(calls),
        llm_rounds=2 if calls else 1,
        tokens={"prompt_ruler": 900 if calls else 450, "tools_ruler": 1200 if calls else 600},
    )


def caller(text: str, *, pause: float = 0.0) -> TurnRecord:
    return TurnRecord("caller", text, heard=text.lower(), pause_seconds=pause)


def booking_call(*, pause: float = 0.0) -> list[TurnRecord]:
    """An unknown caller books."""
    return [
        agent("Lindenpraxis, good morning. What can I do for you?"),
        caller("A cleaning on Tuesday at three, please."),
        agent("Tuesday at three is free. What is your name?", asked("check_availability", 8.0)),
        caller("Marta Ehlers.", pause=pause),
        agent("A cleaning on Tuesday at three for Marta Ehlers?", asked("verify_name", 12.0)),
        caller("Yes, please."),
        agent("It is booked.", asked("book", 480.0, booked=True, status="booked")),
        caller("Thank you, goodbye."),
        agent("Goodbye."),
    ]


def trial(
    scenario: str,
    number: int = 0,
    *,
    failed: Sequence[str] = (),
    turns: list[TurnRecord] | None = None,
    noise: float = 0.0,
    by: str = "unknown",
    suite: str = "core",
    trouble: str | None = None,
    evidence: str = "",
) -> TrialRecord:
    """One call; `failed` names the checks that went wrong."""
    verdicts = [
        VerdictRecord(name, name not in failed, evidence=evidence if name in failed else "")
        for name in _CHECKS
    ]
    return TrialRecord(
        scenario=scenario,
        suite=suite,
        tags=["booking"],
        language="en",
        caller=by,
        trial=number,
        seed=1000 + number,
        noise=noise,
        turns=booking_call() if turns is None else turns,
        verdicts=verdicts,
        figures={"turns": 4.0, "name_asked": 1.0},
        passed="end_state" not in failed and trouble is None,
        trouble=trouble,
        wall_seconds=0.2,
    )


def run(
    *trials: TrialRecord,
    kind: AgentKind = AgentKind.REFERENCE,
    id: str = "20260612T120000Z-core-reference-0123456789ab",  # noqa: A002
    prompt: str = "0123456789ab",
) -> Run:
    """A run of these calls."""
    return Run(
        RunRecord(
            id=id,
            suite="core",
            started_at=NOON,
            finished_at=NOON,
            agent=AgentRecord(kind, "scripted"),
            digests={"prompt": prompt, "tools": "aa", "scenarios": "bb", "code": "cc"},
            git=GitRecord("0123456789abcdef", dirty=False),
            seed=1,
            versions={"python": "3.11"},
            noise=sorted({each.noise for each in trials}),
            trials=max((each.trial for each in trials), default=0) + 1,
            scenarios=sorted({each.scenario for each in trials}),
        ),
        list(trials),
    )
