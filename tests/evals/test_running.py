"""Which trials are played, and when it is enough; and what the command says of bad input."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.__main__ import app
from evals.archive import Archive
from evals.endpoint import Choice
from evals.records import TrialRecord
from evals.running import Budget, Jobs, Plan, is_invalid, record, run
from evals.scenario import load_suite
from evals.trial import Job
from tests.evals.recorded import NOON, trial

SCENARIOS = load_suite("core")[:3]


class Players:
    """Plays in no time; what it is told to breaks."""

    def __init__(self, *broken: str, tokens: float = 0.0, always: bool = False) -> None:
        self._broken = set(broken)
        self._tokens = tokens
        self._always = always
        self.played: list[Job] = []

    async def play(self, jobs: Jobs) -> AsyncIterator[TrialRecord]:
        while job := jobs.take():
            self.played.append(job)
            done = replace(
                trial(job.scenario.id, job.trial),
                noise=job.noise,
                figures={"tokens_prompt": self._tokens},
            )
            if job.scenario.id in self._broken:
                if not self._always:
                    self._broken.discard(job.scenario.id)
                done = replace(done, trouble="the endpoint: HTTP 500", passed=False)
            yield done


def archive_of(plan: Plan, folder: Path) -> Archive:
    return Archive.create(folder, record(plan, Choice(), suite="core", now=NOON))


async def test_every_trial_is_played_once(tmp_path: Path) -> None:
    plan = Plan(SCENARIOS, trials=2, noise=[0.0, 0.1], seed=1)
    players = Players()
    trials = await run(plan, players, archive_of(plan, tmp_path), clock=lambda: NOON)
    assert len(trials) == len({each.key for each in trials}) == 12
    assert len({job.seed for job in players.played}) == 6, "noise changes no name and no time"


async def test_what_was_interrupted_is_taken_up(tmp_path: Path) -> None:
    plan = Plan(SCENARIOS, trials=2, noise=[0.0], seed=1)
    archive = archive_of(plan, tmp_path)
    for job in plan.jobs()[:4]:
        archive.add(trial(job.scenario.id, job.trial), job.name)
    players = Players()
    trials = await run(
        plan, players, Archive.resume(archive.folder, archive.record), clock=lambda: NOON
    )
    assert len(players.played) == 2
    assert len(trials) == 6


async def test_trouble_is_played_again_once_and_counted(tmp_path: Path) -> None:
    plan = Plan(SCENARIOS, trials=1, noise=[0.0], seed=1)
    players, archive = Players(SCENARIOS[0].id), archive_of(plan, tmp_path)
    trials = await run(plan, players, archive, clock=lambda: NOON)
    assert len(players.played) == 4
    assert not [each for each in trials if each.trouble]
    assert archive.record.redone == 1
    assert not is_invalid(trials)


async def test_a_hopeless_run_stops(tmp_path: Path) -> None:
    plan = Plan(SCENARIOS, trials=9, noise=[0.0], seed=1)
    players = Players(*(each.id for each in SCENARIOS), always=True)
    archive = archive_of(plan, tmp_path)
    trials = await run(plan, players, archive, clock=lambda: NOON)
    assert len(players.played) == 6
    assert "all in trouble: the endpoint: HTTP 500" in str(archive.record.stopped)
    assert archive.record.finished_at is None
    assert is_invalid(trials)


async def test_a_limit_of_cost_stops_a_run(tmp_path: Path) -> None:
    plan = Plan(SCENARIOS, trials=4, noise=[0.0], seed=1)
    players, archive = Players(tokens=1_000_000), archive_of(plan, tmp_path)
    budget = Budget(most=2.0, prompt=0.5, completion=1.0)
    await run(plan, players, archive, budget=budget, clock=lambda: NOON)
    assert len(players.played) == 4
    assert archive.record.stopped == "it has cost 2.00; 2.00 were allowed"


_BAD = {
    "no key": (["--agent", "model", "--model", "m"], "needs OPENAI_API_KEY"),
    "no model": (["--agent", "model"], "needs --model"),
    "no cassettes": (["--agent", "replay"], "needs --cassettes"),
    "no such suite": (["cores"], "there is no suite 'cores': there are core, faults"),
    "no such scenario": (["--only", "nothing*"], "is called nothing*"),
    "no noise": (["--noise", "loud"], "is neither a rate nor one of clean, light, phone, noisy"),
    "no price": (
        ["--agent", "model", "--model", "m", "--base-url", "http://x/v1", "--max-cost", "1"],
        "needs --price",
    ),
    "no run": (["--resume", "/nowhere"], "/nowhere is no run"),
}


@pytest.mark.parametrize("name", _BAD)
def test_bad_input_is_one_clear_line(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments, message = _BAD[name]
    for key in [key for key in os.environ if key.startswith("OPENAI_")]:
        monkeypatch.delenv(key)
    ended = CliRunner().invoke(app, ["run", *arguments])
    assert ended.exit_code == 2
    assert message in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
