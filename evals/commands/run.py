"""`python -m evals run`: play suites and write down what came of it."""

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from evals import cassette, running
from evals.archive import Archive, NoRun
from evals.checks import DECIDING
from evals.commands.report import report
from evals.commands.runs import Unusable
from evals.endpoint import REFERENCE, Choice
from evals.records import AgentKind, TrialRecord
from evals.running import Budget, Plan
from evals.scenario import NoSuchSuite, Scenario, load_suite
from slotline.embedded import EmbeddedError
from slotline.evaluating import PlayerLost, open_crew
from toml_files import Refused

RUNS: Final = Path("runs")
_PROMISES: Final = [name for name in DECIDING if name != "end_state"]
"""A call that breaks one of these fails a run, at any number of trials and whoever answers."""
_LEVELS: Final = {"clean": 0.0, "light": 0.05, "phone": 0.1, "noisy": 0.2}
_AT_ONCE: Final = 3


def run(
    suites: Annotated[list[str] | None, typer.Argument(help="Which; core if left out.")] = None,
    agent: Annotated[AgentKind, typer.Option(help="Who answers.")] = AgentKind.REFERENCE,
    model: Annotated[str, typer.Option(help="The model, by its server's name for it.")] = "",
    base_url: Annotated[
        str, typer.Option(envvar="OPENAI_BASE_URL", help="Its server, if not OpenAI's.")
    ] = "",
    trials: Annotated[int, typer.Option(min=1, help="Calls of each scenario.")] = 4,
    noise: Annotated[
        str, typer.Option(help="Word error rates, such as clean,phone or 0,0.1.")
    ] = "clean",
    only: Annotated[str, typer.Option(help="Scenarios of that name; * stands for any.")] = "*",
    seed: Annotated[int, typer.Option(help="Of names, times and noise.")] = 1,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = os.cpu_count() or 1,
    at_once: Annotated[int, typer.Option(min=1, help="Calls at a time in each.")] = _AT_ONCE,
    out: Annotated[Path, typer.Option(help="Where runs are kept.")] = RUNS,
    resume: Annotated[Path | None, typer.Option(help="A run to take up.")] = None,
    record: Annotated[Path | None, typer.Option(help="Keep the model's answers here.")] = None,
    cassettes: Annotated[Path | None, typer.Option(help="Answers to replay.")] = None,
    callers: Annotated[str, typer.Option(help="scripted, or model:NAME.")] = "scripted",
    tells: Annotated[bool, typer.Option("--report/--no-report", help="Write it when done.")] = True,
    max_cost: Annotated[float | None, typer.Option(help="Stop when it has cost that.")] = None,
    price: Annotated[
        str, typer.Option(help="Of a million tokens, such as 0.40,1.60: prompt, completion.")
    ] = "",
) -> None:
    """Play suites with simulated callers, against real servers, and judge each call."""
    try:
        choice = choice_of(agent, model, base_url, record, cassettes)
        plan = Plan(_scenarios(suites or ["core"], only), trials, _noise(noise), seed)
        order = _Order(
            choice,
            plan,
            suite="+".join(suites or ["core"]),
            crew=(jobs, at_once),
            callers=_callers(callers),
            budget=_budget(max_cost, price, choice),
        )
        is_good, folder = order.carry_out(out, resume)
    except Refused as refused:
        for fault in refused.faults:
            typer.echo(fault, err=True)
        sys.exit(2)
    except (Unusable, NoSuchSuite, NoRun, cassette.NoCassettes, EmbeddedError) as error:
        typer.echo(f"evals: {error}", err=True)
        sys.exit(2)
    if tells:
        report(folder)
    sys.exit(0 if is_good else 1)


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be run, and how."""

    choice: Choice
    plan: Plan
    suite: str
    crew: tuple[int, int]
    callers: tuple[str, str]
    budget: Budget | None

    def carry_out(self, out: Path, resume: Path | None) -> tuple[bool, Path]:
        """Run it; whether it is as good as it must be, and where it is."""
        record = running.record(self.plan, self.choice, suite=self.suite, now=datetime.now(UTC))
        archive = Archive.resume(resume, record) if resume else Archive.create(out, record)
        if self.choice.kind is AgentKind.MODEL and self.choice.cassettes:
            cassette.keep_about(self.choice.cassettes, self.choice.model)
        console = Console(soft_wrap=True, highlight=False)
        console.print(f"{archive.folder}: {_what(self.choice)}", style="bold")
        try:
            trials = asyncio.run(self._played(archive, console))
        except (KeyboardInterrupt, asyncio.CancelledError, PlayerLost) as error:
            why = str(error) or "interrupted"
            with suppress(OSError):
                archive.close(now=datetime.now(UTC), stopped=why)
            raise Unusable(
                f"{why}; nothing that was played is lost: take it up with --resume {archive.folder}"
            ) from None
        return _summary(console, archive, trials, self.choice), archive.folder

    async def _played(self, archive: Archive, console: Console) -> list[TrialRecord]:
        done = {trial.key for trial in archive.trials() if not trial.trouble}
        processes, at_once = self.crew
        todo = len(self.plan.jobs(done))
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[failed]} failed"),
        )
        with Progress(*columns, console=console, transient=True) as progress:
            bar = progress.add_task("calls", total=todo, failed=0)
            failed = 0

            def told(trial: TrialRecord) -> None:
                nonlocal failed
                failed += not trial.passed
                progress.update(bar, advance=1, failed=failed)

            async with open_crew(
                self.choice,
                processes=max(1, min(processes, todo)),
                at_once=at_once,
                callers="model" if self.callers[0] == "model" else "scripted",
                caller_model=self.callers[1],
            ) as crew:
                return await running.run(self.plan, crew, archive, budget=self.budget, told=told)


def _summary(console: Console, archive: Archive, trials: list[TrialRecord], choice: Choice) -> bool:
    """Print what came of it; whether it is good enough to go on with."""
    troubled = [trial for trial in trials if trial.trouble]
    judged = [trial for trial in trials if not trial.trouble]
    failed = [trial for trial in judged if not trial.passed]
    broken = [
        trial
        for trial in judged
        if any(not verdict.passed and verdict.name in _PROMISES for verdict in trial.verdicts)
    ]
    for trial in sorted(failed, key=lambda each: each.key):
        told = "; ".join(
            f"{verdict.name}: {verdict.evidence}"
            for verdict in trial.verdicts
            if verdict.name in DECIDING and not verdict.passed
        )
        where = f"{trial.scenario}.{trial.trial} at {trial.noise:.0%} noise"
        console.print(f"[red]failed[/red]  {where}  ", end="")
        console.print(told, markup=False)
    for trial in troubled:
        console.print(f"[yellow]trouble[/yellow] {trial.scenario}.{trial.trial}  ", end="")
        console.print(trial.trouble, markup=False)
    seconds = sum(trial.wall_seconds for trial in trials)
    console.print(
        f"{len(judged) - len(failed)} of {len(judged)} calls passed, {len(troubled)} in trouble; "
        f"{seconds:.0f} s of calls"
    )
    if archive.record.stopped:
        console.print(f"stopped early: {archive.record.stopped}; take it up with --resume", end=" ")
        console.print(str(archive.folder), markup=False)
    if running.is_invalid(trials):
        console.print("[red]invalid[/red]: too much was in trouble to say anything")
    clean = [trial for trial in failed if not trial.noise]
    is_perfect = choice.kind is not AgentKind.REFERENCE or not clean
    is_whole = not archive.record.stopped and not running.is_invalid(trials)
    return is_perfect and is_whole and not broken


def _what(choice: Choice) -> str:
    match choice.kind:
        case AgentKind.REFERENCE:
            return "the reference policy answers: this says nothing about a model"
        case AgentKind.REPLAY:
            return f"recorded answers of {choice.model}: this says nothing about it as it is now"
        case AgentKind.MODEL:
            return f"{choice.model} at {choice.record.base_url_host} answers"


def choice_of(
    kind: AgentKind, model: str, base_url: str, record: Path | None, cassettes: Path | None
) -> Choice:
    """Who answers the phone.

    Raises:
        Unusable: Something is missing.
        NoCassettes: Nothing was recorded.
    """
    match kind:
        case AgentKind.REFERENCE:
            return Choice(kind, REFERENCE)
        case AgentKind.REPLAY:
            if cassettes is None:
                raise Unusable("--agent replay needs --cassettes FOLDER")
            return Choice(kind, cassette.model_of(cassettes), cassettes=cassettes)
        case AgentKind.MODEL:
            if not model:
                raise Unusable("--agent model needs --model NAME")
            if not os.environ.get("OPENAI_API_KEY") and not base_url:
                raise Unusable("--agent model needs OPENAI_API_KEY, or OPENAI_BASE_URL, or both")
            return Choice(kind, model, base_url or None, record)


def _scenarios(suites: list[str], only: str) -> list[Scenario]:
    found = [each for each in load_suite(*suites) if fnmatch(each.id, only)]
    if not found:
        raise Unusable(f"no scenario of {', '.join(suites)} is called {only}")
    return found


def _noise(written: str) -> list[float]:
    levels: list[float] = []
    for level in written.split(","):
        try:
            levels.append(float(_LEVELS.get(level, level)))
        except ValueError:
            known = ", ".join(_LEVELS)
            raise Unusable(f"--noise {level}: is neither a rate nor one of {known}") from None
    if not all(0 <= level <= 1 for level in levels):
        raise Unusable("--noise is a share of the words, from 0 to 1")
    return levels


def _callers(written: str) -> tuple[str, str]:
    kind, _, name = written.partition(":")
    if kind == "scripted":
        return kind, ""
    if kind != "model" or not name:
        raise Unusable(f"--callers {written}: scripted, or model:NAME")
    return kind, name


def _budget(most: float | None, price: str, choice: Choice) -> Budget | None:
    if most is None:
        return None
    if choice.kind is not AgentKind.MODEL:
        raise Unusable("--max-cost is for --agent model: nothing else costs anything")
    try:
        prompt, completion = map(float, price.split(","))
    except ValueError:
        raise Unusable("--max-cost needs --price PROMPT,COMPLETION for a million tokens") from None
    return Budget(most, prompt, completion)
