"""The demo from beginning to end: servers, one call, the proof, and where to look next."""

import asyncio
import json
import secrets
import signal
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
from rich.console import Console

from db.database import Database
from evals.latency.comparison import TARGET_GAP
from server.settings import Settings
from slotline.demo.calls_of_a_day import Day, day
from slotline.demo.people import Login, employ
from slotline.demo.retell import RetellCall
from slotline.demo.script import LINES, Script
from slotline.demo.stage import Stage, open_stage, write_secretly
from slotline.demo.subscribing import subscribe
from slotline.demo.transcript import Transcript
from slotline.embedded import Running
from slotline.places import Places
from tools.words import words_in

_FREE_NUMBERS: Final = range(100, 1000)
"""The demo's callers ring from +49 30 23125 100 to 999, numbers that are reserved for fiction."""


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
    async with open_stage(
        places.directory,
        running,
        file=places.demo_business,
        language=language,
        with_scripted_model=not _has_model(),
    ) as stage:
        await subscribe(stage)
        note = places.directory / "demo.json"
        logins = await employ(stage, note=note, language=language)
        _leave_note(note, stage, language, logins)
        booked = await _play(console, stage, language)
        if not once:
            await _serve_on(console, stage, places, logins)
    return booked


async def _serve_on(
    console: Console, stage: Stage, places: Places, logins: Sequence[Login]
) -> None:
    """Keep serving, while a day of calls fills the console."""
    async with (
        httpx.AsyncClient(trust_env=False, timeout=10.0) as http,
        Database.connect(stage.running.database_url) as database,
    ):
        calls = Day(stage, http, database).play(day(), today=datetime.now(UTC))
        playing = asyncio.create_task(calls)
        try:
            _point_onwards(console, stage, places, logins)
            await _until_interrupted()
        finally:
            playing.cancel()
            with suppress(asyncio.CancelledError):
                await playing


async def _play(console: Console, stage: Stage, language: str) -> bool:
    business, lines = stage.business, LINES[language]
    zone = ZoneInfo(business.lines[0].timezone or business.timezone)
    script = Script(
        lines=lines,
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
        transcript.agent(words_in(language).greeting.format(business=business.name))
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
        f"{TARGET_GAP} s are modelled, {len(transcript.tool_milliseconds)} tool calls measured "
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


def _point_onwards(console: Console, stage: Stage, places: Places, logins: Sequence[Login]) -> None:
    people = "".join(
        f"    {login['role']:6} {login['email']}  {login['password']}\n" for login in logins
    )
    console.print(
        f"\nServing at {stage.base_url} (keys in {places.directory / 'demo.json'}, "
        f"logs in {places.directory / 'log'}).\n"
        f"The calendar stand-in is at {stage.calcom_base_url}/_sandbox/state.\n"
        f"Talk to the agent: slotline call{'' if _has_model() else ' (its model is a script)'}.\n"
        f"The console is at {_console_url(stage)}; log in as\n{people}"
        "Ctrl-C stops everything.",
        highlight=False,
    )


def _has_model() -> bool:
    model = Settings.read().openai
    return bool(model.api_key or model.base_url)


def _console_url(stage: Stage) -> str:
    return f"{stage.base_url}/console"


def _leave_note(path: Path, stage: Stage, language: str, logins: Sequence[Login]) -> None:
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
        "retell_llm_secret": stage.keys["retell_llm_secret"],
        "vapi_secret": stage.keys["vapi_secret"],
        "elevenlabs_secret": stage.keys["elevenlabs_secret"],
        "calcom_base_url": stage.calcom_base_url,
        "calcom_key": stage.keys["calcom_key"],
        "calcom_webhook_secret": stage.keys["calcom_webhook_secret"],
        "database_url": stage.running.database_owner_url,
        "redis_url": stage.running.redis_url,
        "console": {"url": _console_url(stage), "users": logins},
    }
    write_secretly(path, json.dumps(note, indent=2, ensure_ascii=False) + "\n")


async def _until_interrupted() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
