"""Prompts are linted; the lint finds what it is there to find."""

from dataclasses import replace

import pytest

from evals.prompt_lint import costs, lint, ours
from prompts import MOST_CHARACTERS, receptionist


def test_nothing_is_wrong_with_our_prompts() -> None:
    assert [str(finding) for finding in ours()] == []
    assert {cost.language for cost in costs()} == {"en", "de"}
    assert all(0 < cost.prompt <= MOST_CHARACTERS and cost.tools > 0 for cost in costs())


@pytest.mark.parametrize(
    ("language", "added", "what"),
    [
        ("en", "If the name is unclear, ask for the name again.", "asks for the name again"),
        ("en", "Let callers spell their surname.", "asks for the name again"),
        ("de", "Lassen Sie den Nachnamen buchstabieren.", "asks for the name again"),
        ("de", "Fragen Sie nach dem Namen, bis er stimmt.", "asks for the name again"),
        ("en", "Then call find_slots.", "names find_slots"),
        ("en", "Read `alternatives` out.", "relies on `alternatives`"),
        ("en", "You speak with {caller}.", "a blank {caller}"),
        ("en", "- Be kind.", "Markdown"),
        ("en", "Say 2026-02-10T14:30.", "as machines write it"),
        ("en", "Point them to https://example.com.", "an address of the web"),
        ("en", "Work out the date from the weekday.", "work out a date"),
        ("de", "Berechnen Sie das Datum selbst.", "work out a date"),
        ("en", "Act as if it were booked.", "promises before"),
        ("en", "Say: please hold.", "filler"),
        ("en", "x" * MOST_CHARACTERS, "characters; at most"),
    ],
)
def test_what_is_wrong_is_found_with_its_line(language: str, added: str, what: str) -> None:
    prompt = receptionist(language)
    broken = replace(prompt, text=f"{prompt.text.rstrip()}\n{added}\n")
    [finding] = lint(broken)
    assert what in str(finding)
    if "at most" not in what:
        assert finding.where == f"receptionist.{language}.md:{len(broken.text.splitlines())}"


def test_a_tool_that_is_never_mentioned_is_missed() -> None:
    prompt = receptionist("en")
    [finding] = lint(replace(prompt, text=prompt.text.replace("find_booking", "it")))
    assert finding.what == "never says when to use find_booking"
