"""Evals beside the prompts: what was played, by whom, and its report, which can do nothing."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from evals.records import AgentKind
from server.console import eval_runs
from tests.practice import Practice
from tests.server.console.people import Person
from tests.server.console.played import REPORT, played, shown

_PAGE = "/console/praxis/prompts"


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, practice: Practice) -> Path:
    folder = tmp_path / "runs"
    folder.mkdir()
    shown(monkeypatch, practice, folder)
    return folder


def test_runs_are_read_newest_first(tmp_path: Path) -> None:
    first, other = played(tmp_path), played(tmp_path, hours=1, kind=AgentKind.MODEL, model="m-1")
    last = played(tmp_path, hours=2, prompt="bbbb", report=None)
    (tmp_path / "notes.txt").write_text("no run")

    found = eval_runs.latest(tmp_path, at_most=3)

    assert [each.id for each in found.runs] == [last, other, first]
    assert [(each.passed, each.judged) for each in found.runs] == [(1, 2)] * 3
    assert [each.has_report for each in found.runs] == [False, True, True]
    assert [found.changed(each) for each in found.runs] == [["prompt"], None, None]
    assert [each.id for each in eval_runs.latest(tmp_path, at_most=1).runs] == [last]


def test_what_cannot_be_read_is_named_and_hides_nothing(tmp_path: Path) -> None:
    good = played(tmp_path)
    for name, text in (("x-other", json.dumps({"schema": 99})), ("y-no-json", "{"), ("z", "[]")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text(text)
    with (tmp_path / good / "trials.jsonl").open("ab") as trials:
        trials.write(b'{"scenario": "two", "sui')  # a run that goes on

    found = eval_runs.latest(tmp_path, at_most=9)

    assert [each.id for each in found.runs] == [good]
    assert found.unreadable == ["z", "y-no-json", "x-other"]
    nothing = eval_runs.latest(tmp_path / "nowhere", at_most=9)
    assert (nothing.runs, nothing.unreadable) == ([], [])


def test_a_report_comes_from_a_folder_of_runs_only(tmp_path: Path) -> None:
    runs, outside = tmp_path / "runs", tmp_path / "outside"
    run = played(runs)
    outside.mkdir()
    for folder in (outside, tmp_path, runs):
        (folder / "report.html").write_text("a secret")
    (runs / "linked").symlink_to(outside)
    (runs / "halfway").mkdir()
    (runs / "halfway" / "report.html").symlink_to(outside / "report.html")

    assert eval_runs.report(runs, run) == REPORT.encode()
    forged = ("..", ".", "", "../outside", "linked", "halfway", str(outside), "a\0b", "a" * 300)
    assert [eval_runs.report(runs, name) for name in forged] == [None] * len(forged)


async def test_ops_see_who_played_and_what_came_of_it(ops: Person, runs: Path) -> None:
    empty = (await ops.see(_PAGE)).text
    assert "No run lies in the folder" in empty
    played(runs)
    played(runs, hours=1, kind=AgentKind.REPLAY, model="m-1", prompt="<b>", report=None)
    run = played(runs, hours=2, kind=AgentKind.MODEL, model="<i>m-2</i>")
    (runs / "x").mkdir()
    (runs / "x" / "run.json").write_text("{}")

    page = (await ops.see(_PAGE)).text

    assert "The text of earlier versions is not kept here" in page
    for words in ("rules, which say nothing about a model", "recorded answers", "50 %", "1/2"):
        assert words in page
    assert "&lt;i&gt;m-2&lt;/i&gt;" in page
    assert "<i>m-2" not in page
    assert "<code>&lt;b&gt;</code>" in page
    assert "Cannot be read: x" in page
    assert f'href="{_PAGE}/runs/{quote(run)}"' in page


async def test_a_report_is_shown_where_nothing_can_run(ops: Person, runs: Path) -> None:
    run = played(runs)

    answer = await ops.see(f"{_PAGE}/runs/{quote(run)}")

    assert (answer.status_code, answer.text) == (200, REPORT)
    policy = answer.headers["content-security-policy"].split("; ")
    assert {"sandbox", "default-src 'none'", "style-src 'unsafe-inline'"} <= set(policy)
    assert not [each for each in policy if each.startswith("script-src")]
    others = (await ops.see(_PAGE)).headers["content-security-policy"]
    assert "unsafe-inline" not in others
    assert answer.headers["cache-control"] == "no-store"


async def test_forged_addresses_lead_nowhere(ops: Person, runs: Path) -> None:
    run = played(runs)
    for folder in (runs, runs.parent):
        (folder / "report.html").write_text("a secret")
    (runs / run / "secret").mkdir()
    for forged in (
        *("%2e%2e", "%2e", "..%2f..%2fetc", "%2e%2e%2fruns%2f" + run, "%00", "nowhere"),
        *(f"{run}%2fsecret", f"{run}/report.html", quote(str(runs / run), safe="")),
    ):
        answer = await ops.see(f"{_PAGE}/runs/{forged}")
        assert answer.status_code == 404, forged
        assert "a secret" not in answer.text


async def test_staff_reach_neither_runs_nor_reports(staff: Person, runs: Path) -> None:
    run = played(runs)
    for path in (_PAGE, f"{_PAGE}/runs/{quote(run)}"):
        answer = await staff.see(path)
        assert answer.status_code == 404
        assert "All of it" not in answer.text
