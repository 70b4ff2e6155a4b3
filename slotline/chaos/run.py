"""`make chaos`: hundreds of calls while everything under them is killed, and then the verdict."""

import asyncio
import os
import random
import shutil
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
import psycopg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from calcom.sandbox.records import BOOKING_TRIGGERS
from slotline.chaos.callers import Switchboard, ring
from slotline.chaos.havoc import Act, Deed, plan
from slotline.chaos.parts import Restarted, kill_embedded
from slotline.chaos.verdict import OurRow, TheirBooking, Verdict, judge
from slotline.demo.processes import free_port, slotline
from slotline.demo.stage import Stage, open_stage
from slotline.embedded import servers
from slotline.places import Places

_SERVERS: Final = 2
_WORKERS: Final = 2
_SECONDS_A_CALL: Final = 0.3
"""A call has five requests; two cores carry twice as many, and something is always starting."""
_QUIET_SECONDS: Final = 120.0
"""After the storm all must settle by itself: late arrivals are waited for, then asked for."""
_LOOK_SECONDS: Final = 3.0
_WAIT_FOR_ANOTHER_SECONDS: Final = 8.0

_ZONE: Final = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run, in figures."""

    seed: int
    calls: int
    bookings: int
    verdict: Verdict
    longest_silence: float
    """Seconds."""
    unanswered: int
    """Requests to which no server answered, however often they were repeated."""
    statuses: Counter[str]
    struck: Counter[str]
    """How often each fault hit."""
    done: Counter[str]
    """Kills and changes on the web."""
    settled_seconds: float
    """From the end of the storm until nothing was left to do."""


@dataclass(slots=True)
class Storm:
    """All that runs, and what has been done to it."""

    stage: Stage
    http: httpx.AsyncClient
    servers: list[Restarted]
    workers: list[Restarted]
    directory: Path
    today: date
    done: Counter[str] = field(default_factory=Counter)
    changed: set[str] = field(default_factory=set)
    """Attendees whose bookings were changed on the web."""

    @property
    def control(self) -> str:
        return f"{self.stage.calcom_base_url}/_sandbox"

    async def wreak(self, deeds: list[Deed]) -> None:
        """Do each deed when it is due."""
        began = time.monotonic()
        for deed in deeds:
            await asyncio.sleep(began + deed.at_seconds - time.monotonic())
            with suppress(httpx.HTTPError, RedisError):
                await self._do(deed)

    async def _do(self, deed: Deed) -> None:
        match deed.act:
            case Act.KILL_SERVER:
                await self._kill_server(deed.which)
            case Act.KILL_WORKER:
                self.workers[deed.which % _WORKERS].kill()
            case Act.KILL_POSTGRES:
                kill_embedded(self.directory / "postgres")
            case Act.KILL_REDIS:
                kill_embedded(self.directory / "valkey")
            case Act.WIPE_REDIS:
                async with Redis.from_url(self.stage.running.redis_url) as redis:
                    await redis.flushall()
            case Act.FAULT:
                await self.http.post(f"{self.control}/faults", json=dict(deed.details))
                return
            case Act.POST:
                await self.http.post(f"{self.control}/webhooks", json=dict(deed.details))
                return
            case Act.WEB_BOOK:
                await self._book_on_the_web(deed)
                return
            case Act.WEB_MOVE | Act.WEB_CANCEL:
                await self._change_on_the_web(deed)
                return
        self.done[deed.act] += 1

    async def _kill_server(self, which: int) -> None:
        """Never the last one that lives: callers could prove nothing then."""
        doomed, *others = (self.servers[(which + n) % _SERVERS] for n in range(_SERVERS))
        with suppress(TimeoutError):
            async with asyncio.timeout(_WAIT_FOR_ANOTHER_SECONDS):
                await asyncio.gather(*(other.up() for other in others))
                doomed.kill()

    async def _book_on_the_web(self, deed: Deed) -> None:
        visitor = {"name": "Web Visitor", "email": f"visitor{deed.which}@example.com"}
        body = {"start": self._start_of(deed), "eventTypeId": 1 + deed.which % 2, **visitor}
        answer = await self.http.post(f"{self.control}/bookings", json=body)
        self.done[deed.act] += answer.is_success

    async def _change_on_the_web(self, deed: Deed) -> None:
        live = [b for b in (await self.theirs()) if b.is_live]
        if not live:
            return
        booking = live[deed.which % len(live)]
        self.changed.add(booking.name)  # before, for nobody knows what comes of it
        path = f"{self.control}/bookings/{booking.uid}"
        if deed.act is Act.WEB_CANCEL:
            answer = await self.http.post(f"{path}/cancel", json={})
        else:
            answer = await self.http.post(f"{path}/move", json={"start": self._start_of(deed)})
        self.done[deed.act] += answer.is_success

    def _start_of(self, deed: Deed) -> str:
        day = self.today + timedelta(days=deed.details["day"])
        midnight = datetime.combine(day, datetime.min.time(), _ZONE)
        return (midnight + timedelta(minutes=30 * deed.details["half_hour"])).isoformat()

    async def state(self) -> dict[str, Any]:
        """The calendar's, as it tells it."""
        answer: dict[str, Any] = (await self.http.get(f"{self.control}/state")).json()
        return answer

    async def theirs(self) -> list[TheirBooking]:
        """What the calendar holds."""
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
            for booking in (await self.state())["bookings"]
        ]

    async def ours(self) -> list[OurRow]:
        """What our database holds."""
        async with await self._owner() as connection:
            cursor = await connection.execute(
                "SELECT id::text, state, start_at, attendee_name, calcom_uid FROM booking"
            )
            return [OurRow(*row) for row in await cursor.fetchall()]

    async def settled(self) -> tuple[list[OurRow], list[TheirBooking]]:
        """Both sides once nothing is on its way any more, or when patience is at an end."""
        give_up_at = time.monotonic() + _QUIET_SECONDS
        await self.http.delete(f"{self.control}/faults")
        while True:
            with suppress(psycopg.OperationalError):  # it may just be coming back
                await self._hurry()
                ours, theirs = await self.ours(), await self.theirs()
                if judge([], ours, theirs).is_clean or time.monotonic() >= give_up_at:
                    return ours, theirs
            if time.monotonic() >= give_up_at:
                raise TimeoutError("PostgreSQL has not come back")
            await asyncio.sleep(_LOOK_SECONDS)

    async def _hurry(self) -> None:
        """Cut pauses short, but for that in which late arrivals are waited for.

        What comes round every five minutes comes round now, for some webhooks were lost. What
        waits for its next attempt is due, also where a worker is at it: leases run out like that.
        """
        async with await self._owner() as connection:
            await connection.execute(
                "UPDATE periodic_job SET due_at = now() WHERE name = 'reconcile_in_full'"
                " AND coalesce(started_at, '-infinity') < now() - interval '20 s'"
            )
            await connection.execute(
                "UPDATE booking SET due_at = now() WHERE state = ANY (%s)"
                " AND due_at > now() + interval '10 s'",
                [["pending", "queued", "moving", "cancelling"]],
            )

    async def _owner(self) -> psycopg.AsyncConnection:
        return await psycopg.AsyncConnection.connect(self.stage.running.database_owner_url)


