"""A run on disk: `run.json`, `trials.jsonl`, their `schema.json`, a transcript of each call.

Each trial is written when it is over, so whatever ends a run loses nothing that was played.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from pydantic import ValidationError

from evals import transcript
from evals.records import RUN, SCHEMA, TRIAL, Run, RunRecord, TrialRecord, json_schema

_RUN: Final = "run.json"
_TRIALS: Final = "trials.jsonl"
_CALLS: Final = "calls"
_SCHEMA: Final = "schema.json"


class NoRun(Exception):
    """There is no run, or none that can be read. The message says why."""


class Archive:
    """The folder of one run."""

    def __init__(self, folder: Path, record: RunRecord) -> None:
        """Use `create` or `resume`."""
        self.folder = folder
        self.record = record

    @classmethod
    def create(cls, runs: Path, record: RunRecord) -> Self:
        """Begin a run in a folder of its own."""
        folder = runs / record.id
        (folder / _CALLS).mkdir(parents=True)
        (folder / _SCHEMA).write_text(json.dumps(json_schema(), indent=1) + "\n", "utf-8")
        archive = cls(folder, record)
        archive._write()
        return archive

    @classmethod
    def resume(cls, folder: Path, record: RunRecord) -> Self:
        """Take up a run that was interrupted.

        Args:
            folder: Of the run.
            record: What would be run now.

        Raises:
            NoRun: There is none, or it would be another one: trials of both cannot be compared.
        """
        before = _record(folder)
        if changed := [what for what, then, now in _compared(before, record) if then != now]:
            raise NoRun(f"{folder.name} cannot be taken up: changed since: {', '.join(changed)}")
        archive = cls(folder, replace(before, finished_at=None, stopped=None))
        archive._drop_half_a_line()
        archive._write()
        return archive

    def add(self, trial: TrialRecord, name: str) -> None:
        """Keep a trial; `name` is that of its transcript."""
        line = TRIAL.dump_json(trial) + b"\n"
        with (self.folder / _TRIALS).open("ab") as trials:
            trials.write(line)
            trials.flush()
            os.fsync(trials.fileno())
        path = self.folder / _CALLS / f"{name}.md"
        path.write_text(transcript.markdown(trial), encoding="utf-8")

    def close(self, *, now: datetime, stopped: str | None = None, redone: int = 0) -> None:
        """The run is over; `stopped` says why it is not whole."""
        self.record = replace(
            self.record,
            finished_at=None if stopped else now,
            stopped=stopped,
            redone=self.record.redone + redone,
        )
        self._write()

    def trials(self) -> list[TrialRecord]:
        """What was played so far; of what was played again, the last."""
        return list(_trials(self.folder))

    def _drop_half_a_line(self) -> None:
        """What a killed run was writing: that trial will be played again."""
        path = self.folder / _TRIALS
        if path.exists():
            with path.open("r+b") as trials:
                trials.truncate(trials.read().rfind(b"\n") + 1)

    def _write(self) -> None:
        draft = self.folder / f".{_RUN}"
        draft.write_bytes(RUN.dump_json(self.record, indent=2) + b"\n")
        draft.replace(self.folder / _RUN)


def load(folder: Path) -> Run:
    """Read a run.

    Raises:
        NoRun: There is none, or it is of a version that this one does not read.
    """
    return Run(_record(folder), list(_trials(folder)))


def _record(folder: Path) -> RunRecord:
    try:
        raw = (folder / _RUN).read_bytes()
    except OSError as error:
        raise NoRun(f"{folder} is no run: {error.strerror} ({_RUN})") from None
    schema = _schema_of(raw)
    if schema != SCHEMA:
        raise NoRun(f"{folder / _RUN} has schema {schema}; this version reads {SCHEMA}")
    try:
        return RUN.validate_json(raw)
    except ValidationError as error:
        raise NoRun(f"{folder / _RUN}: {_first(error)}") from None


def _compared(before: RunRecord, now: RunRecord) -> Iterator[tuple[str, object, object]]:
    """What must be the same for trials to be of one run."""
    for name in ("suite", "agent", "seed"):
        yield name, getattr(before, name), getattr(now, name)
    for name in before.digests:
        yield name, before.digests[name], now.digests.get(name)


def _schema_of(raw: bytes) -> object:
    try:
        fields = json.loads(raw)
    except ValueError:
        return None
    return fields.get("schema") if isinstance(fields, dict) else None


def _trials(folder: Path) -> Iterator[TrialRecord]:
    path = folder / _TRIALS
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    found: dict[tuple[str, float, int], TrialRecord] = {}
    for number, line in enumerate(lines, start=1):
        if not line.endswith(b"\n"):
            continue  # it is being written, or was when the run was killed
        try:
            trial = TRIAL.validate_json(line)
        except ValidationError as error:
            raise NoRun(f"{path}:{number}: {_first(error)}") from None
        found[trial.key] = trial
    yield from found.values()


def _first(error: ValidationError) -> str:
    problem = error.errors()[0]
    where = ".".join(map(str, problem["loc"]))
    return f"{where}: {problem['msg']}"
