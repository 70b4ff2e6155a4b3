"""The grading of phrase files of dates, and our own files through it."""

from pathlib import Path
from typing import Any

import pytest

from evals import dates, phrase_files


@pytest.mark.parametrize("path", phrase_files.ours("dates"), ids=lambda path: path.stem)
def test_our_own_phrases_are_understood(path: Path) -> None:
    report = phrase_files.run("dates", path)
    assert len(report.graded) >= 400
    assert [each.line() for each in report.failing] == []


def graded(
    expect: dict[str, Any], date_text: str | None, time_text: str | None = None
) -> tuple[bool, bool]:
    """Whether the outcome is right and whether it is silently wrong; today is Monday."""
    grade = dates.grade(
        {
            "lang": "de",
            "now": "2026-03-02T09:30:00+01:00",
            "tz": "Europe/Berlin",
            "hours": ["08:00", "17:00"],
            "date_text": date_text,
            "time_text": time_text,
            "expect": expect,
        }
    )
    return grade.right, grade.silent_wrong


RIGHT, MISSED, SILENT = (True, False), (False, False), (False, True)


@pytest.mark.parametrize(
    ("expect", "date_text", "time_text", "outcome"),
    [
        ({"kind": "instant", "start": "2026-03-05T10:00"}, "Donnerstag", "10 Uhr", RIGHT),
        ({"kind": "instant", "start": "2026-03-05T09:00:00+00:00"}, "Donnerstag", "10 Uhr", RIGHT),
        ({"kind": "instant", "start": "2026-03-05T10:00:00+00:00"}, "Donnerstag", "10 Uhr", SILENT),
        ({"kind": "instant", "start": "2026-03-12T10:00"}, "Donnerstag", "10 Uhr", SILENT),
        ({"kind": "instant", "start": "2026-03-05T10:00"}, "Donnerstag", None, SILENT),
        ({"kind": "instant", "start": "2026-03-05T10:00"}, "Donnerstag", "mal sehen", MISSED),
        (
            {"kind": "instant", "start": "2026-03-12T10:00", "alternatives": ["2026-03-05T10:00"]},
            "Donnerstag",
            "10 Uhr",
            RIGHT,
        ),
        ({"kind": "date", "start": "2026-03-05"}, "Donnerstag", None, RIGHT),
        ({"kind": "date", "start": "2026-03-05"}, "Donnerstag", "10 Uhr", SILENT),
        ({"kind": "need_date"}, None, "10 Uhr", RIGHT),
        ({"kind": "need_date"}, "Donnerstag", None, SILENT),
        ({"kind": "need_date"}, "so bald wie möglich", None, MISSED),
        ({"kind": "need_date", "or_kind": "range"}, "so bald wie möglich", None, RIGHT),
        ({"kind": "need_time"}, "Donnerstag", "irgendwie", RIGHT),
        ({"kind": "need_time"}, "Donnerstag", "um sieben", RIGHT),
        ({"kind": "in_the_past"}, "gestern", None, RIGHT),
        ({"kind": "in_the_past"}, "Donnerstag", None, SILENT),
        (
            {"kind": "ambiguous", "alternatives": ["2026-03-05", "2026-03-12"]},
            "nächsten Donnerstag",
            None,
            RIGHT,
        ),
        ({"kind": "ambiguous", "alternatives": ["2026-03-05"]}, "Donnerstag", None, RIGHT),
        ({"kind": "ambiguous", "alternatives": ["2026-03-12"]}, "Donnerstag", None, SILENT),
    ],
)
def test_an_outcome_is_held_against_what_an_item_accepts(
    expect: dict[str, Any],
    date_text: str | None,
    time_text: str | None,
    outcome: tuple[bool, bool],
) -> None:
    assert graded(expect, date_text, time_text) == outcome


@pytest.mark.parametrize(
    ("expect", "date_text", "time_text", "right"),
    [
        (
            {"start": "2026-03-05T14:00", "end": "2026-03-05T16:00"},
            "Donnerstag",
            "14 bis 16 Uhr",
            True,
        ),
        (
            {"start": "2026-03-05T14:30", "end": "2026-03-05T16:00"},
            "Donnerstag",
            "14 bis 16 Uhr",
            False,
        ),
        (
            {"start": "2026-03-05T14:30", "end": "2026-03-05T16:30", "slack_min": 30},
            "Donnerstag",
            "14 bis 16 Uhr",
            True,
        ),
        (
            {"start": "2026-03-05T15:00", "end": "2026-03-05T17:00"},
            "Donnerstag",
            "ab 15 Uhr",
            False,
        ),
        (
            {"start": "2026-03-05T15:00", "end": "2026-03-05T17:00", "open_end": True},
            "Donnerstag",
            "ab 15 Uhr",
            True,
        ),
        (
            {"start": "2026-03-05T08:00", "end": "2026-03-05T11:00", "open_start": True},
            "Donnerstag",
            "bis elf",
            True,
        ),
        (
            {"start": "2026-03-05T08:00", "end": "2026-03-05T12:00", "open_start": True},
            "Donnerstag",
            "bis elf",
            False,
        ),
        ({"start": "2026-03-09", "end": "2026-03-15"}, "nächste Woche", None, True),
        ({"start": "2026-03-09", "end": "2026-03-13"}, "nächste Woche", None, False),
        (
            {"start": "2026-03-09", "end": "2026-03-13", "slack_days": 2},
            "nächste Woche",
            None,
            True,
        ),
        (
            {"start": "2026-03-05T14:30", "end": "2026-03-05T15:30"},
            "Donnerstag",
            "gegen drei",
            True,
        ),
        ({"start": "2026-03-05T14:30", "end": "2026-03-05T15:30"}, "Donnerstag", "um drei", False),
    ],
)
def test_each_end_of_a_range_has_its_own_slack(
    expect: dict[str, Any], date_text: str, time_text: str | None, right: bool
) -> None:
    assert graded({"kind": "range", **expect}, date_text, time_text)[0] is right
