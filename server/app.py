"""The HTTP server: which address leads where, and what every answer has in common."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Annotated, Final

from fastapi import FastAPI, Query, Request, Response
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.routing import Route, WebSocketRoute

from booking.business import Business
from booking.directory import Directory
from booking.inbox import Inbox
from server import faults, journal, metrics, openapi, reading, tool_lists
from server.access import Gate, check_bearer
from server.afterwards import Afterwards
from server.agent.agent import Agent
from server.calcom_door import CalcomDoor
from server.call_events import CallEvents
from server.console import Console
from server.context import CallerContext
from server.dispatch import Dispatch
from server.door import envelope, turned_away
from server.doors import Doors
from server.mcp import McpDoor, McpServer
from server.platforms import neutral
from server.readiness import Check, Readiness
from server.settings import Settings
from server.socket_door import PATH as RETELL_SOCKET
from server.socket_door import RetellSocket
from server.wire import Unreadable, WireError

_NO_TELEMETRY: Final[TelemetryConfig] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""FastAPI's own would send bodies and errors, unmasked, wherever the environment points it."""

_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the server is made of; built by `server.wiring`."""

    settings: Settings
    directory: Directory
    dispatch: Dispatch
    context: CallerContext
    inbox: Inbox
    call_events: CallEvents
    mcp: McpServer
    agent: Agent
    afterwards: Afterwards
    checks: Mapping[str, Check]
    """What `/readyz` asks, by name."""
    clock: Callable[[], datetime]
    """Aware UTC; read once a request."""
    console: Console | None = None
    """Pages for people; `None` where nobody but machines asks."""


def create_app(parts: Parts) -> FastAPI:
    """The ASGI application over ready parts; it opens and closes none of them."""
    app = FastAPI(
        title="Slotline",
        version="1",
        description="Tools for phone voice agents that book appointments.",
        docs_url=None,  # its page loads scripts from a CDN
        redoc_url=None,
        redirect_slashes=False,
        telemetry=_NO_TELEMETRY,
    )
    gate = Gate(parts.directory, lookup_seconds=parts.settings.server.lookup_seconds)
    _add_platform_routes(app, parts, gate)
    _add_calendar_route(app, parts, gate)
    _add_lookups(app, parts, gate)
    _add_operation(app, parts)
    app.router.routes.extend(parts.console.routes if parts.console else ())
    app.add_exception_handler(WireError, _refusal)
    app.add_exception_handler(HTTPException, _no_such_route)
    app.add_exception_handler(Exception, _fault)
    openapi.describe(app)
    return app


def _add_platform_routes(app: FastAPI, parts: Parts, gate: Gate) -> None:
    """Plain Starlette routes: FastAPI's own would double the time of a cached answer."""
    doors = Doors(
        settings=parts.settings.server,
        gate=gate,
        directory=parts.directory,
        dispatch=parts.dispatch,
        context=parts.context,
        call_events=parts.call_events,
        agent=parts.agent,
        afterwards=parts.afterwards,
        clock=parts.clock,
    )
    mcp = McpDoor(parts.mcp, doors.admission, body_bytes=parts.settings.server.tool_body_bytes)
    app.router.routes.append(
        Route("/v1/{business}/mcp", mcp, methods=["POST"], include_in_schema=False)
    )
    socket = RetellSocket(gate, parts.agent, clock=parts.clock)
    app.router.routes.append(WebSocketRoute(RETELL_SOCKET, socket.answer))
    for path, door in doors:
        app.add_route(
            f"/v1/{{business}}/{path}", door.answer, methods=["POST"], include_in_schema=False
        )


def _add_calendar_route(app: FastAPI, parts: Parts, gate: Gate) -> None:
    server = parts.settings.server
    door = CalcomDoor(
        gate=gate,
        inbox=parts.inbox,
        afterwards=parts.afterwards,
        clock=parts.clock,
        body_bytes=server.webhook_body_bytes,
        body_seconds=server.body_seconds,
    )
    path = "/v1/{business}/calcom/webhook"
    app.add_route(path, door.answer, methods=["POST"], include_in_schema=False)


