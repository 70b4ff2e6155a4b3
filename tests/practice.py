"""A practice with everything real behind it, and Cal.com's stand-in in the same process."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx
from pydantic import SecretStr

from booking.desk import Desk
from booking.opening_hours import stored
from booking.sync import Doubts, Sync
from booking.vault import Vault
from calcom.sandbox import SandboxApp, create_app
from calcom.sandbox.seed import DEMO_KEY, demo
from db import businesses, customers, tasks
from db.database import Database
from db.states import CustomerOrigin, EventKind
from db.tasks import TaskRow
from server.app import Parts
from server.settings import Calcom, Recordings, Server, Settings
from server.settings import Database as DatabaseSettings
from server.settings import Redis as RedisSettings
from server.wire import CallRef, ToolRequest
from server.wiring import open_server
from tests.servers import Addresses

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = datetime(2026, 2, 10, 9, 0, tzinfo=BERLIN)
LINE = "+493023125010"
ADA = "+493023125077"
SECRET_KEY = "a long passphrase for tests only"
_OPEN = (time(8), time(18))

CONNECT_SECONDS = 15.0
"""Few tests are about how long a loaded machine takes to connect, answer or find a business."""


Reply = dict[str, Any]


@dataclass(slots=True)
class Clock:
    """The only clock of a test; it stands still until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now.astimezone(UTC)

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(slots=True)
class Caller:
    """Somebody on the phone: asks tools as the model of a platform would."""

    practice: "Practice"
    number: str | None
    language: str | None = None
    call_id: str = field(default_factory=lambda: uuid4().hex)

    async def ask(self, tool: str, /, request_id: str | None = None, **arguments: object) -> Reply:
        request = ToolRequest(
            tool=tool,
            arguments=arguments,
            call=CallRef("neutral", self.call_id, self.number, LINE, self.language),
            id=request_id,
        )
        parts = self.practice.parts
        access = await parts.directory.access(self.practice.slug)
        assert access
        reply = await parts.dispatch.run(
            access.business,
            request,
            now=parts.clock(),
            arrived=asyncio.get_running_loop().time() + self.practice.patience_seconds,
        )
        told: Reply = json.loads(reply.line)
        assert not set("{}") & set(told["say"]), told["say"]  # F-006: no blank stays open
        return told


@dataclass(slots=True, eq=False)
class Practice:
    """A running server and the calendar behind it."""

    slug: str
    id: UUID
    parts: Parts
    clock: Clock
    calendar: SandboxApp
    database: Database
    calendar_http: httpx.AsyncClient
    settings: Settings
    transport: httpx.AsyncBaseTransport
    patience_seconds: float
    """Of callers, beyond a tool's deadline: a loaded machine may miss one that no test is about."""

    def call(self, number: str | None = None, language: str | None = None) -> Caller:
        """Somebody rings."""
        return Caller(self, number, language)

    async def bookings_at_calcom(self) -> list[dict[str, Any]]:
        state = (await self.calendar_http.get("/_sandbox/state")).json()
        return [
            booking
            for booking in state["bookings"]
            if booking["status"] not in {"cancelled", "rejected"}
        ]

    async def requests_at_calcom(self) -> Mapping[str, int]:
        state: dict[str, Any] = (await self.calendar_http.get("/_sandbox/state")).json()
        return state["requests"]  # type: ignore[no-any-return]

    async def misbehave(
        self, on: str, do: str, times: int = 1, seconds: float = 0.0, *, late: bool = False
    ) -> None:
        """Make Cal.com do something nasty. From then on deadlines are what they are."""
        self.patience_seconds = 0.0
        fault = {"on": on, "do": do, "times": times, "seconds": seconds, "late": late}
        (await self.calendar_http.post("/_sandbox/faults", json=fault)).raise_for_status()

    async def rows(self) -> list[dict[str, Any]]:
        """Our bookings, oldest first."""
        async with self.database.single(self.id) as tx:
            text = await tx.one(
                "SELECT coalesce(json_agg(b ORDER BY created_at), '[]')::text FROM booking b",
                into=str,
            )
        return json.loads(text or "[]")  # type: ignore[no-any-return]

    async def bookkeeping_done(self) -> None:
        """Wait for what is written behind the replies."""
        await self.parts.dispatch._books.done()

    @property
    def desk(self) -> Desk:
        return self.parts.dispatch._desk

    @property
    def doubts(self) -> Doubts:
        """What looks after links that callers have run into."""
        doubts = self.desk.look_into_links.__self__  # type: ignore[attr-defined]
        assert isinstance(doubts, Doubts)
        return doubts

    async def flags(self) -> list[str]:
        """What a human should look at, by kind."""
        async with self.database.single(self.id) as tx:
            return await tx.all("SELECT kind FROM flag ORDER BY created_at", into=str)

    async def tasks(self) -> list[TaskRow]:
        """What somebody must do."""
        async with self.database.single(self.id) as tx:
            return await tasks.open_ones(tx)

    async def claims(self) -> int:
        """How many holds and claims there are."""
        async with self.database.single(self.id) as tx:
            return await tx.only("SELECT count(*) FROM claim", into=int)


