"""`python -m evals compare` and `baseline accept`."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from evals import archive
from evals.commands.runs import Unusable, plainly, standing_of
from evals.compare import Compared, gates_of
from evals.compare import compare as compared_with
from evals.latency.profile import Profile
from evals.records import AgentKind
from evals.standing import Standing, baseline_of

baseline = typer.Typer(help="What runs of the reference policy are compared with.")


def compare(
    before: Annotated[str, typer.Argument(help="A run's folder, a baseline, or `baseline`.")],
    after: Annotated[str, typer.Argument(help="A run's folder.")],
) -> None:
    """Compare two runs trial by trial; 1 if a gate is broken."""
    with plainly():
        profile = Profile.read()
        second = standing_of(after, profile)
        told = compared_with(standing_of(before, profile, suite=second.suite), second)
    print_compared(Console(soft_wrap=True, highlight=False), told)
    sys.exit(0 if told.holds else 1)


@baseline.command()
def accept(
    run: Annotated[Path, typer.Argument(help="The folder of a run of the reference policy.")],
    because: Annotated[str, typer.Option(help="Why this is right: it is kept, and reviewed.")],
) -> None:
    """Make a run the baseline of its suite; commit the file with the reason."""
    with plainly():
        found = archive.load(run)
        standing = replace(Standing.of(found, Profile.read()), because=because)
        if standing.agent is not AgentKind.REFERENCE:
            raise Unusable(
                "only the reference policy has a baseline: models differ from day to day"
            )
        if found.record.finished_at is None:
            raise Unusable(f"{run} is not finished")
        broken = [gate for gate in gates_of(standing) if not gate.holds]
        if broken:
            raise Unusable(f"{broken[0].name} is broken: {broken[0].evidence}")
        path = baseline_of(standing.suite)
        standing.write(path)
    typer.echo(f"{path}: commit it")


def print_compared(console: Console, told: Compared) -> None:
    """For a terminal."""
    for note in told.notes:
        console.print(f"differs: {note}", style="yellow")
    pairs = told.pairs
    console.print(
        f"{len(pairs.both):,} trials paired: {len(pairs.fell)} fell, {len(pairs.rose)} rose, "
        f"{pairs.difference:+.1%}, McNemar exact p {pairs.p:.3f}; the smallest change that so many "
        f"pairs can show is {told.detectable:.1%}"
    )
    if told.pass_hat:
        change = told.pass_hat
        console.print(f"pass^4 {change.estimate:+.1%} ({change.low:+.1%} to {change.high:+.1%})")
    for flip in told.flips:
        word, style = ("rose", "green") if flip.rose else ("fell", "red")
        console.print(f"{word}  {flip.scenario} #{flip.trial} at {flip.noise:.0%}", style=style)
    table = Table("mean over scenarios", "then", "now", "", "95 %", box=None, pad_edge=False)
    for each in told.changes:
        bounds = f"{each.difference.low:+.2f} to {each.difference.high:+.2f}"
        table.add_row(
            each.name, f"{each.before:.1f}", f"{each.after:.1f}", f"{each.share:+.1%}", bounds
        )
    console.print(table)
    for gate in told.gates:
        if not gate.holds:
            console.print(f"broken: {gate.name}: {gate.evidence}", style="bold red")
    if told.holds:
        console.print("all gates hold", style="green")
