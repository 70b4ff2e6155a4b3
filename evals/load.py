"""Whole calls that arrive as calls do, and how long each of their requests was waited for.

Open loop: calls begin by a Poisson process, whether or not the server keeps up, and a request is
timed from when it was due. A generator that sends its next request when the last is answered hides
every stall but the first (Gil Tene's "coordinated omission").

Within a call the next request is due when the caller has heard the answer and thought: that is how
calls are. Run it in another process than the server.
"""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlsplit
from uuid import uuid4

from evals.bench.load import BadAnswer, Request, exchange
from evals.latency.percentiles import Percentiles

_FIRST_NAMES: Final = ("Marta", "Jonas", "Lea", "Peter", "Ute", "Henrik", "Nele", "Walter", "Ruth")
_SURNAMES: Final = ("Ehlers", "Keller", "Winter", "Sommer", "Brandt", "Ahlers", "Gerdes", "Classen")
_SATURDAY: Final = 5
_GIVES_UP_SECONDS: Final = 10.0
"""Longer than any client of ours waits."""

NO_ANSWER: Final = "no answer"


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to call."""

    base_url: str
    business: str
    api_key: str = field(repr=False)
    line: str | None = None
    services: Sequence[str] = ("check-up", "cleaning", "consultation")


@dataclass(frozen=True, slots=True)
class Load:
    """How many calls, and how fast they come."""

    calls: int = 500
    per_second: float = 10.0
    """On average; gaps between calls are exponential."""
    books: float = 0.6
    """Share of callers who book; the others ask twice and hang up."""
    changes: float = 0.0
    """Share of those who book that looks for the booking, moves and cancels it in the same call; of
    the others it is the share that wants to be called back."""
    thinks_seconds: tuple[float, float] = (4.0, 8.0)
    """Between an answer and the next request: speech, model, caller."""
    days_ahead: int = 40
    seed: int = 1


@dataclass(slots=True)
class Loaded:
    """What came of it."""

    seconds: float = 0.0
    milliseconds: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    """By step, from when the request was due; unanswered ones count with what was waited."""
    statuses: Counter[str] = field(default_factory=Counter[str])
    """Step and status of the envelope, or of HTTP."""
    late: list[float] = field(default_factory=list[float])
    """Milliseconds by which the generator itself was late: if they are long, trust nothing else."""
    booked: int = 0

    def note(self, step: str, milliseconds: float, status: str) -> None:
        """Count one request."""
        self.milliseconds.setdefault(step, []).append(milliseconds)
        self.statuses[f"{step}: {status}"] += 1

    @property
    def requests(self) -> int:
        return sum(map(len, self.milliseconds.values()))

    @property
    def failed(self) -> int:
        """Requests without an answer, or with one that is no envelope."""
        return sum(n for what, n in self.statuses.items() if what.endswith(_FAILURES))

    def percentiles(self) -> Mapping[str, Percentiles]:
        """Of each step."""
        return {step: Percentiles.of(each) for step, each in self.milliseconds.items()}


_FAILURES: Final = (NO_ANSWER, "HTTP 500", "HTTP 502", "HTTP 503", "HTTP 504")


async def run(
    target: Target,
    load: Load,
    *,
    now: datetime,
    progress: Callable[[int], None] = lambda _done: None,
) -> Loaded:
    """Let calls arrive, and wait until all are over.

    Args:
        target: Whom to call.
        load: How much.
        now: When; wishes are about the days after it.
        progress: Told how many calls are over.
    """
    rng = random.Random(load.seed)
    loaded, over = Loaded(), 0
    phones = _Phones(target.base_url)
    began = time.perf_counter()

    async def one(due: float, luck: random.Random) -> None:
        nonlocal over
        await asyncio.sleep(due - time.perf_counter())
        today = now.astimezone(UTC).date()
        await _Call(target, load, phones, loaded, luck, today=today, due=due).play()
        over += 1
        progress(over)

    async with phones.open(), asyncio.TaskGroup() as calls:
        due = began
        for _ in range(load.calls):
            due += rng.expovariate(load.per_second)
            calls.create_task(one(due, random.Random(rng.random())))
    loaded.seconds = time.perf_counter() - began
    return loaded


async def ask_once_each(target: Target, *, now: datetime, days: Sequence[int]) -> Loaded:
    """Ask about each service and day, one after the other, in calls that say nothing else.

    For answers that nobody has prepared: no call has begun before it, and days are so far apart
    that none is looked up along with another.
    """
    loaded, phones = Loaded(), _Phones(target.base_url)
    began, today = time.perf_counter(), now.astimezone(UTC).date()
    rng = random.Random(0)
    async with phones.open():
        for ahead in days:
            for service in target.services:
                call = _Call(
                    target, Load(), phones, loaded, rng, today=today, due=time.perf_counter()
                )
                wish = {"service": service, "date": call.day(ahead).isoformat()}
                await call.check("+4930231250001", "check, unprepared", wish)
    loaded.seconds = time.perf_counter() - began
    return loaded


class _Phones:
    """Connections that are kept; as many as are needed at once."""

    def __init__(self, base_url: str) -> None:
        address = urlsplit(base_url)
        self._host, self._port = address.hostname or "127.0.0.1", address.port or 80
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Close them afterwards."""
        try:
            yield
        finally:
            for _, writer in self._idle:
                writer.close()

    async def send(self, request: Request) -> tuple[int, bytes]:
        """Ask, over any connection that is free.

        Raises:
            OSError, EOFError, TimeoutError: There was no answer.
            BadAnswer: It was none.
        """
        async with asyncio.timeout(_GIVES_UP_SECONDS):
            line = self._idle.pop() if self._idle else await self._dial()
            try:
                answer = await exchange(*line, request, host=f"{self._host}:{self._port}")
            except BaseException:
                line[1].close()
                raise
        self._idle.append(line)
        return answer

    async def _dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(self._host, self._port)


