"""Two runs beside each other: who flipped, and which gates that breaks."""

from dataclasses import replace
from pathlib import Path

import pytest

from evals.compare import Compared, compare, gates_of
from evals.latency.profile import Profile
from evals.records import AgentKind, Run, TrialRecord
from evals.standing import BASELINES, NoBaseline, Standing, baseline_of
from tests.evals.recorded import agent, booking_call, run, trial

PROFILE = Profile.read()
NAMES = [f"scenario-{n}" for n in range(20)]


def calls(*broken: str, failed: str = "end_state", trials: int = 4) -> list[TrialRecord]:
    return [
        trial(name, number, failed=[failed] if name in broken else [])
        for name in NAMES
        for number in range(trials)
    ]


def compared(before: Run, after: Run) -> Compared:
    return compare(Standing.of(before, PROFILE), Standing.of(after, PROFILE))


def broken_gates(told: Compared) -> list[str]:
    return [gate.name for gate in told.gates if not gate.holds]


def test_equal_runs_differ_in_nothing() -> None:
    told = compared(run(*calls()), run(*calls()))
    assert told.holds
    assert (told.flips, list(told.notes)) == ([], [])
    assert told.pairs.p == 1.0
    assert told.detectable == 6 / 80
    assert all(change.difference.estimate == 0 for change in told.changes)


def test_a_model_that_got_worse_is_stopped() -> None:
    before = run(*calls(), kind=AgentKind.MODEL)
    after = run(*calls(NAMES[3], NAMES[4]), kind=AgentKind.MODEL, prompt="changed")
    told = compared(before, after)
    assert {flip.scenario for flip in told.flips} == {NAMES[3], NAMES[4]}
    assert not any(flip.rose for flip in told.flips)
    assert "pass rate" in broken_gates(told)
    assert told.pass_hat
    assert told.pass_hat.estimate == pytest.approx(-0.1)
    assert "prompt: 0123456789ab -> changed" in told.notes
    back = compared(after, before)
    assert back.holds
    assert all(flip.rose for flip in back.flips)


def test_one_flip_is_chance() -> None:
    worse = [*calls()[1:], trial(NAMES[0], 0, failed=["end_state"])]
    told = compared(run(*calls(), kind=AgentKind.MODEL), run(*worse, kind=AgentKind.MODEL))
    assert len(told.flips) == 1
    assert told.holds


def test_accuracy_gates_are_for_models_only() -> None:
    told = compared(run(*calls()), run(*calls()))
    assert "pass rate" not in {gate.name for gate in told.gates}


@pytest.mark.parametrize(
    "check", ["no_double_booking", "no_orphan", "nothing_promised", "consent_before_write"]
)
def test_what_may_never_happen_stops_even_once(check: str) -> None:
    [first, *others] = calls()
    verdicts = [*first.verdicts, replace(first.verdicts[0], name=check, passed=False)]
    told = compared(
        run(*calls(), kind=AgentKind.MODEL),
        run(replace(first, verdicts=verdicts), *others, kind=AgentKind.MODEL),
    )
    assert broken_gates(told) == [check]


def test_the_reference_policy_may_not_fail_without_noise() -> None:
    noisy = trial(NAMES[1], 0, noise=0.2, failed=["end_state"])
    standing = Standing.of(run(*calls(), noisy), PROFILE)
    assert all(gate.holds for gate in gates_of(standing))
    fails = Standing.of(run(*calls(NAMES[1])), PROFILE)
    [gate] = [gate for gate in gates_of(fails) if not gate.holds]
    assert (gate.name, gate.evidence) == (
        "the reference policy passes every trial",
        "scenario-1 ----",
    )


def test_a_run_of_trouble_is_invalid_and_counts_for_nobody() -> None:
    troubled = [replace(each, trouble="no database", passed=False) for each in calls()[:4]]
    standing = Standing.of(run(*troubled, *calls()[4:]), PROFILE)
    assert standing.troubled == pytest.approx(0.05)
    assert [gate.name for gate in gates_of(standing) if not gate.holds] == [
        "trials that say nothing"
    ]
    assert len(standing.passed) == 76


def test_more_words_need_a_new_baseline() -> None:
    wordy = [
        agent("Well, " * 40, *turn.tool_calls) if turn.speaker == "agent" else turn
        for turn in booking_call()
    ]
    told = compared(run(*calls()), run(*(replace(each, turns=wordy) for each in calls())))
    assert broken_gates(told) == ["words a turn: at most 5% more"]
    [change] = [change for change in told.changes if change.name == "call seconds"]
    assert change.difference.low > 0


def test_a_baseline_is_a_run_as_far_as_it_is_compared(tmp_path: Path) -> None:
    standing = Standing.of(run(*calls(NAMES[0])), PROFILE)
    path = tmp_path / "core.reference.json"
    replace(standing, because="first").write(path)
    kept = Standing.read(path)
    assert kept == replace(standing, because="first")
    assert kept.passed == standing.passed
    assert len(path.read_text()) < 20 * 500


def test_what_is_no_baseline_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoBaseline, match="baseline accept"):
        Standing.read(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text('{"run": 1}')
    with pytest.raises(NoBaseline, match=r"bad\.json is no baseline: run"):
        Standing.read(tmp_path / "bad.json")
    assert baseline_of("core").name == "core.reference.json"


def test_what_is_committed_as_a_baseline_is_one() -> None:
    """Readable, with a reason, and of runs that broke no gate."""
    paths = list(BASELINES.glob("*.json"))
    assert baseline_of("core") in paths
    for path in paths:
        kept = Standing.read(path)
        assert path == baseline_of(kept.suite)
        assert kept.because
        assert all(gate.holds for gate in gates_of(kept))
