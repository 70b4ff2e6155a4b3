"""Runs on disk: nothing that was played is lost, whatever ends a run."""

from dataclasses import replace
from pathlib import Path

import pytest

from evals import transcript
from evals.archive import Archive, NoRun, load
from evals.records import AgentKind, AgentRecord, GitRecord, RunRecord
from tests.evals.recorded import NOON, agent, asked, caller, trial

RECORD = RunRecord(
    id="20260612T120000Z-core-reference-abc",
    suite="core",
    started_at=NOON,
    agent=AgentRecord(AgentKind.REFERENCE, "scripted"),
    digests={"prompt": "a", "tools": "b", "scenarios": "c", "code": "d"},
    git=GitRecord("0" * 40, dirty=False),
    seed=1,
    versions={"python": "3.11"},
    noise=[0.0],
    trials=2,
    scenarios=["one", "two"],
)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    archive = Archive.create(tmp_path, RECORD)
    archive.add(trial("one"), "one.0")
    archive.add(trial("two", failed=("end_state",)), "two.0")
    archive.close(now=NOON)
    run = load(archive.folder)
    assert run.record == replace(RECORD, finished_at=NOON)
    assert [each.scenario for each in run.trials] == ["one", "two"]
    assert run.trials[0] == trial("one")
    assert '"trials.jsonl"' in (archive.folder / "schema.json").read_text()
    assert "# one, trial 0: passed" in (archive.folder / "calls" / "one.0.md").read_text()


def test_a_killed_run_is_taken_up_where_it_was(tmp_path: Path) -> None:
    archive = Archive.create(tmp_path, RECORD)
    archive.add(trial("one"), "one.0")
    with (archive.folder / "trials.jsonl").open("ab") as trials:
        trials.write(b'{"scenario": "two", "sui')
    assert [each.scenario for each in load(archive.folder).trials] == ["one"]
    again = Archive.resume(archive.folder, RECORD)
    again.add(trial("two"), "two.0")
    assert [each.scenario for each in load(archive.folder).trials] == ["one", "two"]


def test_of_what_was_played_again_the_last_counts(tmp_path: Path) -> None:
    archive = Archive.create(tmp_path, RECORD)
    archive.add(replace(trial("one"), trouble="too slow", passed=False), "one.0")
    archive.add(trial("one"), "one.0")
    assert [each.trouble for each in archive.trials()] == [None]


@pytest.mark.parametrize("name", ["prompt", "code"])
def test_another_version_does_not_go_on_with_a_run(tmp_path: Path, name: str) -> None:
    archive = Archive.create(tmp_path, RECORD)
    now = replace(RECORD, digests={**RECORD.digests, name: "other"})
    with pytest.raises(NoRun, match=f"changed since: {name}"):
        Archive.resume(archive.folder, now)


def test_what_is_no_run_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NoRun, match=r"is no run: No such file or directory \(run.json\)"):
        load(tmp_path)
    (tmp_path / "run.json").write_text('{"schema": 99}')
    with pytest.raises(NoRun, match="schema 99; this version reads 1"):
        load(tmp_path)


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    archive = Archive.create(tmp_path, RECORD)
    archive.add(trial("one"), "one.0")
    with (archive.folder / "trials.jsonl").open("a") as trials:
        trials.write("{}\n")
    with pytest.raises(NoRun, match=r"trials.jsonl:2: scenario"):
        load(archive.folder)


def test_a_tool_call_stands_before_the_words_it_led_to() -> None:
    turns = [agent("Hello."), caller("A check-up?"), agent("Tuesday?", asked("check_availability"))]
    found = transcript.lines(turns)
    assert [(str(line), line.speaker) for line in found] == [
        ("L1", "agent"),
        ("L2", "caller"),
        ("L3", "tool"),
        ("L4", "agent"),
    ]
