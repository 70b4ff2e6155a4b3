"""What evals have left on this machine: read from the files that `docs/evals.md` describes.

The evals themselves are not asked: they stand above the server, and images have none.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final, Literal

from pydantic import TypeAdapter, ValidationError

_ID: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z+._-]{0,199}")
_MOST_BYTES: Final = 32 * 1024 * 1024
"""Of a report; it is read whole."""


@dataclass(frozen=True, slots=True)
class _Agent:
    kind: Literal["reference", "replay", "model"]
    model: str


@dataclass(frozen=True, slots=True)
class _Record:
    """What is read of a `run.json`."""

    schema: Literal[1]
    suite: str
    started_at: datetime
    agent: _Agent
    digests: dict[str, str]
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Trial:
    """What is read of a line of `trials.jsonl`."""

    scenario: str
    noise: float
    trial: int
    passed: bool
    trouble: str | None


_RECORD: Final = TypeAdapter(_Record)
_TRIAL: Final = TypeAdapter(_Trial)


@dataclass(frozen=True, slots=True)
class EvalRun:
    """A run, as people compare it with others."""

    id: str
    """The name of its folder."""
    suite: str
    started_at: datetime
    is_finished: bool
    kind: Literal["reference", "replay", "model"]
    """Only a model's pass rate says something about a model."""
    model: str
    passed: int
    judged: int
    """Calls that were not in trouble."""
    digests: Mapping[str, str]
    has_report: bool


@dataclass(frozen=True, slots=True)
class EvalRuns:
    """The latest runs, newest first."""

    runs: Sequence[EvalRun]
    unreadable: Sequence[str]
    """Folders whose run cannot be read, such as one of another version."""

    def changed(self, run: EvalRun) -> Sequence[str] | None:
        """Which digests differ from the run before of the same suite and agent.

        Returns:
            Their names; `None` if there is no run before.
        """
        asked = (run.suite, run.kind, run.model)
        earlier = self.runs[self.runs.index(run) + 1 :]
        before = next((e for e in earlier if (e.suite, e.kind, e.model) == asked), None)
        if before is None:
            return None
        return [name for name in run.digests if before.digests.get(name) != run.digests[name]]


def latest(folder: Path, *, at_most: int) -> EvalRuns:
    """Read the latest runs; none where there is no such folder. Names begin with the time."""
    found = sorted((each.parent for each in folder.glob("*/run.json")), reverse=True)
    runs: list[EvalRun] = []
    unreadable: list[str] = []
    for each in islice(found, at_most):
        try:
            runs.append(_run(folder, each))
        except (OSError, ValidationError):
            unreadable.append(each.name)
    return EvalRuns(runs, unreadable)


def report(folder: Path, run: str) -> bytes | None:
    """The HTML report of a run; `None` if there is none, or the name leads elsewhere."""
    path = _report(folder, run)
    return path.read_bytes() if path else None


def _report(folder: Path, run: str) -> Path | None:
    if not _ID.fullmatch(run):
        return None
    path = (folder / run / "report.html").resolve()
    is_inside = path.parent == folder.resolve() / run  # also where something is a link
    return path if is_inside and path.is_file() and path.stat().st_size <= _MOST_BYTES else None


def _run(folder: Path, run: Path) -> EvalRun:
    record = _RECORD.validate_json((run / "run.json").read_bytes())
    judged = [each for each in _trials(run / "trials.jsonl") if each.trouble is None]
    return EvalRun(
        id=run.name,
        suite=record.suite,
        started_at=record.started_at,
        is_finished=record.finished_at is not None,
        kind=record.agent.kind,
        model=record.agent.model,
        passed=sum(each.passed for each in judged),
        judged=len(judged),
        digests=record.digests,
        has_report=_report(folder, run.name) is not None,
    )


def _trials(path: Path) -> Iterator[_Trial]:
    """Of what was played again, the last; a line that is still being written does not count."""
    if not path.exists():
        return
    found: dict[tuple[str, float, int], _Trial] = {}
    with path.open("rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):
                trial = _TRIAL.validate_json(line)
                found[trial.scenario, trial.noise, trial.trial] = trial
    yield from found.values()
