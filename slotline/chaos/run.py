"""`make chaos`: hundreds of calls while everything under them is killed, and then the verdict."""

import asyncio
import json
import os
import random
import signal
import sys
from argparse import ArgumentParser
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
import psycopg
from rich.console import Console
from rich.table import Table

from slotline.chaos.callers import Switchboard, ring
from slotline.chaos.havoc import Act, Deed, deeds
from slotline.chaos.verdict import OurRow, TheirBooking, Verdict, judge
from slotline.demo.processes import Part, free_port, running_command, slotline
from slotline.demo.stage import Stage, open_stage
from slotline.embedded import servers
from slotline.places import Places

_SERVERS: Final = 2
_WORKERS: Final = 2
_RINGING_AT_ONCE: Final = 12
_BETWEEN_DEEDS_SECONDS: Final = 0.7
_QUIET_SECONDS: Final = 150.0
"""After the storm all must settle by itself: late arrivals are waited for, then asked for."""

_ZONE: Final = ZoneInfo("Europe/Berlin")


@dataclass(slots=True)
class Restarted:
    """A part that comes back whenever it dies, as under any supervisor."""

    command: list[str]
    environment: dict[str, str]
    logs: Path
    part: Part | None = None
    killed: int = 0
    _task: asyncio.Task[None] | None = field(default=None, repr=False)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator["Restarted"]:
        """Keep it running until the end of the block."""
        self._task = asyncio.create_task(self._keep())
        try:
            yield self
        finally:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def kill(self) -> None:
        """Let it die at whatever line it is."""
        if self.part and self.part.child.returncode is None:
            self.part.child.kill()
            self.killed += 1

    async def _keep(self) -> None:
        while True:
            async with running_command(
                self.command, environment=self.environment, log=self.logs
            ) as self.part:
                await self.part.child.wait()
            await asyncio.sleep(0.2)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run, in figures."""

    seed: int
    calls: int
    bookings: int
    verdict: Verdict
    longest_silence: float
    unanswered: int
    statuses: dict[str, int]
    killed: dict[str, int]


async def chaos(*, seed: int, calls: int) -> Outcome:
    """Run it.

    Args:
        seed: Plans callers and deeds; how they interleave is up to the machine.
        calls: How many callers ring.
    """
    with TemporaryDirectory(prefix="slotline-chaos-") as folder:
        directory = Path(folder)
        Path(folder).chmod(0o755)  # noqa: ASYNC240 - the embedded servers may run as somebody else
        async with AsyncExitStack() as stack:
            running = await stack.enter_async_context(servers(directory))
            stage = await stack.enter_async_context(
                open_stage(
                    directory,
                    running,
                    file=Places.here().demo_business,
                    language="en",
                    sandbox_options=["--rate-limit=0"],
                    with_worker=False,
                )
            )
            ports = [free_port() for _ in range(_SERVERS)]
            commands = [slotline("serve", f"--port={port}") for port in ports]
            commands += [slotline("worker")] * _WORKERS
            parts = [
                await stack.enter_async_context(
                    Restarted(command, stage.environment, directory / "log" / str(n)).kept()
                )
                for n, command in enumerate(commands)
            ]
            http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False, timeout=10.0))
            urls = [f"http://127.0.0.1:{port}" for port in ports]
            await asyncio.gather(*(_ready(http, url) for url in urls))
            return await _run(stage, http, urls, parts, directory, seed=seed, calls=calls)


async def _run(
    stage: Stage,
    http: httpx.AsyncClient,
    urls: list[str],
    parts: list[Restarted],
    directory: Path,
    *,
    seed: int,
    calls: int,
) -> Outcome:
    switchboard = Switchboard(
        http=http,
        urls=urls,
        path=f"/v1/{stage.business.slug}/tools",
        headers={"authorization": f"Bearer {stage.keys['api_key']}"},
        dice=random.Random(f"{seed}/switchboard"),  # noqa: S311 - replayable, not secret
    )
    havoc = asyncio.create_task(_wreak(stage, http, parts, directory, seed))
    places = asyncio.Semaphore(_RINGING_AT_ONCE)
    today = datetime.now(_ZONE).date()

    async def call(number: int) -> None:
        async with places:
            dice = random.Random(f"{seed}/caller/{number}")  # noqa: S311
            await ring(switchboard, number, dice, today)

    await asyncio.gather(*(call(number) for number in range(calls)))
    havoc.cancel()
    with suppress(asyncio.CancelledError):
        await havoc
    await http.delete(f"{stage.calcom_base_url}/_sandbox/faults")
    ours, theirs = await _settled(stage, http)
    return Outcome(
        seed=seed,
        calls=calls,
        bookings=sum(booking.is_live for booking in theirs),
        verdict=judge(switchboard.told, ours, theirs),
        longest_silence=switchboard.longest_silence,
        unanswered=switchboard.unanswered,
        statuses=switchboard.statuses,
        killed={
            "servers": sum(part.killed for part in parts[:_SERVERS]),
            "workers": sum(part.killed for part in parts[_SERVERS:]),
        },
    )


async def _wreak(
    stage: Stage, http: httpx.AsyncClient, parts: list[Restarted], directory: Path, seed: int
) -> None:
    dice = random.Random(f"{seed}/havoc")  # noqa: S311
    for deed in deeds(dice, every_seconds=_BETWEEN_DEEDS_SECONDS):
        await asyncio.sleep(deed.after_seconds)
        with suppress(httpx.HTTPError):
            await _do(deed, stage, http, parts, directory)


async def _do(
    deed: Deed, stage: Stage, http: httpx.AsyncClient, parts: list[Restarted], directory: Path
) -> None:
    control = f"{stage.calcom_base_url}/_sandbox"
    match deed.act:
        case Act.KILL_SERVER:
            parts[deed.which % _SERVERS].kill()
        case Act.KILL_WORKER:
            parts[_SERVERS + deed.which % _WORKERS].kill()
        case Act.KILL_POSTGRES:
            _kill_embedded(directory / "postgres")
        case Act.KILL_REDIS:
            _kill_embedded(directory / "valkey")
        case Act.FAULT:
            await http.post(f"{control}/faults", json=deed.details)
        case Act.WEBHOOKS:
            await http.post(f"{control}/webhooks", json=deed.details)
        case Act.WEB_UI:
            day = datetime.now(UTC).date() + timedelta(days=deed.details["day"])
            minutes = 30 * deed.details["half_hour"]
            start = datetime.combine(day, datetime.min.time(), _ZONE) + timedelta(minutes=minutes)
            someone = {"name": "Web Visitor", "email": f"visitor{deed.which}@example.com"}
            await http.post(
                f"{control}/bookings",
                json={"start": start.astimezone(UTC).isoformat(), "eventTypeId": 1, **someone},
            )


def _kill_embedded(home: Path) -> None:
    """Kill one of the embedded servers; its keeper starts it again."""
    with suppress(OSError, ValueError, KeyError):
        note = json.loads((home / "run.json").read_text(encoding="utf-8"))
        os.kill(note["pids"]["server"], signal.SIGKILL)


async def _settled(
    stage: Stage, http: httpx.AsyncClient
) -> tuple[list[OurRow], list[TheirBooking]]:
    """Both sides once nothing is on its way any more, or when patience is at an end."""
    loop = asyncio.get_running_loop()
    give_up_at = loop.time() + _QUIET_SECONDS
    while True:
        ours = await _ours(stage.running.database_owner_url)
        theirs = await _theirs(stage, http)
        if judge([], ours, theirs).is_clean or loop.time() >= give_up_at:
            return ours, theirs
        await asyncio.sleep(1.0)


async def _ours(url: str) -> list[OurRow]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        cursor = await connection.execute(
            "SELECT id::text, state, start_at, attendee_name, calcom_uid FROM booking"
            " WHERE origin = 'phone'"
        )
        return [OurRow(*row) for row in await cursor.fetchall()]


async def _theirs(stage: Stage, http: httpx.AsyncClient) -> list[TheirBooking]:
    state: dict[str, Any] = (await http.get(f"{stage.calcom_base_url}/_sandbox/state")).json()
    return [
        TheirBooking(
            uid=booking["uid"],
            status=booking["status"],
            start=datetime.fromisoformat(booking["start"]),
            end=datetime.fromisoformat(booking["end"]),
            host=booking["hosts"][0]["name"],
            name=booking["attendees"][0]["name"] if booking["attendees"] else "",
            our_id=(booking.get("metadata") or {}).get("slotline_booking_id"),
        )
        for booking in state["bookings"]
    ]


async def _ready(http: httpx.AsyncClient, url: str) -> None:
    async with asyncio.timeout(60):
        while True:
            with suppress(httpx.TransportError):
                if (await http.get(f"{url}/readyz")).status_code == httpx.codes.OK:
                    return
            await asyncio.sleep(0.2)


def _print(outcome: Outcome) -> None:
    console, verdict = Console(), outcome.verdict
    table = Table("", "", title=f"Chaos, seed {outcome.seed}")
    rows = {
        "calls": outcome.calls,
        "bookings in the calendar": outcome.bookings,
        "double bookings": verdict.double_bookings,
        "orphans": verdict.orphans,
        "confirmed here, missing there": verdict.missing,
        "lost wishes": verdict.lost_wishes,
        'false "booked"': verdict.false_booked,
        "unsettled": verdict.unsettled,
        "longest silence, s": f"{outcome.longest_silence:.1f}",
        "asked in vain (no server)": outcome.unanswered,
        "killed": ", ".join(f"{n} {what}" for what, n in outcome.killed.items()),
        "told": ", ".join(f"{n} {status}" for status, n in sorted(outcome.statuses.items())),
    }
    for name, value in rows.items():
        table.add_row(name, str(value))
    console.print(table)
    for finding in verdict.findings:
        console.print(finding, style="red")


def main() -> int:
    """Run from the command line; 1 if a promise was broken."""
    parser = ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))  # noqa: S311
    parser.add_argument("--calls", type=int, default=300)
    given = parser.parse_args()
    outcome = asyncio.run(chaos(seed=given.seed, calls=given.calls))
    _print(outcome)
    return 0 if outcome.verdict.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
