"""Builds every object once, from the settings, and closes what it opened."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypedDict

import httpx
from pydantic import SecretStr
from redis.asyncio import Redis

from booking.accepting import Accepting
from booking.availability import Availability, Warming
from booking.calendars import Calendars
from booking.customers import Customers
from booking.delivery import Delivery
from booking.desk import Desk
from booking.directory import Directory
from booking.gate import NO_GATES, Gates, NoGates, Rules
from booking.inbox import Inbox
from booking.mirror import Mirror
from booking.reconcile import Reconciler
from booking.reservations import Reservations
from booking.sync import Doubts, Sync
from booking.vault import Vault
from calls.log import CallLog
from calls.memory import CallMemory
from calls.recordings import (
    BucketAccess,
    Limits,
    Recordings,
    RecordingStore,
    StoreUnusable,
)
from db.database import APP_ROLE, WORKER_ROLE, Database
from outgoing import Mail, Targets, Texts, open_client
from server import metrics, tally
from server.afterwards import Afterwards
from server.agent.agent import Agent
from server.agent.model import Model
from server.app import Parts
from server.bookkeeping import Bookkeeper
from server.call_events import CallEvents
from server.console import Console, ConsoleParts
from server.console.live import Live
from server.console.parts import Draft
from server.context import CallerContext
from server.depths import keep_showing
from server.dispatch import Dispatch
from server.jobs import DueJobs, Rounds
from server.lane import Lane, Queue
from server.mcp import McpServer
from server.noticing import Notices
from server.platforms import EVENTS
from server.queues import DueBookings, DueDeliveries, DueEvents, DueMessages, DueRecordings
from server.redis_client import open_redis
from server.reviewing import Reviewer
from server.settings import BadSettings, Langfuse, Settings, Telling
from server.settings import Recordings as RecordingSettings
from server.telling import Post
from server.traces import NoTraces, Traces
from server.traces.sounds import Sounds
from server.traces.traces import tracing
from server.warming import warm
from server.worker import Worker

_JOBS_AT_ONCE: Final = 2
"""They are for the quiet hours of a connection pool: one long job must not hold up a short one."""

_SOUND_SECONDS: Final = 10.0
"""For Langfuse to say something while it is sent a recording; nobody waits for it."""


def utc_now() -> datetime:
    """The clock of everything that is not a test."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Core:
    """What the server and the workers both stand on."""

    database: Database
    redis: "Redis"
    directory: Directory
    calendars: Calendars
    customers: Customers
    availability: Availability
    warming: Warming
    delivery: Delivery
    mirror: Mirror
    inbox: Inbox
    reconciler: Reconciler
    desk: Desk
    log: CallLog
    recordings: Recordings
    store: RecordingStore
    gates: Gates | NoGates
    call_events: CallEvents
    sync: Sync


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
                observe=tally.asked,
            )
        )
        availability = Availability(
            redis=redis, calendars=calendars, database=database, observe=metrics.availability
        )
        availability.start()
        warming = Warming(availability)
        stack.push_async_callback(warming.aclose)
        stack.push_async_callback(availability.aclose)
        mirror = Mirror(database=database, calendars=calendars, availability=availability)
        delivery = Delivery(database=database, calendars=calendars, availability=availability)
        sync = Sync(
            database=database,
            directory=directory,
            calendars=calendars,
            availability=availability,
            observe=metrics.links,
        )
        doubts = Doubts(sync)
        stack.push_async_callback(doubts.aclose)
        desk = Desk(
            database=database,
            availability=availability,
            warming=warming,
            delivery=delivery,
            reservations=Reservations(database=database, calendars=calendars),
            doubts=doubts,
        )
        stack.push_async_callback(desk.aclose)
        log = CallLog(database)
        store = _store(settings.recordings)
        recordings = Recordings(
            database=database,
            store=store,
            http=await stack.enter_async_context(open_client(_targets(settings))),
            limits=Limits(settings.recordings.max_bytes, settings.recordings.seconds),
        )
        yield Core(
            database=database,
            redis=redis,
            directory=directory,
            calendars=calendars,
            customers=Customers(database),
            availability=availability,
            warming=warming,
            delivery=delivery,
            mirror=mirror,
            inbox=Inbox(database=database, directory=directory, mirror=mirror),
            reconciler=Reconciler(database=database, calendars=calendars, mirror=mirror),
            desk=desk,
            log=log,
            recordings=recordings,
            store=store,
            gates=gates if gated else NO_GATES,
            call_events=CallEvents(
                database=database,
                directory=directory,
                log=log,
                recordings=recordings,
                adapters={adapter.platform: adapter for adapter in EVENTS},
            ),
            sync=sync,
        )


