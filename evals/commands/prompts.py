"""`python -m evals prompts lint`."""

import sys

import typer

from evals.prompt_lint import costs, ours

prompts = typer.Typer(help="The prompts, without a model.", no_args_is_help=True)


@prompts.callback()
def _prompts() -> None:
    """The prompts, without a model."""


@prompts.command()
def lint() -> None:
    """Find what makes every model slower or worse; 1 if there is any."""
    for cost in costs():
        typer.echo(
            f"{cost.language} {cost.version}: {cost.prompt:,} characters of prompt, "
            f"{cost.tools:,} of tools, on every turn"
        )
    found = ours()
    for finding in found:
        typer.echo(finding)
    sys.exit(1 if found else 0)
