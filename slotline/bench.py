"""`make bench`: how fast one server process is, as ratios to a bare echo, and a simulated day.

A closed loop over 16 connections, with the load generator, PostgreSQL, Valkey and the calendar on
the same machine: absolute figures say more about the machine than about us, ratios hold, and of
them best the server's own CPU time, which does not count what others take.
"""

import argparse
import asyncio
import json
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from math import isfinite, nan
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zoneinfo import ZoneInfo

import httpx
from rich.console import Console
from rich.table import Table

from calcom.signature import HEADER, sign
from evals.bench import adapters
from evals.bench.day import Day
from evals.bench.first_words import first_word_ms
from evals.bench.goals import Goal, print_goals
from evals.bench.load import BadAnswer, Measured, Request, drive
from slotline import simulated_day
from slotline.demo.processes import free_port, running_command
from slotline.demo.stage import Stage, open_stage
from slotline.embedded import servers
from slotline.places import Places

_CONNECTIONS: Final = 16
_CHECKS: Final = 4_000
_CHECKS_A_CALL: Final = 16
"""More than 24 in a minute are turned away."""
_BOOKINGS: Final = 240
_SINGLE: Final = 120
_ECHO: Final = "bare FastAPI echo"
_CHECKED: Final = "check_availability, cached"
_CHECKED_SINGLY: Final = "the same, one after the other"
_NAMED: Final = "verify_name, one after the other"
_WEBHOOKS: Final = "webhook, acknowledged"
_ONE_BY_ONE: Final = "book, one after the other"
_OVER_MCP: Final = "the same over MCP, singly"
_AGENT: Final = "our agent's first word"
_MODEL: Final = "the same of its model"
_DIRECTLY: Final = "the same at Cal.com's stand-in"
_ZONE: Final = ZoneInfo("Europe/Berlin")
_HALF_HOURS: Final = (*range(16, 24), *range(26, 34))
"""When Anna works, in half hours since midnight: 8 to 12 and 13 to 17."""
_SATURDAY: Final = 5
_BUSY: Final = 1.5
"""Processes for each processor: we bring about one ourselves."""
_WIDTH: Final = 110
"""Characters of the table, also where its output is a file."""


async def run() -> None:
    """Measure, and print what was found and what was aimed at."""
    adapting = adapters.measure()
    with TemporaryDirectory(prefix="slotline-bench-") as folder:
        directory = Path(folder)
        Path(folder).chmod(0o755)  # noqa: ASYNC240 - the embedded servers may run as somebody else
        async with (
            servers(directory) as running,
            open_stage(
                directory,
                running,
                file=Places.here().demo_business,
                language="en",
                sandbox_options=["--rate-limit=0"],
                variables={"CALCOM_REQUESTS_PER_MINUTE": "1000000"},
                with_scripted_model=True,
            ) as stage,
            _echo(directory) as echo_url,
        ):
            await drive(echo_url, _echoes(500))
            starts = _starts()
            measured = {
                _ECHO: await _costed(echo_url, _echoes(_CHECKS)),
                _CHECKED: await _checks(stage, _CHECKS),
                _CHECKED_SINGLY: await _checks(stage, _SINGLE, connections=1),
                _OVER_MCP: await _mcp_calls(stage),
                _NAMED: await _names(stage),
                _AGENT: await _agents_words(stage),
                _MODEL: await _first_words(stage.environment["OPENAI_BASE_URL"], "none"),
                "book, committed": await _bookings(stage, list(islice(starts, _BOOKINGS))),
                _ONE_BY_ONE: await _bookings(stage, list(islice(starts, _SINGLE)), connections=1),
                _DIRECTLY: await _direct_bookings(stage, list(islice(starts, _SINGLE))),
                _WEBHOOKS: await _webhooks(stage),
            }
    console = Console(width=_WIDTH)
    _print(console, measured)
    print_goals(console, [*_goals(measured), *_adapter_goals(adapting)])
    waiting, processors = os.getloadavg()[0], os.cpu_count() or 1
    if waiting > processors * _BUSY:
        console.print(
            f"The machine is busy ({waiting:.0f} processes want {processors} processors): all but "
            "CPU time says more about it than about us."
        )


