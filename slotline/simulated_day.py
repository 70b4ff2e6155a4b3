"""The second half of `make bench`: a day of calls in some minutes, on servers of its own."""

import asyncio
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pydantic import SecretStr
from rich.console import Console
from rich.progress import Progress

import evals.bench.day
from booking.vault import Vault
from evals.bench.day import Day, Figures, print_figures, simulate
from server import journal
from server.settings import Calcom, Database, Log, Recordings, Redis, Server, Settings
from server.wiring import open_server, open_worker
from slotline.embedded import Running, servers
from slotline.surroundings import migrate


def run(console: Console, day: Day) -> None:
    """Simulate, and print what was reached beside what was aimed at."""
    print_figures(console, evals.bench.day.run(_on_servers(console, day)))


async def _on_servers(console: Console, day: Day) -> Figures:
    with TemporaryDirectory(prefix="slotline-day-") as folder:
        Path(folder).chmod(0o755)  # noqa: ASYNC240 - the embedded servers may run as somebody else
        async with servers(Path(folder)) as running:
            await asyncio.to_thread(migrate, running.database_owner_url)
            with Progress(console=console, transient=True) as progress:
                task = progress.add_task("a simulated day", total=1.0)
                return await _simulated(
                    running,
                    day,
                    Path(folder, "recordings"),
                    lambda share: progress.update(task, completed=share),
                )


async def _simulated(
    running: Running, day: Day, recordings: Path, progress: Callable[[float], None]
) -> Figures:
    passphrase = secrets.token_urlsafe(24)
    settings = Settings(
        database=Database(url=SecretStr(running.database_url)),
        redis=Redis(url=SecretStr(running.redis_url)),
        calcom=Calcom(requests_per_minute=_UNBOUNDED),
        server=Server(secret_key=SecretStr(passphrase)),
        recordings=Recordings(url=recordings.as_uri()),
        log=Log(level="error"),
    )
    with journal.opened(settings.log):
        return await simulate(
            day,
            serve=partial(open_server, settings),
            employ=partial(open_worker, settings),
            owner_url=running.database_owner_url,
            vault=Vault(passphrase),
            progress=progress,
        )


_UNBOUNDED: Final = 1_000_000
"""Requests a minute: the gate's minutes are real ones, the day's are not."""