@asynccontextmanager
async def open_server(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    transport: httpx.AsyncBaseTransport | None = None,
    gated: bool = True,
    drafting: Callable[[Database], Draft] | None = None,
) -> AsyncIterator[Parts]:
    """Everything that `server.app.create_app` serves. Raises as `open_core` does.

    `drafting` makes what writes eval scenarios after calls: a floor above knows how.
    """
    warm(clock())
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(
            open_core(settings, transport=transport, gated=gated)
        )
        traces = await stack.enter_async_context(tracing(settings.langfuse))
        memory = CallMemory(core.redis, core.log)
        stack.push_async_callback(memory.aclose)
        dispatch = Dispatch(
            memory=memory,
            log=core.log,
            customers=core.customers,
            desk=core.desk,
            books=await stack.enter_async_context(Bookkeeper(core.log)),
            traces=traces,
        )
        stack.push_async_callback(dispatch.aclose)
        context = CallerContext(core.customers, core.warming)
        model = Model(settings.openai, name=settings.server.model)
        stack.push_async_callback(model.aclose)
        if model.is_set:
            await model.warm()
        agent = Agent(model, dispatch=dispatch, context=context, redis=core.redis, traces=traces)
        stack.push_async_callback(agent.aclose)
        yield Parts(
            settings=settings,
            directory=core.directory,
            dispatch=dispatch,
            context=context,
            agent=agent,
            inbox=core.inbox,
            call_events=core.call_events,
            mcp=await stack.enter_async_context(McpServer(dispatch)),
            afterwards=await stack.enter_async_context(Afterwards()),
            checks={"database": core.database.ping, "redis": core.redis.ping},
            clock=clock,
            console=Console(_console_parts(core, settings, clock, drafting)),
        )


def _console_parts(
    core: Core,
    settings: Settings,
    clock: Callable[[], datetime],
    drafting: Callable[[Database], Draft] | None,
) -> ConsoleParts:
    return ConsoleParts(
        database=core.database,
        directory=core.directory,
        desk=core.desk,
        accepting=Accepting(database=core.database, calendars=core.calendars, mirror=core.mirror),
        live=Live(core.database),
        reconciler=core.reconciler,
        store=core.store,
        gates=core.gates,
        is_https=(settings.server.public_url or "").startswith("https://"),
        eval_runs=settings.server.eval_runs,
        traces_at=settings.langfuse.host if settings.langfuse.is_set else None,
        clock=clock,
        draft=drafting(core.database) if drafting else None,
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
        open_client(_targets(settings)) as http,
        _texts(settings.telling) as texts,
        tracing(settings.langfuse) as traces,
        _sounds(settings.langfuse, core.store, traces) as sounds,
        _reviewer(settings) as reviewer,
    ):
        post = Post(texts=texts, mail=_mail(settings.telling), http=http)
        door = _Door(database=core.database, leasing=leasing, clock=clock)
        queues: list[Queue[Any]] = [
            DueBookings(**door, directory=core.directory, delivery=core.delivery),
            DueEvents("inbox", core.inbox.stored, **door),
            DueEvents("call_events", core.call_events.stored, **door),
            DueRecordings(**door, recordings=core.recordings),
            DueMessages(**door, directory=core.directory, post=post),
            DueDeliveries(
                **door,
                directory=core.directory,
                mirror=core.mirror,
                desk=core.desk,
                traces=traces,
                reviewer=reviewer,
            ),
        ]
        jobs = DueJobs(
            leasing=leasing,
            rounds=Rounds(
                database=core.database,
                directory=core.directory,
                reconciler=core.reconciler,
                sync=core.sync,
                warming=core.warming,
                notices=Notices(core.database, post, console=_console(settings)),
                traces=traces,
                sounds=sounds,
            ),
            clock=clock,
        )
        yield Worker(
            queues=[Lane(queue, places=settings.worker.places) for queue in queues],
            jobs=Lane(jobs, places=_JOBS_AT_ONCE),
            finish_seconds=settings.worker.finish_seconds,
            heartbeat_file=settings.worker.heartbeat_file,
            beside=lambda: keep_showing(leasing, clock),
        )


