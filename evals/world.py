"""The world of one trial: a business, its calendar, and what others do meanwhile."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

from booking.business import Business
from calcom.sandbox import SandboxApp
from calcom.sandbox.records import Booking
from db import jobs
from db.database import Database
from evals import outcome
from evals.checks.evidence import Evidence
from evals.clock import Clock
from evals.house import Plan, Tenancy
from evals.outcome import OPEN, Outcome
from evals.records import TurnRecord
from evals.scenario import CalendarFault, Meanwhile, Scenario, Standing
from evals.valve import Valve
from server.app import Parts
from server.dispatch import Dispatch
from server.wire import CallRef, ToolRequest
from server.worker import Worker

_PLATFORM: Final = "chat"
_ALWAYS: Final = 10_000
"""Faults that last as long as the call."""
_UNTIL_LOOKED: Final = timedelta(minutes=6)
"""By then the worker has compared its rows with the calendar."""
_ROUNDS: Final = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 30, 60))
"""After the call a worker looks at what is open, later and later."""

_RECONCILED_AFTER: Final = timedelta(minutes=6)
"""Every five minutes it is compared what has changed at Cal.com."""


class CannotBeFurnished(Exception):
    """What a scenario says of the time before the call cannot be made so."""


class World:
    """Everything but the agent and the caller. Made by `evals.seat.Seat`."""

    def __init__(
        self,
        scenario: Scenario,
        tenancy: Tenancy,
        *,
        plan: Plan,
        database: Database,
        parts: Parts,
        worker: Worker,
        clock: Clock,
        calendar: SandboxApp,
        control: httpx.AsyncClient,
        redis: Valve,
    ) -> None:
        self.scenario = scenario
        self.plan = plan
        self.clock = clock
        self.parts = parts
        self.zone = ZoneInfo(plan.timezone)
        self.standing: dict[str, str] = {}
        """Cal.com's uids of what stood before the call, by the scenario's names."""
        self.others: set[str] = set()
        """Cal.com's uids of what others have booked meanwhile."""
        self.vanished: set[str] = set()
        """Standing bookings that others have cancelled meanwhile, by the scenario's names."""
        self._tenancy = tenancy
        self._database = database
        self._worker = worker
        self._calendar = calendar
        self._control = control
        self._redis = redis
        self._business: Business | None = None
        self._to_come = list(scenario.meanwhile)

    @property
    def dispatch(self) -> Dispatch:
        return self.parts.dispatch

    @property
    def business(self) -> Business:
        """As the server knows it."""
        if self._business is None:
            raise RuntimeError("nobody has moved in yet")
        return self._business

    def ring(self, number: str | None) -> CallRef:
        """A new call of that number; `None` hides it."""
        return CallRef(
            _PLATFORM, f"call-{uuid4().hex}", number, self.plan.line, self.scenario.language
        )

    def instant(self, written: str) -> datetime:
        """A time of the scenario's, which is the house's where it has no offset."""
        read = datetime.fromisoformat(written)
        return (read if read.tzinfo else read.replace(tzinfo=self.zone)).astimezone(UTC)

    async def furnish(self) -> None:
        """Make everything as it is when the phone rings."""
        access = await self.parts.directory.access(self._tenancy.slug)
        if access is None:
            raise RuntimeError(f"{self._tenancy.slug} has not moved in")
        self._business = access.business
        world = self._calendar.state.sandbox.world
        for number, busy in enumerate(self.scenario.calendar.busy):
            world.put(self._blocked(number, busy.staff, busy.start, busy.end))
        for booking in self.scenario.standing:
            self.clock.now = self.scenario.now - timedelta(days=booking.days_ago)
            self.standing[booking.id] = await self._book(booking)
        self.clock.now = self.scenario.now
        calendar = self.scenario.calendar
        if calendar.latency_seconds:
            profile = {"profile": "fixed", "seconds": calendar.latency_seconds}
            await self._tell("latency", profile)
        for fault in calendar.faults:
            await self._misbehave(fault)
        for late in calendar.webhooks:
            await self._tell("webhooks", late.model_dump())

    async def ask(
        self, call: CallRef, tool: str, request_id: str | None = None, /, **arguments: object
    ) -> dict[str, Any]:
        """Ask a tool through the production's dispatch, and read its envelope."""
        request = ToolRequest(tool, arguments, call, request_id)
        reply = await self.dispatch.run(self.business, request, now=self.clock())
        told: dict[str, Any] = json.loads(reply.line)
        return told

    async def after_tool(self, tool: str) -> None:
        """Let happen what waits for a tool's reply."""
        await self._happen([each for each in self._to_come if each.after_tool == tool])

    async def after_turn(self, turn: int) -> None:
        """Let happen what waits for the agent's turn of that number."""
        await self._happen([each for each in self._to_come if each.after_turn == turn])

    async def settle(self) -> None:
        """The call is over and Cal.com behaves: let the server and a worker do what is open."""
        self._redis.open()
        sandbox = self._calendar.state.sandbox
        sandbox.mischief.faults.clear()
        sandbox.courier.faults.clear()
        await self._tell("latency", {"profile": "none"})
        await self._calendar.settle()
        await self.parts.afterwards.done()
        if self.scenario.calendar.webhooks:  # what was not announced is found by looking
            self.clock.advance(_UNTIL_LOOKED)
            async with self._database.registry() as registry:
                await jobs.plan(registry, name="reconcile", due_at=self.clock(), again=True)
            await self._worker.work_jobs_once()
        for pause in _ROUNDS:
            await self._work()
            found, _ = await outcome.ours(self._database, self._tenancy.id)
            if not any(each.state in OPEN for each in found):
                break
            self.clock.advance(pause)
        if self._strangers({each.uid for each in found}):
            self.clock.advance(_RECONCILED_AFTER)
            await self._worker.work_jobs_once()
            await self._work()

    async def _work(self) -> None:
        while await self._worker.work_once():
            await self.parts.afterwards.done()

    def _strangers(self, known: Collection[str | None]) -> bool:
        """Whether something stands at Cal.com that no message has told us of."""
        there = outcome.theirs(self._calendar, self.plan)
        return any(each.is_live and each.uid not in known for each in there)

    async def evidence(
        self, turns: Sequence[TurnRecord], contradictions: Sequence[str] = ()
    ) -> Evidence:
        """All that a check may look at: the call, and what stands now."""
        found, callbacks = await outcome.ours(self._database, self._tenancy.id)
        return Evidence(
            scenario=self.scenario,
            turns=turns,
            outcome=Outcome(found, outcome.theirs(self._calendar, self.plan), callbacks),
            zone=self.zone,
            instant=self.instant,
            standing=dict(self.standing),
            vanished=frozenset(self.vanished),
            others=frozenset(self.others),
            contradictions=tuple(contradictions),
        )

    async def _happen(self, events: Sequence[Meanwhile]) -> None:
        for event in events:
            self._to_come.remove(event)
            if event.book:
                self.others.add(await self._book(event.book))
            if event.cancel:
                uid = self.standing[event.cancel]
                self.vanished.add(event.cancel)
                await self._tell(f"bookings/{uid}/cancel", {})
            if event.fault:
                await self._misbehave(event.fault)
            if event.redis == "gone":
                self._redis.shut()
            elif event.redis == "back":
                self._redis.open()

    async def _book(self, wish: Standing) -> str:
        """Book for somebody, and tell Cal.com's uid."""
        if wish.by == "web":
            return await self._book_on_the_web(wish)
        call = self.ring(wish.number or self.scenario.number)
        reply = await self.ask(call, "verify_name", name=wish.name, for_someone_else=True)
        who = {"staff": wish.staff} if wish.staff else {}
        start = self.instant(wish.start).astimezone(self.zone)
        reply = await self.ask(
            call, "check_availability", service=wish.service, date=start.isoformat(), **who
        )
        if reply.get("slots"):
            slot = reply["slots"][0]["id"]
            reply = await self.ask(call, "book", slot=slot, confirmed=True)
        if not reply["booked"]:
            raise CannotBeFurnished(
                f"standing booking {wish.id}: {wish.service} at {wish.start}: {reply['say']}"
            )
        found, _ = await outcome.ours(self._database, self._tenancy.id)
        at = start.astimezone(UTC)
        return next(
            each.uid for each in found if each.uid and each.start == at and each.name == wish.name
        )

    async def _book_on_the_web(self, wish: Standing) -> str:
        body = {
            "start": self.instant(wish.start).isoformat(),
            "name": wish.name,
            "email": f"{wish.id}@visitors.example",
            "eventTypeId": self.plan.event_type(wish.service, wish.staff),
        }
        answer = await self._tell("bookings", body)
        await self.parts.afterwards.done()
        uid: str = answer["data"]["uid"]
        return uid

    async def _misbehave(self, fault: CalendarFault) -> None:
        body = fault.model_dump(exclude={"for_good"})
        await self._tell("faults", {**body, "times": _ALWAYS} if fault.for_good else body)

    async def _tell(self, route: str, body: Mapping[str, object]) -> dict[str, Any]:
        answer = await self._control.post(f"/_sandbox/{route}", json=dict(body))
        if answer.is_error:
            raise CannotBeFurnished(f"{route}: {answer.text}")
        told: dict[str, Any] = answer.json()
        return told

    def _blocked(self, number: int, staff: str, start: str, end: str) -> Booking:
        """Time that somebody has no time: nobody's appointment."""
        world = self._calendar.state.sandbox.world
        return Booking(
            id=world.next_id("booking"),
            uid=f"busy-{number}",
            event_type_id=None,
            host_id=self.plan.staff[staff],
            title="Busy",
            description=None,
            start=self.instant(start),
            end=self.instant(end),
            status="accepted",
            location="",
            attendees=[],
            ics_uid=f"busy-{number}",
            created_at=self.clock(),
            updated_at=self.clock(),
        )
