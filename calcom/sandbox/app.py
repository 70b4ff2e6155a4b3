"""The stand-in as an ASGI application: from bytes to an operation and back."""

import asyncio
import json
import logging
import uuid
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from starlette.datastructures import State
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from calcom.sandbox import seed as seeds
from calcom.sandbox.calls import Answer, Call, Operation, read_json
from calcom.sandbox.courier import Courier
from calcom.sandbox.credentials import Credential, admit, identify
from calcom.sandbox.errors import Refusal, Throttled, crash, not_found
from calcom.sandbox.instants import utc_now
from calcom.sandbox.mischief import AnswerDropped, Fault, befall
from calcom.sandbox.records import Seed
from calcom.sandbox.routes import (
    account,
    bookings,
    control,
    event_types,
    schedules,
    slots,
    webhooks,
)
from calcom.sandbox.sandbox import Sandbox
from calcom.sandbox.store import SqliteStore
from calcom.sandbox.throttle import DEFAULT_LIMIT, refusal_of
from calcom.sandbox.world import Nowhere, World

_OPERATIONS = (
    *slots.OPERATIONS,
    *bookings.OPERATIONS,
    *event_types.OPERATIONS,
    *schedules.OPERATIONS,
    *webhooks.OPERATIONS,
    *account.OPERATIONS,
    *control.OPERATIONS,
)
_log = logging.getLogger(__name__)


def create_app(
    *,
    clock: Callable[[], datetime] = utc_now,
    database: Path | None = None,
    seed: Seed | None = None,
    rate_limit_per_minute: int | None = DEFAULT_LIMIT,
    race_window_seconds: float = 0.005,
    slots_cache_seconds: float = 2.0,
    hosted: bool = False,
    webhook_transport: httpx.AsyncBaseTransport | None = None,
) -> "SandboxApp":
    """Build a stand-in for Cal.com's API v2 with one account.

    Args:
        clock: Tells the current instant, aware.
        database: An SQLite file that holds the state; it survives restarts and `kill -9`. What
            stands in it wins over the seed, but for the seed's API keys and webhooks. Without
            one, everything is in memory.
        seed: The account to start with; the demo practice by default.
        rate_limit_per_minute: Per API key or address; None lifts it.
        race_window_seconds: Time between the checks and the write of a request, in which others
            may pass. Zero still lets concurrent requests interleave.
        slots_cache_seconds: For how long, by the clock, a slots query is answered as before; zero
            for clocks that stand still.
        hosted: Also understand the versions that hosted Cal.com documents in 2026: 2026-02-25 for
            bookings, and 2026-05-01 for the list of them, which is paged by cursor.
        webhook_transport: How webhooks travel; over the network by default.

    Returns:
        An ASGI application; its parts are at `app.state.sandbox`.
    """
    store = SqliteStore(database) if database is not None else Nowhere()
    world = World(store)
    seed = seed or seeds.demo()
    if store.load(world):
        world.renew(seed)
    else:
        world.plant(seed)
    courier = Courier(world, clock=clock, transport=webhook_transport)
    sandbox = Sandbox(
        world,
        courier,
        clock=clock,
        rate_limit_per_minute=rate_limit_per_minute,
        race_window_seconds=race_window_seconds,
        slots_cache_seconds=slots_cache_seconds,
        hosted=hosted,
    )
    return SandboxApp(sandbox)


class SandboxApp:
    """Cal.com's order of things: parse, route, throttle, authorise, run."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.state = State({"sandbox": sandbox})
        self._sandbox = sandbox
        self._running: set[asyncio.Task[Any]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        request = Request(scope, receive)
        raw = await request.body()
        try:
            response = await self._unhurried(self._respond(request, raw))
        except AnswerDropped:
            await _hang_up(send)
            return
        await response(scope, receive, send)

    async def settle(self) -> None:
        """Wait for requests whose clients gave up, and for late webhooks."""
        while self._running:
            await asyncio.wait(set(self._running))
        await self._sandbox.courier.settle()

    async def _unhurried(self, work: Coroutine[Any, Any, Response]) -> Response:
        """Finish the work also when the client gives up waiting, as Cal.com does."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _respond(self, request: Request, raw: bytes) -> Response:
        headers = {"X-Request-Id": str(uuid.uuid4())}
        try:
            answer = await self._answer(request, raw, headers)
        except Refusal as refusal:
            answer = self._refused(refusal, request)
        except AnswerDropped:
            raise
        except Exception:  # noqa: BLE001 - a bug of the stand-in is Cal.com's 500 to its clients
            _log.exception("the stand-in broke down")
            answer = self._refused(crash(), request)
        return Response(
            json.dumps(answer.body, ensure_ascii=False, separators=(",", ":")),
            status_code=answer.status,
            headers=headers,
            media_type="application/json; charset=utf-8",
        )

    def _refused(self, refusal: Refusal, request: Request) -> Answer:
        body = refusal.body(path=_path_of(request), now=self._sandbox.now())
        return Answer(body, refusal.status)

    async def _answer(self, request: Request, raw: bytes, headers: dict[str, str]) -> Answer:
        sandbox, version = self._sandbox, request.headers.get("cal-api-version")
        body = read_json(raw, request.headers.get("content-type", ""))
        operation, params = _route(request, version)
        query = dict(request.query_params)
        if operation in control.OPERATIONS:
            return await operation.run(Call(sandbox, params, query, body, None, None))
        sandbox.requests[operation.name] += 1
        fault = sandbox.mischief.strike(operation.name)
        credential = identify(
            sandbox.world,
            request.headers.get("authorization"),
            address=request.client.host if request.client else "",
        )
        self._throttle(credential, headers, fault)
        user = admit(credential, operation.door)
        call = Call(sandbox, params, query, body, user, version)
        await asyncio.sleep(sandbox.clockwork.delay(operation.name))
        return await befall(fault, lambda: operation.run(call))

    def _throttle(
        self, credential: Credential, headers: dict[str, str], fault: Fault | None
    ) -> None:
        ours = self._sandbox.rate_limit_per_minute
        limit = credential.limit or ours
        if fault is not None and fault.do == "429":
            headers |= refusal_of(limit or DEFAULT_LIMIT).headers
            raise Throttled
        if ours is None or limit is None:
            return
        now = self._sandbox.now()
        verdict = self._sandbox.throttle.take(credential.bucket, limit=limit, now=now)
        headers |= verdict.headers
        if not verdict.allowed:
            raise Throttled

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _stop(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._sandbox.world.close()


def _route(request: Request, version: str | None) -> tuple[Operation, dict[str, str]]:
    path = request.url.path.rstrip("/")
    for operation in _OPERATIONS:
        if (params := operation.match(request.method, path, version)) is not None:
            return operation, params
    raise not_found(f"Cannot {request.method} {_path_of(request)}")


def _path_of(request: Request) -> str:
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    query: bytes = request.scope["query_string"]
    path = raw.split(b"?")[0]
    return (path + b"?" + query if query else path).decode("latin-1")


async def _hang_up(send: Send) -> None:
    """Close the connection without an answer.

    Under uvicorn `send` belongs to the request's cycle, which knows its transport. In process
    there is no connection, so the client gets the exception that httpx raises for a broken one.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
    transport.abort()
    await asyncio.sleep(0)