async def chaos(*, seed: int, calls: int) -> Outcome:
    """Run it.

    Args:
        seed: Plans callers and deeds; how they interleave is up to the machine.
        calls: How many callers ring.
    """
    with TemporaryDirectory(prefix="slotline-chaos-") as folder:
        directory = Path(folder)
        Path(folder).chmod(0o755)  # noqa: ASYNC240 - the embedded servers may run as somebody else
        async with _gathering(directory) as storm:
            try:
                return await _rage(storm, seed=seed, calls=calls)
            finally:
                if keep := os.environ.get("CHAOS_LOGS"):
                    shutil.copytree(directory / "log", keep, dirs_exist_ok=True)


@asynccontextmanager
async def _gathering(directory: Path) -> AsyncIterator[Storm]:
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(servers(directory))
        stage = await stack.enter_async_context(
            open_stage(
                directory,
                running,
                file=Places.here().demo_business,
                language="en",
                sandbox_options=["--rate-limit=0"],
                variables={"CALCOM_REQUESTS_PER_MINUTE": "100000"},
                with_worker=False,
            )
        )
        await stage.server.stop()  # ours can be killed
        ports = [free_port() for _ in range(_SERVERS)]
        logs = directory / "log"
        environment = stage.environment
        ours = [
            Restarted(slotline("serve", f"--port={port}"), environment, logs / f"serve-{n}", port)
            for n, port in enumerate(ports)
        ]
        workers = [
            Restarted(slotline("worker"), environment, logs / f"worker-{n}")
            for n in range(_WORKERS)
        ]
        for part in (*ours, *workers):
            await stack.enter_async_context(part.kept())
        http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False, timeout=10.0))
        await asyncio.gather(*(_ready(http, port) for port in ports))
        await _subscribe(http, stage, ports)
        yield Storm(stage, http, ours, workers, directory, datetime.now(_ZONE).date())


