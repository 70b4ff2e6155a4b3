"""What several commands need: runs by their folder, and failures in one line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import typer

from evals import archive
from evals.archive import NoRun
from evals.judge import BadLines
from evals.langfuse import NotTaken
from evals.latency.profile import Profile
from evals.standing import NoBaseline, Standing, baseline_of
from toml_files import Refused

BASELINE: Final = "baseline"
"""In place of a folder: the accepted one of the other run's suite."""


class Unusable(Exception):
    """The command cannot do what was asked. The message says what helps."""


@contextmanager
def plainly() -> Iterator[None]:
    """End with one line on standard error, and with 2, where something foreseen is wrong."""
    try:
        yield
    except Refused as refused:
        for fault in refused.faults:
            typer.echo(fault, err=True)
        sys.exit(2)
    except (BadLines, NoBaseline, NoRun, NotTaken, Unusable) as error:
        typer.echo(f"evals: {error}", err=True)
        sys.exit(2)


def standing_of(name: str, profile: Profile, *, suite: str | None = None) -> Standing:
    """A run, a baseline's file, or `baseline`.

    Raises:
        NoBaseline, NoRun: There is none.
        Unusable: `baseline` of nothing.
    """
    if name == BASELINE:
        if suite is None:
            raise Unusable("name a run; only what it is compared with can be `baseline`")
        return Standing.read(baseline_of(suite))
    path = Path(name)
    if path.suffix == ".json":
        return Standing.read(path)
    return Standing.of(archive.load(path), profile)
