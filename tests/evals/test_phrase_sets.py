"""The project's own phrase files of names and services, graded as acceptance grades others."""

import pytest

from evals import phrase_files

LEAST = {"names": 0.97, "services": 0.95}
MOST_SILENT = 0.01


@pytest.mark.parametrize("kind", LEAST)
def test_own_phrases_come_out_right(kind: str) -> None:
    report = phrase_files.run(kind, *phrase_files.ours(kind)).summary()

    assert report["n"] >= 200
    for language in ("de", "en"):
        rates = report["by_lang"][language]
        assert rates["accuracy"] >= LEAST[kind]
        assert rates["silent_wrong"] <= MOST_SILENT


@pytest.mark.parametrize(
    ("expect", "heard", "right", "silent_wrong"),
    [
        ({"outcome": "identified", "name": "Gesa Lührs"}, "Gesa Lürs", True, False),
        ({"outcome": "new", "name": "Gesa Lürs"}, "Gesa Lürs", False, True),
        ({"outcome": "new", "name": ["Till Kolb", "Kolb"]}, "Till Kolb", True, False),
        ({"outcome": "new", "name": "Till Kolb"}, "Tim Kolb", False, True),
        ({"outcome": "need_name"}, "Gesa Lührs", False, True),
        ({"outcome": "need_name", "also_ok": ["identified"]}, "Gesa Lührs", True, False),
    ],
)
def test_names_are_graded_by_what_was_taken(
    expect: dict[str, object], heard: str, right: bool, silent_wrong: bool
) -> None:
    item = {
        "lang": "de",
        "caller": "+493023125077",
        "customers": [{"name": "Gesa Lührs", "phone": "030 23125 077"}],
        "heard": heard,
        "expect": expect,
    }

    grade = phrase_files.KINDS["names"](item)

    # A number in national spelling is nobody's: only canonical numbers are compared.
    assert grade.silent_wrong == (not grade.right) or grade.got == "need_name"
    item["customers"] = [{"name": "Gesa Lührs", "phone": "+49 30 23125077"}]
    grade = phrase_files.KINDS["names"](item)
    assert (grade.right, grade.silent_wrong) == (right, silent_wrong)


@pytest.mark.parametrize(
    ("expect", "heard", "right", "silent_wrong"),
    [
        ({"slug": "cut"}, "a haircut", True, False),
        ({"slug": "shave"}, "a haircut", False, True),
        ({"slug": "shave", "also_ok_slugs": ["cut"]}, "a haircut", True, False),
        ({"kind": "need_service", "candidates": ["cut"]}, "haircut and shave", True, False),
        ({"slug": "cut"}, "haircut and shave", False, False),
        ({"slug": "cut", "also_ok_kinds": ["need_service"]}, "haircut and shave", True, False),
        ({"kind": "unknown_service"}, "massage", True, False),
        ({"kind": "unknown_service"}, "shave", False, True),
    ],
)
def test_services_are_graded_by_what_was_taken(
    expect: dict[str, object], heard: str, right: bool, silent_wrong: bool
) -> None:
    item = {
        "lang": "en",
        "services": [
            {"slug": "cut", "name": "Haircut", "synonyms": []},
            {"slug": "shave", "name": "Shave"},
        ],
        "heard": heard,
        "expect": expect,
    }

    grade = phrase_files.KINDS["services"](item)

    assert (grade.right, grade.silent_wrong) == (right, silent_wrong)