async def _rage(storm: Storm, *, seed: int, calls: int) -> Outcome:
    stage = storm.stage
    switchboard = Switchboard(
        http=storm.http,
        servers=storm.servers,
        path=f"/v1/{stage.business.slug}/tools",
        headers={"authorization": f"Bearer {stage.keys['api_key']}"},
        dice=random.Random(f"{seed}/switchboard"),  # noqa: S311 - replayable, not secret
    )
    deeds = plan(random.Random(f"{seed}/havoc"), seconds=calls * _SECONDS_A_CALL)  # noqa: S311

    async def call(number: int) -> None:
        dice = random.Random(f"{seed}/caller/{number}")  # noqa: S311
        await asyncio.sleep((number + dice.random()) * _SECONDS_A_CALL)
        await ring(switchboard, number, dice, storm.today)

    await asyncio.gather(storm.wreak(deeds), *(call(number) for number in range(calls)))
    ended = time.monotonic()
    ours, theirs = await storm.settled()
    state = await storm.state()
    return Outcome(
        seed=seed,
        calls=calls,
        bookings=sum(booking.is_live and booking.our_id is not None for booking in theirs),
        verdict=judge(switchboard.told, ours, theirs, changed=storm.changed),
        longest_silence=switchboard.longest_silence,
        unanswered=switchboard.unanswered,
        statuses=switchboard.statuses,
        struck=Counter(state.get("struck", {})),
        done=storm.done,
        settled_seconds=time.monotonic() - ended,
    )


async def _subscribe(http: httpx.AsyncClient, stage: Stage, ports: list[int]) -> None:
    """Let the calendar tell every server of every change: whoever lives hears it, or both do."""
    for port in ports:
        hook = {
            "active": True,
            "subscriberUrl": f"http://127.0.0.1:{port}/v1/{stage.business.slug}/calcom/webhook",
            "triggers": list(BOOKING_TRIGGERS),
            "secret": stage.keys["calcom_webhook_secret"],
        }
        key = {"authorization": f"Bearer {stage.keys['calcom_key']}"}
        made = await http.post(f"{stage.calcom_base_url}/v2/webhooks", json=hook, headers=key)
        made.raise_for_status()


async def _ready(http: httpx.AsyncClient, port: int) -> None:
    async with asyncio.timeout(60):
        while True:
            with suppress(httpx.TransportError):
                answer = await http.get(f"http://127.0.0.1:{port}/readyz")
                if answer.status_code == httpx.codes.OK:
                    return
            await asyncio.sleep(0.2)
