"""Trials in this process, for tests."""

from functools import partial

from evals import policy
from evals.endpoint import POLICY_URL, REFERENCE, Choice, way_to
from evals.policy.serving import Decide
from evals.records import TrialRecord
from evals.scenario import SCENARIOS, load
from evals.seat import Seat
from evals.trial import Job, Rings, play
from slotline.evaluating.house import model_over
from slotline.evaluating.player import rings_scripted


async def played(
    seat: Seat,
    scenario: str,
    *,
    decide: Decide = policy.decide,
    trial: int = 0,
    noise: float = 0.0,
    rings: Rings = rings_scripted,
) -> TrialRecord:
    """Play `suite/id` once; what was in trouble because this machine is busy, once more."""
    job = Job(load(SCENARIOS / f"{scenario}.toml"), trial, noise, run_seed=1)
    async with way_to(Choice(), decide) as to:
        model = partial(model_over, name=REFERENCE, base_url=POLICY_URL)
        first = await play(job, seat, to=to, model=model, rings=rings)
        if first.record.trouble and "too slow" in first.record.trouble:
            return (await play(job, seat, to=to, model=model, rings=rings)).record
        return first.record


def failed(record: TrialRecord) -> dict[str, str]:
    """The evidence of each check that has failed."""
    return {each.name: each.evidence for each in record.verdicts if not each.passed}
