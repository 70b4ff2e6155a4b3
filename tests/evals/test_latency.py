"""Calls in seconds: the turn model, the flow before, and ours in the same simulation."""

import random
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest

from evals.latency import our_flow
from evals.latency.comparison import GAPS, compare, gap_name
from evals.latency.eva import gap_score
from evals.latency.old_flow import OldFlow
from evals.latency.profile import OURS, Profile
from evals.latency.silence import FixedGap, TurnModel, Work
from evals.latency.timeline import Kind, Origin, by_kind, by_origin, merged, total
from tests.evals.recorded import agent, asked, booking_call, caller, run, trial
from toml_files import Refused

PROFILE = Profile.read()
OLD = OldFlow.read()


def test_every_figure_of_the_profile_has_a_source() -> None:
    tables = [getattr(PROFILE, name) for name in Profile.model_fields]
    assert all(table.sources for table in tables)
    assert set(PROFILE.parts) < set(Profile.model_fields)


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("median_seconds = 0.50", "median_seconds = -1", "endpointing.median_seconds"),
        ("sigma = 0.25", "sigma = 0.25\nsugar = 1", "endpointing.sugar"),
        ("[transport]", "[transports]", "transport"),
        ("[transport]", "[transport", "profile.toml:"),
    ],
)
def test_a_broken_profile_says_where(tmp_path: Path, written: str, instead: str, said: str) -> None:
    path = tmp_path / "profile.toml"
    path.write_text(OURS.read_text().replace(written, instead, 1))
    with pytest.raises(Refused, match=said):
        Profile.read(path)


def test_a_second_round_costs_a_first_token_more() -> None:
    model = TurnModel(PROFILE)
    plain, with_tool = model.before_agent(Work(1)), model.before_agent(Work(2))
    assert plain == pytest.approx(0.5 + 0.55 + 0.15 + 0.25)
    assert with_tool - plain == pytest.approx(0.55)
    longer = model.before_agent(Work(2, prompt_tokens=4_000, call_tokens=40))
    assert longer - with_tool == pytest.approx(2 * 4 * 0.05 + 40 * 0.012)


def test_draws_are_seeded_and_spread_around_the_median() -> None:
    drawn = [TurnModel(PROFILE, random.Random(n)).before_agent(Work()) for n in range(400)]
    assert drawn[0] == TurnModel(PROFILE, random.Random(0)).before_agent(Work())
    assert median(drawn) == pytest.approx(1.5, abs=0.15)
    assert min(drawn) < 1.1
    assert max(drawn) > 2.2


@pytest.mark.parametrize(
    ("milliseconds", "with_tool", "score"),
    [
        (-600, False, 0.0),
        (0, False, 0.5),
        (500, False, 1.0),
        (2000, False, 1.0),
        (2750, False, 0.5),
        (3500, False, 0.0),
        (2750, True, 1.0),
        (4000, True, 0.5),
        (6000, True, 0.0),
    ],
)
def test_a_gap_is_scored_as_published(milliseconds: float, with_tool: bool, score: float) -> None:
    assert gap_score(milliseconds, with_tool=with_tool) == pytest.approx(score)


def test_our_call_adds_up() -> None:
    """Every word at its rate, a gap at each change of speaker, tools as measured, pauses kept."""
    turns = booking_call(pause=2.0)
    call = our_flow.call(turns, FixedGap(0.8), PROFILE)
    said = {
        who: sum(len(turn.text.split()) for turn in turns if turn.speaker == who)
        for who in ("agent", "caller")
    }
    seconds = by_kind(call)
    assert seconds[Kind.AGENT] == pytest.approx(said["agent"] / 150 * 60)
    assert seconds[Kind.CALLER] == pytest.approx(said["caller"] / 160 * 60)
    assert seconds[Kind.SILENCE] == pytest.approx(0.8 * (len(turns) - 1))
    assert seconds[Kind.TOOLS] == pytest.approx(0.5)
    assert seconds[Kind.THINKING] == 2.0
    assert by_origin(call)[Origin.MEASURED] == pytest.approx(0.5)
    assert total(merged(call)) == pytest.approx(total(call))
    labels = [each.label for each in merged(call) if each.kind is Kind.CALLER]
    assert labels == ["check", "name", "booking", "goodbye"]


def test_who_interrupts_leaves_no_gap() -> None:
    turns = [agent("Good morning."), replace(caller("A cleaning."), interrupts=True)]
    assert Kind.SILENCE not in by_kind(our_flow.call(turns, FixedGap(0.8), PROFILE))


def test_the_old_flow_is_made_of_what_was_documented() -> None:
    call = OLD.call(FixedGap(OLD.reported_gap_seconds), PROFILE)
    name = total(each for each in call if each.label == "name")
    assert name == pytest.approx(8 * 13)
    documented = by_origin(call)[Origin.DOCUMENTED]
    gaps_in_rounds = 8 * 2 * OLD.reported_gap_seconds
    assert documented + gaps_in_rounds == pytest.approx(OLD.documented_alone()) == 149.0
    drawn = [OLD.documented_alone(random.Random(n)) for n in range(300)]
    assert 116 <= min(drawn) < 149 < max(drawn) <= 186
    assert by_origin(call)[Origin.MEASURED] == 0.0


def test_longer_gaps_make_both_flows_longer() -> None:
    told = compare(run(trial("a"), trial("b", by="known")), profile=PROFILE, flow=OLD)
    rows = {row.silence: row for row in told.rows}
    medians = [rows[gap_name(gap)].old.p50 for gap in GAPS]
    assert medians == sorted(medians)
    ours = [rows[gap_name(gap)].ours["unknown"].p50 for gap in GAPS]
    # Nine turns have eight changes of speaker.
    assert (ours[2] - ours[1]) == pytest.approx(8 * 0.7)
    everybody = {"known", "known, plain", "unknown", "unknown, plain"}
    assert set(rows["the turn model"].ours) == everybody
    length = told.length("unknown")
    assert length
    assert length.p50 == ours[1]
    assert told.length("hidden") is None
    assert told.as_slow_a_caller["unknown, plain"] > ours[1]


def test_only_calls_that_booked_and_passed_are_measured() -> None:
    talk = [agent("Good morning."), caller("Only a question."), agent("Goodbye.")]
    cancels = [*booking_call()[:-1], agent("Done.", asked("cancel", status="cancelled"))]
    told = compare(
        run(
            trial("books"),
            trial("asks again", turns=[*booking_call()[:3], *booking_call()[1:]]),
            replace(trial("moves"), tags=["move"]),
            trial("asks", turns=talk),
            trial("cancels", turns=cancels),
            trial("fails", failed=["end_state"]),
            trial("noisy", noise=0.1),
            trial("broken", trouble="the database went away"),
        ),
        profile=PROFILE,
        flow=OLD,
    )
    [row] = [row for row in told.rows if row.silence == gap_name(0.8)]
    assert {whose: length.n for whose, length in row.ours.items()} == {
        "unknown": 2,
        "unknown, plain": 1,
    }
    assert told.chosen == {"unknown, plain": "books"}
