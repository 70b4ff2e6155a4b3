"""The demo from beginning to end: servers, one call, the proof, and where to look next."""

import asyncio
import json
import os
import secrets
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
from rich.console import Console

from booking.vault import Vault
from db.database import Database
from slotline import business_file, secret_key
from slotline.business_file import BusinessFile
from slotline.business_file.applying import apply
from slotline.demo.processes import answers, free_port, process
from slotline.demo.retell import RetellCall
from slotline.demo.script import LINES, Script
from slotline.demo.transcript import GAP_SECONDS, Transcript
from slotline.embedded import Running
from slotline.places import Places

_FREE_NUMBERS: Final = range(100, 1000)
"""The demo's callers ring from +49 30 23125 100 to 999, numbers that are reserved for fiction."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that runs, and the keys to it."""

    base_url: str
    calcom_base_url: str
    business: BusinessFile
    running: Running
    keys: dict[str, str]


async def run(*, places: Places, running: Running, once: bool, language: str) -> bool:
    """Set up everything, play one call, and serve until Ctrl-C unless `once`.

    Args:
        places: Where the demo keeps its files.
        running: PostgreSQL and Redis.
        once: Stop after the call.
        language: `en` or `de`.

    Returns:
        Whether the call ended in a booking that Cal.com's stand-in holds.

    Raises:
        DidNotStart: A part did not come up; the message names its log.
    """
    console = Console(soft_wrap=True)
    console.print("Starting the calendar, the server and a worker ...", style="dim")
    async with _stage(places, running, language) as stage:
        _leave_note(places.directory / "demo.json", stage, language)
        booked = await _play(console, stage, language)
        if not once:
            _point_onwards(console, stage, places)
            await _until_interrupted()
    return booked


@asynccontextmanager
async def _stage(places: Places, running: Running, language: str) -> AsyncIterator[Stage]:
    keys = _keys(places.directory / "demo-keys.json")
    passphrases = secret_key.load_or_create(places.directory)
    calendar_port, server_port = free_port(), free_port()
    calendar, server = (f"http://127.0.0.1:{port}" for port in (calendar_port, server_port))
    environment = {
        "DATABASE_URL": running.database_url,
        "DATABASE_OWNER_URL": running.database_owner_url,
        "REDIS_URL": running.redis_url,
        "CALCOM_BASE_URL": calendar,
        "SLOTLINE_SECRET_KEY": passphrases,
        "SLOTLINE_PUBLIC_URL": server,
    }
    logs = {name: places.directory / "log" / f"{name}.log" for name in _PARTS}
    sandbox = process(
        "sandbox",
        f"--port={calendar_port}",
        f"--database={places.directory / 'sandbox.sqlite'}",
        environment=environment,
        log=logs["sandbox"],
    )
    async with sandbox as sandbox_child:
        business = await _apply_business(places, running, passphrases, keys, language)
        async with (
            process(
                "serve", f"--port={server_port}", environment=environment, log=logs["serve"]
            ) as server_child,
            process("worker", environment=environment, log=logs["worker"]),
        ):
            await asyncio.gather(
                answers(f"{calendar}/_sandbox/state", sandbox_child, logs["sandbox"]),
                answers(f"{server}/readyz", server_child, logs["serve"]),
            )
            yield Stage(server, calendar, business, running, keys)


_PARTS: Final = ("sandbox", "serve", "worker")


async def _apply_business(
    places: Places, running: Running, passphrases: str, keys: dict[str, str], language: str
) -> BusinessFile:
    from db import migrate  # noqa: PLC0415 - Alembic takes a second that the help need not wait

    await asyncio.to_thread(migrate.upgrade, running.database_owner_url)
    environment = {f"DEMO_{name.upper()}": value for name, value in keys.items()}
    file = business_file.read(places.demo_business, environment=environment)
    lines = [line.model_copy(update={"language": language}) for line in file.lines]
    file = file.model_copy(update={"language": language, "lines": lines})
    async with Database.connect(running.database_owner_url, role=None) as owner:
        await apply(file, database=owner, vault=Vault(passphrases), now=datetime.now(UTC))
    return file


