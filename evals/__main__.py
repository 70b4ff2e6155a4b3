"""The command of the evals: `python -m evals ...`."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from evals import phrase_files
from evals.commands.compare import baseline, compare
from evals.commands.from_call import from_call
from evals.commands.judge import judge
from evals.commands.langfuse import langfuse
from evals.commands.load import load
from evals.commands.prompts import prompts
from evals.commands.report import latency, report
from evals.commands.run import run
from evals.commands.serve import serve
from evals.commands.show import show
from evals.commands.talk import talk
from evals.commands.tools import tools

app = typer.Typer(
    help="Measures what callers would notice.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


_KINDS = ", ".join(phrase_files.KINDS)


@app.callback()
def evals() -> None:
    """Measures what callers would notice."""


@app.command()
def phrases(
    kind: Annotated[str, typer.Option(help=f"What the phrases name: {_KINDS}.")],
    data: Annotated[
        list[Path] | None,
        typer.Option(help="A phrase file: one JSON object a line. Left out: our own set."),
    ] = None,
) -> None:
    """Grade phrase files; print what failed and, as the last line, the result as JSON."""
    if kind not in phrase_files.KINDS:
        raise typer.BadParameter(f"{kind!r} is none of {_KINDS}", param_hint="--kind")
    try:
        report = phrase_files.run(kind, *(data or phrase_files.ours(kind)))
    except phrase_files.BadPhraseFile as error:
        typer.echo(error, err=True)
        sys.exit(2)
    for each in report.failing:
        typer.echo(each.line())
    typer.echo(f"{report.microseconds_each} microseconds an item")
    typer.echo(json.dumps(report.summary()))


for command in (run, show, talk, serve, report, compare, latency, load, tools, judge, from_call):
    app.command()(command)
for name, group in (("baseline", baseline), ("prompts", prompts), ("langfuse", langfuse)):
    app.add_typer(group, name=name)


if __name__ == "__main__":
    app()
