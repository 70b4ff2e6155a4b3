"""The command that grades phrase files."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals import phrase_files
from evals.__main__ import app

ITEMS = [
    {
        "id": "right",
        "lang": "de",
        "now": "2026-03-02T09:30:00+01:00",
        "tz": "Europe/Berlin",
        "hours": ["08:00", "17:00"],
        "date_text": "morgen",
        "time_text": None,
        "expect": {"kind": "date", "start": "2026-03-03"},
        "unknown": "is ignored",
    },
    {
        "id": "silent",
        "lang": "en",
        "now": "2026-03-02T09:30:00+01:00",
        "tz": "Europe/Berlin",
        "hours": ["08:00", "17:00"],
        "date_text": "tomorrow",
        "time_text": None,
        "expect": {"kind": "need_date"},
    },
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "phrases.jsonl"
    path.write_text("\n".join(map(json.dumps, ITEMS)) + "\n\n")
    return path


def test_the_last_line_is_the_result(file: Path) -> None:
    ran = CliRunner().invoke(app, ["phrases", "--kind", "dates", "--data", str(file)])
    assert ran.exit_code == 0
    assert json.loads(ran.stdout.splitlines()[-1]) == {
        "kind": "dates",
        "n": 2,
        "accuracy": 0.5,
        "silent_wrong": 0.5,
        "by_lang": {
            "de": {"n": 1, "accuracy": 1.0, "silent_wrong": 0.0},
            "en": {"n": 1, "accuracy": 0.0, "silent_wrong": 1.0},
        },
    }


def test_what_failed_is_printed_with_what_was_wanted(file: Path) -> None:
    ran = CliRunner().invoke(app, ["phrases", "--kind", "dates", "--data", str(file)])
    assert "SILENT silent [en]" in ran.stdout
    assert "need_date" in ran.stdout
    assert "right" not in ran.stdout


def test_several_files_make_one_result(file: Path) -> None:
    ran = CliRunner().invoke(
        app, ["phrases", "--kind", "dates", "--data", str(file), "--data", str(file)]
    )
    assert json.loads(ran.stdout.splitlines()[-1])["n"] == 4


def test_without_a_file_our_own_set_is_graded() -> None:
    ran = CliRunner().invoke(app, ["phrases", "--kind", "services"])
    lines = sum(len(path.read_text().splitlines()) for path in phrase_files.ours("services"))
    assert json.loads(ran.stdout.splitlines()[-1])["n"] == lines > 0


def test_an_unknown_kind_is_refused_with_those_there_are(file: Path) -> None:
    ran = CliRunner().invoke(app, ["phrases", "--kind", "moods", "--data", str(file)])
    assert ran.exit_code == 2
    assert "dates" in ran.stderr


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"id": "x", "lang": "de"}', '{"id": "x", "lang": "de", "expect": 7}']
)
def test_a_line_that_is_no_item_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text(f"{json.dumps(ITEMS[0])}\n{line}\n")
    with pytest.raises(phrase_files.BadPhraseFile, match=r"broken\.jsonl:2: "):
        phrase_files.run("dates", path)


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    ran = CliRunner().invoke(
        app, ["phrases", "--kind", "dates", "--data", str(tmp_path / "none.jsonl")]
    )
    assert ran.exit_code == 2
    assert len(ran.stderr.splitlines()) == 1