async def _play(console: Console, stage: Stage, language: str) -> bool:
    business, lines = stage.business, LINES[language]
    zone = business.lines[0].timezone or business.timezone
    script = Script(
        lines=lines,
        business=business.name,
        name=f"{secrets.choice(lines.first_names)} {secrets.choice(lines.surnames)}",
        today=datetime.now(zone).date(),
    )
    transcript = Transcript(console)
    async with httpx.AsyncClient(trust_env=False, timeout=10.0) as http:
        call = RetellCall(
            http=http,
            url=f"{stage.base_url}/v1/{business.slug}/retell/tools",
            key=stage.keys["retell_key"],
            call_id=f"call_{secrets.token_hex(12)}",
            caller=f"+493023125{secrets.choice(_FREE_NUMBERS)}",
            line=business.lines[0].number,
        )
        console.print(f"\nA stranger rings {call.line}.\n", style="bold")
        transcript.agent(script.greeting())
        turn, number, reply = script.opening(), 0, {}
        while turn.call:
            number += 1
            transcript.caller(turn.caller)
            answered = await call.ask(turn.call, number=number)
            transcript.tool(turn.call, answered)
            reply = answered.reply
            transcript.agent(reply["say"])
            turn = script.after(reply)
        transcript.caller(turn.caller)
        held = await _as_calcom_holds_it(http, stage, reply["booking"])
    _sum_up(console, transcript, held)
    return held is not None


async def _as_calcom_holds_it(
    http: httpx.AsyncClient, stage: Stage, booking: dict[str, Any]
) -> dict[str, Any] | None:
    """Read the booking back from the calendar, past our own server."""
    answer = await http.get(
        f"{stage.calcom_base_url}/v2/bookings",
        params={"attendeeName": booking["name"], "status": "upcoming"},
        headers={
            "authorization": f"Bearer {stage.keys['calcom_key']}",
            "cal-api-version": "2024-08-13",
        },
    )
    answer.raise_for_status()
    start = datetime.fromisoformat(booking["start"])
    for held in answer.json()["data"]:
        if datetime.fromisoformat(held["start"]) == start and held["status"] == "accepted":
            return dict(held)
    return None


def _sum_up(console: Console, transcript: Transcript, held: dict[str, Any] | None) -> None:
    slowest = max(transcript.tool_milliseconds)
    console.print(
        f"\nThe call took {transcript.seconds:.0f} simulated seconds: speech and gaps of "
        f"{GAP_SECONDS} s are modelled, {len(transcript.tool_milliseconds)} tool calls measured "
        f"(slowest {slowest:.0f} ms).",
        highlight=False,
    )
    if held is None:
        console.print("Cal.com's stand-in does not hold this booking.", style="bold red")
        return
    shown = {
        "title": held["title"],
        "status": held["status"],
        "start": held["start"],
        "end": held["end"],
        "attendee": held["attendees"][0]["name"],
        "metadata": held["metadata"],
    }
    console.print("\nThe booking as Cal.com's stand-in holds it:", style="bold")
    console.print_json(json.dumps(shown, ensure_ascii=False))


def _point_onwards(console: Console, stage: Stage, places: Places) -> None:
    console.print(
        f"\nServing at {stage.base_url} (keys in {places.directory / 'demo.json'}, "
        f"logs in {places.directory / 'log'}).\n"
        f"The calendar stand-in is at {stage.calcom_base_url}/_sandbox/state.\n"
        "The console for staff is not built yet. Ctrl-C stops everything.",
        highlight=False,
    )


def _leave_note(path: Path, stage: Stage, language: str) -> None:
    """What scripts need to talk to the demo. Parts that are not built yet are null."""
    file = stage.business
    known = next(iter(file.customers), None)
    note = {
        "base_url": stage.base_url,
        "business": file.slug,
        "language": language,
        "timezone": str(file.timezone),
        "line": file.lines[0].number,
        "service": file.services[0].name,
        "known_caller": {"number": known.number, "name": known.name} if known else None,
        "api_key": stage.keys["api_key"],
        "retell_key": stage.keys["retell_key"],
        "retell_llm_secret": None,
        "vapi_secret": None,
        "elevenlabs_secret": None,
        "calcom_base_url": stage.calcom_base_url,
        "calcom_key": stage.keys["calcom_key"],
        "calcom_webhook_secret": stage.keys["calcom_webhook_secret"],
        "database_url": stage.running.database_owner_url,
        "redis_url": stage.running.redis_url,
        "console": None,
    }
    _write_secretly(path, json.dumps(note, indent=2, ensure_ascii=False) + "\n")


def _keys(path: Path) -> dict[str, str]:
    """The demo's keys: made once, so that a second run serves the same callers."""
    if path.exists():
        kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return kept
    keys = {
        name: secrets.token_urlsafe(24) for name in ("api_key", "retell_key", "calcom_webhook_secret")
    }
    keys["calcom_key"] = f"cal_{secrets.token_hex(16)}"
    _write_secretly(path, json.dumps(keys))
    return keys


def _write_secretly(path: Path, text: str) -> None:
    """For the owner's eyes only, from the first byte on."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


async def _until_interrupted() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
