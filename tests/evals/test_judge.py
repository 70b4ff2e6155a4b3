"""Judges: how votes become an opinion, and how much an opinion may do."""

from pathlib import Path

import pytest

from evals.judge import (
    JUDGEMENT,
    BadLines,
    Judgement,
    Label,
    Opinion,
    agreements,
    conversation,
    opinion_of,
    read_judgements,
    read_labels,
    still_passes,
)
from tests.evals.recorded import trial


def judged(
    scenario: str, opinion: Opinion, *, number: int = 0, rubric: str = "no_invented_fact"
) -> Judgement:
    return Judgement(scenario, 0.0, number, rubric, opinion, [0.1] * 3, "because", "judge-1")


@pytest.mark.parametrize(
    ("scores", "opinion"),
    [
        ([0.9, 0.8, 0.1], Opinion.PASSES),
        ([0.1, 0.2, 0.9], Opinion.FAILS),
        ([0.1, 0.5, 0.9], Opinion.UNCERTAIN),
        ([0.5, 0.5, 0.5], Opinion.UNCERTAIN),
        ([0.9, 0.5], Opinion.UNCERTAIN),
        ([0.7, 0.7, 0.3], Opinion.PASSES),
    ],
)
def test_votes_make_an_opinion(scores: list[float], opinion: Opinion) -> None:
    assert opinion_of(scores) is opinion


def test_a_judge_may_fail_a_call_and_never_rescue_one() -> None:
    believed = ["no_invented_fact"]
    passed, failed = trial("a"), trial("b", failed=["end_state"])
    fails = [judged("a", Opinion.FAILS), judged("b", Opinion.PASSES)]
    assert not still_passes(passed, fails, believed)
    assert not still_passes(failed, fails, believed)
    assert still_passes(passed, [judged("a", Opinion.UNCERTAIN)], believed)
    assert still_passes(passed, [judged("a", Opinion.FAILS, number=1)], believed)
    assert still_passes(passed, fails, believed=[])


def test_a_judge_is_believed_when_humans_agree() -> None:
    """40 calls that both pass, 12 that both fail, 4 that only the judge fails, 4 only humans."""
    outcomes = [
        *[(Opinion.PASSES, True)] * 40,
        *[(Opinion.FAILS, False)] * 12,
        *[(Opinion.FAILS, True)] * 4,
        *[(Opinion.PASSES, False)] * 4,
        *[(Opinion.UNCERTAIN, True)] * 5,
    ]
    judgements = [judged("a", opinion, number=n) for n, (opinion, _) in enumerate(outcomes)]
    labels = [Label("a", n, "no_invented_fact", passes) for n, (_, passes) in enumerate(outcomes)]
    told = {each.rubric: each for each in agreements(judgements, labels)}
    found = told["no_invented_fact"]
    assert (found.n, found.precision, found.recall) == (60, 0.75, 0.75)
    # Observed 52/60; by chance (16/60)**2 + (44/60)**2.
    assert found.kappa == pytest.approx((52 / 60 - 548 / 900) / (1 - 548 / 900))
    assert found.believed
    assert not told["polite_and_clear"].believed
    few = agreements(judgements[:20], labels)
    assert not any(each.believed for each in few)


def test_judges_read_what_was_really_said_and_what_tools_returned() -> None:
    turns = conversation(trial("a"))
    assert [turn["role"] for turn in turns[:2]] == ["assistant", "user"]
    assert turns[1]["content"] == "A cleaning on Tuesday at three, please."
    assert turns[6]["tools"] == [
        {
            "name": "book",
            "arguments": {"service": "cleaning"},
            "reply": {"booked": True, "status": "booked"},
        }
    ]


def test_files_say_which_line_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "judged.jsonl"
    assert read_judgements(path) == []
    path.write_bytes(JUDGEMENT.dump_json(judged("a", Opinion.FAILS)) + b"\n\n")
    assert read_judgements(path) == [judged("a", Opinion.FAILS)]
    labels = tmp_path / "labels.jsonl"
    labels.write_text(
        '{"scenario": "a", "trial": 0, "rubric": "polite_and_clear", "passes": true}\n{"x": 1}\n'
    )
    with pytest.raises(BadLines, match=r"labels\.jsonl:2: scenario"):
        read_labels(labels)
    with pytest.raises(BadLines, match="No such file"):
        read_labels(tmp_path / "none.jsonl")
