"""Every scenario can be solved: whoever fails it has failed."""

import pytest

from evals.golden import proven
from evals.scenario import Scenario, load_suite, suites
from evals.seat import Seat
from evals.trial import Job

_SCENARIOS = {each.id: each for each in load_suite(*suites())}


@pytest.mark.parametrize("scenario", _SCENARIOS.values(), ids=_SCENARIOS)
async def test_its_golden_steps_reach_what_it_expects(seat: Seat, scenario: Scenario) -> None:
    verdicts = await proven(Job(scenario, trial=0, noise=0.0, run_seed=1), seat)
    assert not [f"{each.name}: {each.evidence}" for each in verdicts if not each.passed]
