"""Where evals take place: a database of their own, a business file, and the server over both."""

import secrets
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Final

import httpx2
from pydantic import SecretStr
from redis.asyncio import Redis

from booking.opening_hours import WEEKDAYS
from booking.vault import Vault
from calcom.sandbox import Seed
from calcom.sandbox.event_type_json import booking_fields
from calcom.sandbox.records import (
    BOOKING_TRIGGERS,
    ApiKey,
    EventType,
    Hours,
    Schedule,
    Seats,
    User,
    Webhook,
    Window,
)
from db.database import Database
from evals.endpoint import Choice
from evals.house import Offered, Plan, Tenancy
from evals.records import AgentKind
from evals.ruler import tokens
from evals.seat import Seat
from evals.trial import MakesModel
from evals.valve import Valve
from server import journal
from server.agent.model import Model
from server.settings import Calcom, Log, OpenAI, Recordings, Server, Settings
from server.settings import Database as DatabaseSettings
from server.settings import Redis as RedisSettings
from server.wiring import open_server, open_worker
from slotline import business_file
from slotline.business_file import BusinessFile
from slotline.business_file.schema import Credentials, Customer, Service
from slotline.embedded.copies import Copy
from slotline.places import Places

_FILE: Final = "evals/business.toml"
_LONG_AGO: Final = datetime(2026, 1, 1, tzinfo=UTC)
_MODEL_SECONDS: Final = 60.0
"""No caller waits for it, and its seconds are not ours: only a server that is gone gives up."""

_CONNECTIONS: Final = 4
"""Of a seat, whose calls come one after the other."""


class StandardHouse:
    """Furnishes one business after the other; see `evals.house.House`."""

    def __init__(
        self, file: BusinessFile, *, database: Database, redis: "Redis", vault: Vault
    ) -> None:
        self.plan = _plan(file)
        self.database = database
        self._file = file
        self._redis = redis
        self._vault = vault

    async def furnish(self, slug: str, *, customers: Mapping[str, str], now: datetime) -> Tenancy:
        """Apply the business file under another name, with keys of its own."""
        names = ("api_key", "calcom_key", "webhook_secret")
        keys = {name: f"cal_{secrets.token_hex(12)}" for name in names}
        file = self._file.model_copy(
            update={
                "slug": slug,
                "customers": tuple(
                    Customer(number=number, name=name) for number, name in customers.items()
                ),
                "credentials": Credentials(
                    api_key=SecretStr(keys["api_key"]),
                    calcom_key=SecretStr(keys["calcom_key"]),
                    calcom_webhook_secret=SecretStr(keys["webhook_secret"]),
                ),
            }
        )
        changes = await business_file.apply(
            file, database=self.database, vault=self._vault, now=now
        )
        return Tenancy(
            changes.business_id,
            slug,
            _account(
                self._file,
                key=keys["calcom_key"],
                webhook_url=f"http://slotline.test/v1/{slug}/calcom/webhook",
                webhook_secret=keys["webhook_secret"],
            ),
        )

    async def sweep(self) -> None:
        """Empty every table that has something in it, and the place in Redis."""
        async with self.database.registry() as registry:
            await registry.run(_SWEEP)
        await self._redis.flushdb()


_SWEEP: Final = """
    DO $$ DECLARE filled text[]; BEGIN
        SELECT array_agg(quote_ident(relname)) INTO filled FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
          AND relname NOT IN ('alembic_version', 'disposable');
        IF filled IS NULL THEN
            RETURN;
        ELSIF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
            PERFORM set_config('session_replication_role', 'replica', true);
            FOR n IN 1 .. array_length(filled, 1) LOOP
                EXECUTE 'DELETE FROM ' || filled[n];
            END LOOP;
        ELSE
            EXECUTE 'TRUNCATE ' || array_to_string(filled, ', ') || ' CASCADE';
        END IF;
    END $$
"""
"""A few rows are deleted in a tenth of the time that tables take to be made anew, but only a
superuser sees all of them, and may do so in any order."""


@asynccontextmanager
async def open_seat(ground: Copy) -> AsyncIterator[Seat]:
    """A server, a worker and a house over one database: for one trial after the other.

    The database is emptied between them.
    """
    async with Valve.before(ground.redis_url) as valve, _seated(ground, valve) as seat:
        yield seat


