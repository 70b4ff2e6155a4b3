"""The report: what it tells, and that it can be read anywhere."""

import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import pytest

from evals.compare import compare
from evals.judge import Judgement, Label, Opinion, agreements
from evals.latency.old_flow import OldFlow
from evals.latency.percentiles import Percentiles, carries, curve
from evals.latency.profile import Profile
from evals.records import AgentKind, Run
from evals.report import Told, as_html, as_markdown, tell
from evals.report.told import failed_by_judges
from evals.standing import Standing
from tests.evals.recorded import agent, caller, run, trial

PROFILE, OLD = Profile.read(), OldFlow.read()
NASTY = 'L7: "<script>alert(1)</script>" | nothing stands'
_VOID = {"meta", "rect", "line", "circle", "polyline", "br"}


def a_run(kind: AgentKind = AgentKind.REFERENCE) -> Run:
    return run(
        *(
            trial(f"book-{name}", number, by=by, noise=noise)
            for name, by in (("early", "unknown"), ("late", "known"))
            for noise in (0.0, 0.1)
            for number in range(4)
        ),
        trial("wordy", 0, failed=["short_turns"], evidence=NASTY),
        trial("wordy", 1, failed=["end_state"], evidence=NASTY, noise=0.1),
        trial("lost", 0, trouble="the database went away"),
        kind=kind,
    )


@cache
def told(kind: AgentKind = AgentKind.REFERENCE) -> Told:
    return tell(a_run(kind), profile=PROFILE, flow=OLD)


class _Elements(HTMLParser):
    """Every tag is closed, and in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.seen.append(tag)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop() == tag


def test_the_page_is_whole_and_needs_nobody_else() -> None:
    page = as_html(told())
    elements = _Elements()
    elements.feed(page)
    assert elements.open == []
    assert {"script", "link", "img", "iframe"}.isdisjoint(elements.seen)
    assert elements.seen.count("svg") >= 6
    assert not re.search(r"(?:src|href)=|url\((?!#)|@import|https?://", page)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("kind", list(AgentKind))
def test_nothing_but_a_model_claims_to_be_one(kind: AgentKind) -> None:
    page, text = as_html(told(kind)), as_markdown(told(kind))
    assert f"core: {kind}" in page
    assert f"core: {kind}" in text
    says = "say nothing about any model"
    assert (says in page, says in text) == ((kind is AgentKind.REFERENCE),) * 2


def test_targets_say_what_was_aimed_at_and_reached() -> None:
    targets = told().targets
    assert [target.aim for target in targets] == [
        *["<= 38 s"] * 2,
        *["<= 30 s"] * 2,
        "100 %",
        "1.0",
    ]
    assert [target.reached.split()[-1] for target in targets[:4]] == ["2", "2", "1", "1"]
    assert all(target.holds for target in targets)
    assert targets[4].reached == "100.0% of 18"
    slow = [agent("Well, " * 100), caller("Yes."), *trial("x").turns]
    late = tell(run(trial("slow", turns=slow)), profile=PROFILE, flow=OLD)
    [unknown, plain, known, _, reliable] = late.targets
    assert (unknown.holds, plain.holds) == (False, False)
    assert (known.holds, known.reached) == (None, "no such call in this run")
    assert (reliable.holds, reliable.reached) == (None, "fewer than 4 trials")


def test_what_failed_comes_first_with_its_evidence() -> None:
    failures = told().failures
    assert [(each.scenario, each.check, each.decided) for each in failures] == [
        ("wordy", "end_state", True),
        ("wordy", "short_turns", False),
    ]
    assert failures[0].lines == ["L7 agent: A cleaning on Tuesday at three for Marta Ehlers?"]
    assert "<blockquote>L7 agent: A cleaning on Tuesday" in as_html(told())
    text = as_markdown(told())
    assert 'L7: "&lt;script>alert(1)&lt;/script>" \\| nothing stands' in text
    assert text.index("end_state") < text.index("short_turns")
    assert [each.trouble for each in told().troubles] == ["the database went away"]


def test_the_grid_counts_each_check_of_each_scenario() -> None:
    grid = told().grid
    assert grid["book-early", 0.1]["end_state"] == (4, 4)
    assert grid["wordy", 0.0]["short_turns"] == (0, 1)
    assert ("lost", 0.0) not in grid


def test_the_old_flow_is_shown_beside_what_was_reported_of_it() -> None:
    text = as_markdown(told())
    assert "144 s were reported; our model of that flow gives 199 s" in text
    assert "nothing was fitted" in text
    page = as_html(told())
    assert "144 s reported" in page
    assert "floor 19-23 s" in page


def test_a_comparison_says_who_flipped() -> None:
    before = a_run()
    after = replace(
        before,
        trials=[
            *before.trials[1:],
            replace(before.trials[0], passed=False),
        ],
    )
    standing = Standing.of(after, PROFILE)
    compared = compare(Standing.of(before, PROFILE), standing)
    shown = tell(after, profile=PROFILE, flow=OLD, compared=compared, beside=[compared.before])
    assert "- **fell**: book-early #0 at 0%" in as_markdown(shown)
    assert "gates are broken" in as_markdown(shown)
    assert "fell" in as_html(shown)
    assert len(shown.tokens) == 2


def test_judges_are_shown_with_how_far_they_are_believed() -> None:
    """A judge on whom 50 humans agree fails a call that passed; another one is not heard."""
    found = run(*(trial("a", n) for n in range(50)))
    judgements = [
        Judgement("a", 0.0, n, rubric, Opinion.FAILS if n == 3 else Opinion.PASSES, [0.9], "", "j")
        for n in range(50)
        for rubric in ("no_invented_fact", "polite_and_clear")
    ]
    labels = [Label("a", n, "no_invented_fact", n != 3) for n in range(50)]
    shown = tell(
        found,
        profile=PROFILE,
        flow=OLD,
        judgements=judgements,
        agreements=agreements(judgements, labels),
    )
    assert failed_by_judges(shown) == 1
    page = as_html(shown)
    assert page.count("not heard") == 3
    assert "Failed by judges who are heard: 1 calls" in page


def test_a_run_without_calls_can_be_told() -> None:
    empty = tell(run(trial("lost", trouble="no database")), profile=PROFILE, flow=OLD)
    assert "the database" not in as_markdown(empty)
    assert "no database" in as_html(empty)


def test_percentiles_need_samples_beyond_them() -> None:
    assert (carries(999, 99), carries(1000, 99)) == (False, True)
    assert (carries(9_999, 99.9), carries(10_000, 99.9)) == (False, True)
    few = Percentiles.of([3.0, 1.0, 2.0])
    assert (few.n, few.values, few.most) == (3, {50.0: 2.0}, 3.0)
    many = Percentiles.of([float(n) for n in range(1, 1001)])
    assert many.values == {50: 500, 75: 750, 90: 900, 95: 950, 99: 990}
    with pytest.raises(ValueError, match="no samples"):
        Percentiles.of([])


def test_a_curve_ends_where_samples_do() -> None:
    shares = [share for share, _ in curve([float(n) for n in range(1000)])]
    assert shares[0] == 0.5
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(0.99)
    assert {share for share, _ in curve([1.0, 2.0])} == {0.5}
