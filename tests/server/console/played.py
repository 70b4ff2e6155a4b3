"""Eval runs that lie in the folder of the console, written by the evals themselves."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from evals.archive import Archive
from evals.records import AgentKind, AgentRecord, GitRecord, RunRecord
from tests.evals.recorded import NOON, trial
from tests.practice import Practice

_FIRST = RunRecord(
    id="",
    suite="core",
    started_at=NOON,
    agent=AgentRecord(AgentKind.REFERENCE, "scripted"),
    digests={"prompt": "aaaa", "tools": "b", "scenarios": "c", "code": "d"},
    git=GitRecord("0" * 40, dirty=False),
    seed=1,
    versions={"python": "3.11"},
    noise=[0.0],
    trials=2,
    scenarios=["one", "two", "three"],
)

REPORT = (
    "<!doctype html><html><head><title>core</title><style>body{color:rgb(1, 2, 3)}</style></head>"
    "<body><p>All of it</p><script>document.title = 'run'</script></body></html>\n"
)


def played(
    runs: Path,
    *,
    hours: int = 0,
    kind: AgentKind = AgentKind.REFERENCE,
    model: str = "scripted",
    prompt: str = "aaaa",
    report: str | None = REPORT,
) -> str:
    """Play three calls: one passes, one fails, one says nothing; the run's id."""
    at = NOON + timedelta(hours=hours)
    record = replace(
        _FIRST,
        id=f"{at:%Y%m%dT%H%M%SZ}-core+faults-{kind}-0a1b",
        started_at=at,
        agent=AgentRecord(kind, model),
        digests={**_FIRST.digests, "prompt": prompt},
    )
    archive = Archive.create(runs, record)
    archive.add(replace(trial("one"), trouble="too slow", passed=False), "one.0")
    archive.add(trial("one"), "one.0")
    archive.add(trial("two", failed=("end_state",)), "two.0")
    archive.add(trial("three", trouble="the endpoint was away"), "three.0")
    archive.close(now=at)
    if report is not None:
        (archive.folder / "report.html").write_text(report, encoding="utf-8")
    return record.id


def shown(monkeypatch: pytest.MonkeyPatch, practice: Practice, runs: Path) -> None:
    """Let the console of a practice look there."""
    console = practice.parts.console
    assert console
    monkeypatch.setattr(console, "_parts", replace(console._parts, eval_runs=runs))