@dataclass(slots=True)
class _Call:
    """One caller: context, two checks, and for most a name, a booking, and the end."""

    target: Target
    load: Load
    phones: _Phones
    loaded: Loaded
    rng: random.Random
    today: date
    due: float
    """When the next request is, by `perf_counter`."""
    id: str = field(default_factory=lambda: f"load-{uuid4().hex}")

    async def play(self) -> None:
        """From ring to hang-up."""
        number = f"+4930231{self.rng.randrange(10_000_000):07}"
        query = f"?caller={quote(number)}" + (
            f"&line={quote(self.target.line)}" if self.target.line else ""
        )
        await self._send("context", Request(self._at(f"context{query}"), method="GET"))
        service = self.rng.choice(self.target.services)
        reply: dict[str, Any] = {}
        for step in ("check, first", "check, again"):
            await self._think()
            wish = {"service": service, "date": self._day().isoformat()}
            reply = await self.check(number, step, wish)
        books, changes = (self.rng.random() < s for s in (self.load.books, self.load.changes))
        if books and (slots := reply.get("slots")):
            booking = await self._book(number, self.rng.choice(slots)["id"])
            if booking and changes:
                await self._change(number, booking)
        elif changes:
            await self._think()
            await self._ask("request_callback", number, reason="a question for the dentist")
        await self._think()
        event = {
            "event": "call_ended",
            "call_id": self.id,
            "caller": number,
            "line": self.target.line,
            "ended_at": datetime.now(UTC).isoformat(),
            "reason": "caller",
        }
        await self._send("end of call", Request(self._at("chat/events"), _bytes(event)))

    async def check(self, number: str, step: str, wish: Mapping[str, str]) -> dict[str, Any]:
        """Ask for times."""
        return await self._ask("check_availability", number, step=step, **wish)

    async def _book(self, number: str, slot: str) -> str | None:
        """Give a name, and say yes to the read-back; the number of the booking, if it stands."""
        await self._think()
        name = f"{self.rng.choice(_FIRST_NAMES)} {self.rng.choice(_SURNAMES)}"
        await self._ask("verify_name", number, name=name)
        told = await self._agree("book", number, slot=slot)
        if told.get("booked") is not True:
            return None
        self.loaded.booked += 1
        return str(told["booking"]["id"])

    async def _change(self, number: str, booking: str) -> None:
        await self._think()
        await self._ask("find_booking", number)
        await self._think()
        date = self._day().isoformat()
        told = await self._ask(
            "reschedule", number, step="reschedule, looked", booking=booking, date=date
        )
        if slots := told.get("slots"):
            await self._agree("reschedule", number, booking=booking, slot=slots[0]["id"])
        await self._agree("cancel", number, booking=booking)

    async def _agree(self, tool: str, number: str, **arguments: object) -> dict[str, Any]:
        """Hear the read-back, if that is still to come, and say yes to it."""
        await self._think()
        told = await self._ask(tool, number, step=f"{tool}, read back", **arguments)
        if told.get("status") != "need_confirmation":
            return told
        await self._think()
        return await self._ask(tool, number, step=tool, **arguments, confirmed=True)

    async def _ask(
        self, tool: str, number: str, *, step: str = "", **arguments: object
    ) -> dict[str, Any]:
        """One tool call; an empty envelope if there was no answer."""
        body = {
            "call_id": self.id,
            "caller": number,
            "line": self.target.line,
            "tool_call_id": uuid4().hex,
            "arguments": arguments,
        }
        request = Request(self._at(f"tools/{tool}"), _bytes(body))
        return await self._send(step or tool, request)

    async def _send(self, step: str, request: Request) -> dict[str, Any]:
        bearer = ("authorization", f"Bearer {self.target.api_key}")
        self.loaded.late.append((time.perf_counter() - self.due) * 1000)
        reply: dict[str, Any] = {}
        try:
            status, body = await self.phones.send(replace(request, headers=(bearer,)))
            reply = json.loads(body)
            said = reply.get("status") or ("ok" if status == HTTPStatus.OK else f"HTTP {status}")
        except (OSError, EOFError, TimeoutError, BadAnswer, ValueError):
            said = NO_ANSWER
        self.loaded.note(step, (time.perf_counter() - self.due) * 1000, said)
        return reply

    async def _think(self) -> None:
        """Until the next request is due."""
        seconds = self.rng.uniform(*self.load.thinks_seconds)
        self.due = time.perf_counter() + seconds
        await asyncio.sleep(seconds)

    def _day(self) -> date:
        return self.day(self.rng.randint(2, self.load.days_ahead))

    def day(self, ahead: int) -> date:
        """The first working day from so many days on."""
        day = self.today + timedelta(days=ahead)
        while day.weekday() >= _SATURDAY:
            day += timedelta(days=1)
        return day

    def _at(self, path: str) -> str:
        return f"/v1/{self.target.business}/{path}"


def _bytes(body: Mapping[str, object]) -> bytes:
    return json.dumps(body).encode()
