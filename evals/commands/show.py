"""`python -m evals show`: one call of a run, to be read."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from evals import archive, transcript
from evals.archive import NoRun


def show(
    run: Annotated[Path, typer.Argument(help="The run's folder.")],
    scenario: Annotated[str, typer.Argument(help="Whose calls; without: what there is.")] = "",
    trial: Annotated[int | None, typer.Option(help="Which of them; without: each.")] = None,
) -> None:
    """Show calls of a run: what was said and done, and what the checks say of it."""
    try:
        found = archive.load(run)
    except NoRun as error:
        typer.echo(f"evals: {error}", err=True)
        sys.exit(2)
    wanted = [
        each
        for each in found.trials
        if (not scenario or each.scenario == scenario) and trial in {None, each.trial}
    ]
    if not wanted:
        typer.echo(f"evals: {run} has no such call of {scenario}", err=True)
        sys.exit(2)
    typer.echo(f"{run}: {found.record.agent.kind} ({found.record.agent.model})\n")
    for each in sorted(wanted, key=lambda one: one.key):
        if scenario:
            typer.echo(transcript.markdown(each))
            continue
        verdict = "trouble" if each.trouble else "passed" if each.passed else "FAILED"
        typer.echo(f"{verdict:8} {each.scenario} {each.trial} at {each.noise:.0%} noise")
