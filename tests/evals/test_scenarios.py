"""Scenario files: what is read, and what is said of broken ones."""

import random
from pathlib import Path

import pytest

from evals.people import People
from evals.scenario import NoSuchSuite, load, load_suite, suites
from slotline import business_file
from toml_files import Refused

BUSINESS = Path("evals/business.toml")

WHOLE = """\
id = "one"
suite = "core"
title = "A title"
now = 2026-06-12T09:00:00+02:00

[caller]
goal = "a check-up {pick[said]}"
opening = "A check-up {pick[said]}, please."

[[pick]]
said = "tomorrow"
start = "2026-06-16T15:00"

[[standing]]
id = "old"
service = "check-up"
start = "2026-06-18T10:00"

[expected]
gone = ["old"]
bookings = [{ service = "check-up", start = "{pick[start]}", name = "{person}" }]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "core" / "one.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_every_scenario_is_sound() -> None:
    assert load_suite(*suites())


def test_the_house_of_all_scenarios_is_sound() -> None:
    house = business_file.read(BUSINESS, environment={})
    offered = {service.slug for service in house.services}
    for scenario in load_suite(*suites()):
        wanted = {each.service for each in scenario.expected.bookings}
        assert wanted <= offered, scenario.id


def test_blanks_are_filled_alike_for_the_same_seed(tmp_path: Path) -> None:
    scenario = load(written(tmp_path, WHOLE))
    once, again, other = (
        scenario.filled(People.of(random.Random(seed), "en"), scenario.pick[0])
        for seed in (1, 1, 2)
    )
    assert once == again
    assert once.expected.bookings[0].start == "2026-06-16T15:00"
    assert once.caller.goal == "a check-up tomorrow"
    assert "{" not in once.model_dump_json().replace('{"', "").replace("{}", "")
    assert once.expected.bookings[0].name != other.expected.bookings[0].name


_BROKEN = {
    "a word too many": ('title = "A title"', 'titel = "x"', "one.toml:3: titel: is not known"),
    "no time": ("2026-06-18T10:00", "Thursday", "one.toml:17: standing[0].start: is no time"),
    "nobody fills it": ("{person}", "{persn}", "one.toml:21: expected.bookings[0].name: has a b"),
    "no column": ("check-up {pick[said]}", "{pick[word]}", "one.toml:7: caller.goal: has a blank"),
    "no such booking": ('gone = ["old"]', 'gone = ["odd"]', "one.toml:20: expected.gone[0]: names"),
    "another name": ('id = "one"', 'id = "two"', "one.toml:1: id: is two, and the file says one"),
    "no TOML": ("[caller]", "[caller", "one.toml:6: is no valid TOML"),
    "missing": ('title = "A title"\n', "", "one.toml:1: title: is missing"),
}


@pytest.mark.parametrize("name", _BROKEN)
def test_a_broken_file_names_file_line_and_key(tmp_path: Path, name: str) -> None:
    old, new, message = _BROKEN[name]
    assert old in WHOLE
    with pytest.raises(Refused) as refused:
        load(written(tmp_path, WHOLE.replace(old, new, 1)))
    assert any(message in str(fault) for fault in refused.value.faults), refused.value


def test_all_broken_files_of_a_suite_are_named_together(tmp_path: Path) -> None:
    written(tmp_path, WHOLE.replace("A title", ""))
    (tmp_path / "core" / "two.toml").write_text("id = 1\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_suite("core", folder=tmp_path)
    assert {Path(fault.file).name for fault in refused.value.faults} == {"one.toml", "two.toml"}


def test_who_asks_for_an_unknown_suite_hears_which_there_are(tmp_path: Path) -> None:
    written(tmp_path, WHOLE)
    with pytest.raises(NoSuchSuite, match="there are core"):
        load_suite("cores", folder=tmp_path)
