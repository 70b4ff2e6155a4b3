"""One trial: a scenario is filled in, played and judged."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import httpx2
import structlog

from evals import checks
from evals.agent import Conversation, converse
from evals.callers import Caller, CallerBrokeRules
from evals.house import NotInTheHouse
from evals.people import People
from evals.records import TrialRecord, VerdictRecord
from evals.scenario import Scenario
from evals.seat import Seat
from evals.wire import Watch
from evals.world import CannotBeFurnished
from server.agent.model import Model

_log = structlog.get_logger("slotline.evals")

_SLOW_MILLISECONDS: Final = 1_700.0
"""A tool that takes that long without a fault of the calendar shows this machine's load."""


@dataclass(frozen=True, slots=True)
class Job:
    """A trial to be played."""

    scenario: Scenario
    trial: int
    noise: float
    run_seed: int

    @property
    def seed(self) -> int:
        """The same for the same trial of every run with that seed, at every level of noise."""
        text = f"{self.run_seed} {self.scenario.id} {self.trial}"
        return int.from_bytes(sha256(text.encode()).digest()[:4])

    @property
    def key(self) -> tuple[str, float, int]:
        """As `TrialRecord.key`."""
        return (self.scenario.id, self.noise, self.trial)

    @property
    def name(self) -> str:
        """Of its files."""
        noise = f".noise{round(self.noise * 100)}" if self.noise else ""
        return f"{self.scenario.id}{noise}.{self.trial}"

    def filled(self) -> Scenario:
        """The scenario as this trial has it."""
        rng = random.Random(self.seed)
        pick = rng.choice(self.scenario.pick) if self.scenario.pick else {}
        return self.scenario.filled(People.of(rng, self.scenario.language), pick)


Rings = Callable[[Scenario, Job], Caller]
"""Makes the caller of a scenario without blanks."""

MakesModel = Callable[[httpx2.AsyncBaseTransport], Model]
"""Makes the model that is reached this way."""


@dataclass(frozen=True, slots=True)
class Played:
    """A trial, and what went over the wire in it."""

    record: TrialRecord
    watch: Watch


async def play(
    job: Job, seat: Seat, *, to: httpx2.AsyncBaseTransport, model: MakesModel, rings: Rings
) -> Played:
    """Play one trial. Whatever breaks is in the record.

    Args:
        job: Which.
        seat: Where; nobody else may use it meanwhile.
        to: The way to the server of models.
        model: Makes the one that answers.
        rings: Makes the one who calls.
    """
    started = time.perf_counter()
    scenario, talk, watch = job.filled(), Conversation(), Watch(to)
    verdicts: list[VerdictRecord] = []
    figures: dict[str, float] = {}
    trouble: str | None = None
    try:
        async with seat.world(scenario) as world:
            answering = model(watch)
            try:
                await converse(world, rings(scenario, job), answering, watch, into=talk)
            finally:
                await answering.aclose()
            await world.settle()
            evidence = await world.evidence(talk.turns, talk.contradictions)
        verdicts = checks.judge(evidence)
        figures = {
            **checks.figures(evidence),
            "retries": watch.retries,
            "facts_told": talk.facts_told,
            "facts_missed": talk.facts_missed,
        }
        trouble = _trouble(scenario, talk, watch)
    except CallerBrokeRules as error:
        trouble = f"the caller broke its rules: {error}"
    except (CannotBeFurnished, NotInTheHouse) as error:
        trouble = f"the world cannot be furnished: {error}"
    except Exception as error:  # noqa: BLE001 - one trial must not end the run
        _log.exception("trial_broke", scenario=scenario.id, trial=job.trial)
        trouble = f"broke: {type(error).__name__}: {error}"
    record = TrialRecord(
        scenario=scenario.id,
        suite=scenario.suite,
        tags=list(scenario.tags),
        language=scenario.language,
        caller=scenario.caller.number,
        trial=job.trial,
        seed=job.seed,
        noise=job.noise,
        turns=talk.turns,
        verdicts=verdicts,
        figures=figures,
        passed=trouble is None and checks.passes(verdicts),
        trouble=trouble,
        wall_seconds=round(time.perf_counter() - started, 3),
        scenario_digest=job.scenario.digest,
        served_by=watch.served_by,
    )
    return Played(record, watch)


def _trouble(scenario: Scenario, talk: Conversation, watch: Watch) -> str | None:
    """Why a call that was played says nothing about the agent."""
    if talk.failures:
        why = watch.troubles[0] if watch.troubles else f"no answer ({talk.failures[0]})"
        return f"the endpoint: {why}"
    calendar = scenario.calendar
    if (
        calendar.faults
        or calendar.latency_seconds
        or any(each.fault for each in scenario.meanwhile)
    ):
        return None
    slow = [
        call
        for turn in talk.turns
        for call in turn.tool_calls
        if call.milliseconds > _SLOW_MILLISECONDS and not call.reply.get("ok")
    ]
    if slow:
        return f"this machine was too slow: {slow[0].tool} took {slow[0].milliseconds:.0f} ms"
    return None