class _Door(TypedDict):
    """What every queue is built with."""

    database: Database
    leasing: Database
    clock: Callable[[], datetime]


def _targets(settings: Settings) -> Targets:
    origins = settings.server.private_origins
    return Targets(origins.split(",") if origins else ())


@asynccontextmanager
async def _texts(settings: Telling) -> AsyncIterator[Texts | None]:
    if settings.sms_url is None:
        yield None
        return
    try:
        texts = Texts(settings.sms_url.get_secret_value())
    except ValueError as error:
        raise BadSettings(f"SMS_URL: {error}") from error
    try:
        yield texts
    finally:
        await texts.aclose()


@asynccontextmanager
async def _sounds(
    settings: Langfuse, store: RecordingStore, traces: Traces | NoTraces
) -> AsyncIterator[Sounds | None]:
    if (
        isinstance(traces, NoTraces)
        or not settings.audio
        or settings.public_key is None
        or settings.secret_key is None
    ):
        yield None
        return
    keys = (settings.public_key, settings.secret_key.get_secret_value())
    async with (
        httpx.AsyncClient(base_url=settings.host, auth=keys, timeout=_SOUND_SECONDS) as http,
        httpx.AsyncClient(timeout=_SOUND_SECONDS) as bucket,
    ):
        yield Sounds(store, traces, http=http, bucket=bucket)


@asynccontextmanager
async def _reviewer(settings: Settings) -> AsyncIterator[Reviewer | None]:
    name = settings.server.review_model
    model = Model(settings.openai, name=name or "")
    if not (name and model.is_set):
        yield None
        return
    try:
        yield Reviewer(model)
    finally:
        await model.aclose()


def _mail(settings: Telling) -> Mail | None:
    if settings.smtp_url is None:
        return None
    try:
        return Mail(settings.smtp_url.get_secret_value())
    except ValueError as error:
        raise BadSettings(f"SMTP_URL: {error}") from error


def _console(settings: Settings) -> str | None:
    url = settings.server.public_url
    return f"{url}/console" if url else None


def _store(settings: RecordingSettings) -> RecordingStore:
    access = BucketAccess(
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        access_key_id=_plain(settings.s3_access_key_id),
        secret_access_key=_plain(settings.s3_secret_access_key),
    )
    if settings.url is None:
        raise BadSettings("RECORDINGS_URL is not set")
    try:
        return RecordingStore.at(settings.url, access=access)
    except StoreUnusable as error:
        raise BadSettings(f"RECORDINGS_URL: recordings cannot be kept there ({error})") from error


def _plain(value: SecretStr | None) -> str | None:
    return value.get_secret_value() if value else None


def _required(value: SecretStr | None, variable: str) -> str:
    if value is None:
        raise BadSettings(f"{variable} is not set")
    return value.get_secret_value()
