"""`python -m evals report` and `latency`: what a run comes to."""

import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from evals import archive
from evals.commands.runs import plainly, standing_of
from evals.compare import compare
from evals.judge import agreements, read_judgements, read_labels
from evals.latency.comparison import Comparison
from evals.latency.comparison import compare as side_by_side
from evals.latency.old_flow import FLOOR_SECONDS, OldFlow
from evals.latency.profile import OURS, Profile
from evals.latency.timeline import Origin, by_kind, by_origin, total
from evals.report import Told, as_html, as_markdown, tell

JUDGED: Final = "judged.jsonl"
LABELS: Final = "labels.jsonl"
"""In the folder of a run: what judges said, and what humans did."""


def report(
    run: Annotated[Path, typer.Argument(help="The run's folder.")],
    against: Annotated[str, typer.Option(help="A run's folder, a baseline, or `baseline`.")] = "",
    beside: Annotated[
        list[str] | None, typer.Option(help="Runs whose tokens are shown, too.")
    ] = None,
    profile: Annotated[Path, typer.Option(help="Of the turn model.")] = OURS,
    opens: Annotated[bool, typer.Option("--open", help="Show it in the browser.")] = False,
) -> None:
    """Write report.html and report.md into the run's folder, and print the targets."""
    with plainly():
        modelled = Profile.read(profile)
        told = _told(run, against, beside or [], modelled)
    page, text = run / "report.html", run / "report.md"
    page.write_text(as_html(told), encoding="utf-8")
    text.write_text(as_markdown(told), encoding="utf-8")
    console = Console(soft_wrap=True, highlight=False)
    print_targets(console, told)
    console.print(f"{page}\n{text}")
    if opens:
        webbrowser.open(page.resolve().as_uri())


def _told(run: Path, against: str, beside: Sequence[str], profile: Profile) -> Told:
    found = archive.load(run)
    own = standing_of(str(run), profile)
    compared = None
    if against:
        compared = compare(standing_of(against, profile, suite=own.suite), own)
    others = [standing_of(each, profile) for each in beside]
    if compared and not others:
        others = [compared.before]
    judgements = read_judgements(run / JUDGED)
    labels = read_labels(run / LABELS) if (run / LABELS).exists() else []
    return tell(
        found,
        profile=profile,
        flow=OldFlow.read(),
        compared=compared,
        beside=others,
        judgements=judgements,
        agreements=agreements(judgements, labels) if judgements else (),
    )


def print_targets(console: Console, told: Told) -> None:
    """What was aimed at and reached."""
    table = Table("target", "aimed at", "reached", "", box=None, pad_edge=False)
    marks = {True: "[green]holds[/]", False: "[bold red]broken[/]", None: "[dim]not told[/]"}
    for each in told.targets:
        table.add_row(each.name, each.aim, each.reached, marks[each.holds])
    console.print(table)


def latency(
    run: Annotated[Path, typer.Argument(help="The folder of a run of ours.")],
    profile: Annotated[Path, typer.Option(help="Of the turn model.")] = OURS,
) -> None:
    """Print whole calls in seconds, the flow before beside ours, and where they go."""
    with plainly():
        modelled = Profile.read(profile)
        told = side_by_side(archive.load(run), profile=modelled, flow=OldFlow.read())
    console = Console(soft_wrap=True, highlight=False)
    _print_lengths(console, told)
    _print_parts(console, told)
    for name, part in modelled.parts.items():
        console.print(
            f"modelled: {name} {part.median_seconds:.2f} s, sigma {part.sigma:.2f}: "
            f"{'; '.join(part.sources)}",
            style="dim",
        )


def _print_lengths(console: Console, told: Comparison) -> None:
    table = Table(
        "seconds of a booking call", "", "n", "p5", "p50", "p95", box=None, pad_edge=False
    )
    for row in told.rows:
        for name, each in (("before", row.old), *((f"ours, {w}", e) for w, e in row.ours.items())):
            values = (f"{value:.1f}" for value in (each.p5, each.p50, each.p95))
            table.add_row(row.silence, name, f"{each.n:,}", *values)
    console.print(table)
    alone, reported = told.documented_alone, told.flow.reported_seconds
    low, high = FLOOR_SECONDS
    console.print(
        f"Before, {reported:.0f} s were reported. Its documented parts alone come to "
        f"{alone.p50:.0f} s ({alone.p5:.0f} to {alone.p95:.0f}); nothing was fitted. "
        f"Floor of a minimal dialogue: {low:.0f} to {high:.0f} s."
    )


def _print_parts(console: Console, told: Comparison) -> None:
    for name, call in (("before", told.old), *told.ours.items()):
        kinds = ", ".join(f"{kind} {seconds:.1f}" for kind, seconds in by_kind(call).items())
        measured = by_origin(call)[Origin.MEASURED]
        console.print(f"{name}: {total(call):.1f} s = {kinds}; {measured:.2f} s of it measured")
