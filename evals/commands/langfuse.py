"""`python -m evals langfuse push`."""

import os
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import Progress

from evals import archive
from evals.commands.runs import Unusable, plainly
from evals.langfuse import Langfuse
from evals.latency.profile import Profile

langfuse = typer.Typer(help="Finished runs in Langfuse.", no_args_is_help=True)

_CLOUD: Final = "https://cloud.langfuse.com"


@langfuse.callback()
def _langfuse() -> None:
    """Finished runs in Langfuse."""


@langfuse.command()
def push(run: Annotated[Path, typer.Argument(help="The run's folder.")]) -> None:
    """Send a run as an experiment: a trace a call, a score a check. Again changes nothing.

    LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY say where to, LANGFUSE_HOST too if it is your own.
    """
    with plainly():
        client = _client()
        found = archive.load(run)
        console = Console(soft_wrap=True, highlight=False)
        with Progress(console=console, transient=True) as progress:
            bar = progress.add_task("calls", total=len(found.trials))
            experiment = client.push(
                found,
                profile=Profile.read(),
                progress=lambda done: progress.update(bar, completed=done),
            )
    typer.echo(f"{len(found.trials)} calls are experiment {experiment} at {client.host}")


def _client() -> Langfuse:
    keys = [os.environ.get(f"LANGFUSE_{name}_KEY", "") for name in ("PUBLIC", "SECRET")]
    if not all(keys):
        raise Unusable("LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY are not set")
    return Langfuse(os.environ.get("LANGFUSE_HOST") or _CLOUD, *keys)
