"""A short slice of `make chaos`, and the plan behind it."""

import random
from collections import Counter

import pytest

from slotline.chaos.havoc import FAULTS, Act, plan
from slotline.chaos.run import chaos


def plans(seed: int, seconds: float = 90.0) -> list[object]:
    return list(plan(random.Random(seed), seconds=seconds))


def test_the_same_seed_plans_the_same_run() -> None:
    assert plans(5) == plans(5)
    assert plans(5) != plans(6)


@pytest.mark.parametrize("seed", range(5))
def test_a_plan_of_an_ordinary_run_has_everything_several_times(seed: int) -> None:
    deeds = plan(random.Random(seed), seconds=90.0)

    assert [deed.at_seconds for deed in deeds] == sorted(deed.at_seconds for deed in deeds)
    assert all(0 < deed.at_seconds < 90 for deed in deeds)
    acts = Counter(deed.act for deed in deeds)
    assert set(acts) == set(Act)
    assert min(acts.values()) >= 2
    faults = Counter(str(deed.details) for deed in deeds if deed.act is Act.FAULT)
    assert len(faults) == len(FAULTS)
    assert min(faults.values()) >= 2


@pytest.mark.slow
@pytest.mark.integration
async def test_no_promise_breaks_while_everything_is_killed() -> None:
    outcome = await chaos(seed=11, calls=40)

    assert outcome.verdict.findings == []
    assert outcome.bookings >= 10
    assert outcome.done["kill server"] >= 1
    assert outcome.struck.total() >= 1
