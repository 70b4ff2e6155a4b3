"""What is said about runs: against values worked out by hand or published."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.statistics import (
    Outcome,
    bootstrap,
    kappa,
    mcnemar,
    paired,
    pass_hat,
    pass_hats,
    quantile,
    smallest_detectable,
)


@given(st.lists(st.booleans(), min_size=1, max_size=7), st.integers(1, 7))
def test_pass_hat_is_the_share_of_draws_that_all_pass(trials: list[bool], k: int) -> None:
    outcome = Outcome(len(trials), sum(trials))
    if k > len(trials):
        with pytest.raises(ValueError, match="trials"):
            pass_hat(outcome, k)
        return
    draws = list(combinations(trials, k))
    assert pass_hat(outcome, k) == pytest.approx(sum(map(all, draws)) / len(draws))


def test_pass_hats_fall_with_k_and_leave_out_what_was_tried_too_seldom() -> None:
    found = pass_hats([Outcome(4, 4), Outcome(4, 2), Outcome(2, 2)], most=4)
    assert [found[k].estimate for k in (1, 2, 4)] == pytest.approx(
        [5 / 6, (1 + 1 / 6 + 1) / 3, 0.5]
    )
    assert found[1].low <= found[1].estimate <= found[1].high


def test_an_interval_is_seeded_and_covers_what_it_should() -> None:
    values = [1.0] * 45 + [0.0] * 15
    interval = bootstrap(values, seed=3)
    assert interval == bootstrap(values, seed=3)
    # The normal approximation: 0.75 +- 1.96 * sqrt(0.75 * 0.25 / 60).
    assert (interval.low, interval.high) == pytest.approx((0.640, 0.860), abs=0.02)
    assert interval.excludes_zero
    assert not bootstrap([-1.0, 1.0, -1.0, 1.0]).excludes_zero


def test_equal_values_have_no_spread() -> None:
    interval = bootstrap([1.0] * 60)
    assert (interval.low, interval.estimate, interval.high) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("share", "value"), [(0.0, 1), (0.5, 5), (0.51, 6), (0.95, 10), (0.9, 9), (1.0, 10)]
)
def test_a_quantile_is_one_of_the_values(share: float, value: float) -> None:
    assert quantile(range(1, 11), share) == value


@pytest.mark.parametrize(
    ("fell", "rose", "p"),
    [(0, 0, 1.0), (5, 5, 1.0), (6, 0, 0.03125), (5, 0, 0.0625), (1, 9, 22 / 1024)],
)
def test_mcnemar_is_exact(fell: int, rose: int, p: float) -> None:
    assert mcnemar(fell, rose) == pytest.approx(p)
    assert mcnemar(rose, fell) == pytest.approx(p)


def test_trials_are_compared_with_themselves() -> None:
    first = {("a", 1): True, ("a", 2): True, ("b", 1): False, ("gone", 1): True}
    second = {("a", 1): True, ("a", 2): False, ("b", 1): True, ("new", 1): False}
    pairs = paired(first, second)
    assert (list(pairs.fell), list(pairs.rose), pairs.only_in_one) == ([("a", 2)], [("b", 1)], 2)
    assert pairs.difference == 0.0
    assert pairs.p == 1.0


def test_what_240_pairs_can_show() -> None:
    assert smallest_detectable(240, 0) == 6 / 240
    assert smallest_detectable(240, 47) == pytest.approx(0.08, abs=0.002)
    assert smallest_detectable(0, 0) == 1.0
    assert smallest_detectable(240, 47) < smallest_detectable(60, 12)


def test_kappa_of_a_published_table() -> None:
    """20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: kappa 0.4."""
    judged = [
        *[(True, True)] * 20,
        *[(True, False)] * 5,
        *[(False, True)] * 10,
        *[(False, False)] * 15,
    ]
    assert kappa(judged) == pytest.approx(0.4)
    assert kappa([(True, True)]) == 1.0
    with pytest.raises(ValueError, match="nobody"):
        kappa([])