async def _checks(stage: Stage, count: int, *, connections: int = _CONNECTIONS) -> Measured:
    """The same question from many calls; each of them has begun before it is measured."""
    calls = [f"check-{count}-{n}" for n in range(count // _CHECKS_A_CALL + 1)]
    wish: dict[str, object] = {"service": "check-up", "date": next(_weekdays()).isoformat()}
    ask = _Asker(stage, "check_availability")
    await drive(stage.base_url, [ask(call, wish) for call in calls])
    asked = [ask(calls[n % len(calls)], wish) for n in range(count)]
    return _all("available", await _costed(stage.base_url, asked, connections=connections))


async def _names(stage: Stage) -> Measured:
    """A name each from many calls, one after the other; each of them has begun."""
    calls = [f"name-{n}" for n in range(_SINGLE)]
    wish: dict[str, object] = {"service": "check-up", "date": next(_weekdays()).isoformat()}
    check, name = _Asker(stage, "check_availability"), _Asker(stage, "verify_name")
    await drive(stage.base_url, [check(call, wish) for call in calls], connections=1)
    named = [name(call, {"name": "Marta Ehlers"}) for call in calls]
    return _all("new_caller", await _costed(stage.base_url, named, connections=1))


async def _mcp_calls(stage: Stage) -> Measured:
    """The same question over MCP, one after the other, in calls that have begun."""
    day = next(_weekdays()).isoformat()
    params = {"name": "check_availability", "arguments": {"service": "check-up", "date": day}}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})
    headers = (
        ("authorization", f"Bearer {stage.keys['api_key']}"),
        ("accept", "application/json, text/event-stream"),
        ("mcp-protocol-version", "2025-11-25"),
    )
    path = f"/v1/{stage.business.slug}/mcp"
    calls = [
        Request(path, body.encode(), (*headers, ("x-call-id", f"mcp-{n}")))
        for n in range(_SINGLE // _CHECKS_A_CALL + 1)
    ]
    await drive(stage.base_url, calls, connections=1)
    asked = [calls[n % len(calls)] for n in range(_SINGLE)]
    measured = await _costed(stage.base_url, asked, connections=1)
    for answer in measured.bodies:
        if json.loads(answer)["result"]["structuredContent"]["status"] != "available":
            raise BadAnswer(f"over MCP: {answer.decode()[:200]}")
    return measured


async def _agents_words(stage: Stage) -> Measured:
    """Our agent's, and what our server used meanwhile, without its model."""
    before = await _cpu_seconds(stage.base_url)
    base_url = f"{stage.base_url}/v1/{stage.business.slug}"
    measured = await _first_words(base_url, stage.keys["api_key"])
    return replace(measured, cpu_seconds=await _cpu_seconds(stage.base_url) - before)


async def _first_words(base_url: str, key: str) -> Measured:
    """A greeting, to which no tool is asked: what is left is the way to the model and back."""
    body = {"model": "x", "stream": True, "messages": [{"role": "user", "content": "Hello?"}]}
    started, waited = time.perf_counter(), list[float]()
    async with httpx.AsyncClient(trust_env=False) as http:
        for n in range(_SINGLE + 1):  # the first makes the connections
            headers = {"authorization": f"Bearer {key}", "x-call-id": f"hello-{n}"}
            waited.append(await first_word_ms(http, base_url, body, headers))
    return Measured(time.perf_counter() - started, waited[1:], ())


async def _bookings(
    stage: Stage, starts: Sequence[datetime], *, connections: int = _CONNECTIONS
) -> Measured:
    """Committed bookings: each caller has heard the read-back before the yes is measured."""
    calls = [f"book-{start:%m-%d-%H-%M}" for start in starts]
    checks = [
        _Asker(stage, "check_availability")(
            call, {"service": "check-up", "date": start.isoformat(), "staff": "Anna"}
        )
        for call, start in zip(calls, starts, strict=True)
    ]
    _all("available", await drive(stage.base_url, checks, connections=1))
    name = _Asker(stage, "verify_name")
    names = [name(call, {"name": "Marta Ehlers"}) for call in calls]
    named = _all("new_caller", await drive(stage.base_url, names, connections=1))
    slots = [json.loads(body)["slots"][0]["id"] for body in named.bodies]
    book = _Asker(stage, "book")
    yeses = [
        book(call, {"slot": slot, "confirmed": True})
        for call, slot in zip(calls, slots, strict=True)
    ]
    return _all("booked", await _costed(stage.base_url, yeses, connections=connections))


async def _direct_bookings(stage: Stage, starts: Sequence[datetime]) -> Measured:
    """The same without us: what Cal.com's own part of a booking takes."""
    headers = (
        ("authorization", f"Bearer {stage.keys['calcom_key']}"),
        ("cal-api-version", "2024-08-13"),
    )
    attendee = {"name": "Marta Ehlers", "timeZone": _ZONE.key, "language": "en"}
    bodies = [
        {
            "start": start.replace(tzinfo=_ZONE).astimezone(UTC).isoformat(),
            "eventTypeId": 1,
            "attendee": {**attendee, "email": f"marta{number}@callers.example"},
        }
        for number, start in enumerate(starts)
    ]
    requests = [Request("/v2/bookings", json.dumps(body).encode(), headers) for body in bodies]
    return await drive(stage.calcom_base_url, requests, connections=1)


async def _webhooks(stage: Stage) -> Measured:
    """News of bookings that stand, two at a time: Cal.com's own bookings wait for our answer."""
    async with httpx.AsyncClient(base_url=stage.calcom_base_url, trust_env=False) as calendar:
        standing = (await calendar.get("/_sandbox/state")).json()["bookings"]
    now = datetime.now(UTC).isoformat()
    bodies = [
        json.dumps(
            {"triggerEvent": trigger, "createdAt": now, "payload": {"uid": booking["uid"]}}
        ).encode()
        for booking in standing
        for trigger in ("BOOKING_CREATED", "BOOKING_PAID")
    ]
    path = f"/v1/{stage.business.slug}/calcom/webhook"
    secret = stage.keys["calcom_webhook_secret"]
    requests = [Request(path, body, ((HEADER, sign(body, secret)),)) for body in bodies]
    return await _costed(stage.base_url, requests, connections=2)


async def _costed(
    base_url: str, requests: Sequence[Request], *, connections: int = _CONNECTIONS
) -> Measured:
    """`drive`, and what the server's process used meanwhile."""
    before = await _cpu_seconds(base_url)
    measured = await drive(base_url, requests, connections=connections)
    return replace(measured, cpu_seconds=await _cpu_seconds(base_url) - before)


async def _cpu_seconds(base_url: str) -> float:
    """As a process tells Prometheus; not a number where its system does not tell it."""
    async with httpx.AsyncClient(trust_env=False) as http:
        told = (await http.get(f"{base_url}/metrics")).text
    line = re.search(r"^process_cpu_seconds_total (\S+)$", told, re.MULTILINE)
    return float(line[1]) if line else nan


class _Asker:
    """Makes tool calls of one tool, as the neutral platform sends them."""

    def __init__(self, stage: Stage, tool: str) -> None:
        self._path = f"/v1/{stage.business.slug}/tools/{tool}"
        self._headers = (("authorization", f"Bearer {stage.keys['api_key']}"),)

    def __call__(self, call_id: str, arguments: dict[str, object]) -> Request:
        body = {"call_id": call_id, "caller": None, "line": None, "arguments": arguments}
        return Request(self._path, json.dumps(body).encode(), self._headers)


def _weekdays() -> Iterator[date]:
    """From the day after tomorrow, so that no notice and no late hour gets in the way."""
    day = datetime.now(_ZONE).date() + timedelta(days=2)
    while True:
        if day.weekday() < _SATURDAY:
            yield day
        day += timedelta(days=1)


def _starts() -> Iterator[datetime]:
    for day in _weekdays():
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - wall time, as said
        for half_hours in _HALF_HOURS:
            yield midnight + timedelta(minutes=30 * half_hours)


def _echoes(count: int) -> Sequence[Request]:
    body = json.dumps({"call_id": "echo", "arguments": {"service": "check-up"}}).encode()
    return [Request("/echo", body)] * count


def _all(status: str, measured: Measured) -> Measured:
    """What was measured, once it is sure that it was what was meant."""
    for body in measured.bodies:
        if (reply := json.loads(body))["status"] != status:
            raise BadAnswer(f"{reply['status']} instead of {status}: {reply['say']}")
    return measured


@asynccontextmanager
async def _echo(directory: Path) -> AsyncIterator[str]:
    port = free_port()
    command = [
        *(sys.executable, "-m", "uvicorn", "evals.bench.echo:app", f"--port={port}"),
        *("--loop=uvloop", "--http=httptools", "--no-access-log"),
    ]
    url = f"http://127.0.0.1:{port}"
    async with running_command(command, environment={}, log=directory / "log") as echo:
        await echo.answers(f"{url}/openapi.json")
        yield url


def _print(console: Console, measured: dict[str, Measured]) -> None:
    echo = next(iter(measured.values()))
    table = Table(
        *("", "n", "per second", "of the echo", "p50 ms", "p95 ms", "p99 ms", "CPU ms", "echoes"),
        title="One process",
    )
    for name, each in measured.items():
        table.add_row(
            name,
            str(len(each.latencies_ms)),
            f"{each.per_second:,.0f}",
            f"{each.per_second / echo.per_second:.0%}",
            f"{each.percentile_ms(50):.1f}",
            f"{each.percentile_ms(95):.1f}",
            f"{each.percentile_ms(99):.1f}",
            *(_cost(each, echo) if isfinite(each.cpu_seconds) else ()),
        )
    console.print(table)


def _goals(measured: dict[str, Measured]) -> Iterator[Goal]:
    how = "p95 over HTTP, one after the other, in calls that have begun"
    singly = {_CHECKED: _CHECKED_SINGLY, "verify_name": _NAMED}
    for what, row in singly.items():
        yield Goal.below(what, 10, measured[row].percentile_ms(95), how)
    ours, theirs = (measured[name].percentile_ms(95) for name in (_ONE_BY_ONE, _DIRECTLY))
    how_much_more = "p95 over HTTP, one after the other, less that of the same booking without us"
    yield Goal.below("a booking, on top of Cal.com's own time", 25, ours - theirs, how_much_more)
    ours, theirs = (measured[name].percentile_ms(50) for name in (_AGENT, _MODEL))
    sooner = "p50 of the first word over HTTP, less that of the scripted model called directly"
    yield Goal.below("chat completions, on top of the model", 20, ours - theirs, sooner)
    yield Goal.below("a tool call over MCP", 15, measured[_OVER_MCP].percentile_ms(95), how)
    by_two = "p95 over HTTP, two at a time"
    yield Goal.below(_WEBHOOKS, 10, measured[_WEBHOOKS].percentile_ms(95), by_two)
    share = measured[_CHECKED].per_second / measured[_ECHO].per_second
    by_many = f"requests a second over {_CONNECTIONS} connections, against the bare echo's"
    yield Goal.at_least(f"{_CHECKED}: throughput", 0.5, share, by_many)


def _adapter_goals(adapting: dict[str, Measured]) -> Iterator[Goal]:
    how = "p95 of CPU time in process: verify, parse, render; after two minutes of talk"
    for platform, each in adapting.items():
        what = f"{platform}'s adapter, for each tool call"
        yield Goal.below(what, 1, each.percentile_ms(95), how)


def _cost(each: Measured, echo: Measured) -> tuple[str, str]:
    return f"{each.cpu_ms_each:.2f}", f"{each.cpu_ms_each / echo.cpu_ms_each:.1f}"


def main() -> None:
    """Measure what the arguments name, or everything."""
    parser = argparse.ArgumentParser(prog="python -m slotline.bench", description=__doc__)
    parser.add_argument("--only", choices=("speed", "day"), help="leave the other half out")
    parser.add_argument("--calls", type=int, default=Day().calls, help="of the simulated day")
    parser.add_argument("--practices", type=int, default=Day().practices, help="that share them")
    wanted = parser.parse_args()
    if wanted.only != "day":
        asyncio.run(run())
    if wanted.only != "speed":
        simulated_day.run(Console(), Day(calls=wanted.calls, practices=wanted.practices))


if __name__ == "__main__":
    main()