def sync_of(practice: Practice) -> Sync:
    """What follows the practice's event types, as its server has it."""
    return practice.doubts._sync


@asynccontextmanager
async def opened(
    addresses: Addresses, *, clock: Clock, gated: bool = False
) -> AsyncIterator[Practice]:
    """A practice with two dentists and its server, over an empty database."""
    with TemporaryDirectory(prefix="slotline-recordings-") as recordings:
        settings = _settings(addresses, hurried=gated).model_copy(
            update={"recordings": Recordings(url=Path(recordings).as_uri())}
        )
        async with _opened(addresses, settings, clock=clock, gated=gated) as practice:
            yield practice


@asynccontextmanager
async def _opened(
    addresses: Addresses, settings: Settings, *, clock: Clock, gated: bool
) -> AsyncIterator[Practice]:
    calendar = create_app(clock=clock, seed=demo(), rate_limit_per_minute=None)
    transport = httpx.ASGITransport(calendar)
    business_id = uuid4()
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://calcom.test") as calendar_http,
        Database.connect(addresses.database_url, timeout_seconds=CONNECT_SECONDS) as database,
    ):
        async with Database.connect(
            addresses.database_owner_url, role=None, timeout_seconds=CONNECT_SECONDS
        ) as owner:
            await _furnish(owner, business_id, now=clock())
        async with open_server(settings, clock=clock, transport=transport, gated=gated) as parts:
            # Tests count what is asked of Cal.com; warming would ask beside them.
            parts.dispatch._desk.expect = lambda *_, **__: None
            yield Practice(
                slug="praxis",
                id=business_id,
                parts=parts,
                clock=clock,
                calendar=calendar,
                database=database,
                calendar_http=calendar_http,
                settings=settings,
                transport=transport,
                patience_seconds=0.0 if gated else CONNECT_SECONDS,
            )


@cache
def _settings(addresses: Addresses, *, hurried: bool) -> Settings:
    """Where everything is. To read eleven groups of settings takes 10 ms; they are frozen."""
    database = DatabaseSettings(url=SecretStr(addresses.database_url))
    redis = RedisSettings(url=SecretStr(addresses.redis_url))
    if not hurried:
        database = database.model_copy(update={"wait_seconds": CONNECT_SECONDS})
        redis = redis.model_copy(update={"timeout_seconds": CONNECT_SECONDS})
    return Settings(
        database=database,
        redis=redis,
        calcom=Calcom(base_url="http://calcom.test"),
        server=Server(secret_key=SecretStr(SECRET_KEY), lookup_seconds=CONNECT_SECONDS),
    )


async def _furnish(owner: Database, business_id: UUID, *, now: datetime) -> None:
    week = dict.fromkeys(range(5), (_OPEN,))
    services = {
        "checkup": ("Check-up", ["Kontrolluntersuchung", "Kontrolle", "examination"], 30, 0, 1),
        "cleaning": ("Cleaning", ["Zahnreinigung", "Reinigung"], 45, 15, 3),
    }
    async with owner.transaction(business_id) as tx:
        await businesses.put_business(
            tx,
            slug="praxis",
            name="Praxis am Park",
            timezone="Europe/Berlin",
            language="en",
            attendee_email_domain="callers.praxis.example",
            calcom_base_url=None,
            calcom_versions={},
            transfer_number=None,
            policies={},
            now=now,
        )
        await businesses.put_line(
            tx,
            id=uuid4(),
            number=LINE,
            name="Praxis",
            timezone="Europe/Berlin",
            language="en",
            opening_hours=stored(week),
            holidays="DE-BE",
            closures=[{"first": "2026-02-16", "last": "2026-02-16", "reason": "staff training"}],
        )
        people = [
            await businesses.put_staff(tx, id=uuid4(), slug=slug, name=name, calcom_user_id=number)
            for slug, name, number in (("anna", "Dr. Anna Berger", 1), ("ben", "Dr. Ben Krüger", 2))
        ]
        for position, (slug, service) in enumerate(services.items()):
            name, synonyms, length, after, first_id = service
            service_id = await businesses.put_service(
                tx, id=uuid4(), slug=slug, name=name, synonyms=synonyms, position=position
            )
            for offset, staff_id in enumerate(people):
                await businesses.put_event_type(
                    tx,
                    id=uuid4(),
                    service_id=service_id,
                    calcom_id=first_id + offset,
                    kind=EventKind.FIXED,
                    staff_id=staff_id,
                    length_minutes=length,
                    after_buffer_minutes=after,
                    minimum_notice_minutes=60,
                    booking_window_days=60,
                )
        sealed = Vault(SECRET_KEY).seal(DEMO_KEY)
        await businesses.put_credential(
            tx, id=uuid4(), name="calcom_key", secret_encrypted=sealed, now=now
        )
        await customers.add_contact(
            tx,
            id=uuid4(),
            number=ADA,
            name="Ada Lindqvist",
            name_normalised="adalindqvist",
            language="en",
            salutation="Ms",
            origin=CustomerOrigin.IMPORT,
            now=now,
        )