def _add_lookups(app: FastAPI, parts: Parts, gate: Gate) -> None:
    async def admit(request: Request, slug: str) -> Business:
        def verify(secrets: Mapping[str, tuple[str, ...]]) -> None:
            check_bearer(request.headers, secrets, "api_key")

        return await gate.admit(slug, verify)

    @app.get("/v1/{business}/tools", tags=["tools"])
    async def list_tools(
        request: Request, business: str, wrapped_for: Annotated[str, Query(alias="for")] = "neutral"
    ) -> Response:
        """The schemas of all tools, wrapped for a platform, or as it is told of them.

        For `neutral`, `openai`, `realtime`, `responses` and `mcp`; for `retell`, `vapi` and
        `elevenlabs` with the addresses that they call.
        """
        found = await admit(request, business)
        public_url = parts.settings.server.public_url or _origin(request)
        try:
            return _json(tool_lists.tools_for(wrapped_for, found, public_url=public_url))
        except ValueError as error:
            raise Unreadable(str(error)) from None

    @app.get("/v1/{business}/context", tags=["tools"])
    async def context(
        request: Request,
        business: str,
        caller: str | None = None,
        line: str | None = None,
        language: str | None = None,
    ) -> Response:
        """What an agent should know before its first word: the caller, the days, the services."""
        now = parts.clock()
        found = await admit(request, business)
        asked: dict[str, object] = {
            "caller": _with_plus(caller),
            "line": _with_plus(line),
            "language": language,
        }
        return _json(
            await parts.context.of(
                found,
                reading.number(asked, "caller"),
                reading.text(asked, "line"),
                reading.language(asked, "language"),
                now,
            )
        )


def _add_operation(app: FastAPI, parts: Parts) -> None:
    readiness = Readiness(parts.checks, within_seconds=parts.settings.server.ready_seconds)
    token = parts.settings.server.metrics_token

    @app.get("/healthz", tags=["operation"])
    async def health() -> Response:
        """Whether this process answers at all."""
        return _json({"ok": True})

    @app.get("/readyz", tags=["operation"])
    async def ready() -> Response:
        """Whether every part that tool calls need answers; 503 and which one if not."""
        states = await readiness.parts()
        is_ready = all(state == "ok" for state in states.values())
        return _json({"ready": is_ready, "parts": dict(states)}, 200 if is_ready else 503)

    @app.get("/metrics", tags=["operation"])
    async def measures(request: Request) -> Response:
        """Prometheus' text format; with the token, or from this machine if there is none."""
        if token:
            check_bearer(request.headers, {"token": (token.get_secret_value(),)}, "token")
        elif not _is_from_here(request):
            raise HTTPException(401)
        return Response(metrics.exposition(), media_type=metrics.CONTENT_TYPE)


def _is_from_here(request: Request) -> bool:
    """Whether the peer is this machine, and not a proxy on it that speaks for somebody else."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _origin(request: Request) -> str:
    """Where whoever asks has found us."""
    return f"{request.url.scheme}://{request.url.netloc}"


def _with_plus(number: str | None) -> str | None:
    """A `+` that nobody encoded arrives as a blank."""
    return f"+{number[1:]}" if number and number.startswith(" ") else number


def _json(value: object, status_code: int = 200) -> Response:
    return envelope(json.dumps(value, ensure_ascii=False, default=str).encode(), status_code)


async def _refusal(request: Request, error: Exception) -> Response:
    if not isinstance(error, WireError):
        raise error
    with journal.story(path=request.url.path):
        return turned_away(error, platform=neutral.adapter.platform)


async def _no_such_route(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return envelope(faults.STRANGER, error.status_code, **(error.headers or {}))


async def _fault(_request: Request, _error: Exception) -> Response:
    """The traceback is in the log already: the server writes it there."""
    return envelope(faults.STRANGER, 500)
