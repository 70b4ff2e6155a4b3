"""Our tools over MCP, streamable HTTP, by the official SDK: stateless, old and new revisions.

A session says nothing of a call: platforms open a new one for each tool call, or none at all. Which
call it is, and who is on the phone, comes from headers (`X-Call-Id`, `X-Caller`, `X-Line`) or from
`_meta` (`call_id`, `caller`, `line`), both of which the platform sets, and never from arguments.
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

import mcp_types as types
import structlog
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from server import faults, journal, metrics, reading
from server.access import check_bearer
from server.adapter import Secrets
from server.admission import Admission, Admitted
from server.dispatch import Dispatch
from server.door import envelope, turned_away
from server.unnamed import request_of
from server.wire import CallRef, Refused, ToolReply, ToolRequest, WireError
from tools.catalogue import TOOLS
from tools.tool import Tool

_log = structlog.get_logger("slotline.mcp")

PLATFORM: Final = "mcp"

_STATE: Final = "slotline.admitted"
_LONGEST_SLUG: Final = 63

_PLATFORMS: Final = frozenset({"elevenlabs", "livekit", "openai", "pipecat", "retell", "vapi"})
"""Who may name itself, so that what it tells otherwise of a call is the same record."""

_TOLD: Final = {
    "call_id": "x-call-id",
    "caller": "x-caller",
    "line": "x-line",
    "language": "x-language",
    "platform": "x-platform",
}
"""Where a request tells of its call: the key in `_meta`, and the header, which goes first."""


class McpServer:
    """Our tools as an MCP server. Enter it at start-up."""

    def __init__(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch
        server: Server[Any] = Server(
            "slotline", on_list_tools=self._list_tools, on_call_tool=self._call_tool
        )
        self._sessions = StreamableHTTPSessionManager(server, json_response=True, stateless=True)
        self._ready, self._stop = asyncio.Event(), asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        # A task of its own: its task group must be left by whoever entered it.
        self._running = asyncio.create_task(self._run())
        await self._ready.wait()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        if self._running:
            with suppress(asyncio.CancelledError):
                await self._running

    async def serve(self, admitted: Admitted, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that was let in and read."""
        told = {**scope, "state": {**scope.get("state", {}), _STATE: admitted}}
        await self._sessions.handle_request(told, _again(admitted.raw, receive), send)

    async def _run(self) -> None:
        async with self._sessions.run():
            self._ready.set()
            await self._stop.wait()

    async def _list_tools(
        self, _context: ServerRequestContext[Any], _params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in TOOLS.values()])

    async def _call_tool(
        self, context: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        request: Request | None = context.request
        if request is None:
            raise LookupError("the transport did not pass the request on")
        admitted: Admitted = request.scope["state"][_STATE]
        asked: ToolRequest | None = None
        try:
            asked = _asked(params, request.headers, context.meta or {})
            journal.bind(tool=asked.tool, platform_call=asked.call and asked.call.id)
            reply = await self._dispatch.run(
                admitted.business, asked, now=admitted.now, arrived=admitted.arrived
            )
        except WireError as error:
            metrics.refused(PLATFORM, faults.reason(error))
            _log.warning("refused", why=error.why)
            reply = faults.fault(admitted.business, asked, now=admitted.now)
        except Exception:  # noqa: BLE001 - a caller waits: whatever broke, say something
            metrics.refused(PLATFORM, faults.FAULT)
            _log.exception("fault")
            reply = faults.fault(admitted.business, asked, now=admitted.now)
        return _result(reply)


class McpDoor:
    """The address of the MCP server, as an ASGI application."""

    def __init__(self, server: McpServer, admission: Admission, *, body_bytes: int) -> None:
        self._server = server
        self._admission = admission
        self._body_bytes = body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; never raises."""
        request = Request(scope, receive)
        slug = request.path_params["business"][:_LONGEST_SLUG]
        with (
            metrics.IN_FLIGHT.track_inprogress(),
            journal.story(business=slug, platform=PLATFORM),
        ):
            try:
                admitted = await self._admission.of(request, verify, at_most=self._body_bytes)
            except WireError as error:
                await turned_away(error, platform=PLATFORM)(scope, receive, send)
            except Exception:  # noqa: BLE001 - whatever broke, have it sent again
                metrics.refused(PLATFORM, faults.FAULT)
                _log.exception("fault")
                await envelope(faults.STRANGER, 503)(scope, receive, send)
            else:
                await self._server.serve(admitted, scope, receive, send)


def verify(headers: Mapping[str, str], _body: bytes, secrets: Secrets, _now: object) -> None:
    """Check the bearer token, and that no browser has it.

    Raises:
        Refused: It is not the business's `api_key`, or came from a web page.
    """
    check_bearer(headers, secrets, "api_key")
    if "origin" in headers:
        raise Refused("a browser must not hold the API key: there is an Origin")


def _described(tool: Tool[Any]) -> types.Tool:
    return types.Tool(
        name=tool.name,
        description=tool.description,
        input_schema=tool.parameters,
        annotations=types.ToolAnnotations(
            read_only_hint=not tool.writes,
            destructive_hint=tool.name == "cancel",
            idempotent_hint=True,
            open_world_hint=False,
        ),
    )


def _asked(
    params: types.CallToolRequestParams, headers: Mapping[str, str], meta: Mapping[str, Any]
) -> ToolRequest:
    """What is asked, of which call.

    JSON-RPC counts its ids anew in each session, so they tell no repetition; what must not happen
    twice goes by what is wished.

    Raises:
        Unreadable: The arguments are not JSON, or what tells of the call is not text.
    """
    arguments = reading.arguments(params.arguments)
    told: dict[str, object] = {
        name: headers.get(header) or meta.get(name) for name, header in _TOLD.items()
    }
    call_id = reading.text(told, "call_id")
    named = reading.text(told, "platform")
    platform = named if named in _PLATFORMS else PLATFORM
    call = call_id and CallRef(
        platform,
        call_id,
        caller=reading.number(told, "caller"),
        line=reading.text(told, "line"),
        language=reading.language(told, "language"),
    )
    return request_of(params.name, arguments, call or None, platform=PLATFORM)


def _result(reply: ToolReply) -> types.CallToolResult:
    """The envelope as text, for models, and as a structure, for programs."""
    told = json.loads(reply.line)
    return types.CallToolResult(
        content=[types.TextContent(text=reply.line)],
        structured_content=told,
        is_error=not told["ok"],
    )


def _again(raw: bytes, receive: Receive) -> Receive:
    """A body that has been read already, for an application that reads it itself."""
    told: list[Message] = [{"type": "http.request", "body": raw, "more_body": False}]

    async def again() -> Message:
        return told.pop() if told else await receive()

    return again