@asynccontextmanager
async def _seated(ground: Copy, valve: Valve) -> AsyncIterator[Seat]:
    passphrase = secrets.token_urlsafe(24)
    settings = Settings(
        database=DatabaseSettings(url=SecretStr(ground.database_url), pool_size=_CONNECTIONS),
        redis=RedisSettings(url=SecretStr(valve.url)),
        calcom=Calcom(base_url="http://calcom.test"),
        recordings=Recordings(url=Places.here().recordings_url),
        # No eval is about how long a loaded machine takes to find a business.
        server=Server(secret_key=SecretStr(passphrase), lookup_seconds=10.0),
        openai=OpenAI(api_key=None, base_url=None),
    )
    file = business_file.read(Places.here().root / _FILE, environment={})
    tokens("")  # its ranks take half a second to load, and no call should wait for them
    redis = Redis.from_url(ground.redis_url)
    try:
        async with Database.connect(
            ground.superuser_url or ground.database_owner_url,
            role=None,
            max_size=1,
            statement_timeout_seconds=10.0,
        ) as owner:
            house = StandardHouse(file, database=owner, redis=redis, vault=Vault(passphrase))
            # The gate's minutes are real ones, a scenario's are not.
            async with Seat.open(
                house,
                serve=partial(open_server, settings, gated=False),
                employ=partial(open_worker, settings, gated=False),
                redis=valve,
            ) as seat:
                yield seat
    finally:
        await redis.aclose()


def model_over(
    transport: httpx2.AsyncBaseTransport,
    *,
    name: str,
    base_url: str | None,
    key: SecretStr | None = None,
) -> Model:
    """A model whose server is reached this way."""
    settings = OpenAI(api_key=key, base_url=base_url, timeout_seconds=_MODEL_SECONDS)
    return Model(settings, name=name, transport=transport)


def model_of(choice: Choice) -> MakesModel:
    """Makes the model that is chosen; a key comes from the environment."""
    key = OpenAI().api_key if choice.kind is AgentKind.MODEL else None
    return partial(model_over, name=choice.model, base_url=choice.url, key=key)


@contextmanager
def quiet() -> Iterator[None]:
    """Log nothing but what is broken: what calls come to is in the run."""
    with journal.opened(Log(level="error")):
        yield


def _plan(file: BusinessFile) -> Plan:
    return Plan(
        name=file.name,
        line=file.lines[0].number,
        timezone=file.timezone,
        staff={one.slug: one.calcom_user_id or 0 for one in file.staff},
        offered=tuple(
            Offered(
                calcom_id=kind.calcom_id,
                service=service.slug,
                staff=(kind.staff,) if kind.staff else kind.hosts,
                phase=_phase(service, kind.calcom_id),
            )
            for service in file.services
            for kind in service.event_types
        ),
    )


def _phase(service: Service, calcom_id: int) -> int:
    """Which of a service's phases an event type is; the first, where there are none."""
    phases = [each.event_types for each in service.phases]
    return next((n for n, kinds in enumerate(phases) if calcom_id in kinds), 0)


def _account(file: BusinessFile, *, key: str, webhook_url: str, webhook_secret: str) -> Seed:
    """Everybody works while the house is open."""
    numbers = {one.slug: one.calcom_user_id or 0 for one in file.staff}
    first = file.lines[0]
    hours = first.opening_hours.by_weekday() if first.opening_hours else {}
    availability = [
        Hours(days=[WEEKDAYS[day].capitalize()], start=f"{opens:%H:%M}", end=f"{closes:%H:%M}")
        for day, spans in hours.items()
        for opens, closes in spans
    ]
    return Seed(
        api_keys=[ApiKey(key=key, user_id=min(numbers.values()))],
        users=[
            User(
                id=numbers[one.slug],
                name=one.name,
                email=f"{one.slug}@{file.slug}.example",
                username=one.slug,
                time_zone=file.timezone,
                default_schedule_id=numbers[one.slug],
            )
            for one in file.staff
        ],
        schedules=[
            Schedule(
                id=number,
                owner_id=number,
                name="Working hours",
                time_zone=file.timezone,
                availability=availability,
            )
            for number in numbers.values()
        ],
        event_types=[
            EventType(
                id=kind.calcom_id,
                owner_id=numbers[kind.staff or kind.hosts[0]],
                host_ids=[numbers[host] for host in kind.hosts],
                title=service.name,
                slug=f"{service.slug}-{kind.calcom_id}",
                length_minutes=kind.length_minutes,
                before_buffer_minutes=kind.before_buffer_minutes,
                after_buffer_minutes=kind.after_buffer_minutes,
                minimum_notice_minutes=kind.minimum_notice_minutes,
                slot_interval_minutes=kind.slot_interval_minutes,
                window=_window(kind.booking_window_days),
                seats=Seats(per_slot=kind.seats) if kind.seats else None,
                requires_confirmation=kind.requires_confirmation,
                pending_blocks_slot=kind.requires_confirmation,
                booking_fields=booking_fields([]),
            )
            for service in file.services
            for kind in service.event_types
        ],
        webhooks=[
            Webhook(
                id="b1f0c7a2-5d0e-4c53-9d0f-6f1f7a0f2c11",
                user_id=min(numbers.values()),
                url=webhook_url,
                triggers=list(BOOKING_TRIGGERS),
                secret=webhook_secret,
                created_at=_LONG_AGO,
            )
        ],
    )


def _window(days: int | None) -> Window | None:
    return Window(type="calendarDays", value=days, rolling=True) if days else None
