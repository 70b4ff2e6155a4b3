"""The commands that look at runs on disk."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from evals.__main__ import app
from evals.archive import Archive
from evals.records import AgentKind, Run
from tests.evals.recorded import NOON, run, trial


def asked(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def on_disk(folder: Path, found: Run) -> Path:
    archive = Archive.create(folder, found.record)
    for each in found.trials:
        archive.add(each, f"{each.scenario}.{each.trial}")
    archive.close(now=NOON)
    return archive.folder


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return on_disk(tmp_path, run(*(trial(name, n) for name in "ab" for n in range(4))))


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    trials = [trial("a", n, failed=["end_state"]) for n in range(4)]
    trials += [trial("b", n) for n in range(4)]
    return on_disk(tmp_path, run(*trials, id="20260613T120000Z-core-reference-bad"))


def test_a_report_is_left_beside_the_run(good: Path, bad: Path) -> None:
    told = asked("report", bad, "--against", good)
    assert told.exit_code == 0, told.output
    assert "broken" in told.output
    page = (bad / "report.html").read_text()
    assert page.startswith("<!doctype html>")
    assert f"Compared with {run().record.id}" in page
    assert "## core: reference scripted" in (bad / "report.md").read_text()


def test_comparing_ends_with_1_where_a_gate_is_broken(good: Path, bad: Path) -> None:
    assert asked("compare", good, good).exit_code == 0
    told = asked("compare", good, bad)
    assert told.exit_code == 1
    assert "fell  a #0 at 0%" in told.output
    assert "broken: the reference policy passes every trial: a ----" in told.output


def test_a_baseline_is_accepted_with_a_reason_and_compared_with(
    good: Path, bad: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.standing.BASELINES", tmp_path / "baseline")
    assert asked("baseline", "accept", good, "--because", "It is the first.").exit_code == 0
    path = tmp_path / "baseline" / "core.reference.json"
    assert json.loads(path.read_text())["because"] == "It is the first."
    assert asked("compare", "baseline", good).exit_code == 0
    assert asked("compare", path, bad).exit_code == 1
    refused = asked("baseline", "accept", bad, "--because", "Nobody looks.")
    assert (refused.exit_code, "passes every trial is broken" in refused.stderr) == (2, True)
    assert json.loads(path.read_text())["run"] == run().record.id


def test_only_finished_runs_of_the_policy_become_baselines(good: Path, tmp_path: Path) -> None:
    found = run(trial("a"), kind=AgentKind.MODEL, id="of-a-model")
    told = asked("baseline", "accept", on_disk(tmp_path, found), "--because", "x")
    assert "only the reference policy has a baseline" in told.stderr
    archive = Archive.create(tmp_path, replace(found.record, id="cut", finished_at=None))
    told = asked("baseline", "accept", archive.folder, "--because", "x")
    assert told.exit_code == 2


def test_calls_are_put_into_seconds(good: Path) -> None:
    told = asked("latency", good)
    assert told.exit_code == 0
    assert "Before, 144 s were reported" in told.output
    assert "of it measured" in told.output
    assert "PMC4464110" in told.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["report", "no-such-run"], "no-such-run is no run"),
        (["compare", "baseline", "no-such-run"], "no-such-run is no run"),
        (["compare", "none.json", "{good}"], "baseline accept"),
        (["compare", "{good}", "baseline"], "only what it is compared with"),
        (["report", "{good}", "--profile", "none.toml"], "none.toml"),
        (["langfuse", "push", "{good}"], "LANGFUSE_PUBLIC_KEY"),
        (["judge", "{good}", "--model", "x"], "OPENAI_API_KEY is not set"),
        (["judge", "{good}", "--model", "scripted"], "would judge itself"),
        (["load", "--note", "none.json"], "start `make demo` first"),
        (["load", "--profile", "stormy"], "--profile is one of"),
        (["from-call", "x", "--business", "y"], "is no id of a call"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    good: Path, arguments: list[str], said: str
) -> None:
    told = asked(*(each.replace("{good}", str(good)) for each in arguments))
    assert told.exit_code == 2
    assert said in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1


def test_prompts_are_linted() -> None:
    told = asked("prompts", "lint")
    assert told.exit_code == 0
    assert "characters of prompt" in told.output
