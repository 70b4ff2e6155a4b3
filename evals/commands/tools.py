"""`python -m evals tools`: each tool's milliseconds, on servers of its own."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

import httpx
import typer
from rich.console import Console

from evals.commands.load import as_json, behave, print_loaded
from evals.commands.runs import Unusable, plainly
from evals.load import Load, Loaded, Target, ask_once_each, run
from slotline.demo.stage import Stage, open_stage
from slotline.embedded import EmbeddedError, servers
from slotline.places import Places

_DOWN: Final = "calcom-down"
_CALENDARS: Final = ("calcom-fast", "calcom-typical", "calcom-slow", _DOWN)
_BEFORE: Final = Load(calls=60, per_second=20.0, books=0.0, thinks_seconds=(0.1, 0.2))
"""What has been asked before a calendar goes down."""
_APART_DAYS: Final = 16
"""Days are looked up fourteen at a time."""
_WINDOWS: Final = 4
_ALL: Final = ("check-up", "cleaning", "consultation", "emergency", "prophylaxis class")


def tools(
    calls: Annotated[int, typer.Option(min=1, help="Calls for each kind of Cal.com.")] = 600,
    rate: Annotated[float, typer.Option(min=0.01, help="Calls a second, on average.")] = 8.0,
    only: Annotated[
        list[str] | None, typer.Option(help=f"Of {', '.join(_CALENDARS)}; all, if left out.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write samples here, as JSON lines.")] = None,
) -> None:
    """Measure every tool, prepared and unprepared, with Cal.com fast, typical, slow and down."""
    console = Console(soft_wrap=True, highlight=False)
    load = Load(calls=calls, per_second=rate, changes=0.5, thinks_seconds=(0.3, 0.7))
    with plainly():
        wanted = only or list(_CALENDARS)
        if unknown := set(wanted) - set(_CALENDARS):
            raise Unusable(f"--only is one of {', '.join(_CALENDARS)}, not {unknown.pop()}")
        for calendar in wanted:
            try:
                cold, warm = asyncio.run(_measured(calendar, load))
            except EmbeddedError as error:
                raise Unusable(str(error)) from None
            print_loaded(console, cold, title=f"{calendar}, nothing prepared, one by one")
            print_loaded(console, warm, title=f"{calendar}, {calls:,} calls, {rate:g} a second")
            if out:
                with out.open("a", encoding="utf-8") as lines:
                    for each in (cold, warm):
                        lines.write(json.dumps(as_json(each, load, calendar)) + "\n")


async def _measured(calendar: str, load: Load) -> tuple[Loaded, Loaded]:
    """On servers that know nothing yet; a calendar that is down was up while some people called."""
    with TemporaryDirectory(prefix="slotline-tools-") as folder:
        directory = Path(folder)
        directory.chmod(0o755)  # noqa: ASYNC240 - the embedded servers may run as somebody else
        async with (
            servers(directory) as running,
            open_stage(
                directory,
                running,
                file=Places.here().demo_business,
                language="en",
                sandbox_options=["--rate-limit=0"],
                variables={"CALCOM_REQUESTS_PER_MINUTE": "1000000"},
            ) as stage,
            httpx.AsyncClient(base_url=stage.calcom_base_url, trust_env=False) as control,
        ):
            target, now = _target(stage), datetime.now(UTC)
            if calendar == _DOWN:
                await run(target, _BEFORE, now=now)
            await behave(control, calendar)
            first = _BEFORE.days_ahead + _APART_DAYS if calendar == _DOWN else 2
            days = [first + _APART_DAYS * window for window in range(_WINDOWS)]
            cold = await ask_once_each(target, now=now, days=days)
            return cold, await run(target, load, now=now)


def _target(stage: Stage) -> Target:
    line = stage.business.lines[0].number
    return Target(stage.base_url, stage.business.slug, stage.keys["api_key"], line, services=_ALL)
