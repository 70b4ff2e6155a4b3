"""The edge of the server with somebody else behind the door, for tests of the edge alone."""

import io
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
from fastapi import FastAPI
from pydantic import SecretStr
from retell.lib.webhook_auth import symmetric

from booking.business import Business, Line
from booking.directory import Access, Directory
from booking.inbox import Inbox
from server import journal
from server.afterwards import Afterwards
from server.agent.agent import Agent
from server.app import Parts, create_app
from server.call_events import CallEvents
from server.context import CallerContext
from server.dispatch import Dispatch
from server.mcp import McpServer
from server.readiness import Check
from server.settings import Log, Server, Settings
from server.wire import ToolReply, ToolRequest, UnknownTool
from tools.reply import Reply, Status

NOW = datetime(2026, 2, 9, 8, tzinfo=UTC)
API_KEY = "api_0123456789abcdef"
RETELL_KEY = "key_0123456789abcdef"
METRICS_TOKEN = "metrics_0123456789"

BUSINESS = Business(
    id=UUID(int=1),
    slug="praxis",
    name="Praxis am Markt",
    timezone=ZoneInfo("Europe/Berlin"),
    language="de",
    attendee_email_domain="praxis.example",
    lines=(
        Line(UUID(int=2), "+493023125010", "Mitte", ZoneInfo("Europe/Berlin"), "de"),
        Line(UUID(int=3), "+493023125011", "Airport", ZoneInfo("Europe/Berlin"), "en"),
    ),
)


@dataclass
class Behind:
    """Takes the directory's and the dispatch's places, and remembers what reached them."""

    asked: list[ToolRequest] = field(default_factory=list)
    fails: Exception | None = None
    cannot_look_up: Exception | None = None

    async def access(self, slug: str) -> Access | None:
        if self.cannot_look_up:
            raise self.cannot_look_up
        secrets = {"api_key": (API_KEY,), "retell_key": (RETELL_KEY,)}
        return Access(BUSINESS, secrets) if slug == BUSINESS.slug else None

    async def run(
        self,
        _business: Business,
        request: ToolRequest,
        *,
        now: datetime,
        arrived: float,  # noqa: ARG002
    ) -> ToolReply:
        if request.tool not in {"check_availability", "verify_name", "book"}:
            raise UnknownTool(f"there is no tool {request.tool!r}")
        self.asked.append(request)
        if self.fails:
            raise self.fails
        line = Reply(Status.NONE_FREE, say="Nichts frei.").line(now=now)
        return ToolReply(request.id, request.tool, Status.NONE_FREE, line)

    async def of(
        self,
        _business: Business,
        caller: str | None,
        line: str | None,
        language: str | None,
        now: datetime,
    ) -> Mapping[str, object]:
        if self.fails:
            raise self.fails
        return {"caller": caller, "line": line, "language": language, "now": now}


@dataclass
class Edge:
    """The server on one side, what lies behind it on the other, and what it wrote meanwhile."""

    http: httpx.AsyncClient
    app: FastAPI
    behind: Behind
    sink: io.StringIO
    lines: list[dict[str, Any]] = field(default_factory=list)
    """Filled when the edge closes."""

    async def neutral(self, tool: str, body: object, *, key: str = API_KEY) -> httpx.Response:
        """POST a neutral tool call with the right key."""
        headers = {"authorization": f"Bearer {key}"}
        return await self.http.post(
            f"/v1/praxis/tools/{tool}", content=as_body(body), headers=headers
        )

    async def retell(self, body: object, *, key: str = RETELL_KEY) -> httpx.Response:
        """POST a Retell tool call, signed with the right key."""
        raw = as_body(body)
        signature = symmetric["sign"](raw.decode("latin-1"), key, int(NOW.timestamp() * 1000))
        if not raw.isascii():
            raise ValueError("the SDK signs text: send ASCII")
        headers = {"x-retell-signature": signature}
        return await self.http.post("/v1/praxis/retell/tools", content=raw, headers=headers)


def as_body(body: object) -> bytes:
    """Bytes as they are, anything else as JSON."""
    return body if isinstance(body, bytes) else json.dumps(body).encode()


@asynccontextmanager
async def edge(
    *,
    checks: Mapping[str, Check] | None = None,
    metrics_token: str | None = METRICS_TOKEN,
    peer: str = "127.0.0.1",
    **server: Any,
) -> AsyncIterator[Edge]:
    """The application, called in process; log lines are there when the block has ended."""
    behind, sink = Behind(), io.StringIO()
    token = SecretStr(metrics_token) if metrics_token else None
    app = create_app(
        Parts(
            settings=Settings(server=Server(metrics_token=token, **server)),
            directory=cast("Directory", behind),
            dispatch=cast("Dispatch", behind),
            context=cast("CallerContext", behind),
            inbox=cast("Inbox", behind),
            call_events=cast("CallEvents", behind),
            mcp=McpServer(cast("Dispatch", behind)),
            agent=cast("Agent", behind),
            afterwards=Afterwards(),
            checks=checks or {},
            clock=lambda: NOW,
        )
    )
    transport = httpx.ASGITransport(app, client=(peer, 50000), raise_app_exceptions=False)
    with journal.opened(Log(format="json"), sink):
        async with httpx.AsyncClient(transport=transport, base_url="http://slotline") as http:
            opened = Edge(http, app, behind, sink)
            yield opened
    opened.lines += [json.loads(line) for line in sink.getvalue().splitlines()]
