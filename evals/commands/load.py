"""`python -m evals load`: whole calls on a server that runs."""

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import httpx
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from evals.commands.runs import Unusable, plainly
from evals.latency.percentiles import LADDER
from evals.load import Load, Loaded, Target, run

_NOTE: Final = Path(".slotline/demo.json")
PROFILES: Final = {
    "as-it-is": None,
    "calcom-fast": {"profile": "none"},
    "calcom-typical": {"profile": "calcom"},
    "calcom-slow": {"profile": "lognormal", "seconds": 1.1, "sigma": 0.36},
    "calcom-down": {"profile": "none"},
}
"""What the stand-in is told; slow has its p95 at 2 s."""
_LATE_MS: Final = 50.0


def load(
    calls: Annotated[int, typer.Option(min=1, help="How many.")] = 500,
    rate: Annotated[float, typer.Option(min=0.01, help="Calls a second, on average.")] = 10.0,
    thinks: Annotated[
        float, typer.Option(min=0.0, help="Seconds between an answer and the next request.")
    ] = 6.0,
    profile: Annotated[
        str, typer.Option(help=f"How the stand-in behaves: {', '.join(PROFILES)}.")
    ] = "as-it-is",
    seed: Annotated[int, typer.Option(help="Of arrivals and wishes.")] = 1,
    note: Annotated[Path, typer.Option(help="Where `make demo` left addresses and keys.")] = _NOTE,
    out: Annotated[Path | None, typer.Option(help="Write samples here, as JSON.")] = None,
) -> None:
    """Let calls arrive at a server that runs, as `make demo` leaves one; 1 if requests failed."""
    wanted = Load(
        calls=calls, per_second=rate, thinks_seconds=(thinks * 2 / 3, thinks * 4 / 3), seed=seed
    )
    console = Console(soft_wrap=True, highlight=False)
    with plainly():
        if profile not in PROFILES:
            raise Unusable(f"--profile is one of {', '.join(PROFILES)}")
        target, calendar = _read(note)
        with Progress(console=console, transient=True) as progress:
            bar = progress.add_task("calls", total=calls)
            loaded = asyncio.run(
                _loaded(
                    target,
                    calendar,
                    profile,
                    wanted,
                    lambda done: progress.update(bar, completed=done),
                )
            )
    print_loaded(console, loaded, title=f"{calls:,} calls, {rate:g} a second, {profile}")
    if out:
        out.write_text(json.dumps(as_json(loaded, wanted, profile)) + "\n", encoding="utf-8")
    sys.exit(1 if loaded.failed else 0)


def _read(note: Path) -> tuple[Target, str]:
    try:
        fields = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Unusable(f"{note} cannot be read: start `make demo` first") from None
    target = Target(fields["base_url"], fields["business"], fields["api_key"], fields["line"])
    return target, fields["calcom_base_url"]


async def _loaded(
    target: Target, calendar: str, profile: str, wanted: Load, progress: Callable[[int], None]
) -> Loaded:
    async with httpx.AsyncClient(base_url=calendar, trust_env=False) as control:
        try:
            await behave(control, profile)
            return await run(target, wanted, now=datetime.now(UTC), progress=progress)
        except httpx.TransportError as error:
            raise Unusable(f"{calendar} does not answer: {error}") from None
        finally:
            if profile != "as-it-is":
                await behave(control, "calcom-fast")


async def behave(control: httpx.AsyncClient, profile: str) -> None:
    """Tell the stand-in how to be from now on."""
    latency = PROFILES[profile]
    if latency is None:
        return
    await control.delete("/_sandbox/faults")
    (await control.post("/_sandbox/latency", json=latency)).raise_for_status()
    if profile == "calcom-down":
        fault = {"on": "*", "do": "error_before", "times": None}
        (await control.post("/_sandbox/faults", json=fault)).raise_for_status()


def print_loaded(console: Console, loaded: Loaded, *, title: str) -> None:
    """Percentiles that so many samples carry, and what was answered."""
    heads = [f"p{percent:g}" for percent in LADDER]
    table = Table("milliseconds", "n", *heads, "most", title=title, title_justify="left")
    for step, told in loaded.percentiles().items():
        values = (f"{told.values[p]:.1f}" if p in told.values else "" for p in LADDER)
        table.add_row(step, f"{told.n:,}", *values, f"{told.most:.0f}")
    console.print(table)
    console.print(
        f"{loaded.requests:,} requests in {loaded.seconds:.0f} s, {loaded.booked:,} calls booked; "
        + ", ".join(f"{count:,} {what}" for what, count in loaded.statuses.most_common())
    )
    late = sorted(loaded.late)
    behind = late[int(len(late) * 0.99)] if late else 0.0
    if behind > _LATE_MS:
        console.print(
            f"The generator itself was {behind:.0f} ms late in 1 of 100 requests: this machine "
            "is too busy for these figures.",
            style="yellow",
        )


def as_json(loaded: Loaded, wanted: Load, profile: str) -> dict[str, object]:
    """Samples, so that they can be put together with others; percentiles cannot."""
    return {
        "profile": profile,
        "calls": wanted.calls,
        "per_second": wanted.per_second,
        "thinks_seconds": wanted.thinks_seconds,
        "seed": wanted.seed,
        "seconds": loaded.seconds,
        "booked": loaded.booked,
        "statuses": loaded.statuses,
        "milliseconds": {
            step: [round(each, 2) for each in samples]
            for step, samples in loaded.milliseconds.items()
        },
    }
