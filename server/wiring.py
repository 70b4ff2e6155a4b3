"""Builds every object once, from the settings, and closes what it opened."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypedDict

import httpx
from pydantic import SecretStr
from redis.asyncio import Redis

from booking.availability import Availability
from booking.calendars import Calendars
from booking.customers import Customers
from booking.delivery import Delivery
from booking.desk import Desk
from booking.directory import Directory
from booking.gate import NO_GATES, Gates, Rules
from booking.inbox import Inbox
from booking.mirror import Mirror
from booking.reconcile import Reconciler
from booking.reservations import Reservations
from booking.vault import Vault
from calls.log import CallLog
from calls.memory import CallMemory
from db.database import APP_ROLE, WORKER_ROLE, Database
from server import metrics, tally
from server.afterwards import Afterwards
from server.app import Parts
from server.bookkeeping import Bookkeeper
from server.context import CallerContext
from server.dispatch import Dispatch
from server.jobs import DueJobs, Rounds
from server.lane import Lane, Queue
from server.queues import DueBookings, DueDeliveries, DueInbox
from server.redis_client import open_redis
from server.settings import BadSettings, Settings
from server.warming import warm
from server.worker import Worker

_JOBS_AT_ONCE: Final = 2
"""They are for the quiet hours of a connection pool: one long job must not hold up a short one."""


def utc_now() -> datetime:
    """The clock of everything that is not a test."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Core:
    """What the server and the workers both stand on."""

    database: Database
    redis: "Redis"
    directory: Directory
    customers: Customers
    availability: Availability
    delivery: Delivery
    mirror: Mirror
    inbox: Inbox
    reconciler: Reconciler
    reservations: Reservations


@asynccontextmanager
async def open_core(
    settings: Settings,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    gated: bool = True,
) -> AsyncIterator[Core]:
    """Connect to everything.

    Args:
        settings: With the addresses of PostgreSQL and Redis.
        transport: In place of the network to Cal.com, for tests in process.
        gated: Whether budget and circuit breaker stand before Cal.com: their minutes are real ones,
            also in a test that moves its clock.

    Raises:
        BadSettings: An address or the secret key is missing.
        DatabaseUnavailable: PostgreSQL cannot be reached.
    """
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(
            Database.connect(
                _required(settings.database.url, "DATABASE_URL"),
                role=APP_ROLE,
                max_size=settings.database.pool_size,
                timeout_seconds=settings.database.wait_seconds,
                observe=tally.statement,
            )
        )
        redis = await stack.enter_async_context(
            open_redis(
                _required(settings.redis.url, "REDIS_URL"),
                timeout_seconds=settings.redis.timeout_seconds,
            )
        )
        vault = Vault(_required(settings.server.secret_key, "SLOTLINE_SECRET_KEY"))
        directory = Directory(database, vault)
        rules = Rules(requests=settings.calcom.requests_per_minute)
        gates = Gates(redis, rules=rules, observe=metrics.at_the_gate)
        await stack.enter_async_context(gates)
        calendars = await stack.enter_async_context(
            Calendars(
                directory,
                base_url=settings.calcom.base_url,
                gates=gates if gated else NO_GATES,
                transport=transport,
            )
        )
        availability = Availability(redis=redis, calendars=calendars)
        stack.push_async_callback(availability.aclose)
        mirror = Mirror(database=database, calendars=calendars, availability=availability)
        yield Core(
            database=database,
            redis=redis,
            directory=directory,
            customers=Customers(database),
            availability=availability,
            delivery=Delivery(database=database, calendars=calendars, availability=availability),
            mirror=mirror,
            inbox=Inbox(database=database, directory=directory, mirror=mirror),
            reconciler=Reconciler(database=database, calendars=calendars, mirror=mirror),
            reservations=Reservations(database=database, calendars=calendars),
        )


@asynccontextmanager
async def open_server(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    transport: httpx.AsyncBaseTransport | None = None,
    gated: bool = True,
) -> AsyncIterator[Parts]:
    """Everything that `server.app.create_app` serves. Raises as `open_core` does."""
    warm(clock())
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(
            open_core(settings, transport=transport, gated=gated)
        )
        log = CallLog(core.database)
        desk = Desk(
            database=core.database,
            availability=core.availability,
            delivery=core.delivery,
            reservations=core.reservations,
        )
        stack.push_async_callback(desk.aclose)
        dispatch = Dispatch(
            memory=CallMemory(core.redis, log),
            log=log,
            customers=core.customers,
            desk=desk,
            books=await stack.enter_async_context(Bookkeeper(log)),
        )
        stack.push_async_callback(dispatch.aclose)
        yield Parts(
            settings=settings,
            directory=core.directory,
            dispatch=dispatch,
            context=CallerContext(core.customers).of,
            inbox=core.inbox,
            afterwards=await stack.enter_async_context(Afterwards()),
            checks={"database": core.database.ping, "redis": core.redis.ping},
            clock=clock,
        )


@asynccontextmanager
async def open_worker(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    transport: httpx.AsyncBaseTransport | None = None,
    gated: bool = True,
) -> AsyncIterator[Worker]:
    """A worker, ready to run. Raises as `open_core` does."""
    url = _required(settings.database.url, "DATABASE_URL")
    async with (
        open_core(settings, transport=transport, gated=gated) as core,
        Database.connect(url, role=WORKER_ROLE, max_size=4) as leasing,
    ):
        door = _Door(database=core.database, leasing=leasing, clock=clock)
        queues: list[Queue[Any]] = [
            DueBookings(**door, directory=core.directory, delivery=core.delivery),
            DueInbox(**door, inbox=core.inbox),
            DueDeliveries(**door, directory=core.directory, mirror=core.mirror),
        ]
        jobs = DueJobs(
            leasing=leasing,
            rounds=Rounds(
                database=core.database, directory=core.directory, reconciler=core.reconciler
            ),
            clock=clock,
        )
        yield Worker(
            queues=[Lane(queue, places=settings.worker.places) for queue in queues],
            jobs=Lane(jobs, places=_JOBS_AT_ONCE),
            finish_seconds=settings.worker.finish_seconds,
            heartbeat_file=settings.worker.heartbeat_file,
        )


class _Door(TypedDict):
    """What every queue is built with."""

    database: Database
    leasing: Database
    clock: Callable[[], datetime]


def _required(value: SecretStr | None, variable: str) -> str:
    if value is None:
        raise BadSettings(f"{variable} is not set")
    return value.get_secret_value()
