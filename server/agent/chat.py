"""The agent behind OpenAI's Chat Completions: `POST /v1/{business}/chat/completions`.

Which call it is comes from headers (`X-Call-Id`, `X-Caller`, `X-Line`), from `metadata` or
`elevenlabs_extra_body` (`call_id`, `caller`, `line`), or from Vapi's `call`, all of which the
platform sets. Our own prompt takes the place of system messages. `stream_options.include_tools`
adds a chunk without choices after each run of one of our tools: `tool_run`, with its `name`,
`status` and `milliseconds`.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from typing import Any, Final
from uuid import uuid4

import structlog
from starlette.responses import Response, StreamingResponse

from server import journal, reading
from server.access import check_bearer
from server.adapter import Secrets
from server.admission import Admitted
from server.agent.agent import PLATFORM, Agent, Turn
from server.agent.model import Message
from server.agent.pieces import Asked, Done, Piece, Text, Usage
from server.door import envelope
from server.wire import CallRef, Unreadable, WireError
from tools.catalogue import TOOLS

_log = structlog.get_logger("slotline.chat")

_ROLES: Final = frozenset({"user", "assistant", "tool"})
_MOST_MESSAGES: Final = 400
_HEADERS: Final = {"cache-control": "no-store", "x-accel-buffering": "no"}


def verify(headers: Mapping[str, str], _body: bytes, secrets: Secrets, _now: object) -> None:
    """Check the API key, as OpenAI's SDKs send it.

    Raises:
        Refused: It is missing or wrong.
    """
    check_bearer(headers, secrets, "api_key")


class ChatAnswers:
    """Lets the agent speak over Chat Completions."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent

    async def __call__(self, admitted: Admitted) -> Response:
        """Answer one request; never raises."""
        try:
            fields = reading.json_object(admitted.raw)
            turn = Turn(
                admitted.business,
                _call(fields, admitted.headers),
                _said(fields),
                admitted.now,
                other_tools=_other_tools(fields),
            )
        except WireError as error:
            _log.warning("refused", status_code=error.status_code, why=error.why)
            return _error(error.status_code, error.why, "invalid_request_error", "bad_request")
        if not self._agent.model.is_set:
            why = "The agent has no model: set OPENAI_API_KEY, OPENAI_BASE_URL or both."
            _log.error("no_model")
            return _error(503, why, "server_error", "no_model")
        journal.bind(platform_call=turn.call and turn.call.id)
        answer = _Answer(self._agent.model.name)
        pieces = _Relayed(self._agent.answer(turn))
        if fields.get("stream") is True:
            options = reading.nested(fields, "stream_options")
            return StreamingResponse(
                answer.stream(
                    pieces,
                    with_usage=options.get("include_usage") is True,
                    with_tools=options.get("include_tools") is True,
                ),
                media_type="text/event-stream",
                headers=_HEADERS,
            )
        return envelope(json.dumps(await answer.whole(pieces), ensure_ascii=False).encode())


class _Relayed:
    """Pieces that are made in a task of their own, which goes on in this request's story.

    A streamed answer is sent when its door has closed. Who stops reading interrupts.
    """

    def __init__(self, pieces: AsyncIterator[Piece]) -> None:
        self._queue: asyncio.Queue[Piece | None] = asyncio.Queue()
        self._task = asyncio.create_task(self._make(pieces))

    async def __aiter__(self) -> AsyncIterator[Piece]:
        try:
            while piece := await self._queue.get():
                yield piece
            await self._task  # raises what went wrong
        finally:
            self._task.cancel()

    async def _make(self, pieces: AsyncIterator[Piece]) -> None:
        try:
            async for piece in pieces:
                self._queue.put_nowait(piece)
        finally:
            self._queue.put_nowait(None)


class _Answer:
    """An answer as Chat Completions has it, in chunks or whole."""

    def __init__(self, model: str) -> None:
        self._about = {
            "id": f"chatcmpl-{uuid4().hex}",
            "created": int(time.time()),
            "model": model,
        }

    async def stream(
        self, pieces: AsyncIterable[Piece], *, with_usage: bool, with_tools: bool
    ) -> AsyncIterator[bytes]:
        """Server-sent events: the first at once, so that whoever waits knows that we are there."""
        yield self._chunk({"role": "assistant", "content": ""})
        calls, usage = 0, Usage()
        async for piece in pieces:
            match piece:
                case Text(text):
                    yield self._chunk({"content": text})
                case Asked():
                    yield self._chunk({"tool_calls": [_asked(calls, piece)]})
                    calls += 1
                case Done() if with_tools:
                    yield self._event({"choices": [], "tool_run": _run(piece)})
                case Usage():
                    usage = piece
        yield self._chunk({}, finish="tool_calls" if calls else "stop")
        if with_usage:
            yield self._event({"choices": [], "usage": _usage(usage)})
        yield b"data: [DONE]\n\n"

    async def whole(self, pieces: AsyncIterable[Piece]) -> dict[str, Any]:
        """One object, for whoever does not stream."""
        text, calls, usage = "", list[dict[str, Any]](), Usage()
        async for piece in pieces:
            match piece:
                case Text():
                    text += piece.text
                case Asked():
                    calls.append(_asked(len(calls), piece))
                case Usage():
                    usage = piece
        message = {"role": "assistant", "content": text, **({"tool_calls": calls} if calls else {})}
        finish = "tool_calls" if calls else "stop"
        return {
            **self._about,
            "object": "chat.completion",
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
            "usage": _usage(usage),
        }

    def _chunk(self, delta: Mapping[str, Any], *, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": dict(delta), "finish_reason": finish}
        return self._event({"choices": [choice]})

    def _event(self, fields: Mapping[str, Any]) -> bytes:
        chunk = {**self._about, "object": "chat.completion.chunk", **fields}
        return b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n"


def _asked(index: int, piece: Asked) -> dict[str, Any]:
    function = {"name": piece.tool, "arguments": piece.arguments or "{}"}
    return {"index": index, "id": piece.id, "type": "function", "function": function}


def _run(done: Done) -> dict[str, object]:
    """What one of our own tools did: no part of OpenAI's format, so only for whoever asks."""
    status = json.loads(done.reply).get("status")
    return {"name": done.asked.tool, "status": status, "milliseconds": done.milliseconds}


def _usage(usage: Usage) -> dict[str, int]:
    return {
        "prompt_tokens": usage.prompt,
        "completion_tokens": usage.completion,
        "total_tokens": usage.prompt + usage.completion,
    }


def _said(fields: dict[str, object]) -> list[Message]:
    """The conversation; system messages are ours.

    Raises:
        Unreadable: There is none.
    """
    messages: list[Message] = [
        message
        for message in reading.entries(fields, "messages")[-_MOST_MESSAGES:]
        if message.get("role") in _ROLES
    ]
    if not messages and not isinstance(fields.get("messages"), list):
        raise Unreadable("messages must be a list")
    return messages


def _other_tools(fields: dict[str, object]) -> list[dict[str, Any]]:
    """What the platform can do itself; our own tools are added by us."""
    return [
        tool
        for tool in reading.entries(fields, "tools")
        if (name := reading.nested(tool, "function").get("name")) and name not in TOOLS
    ]


def _call(fields: dict[str, object], headers: Mapping[str, str]) -> CallRef | None:
    """Which call it is, if anybody says.

    Raises:
        Unreadable: An id or a number is not text.
    """
    vapi = reading.nested(fields, "call")
    if call_id := reading.text(vapi, "id"):
        customer = reading.nested(fields, "customer") or reading.nested(vapi, "customer")
        dialled = reading.nested(fields, "phoneNumber") or reading.nested(vapi, "phoneNumber")
        return CallRef(
            "vapi",
            call_id,
            caller=reading.number(customer, "number"),
            line=reading.number(dialled, "number"),
        )
    in_headers: dict[str, object] = {
        name: headers.get(f"x-{name.replace('_', '-')}")
        for name in ("call_id", "caller", "line", "language")
    }
    for platform, told in (
        (PLATFORM, in_headers),
        ("elevenlabs", reading.nested(fields, "elevenlabs_extra_body")),
        (PLATFORM, reading.nested(fields, "metadata")),
    ):
        if call_id := reading.text(told, "call_id"):
            return CallRef(
                platform,
                call_id,
                caller=reading.number(told, "caller"),
                line=reading.text(told, "line"),
                language=reading.language(told, "language"),
            )
    return None


def _error(status_code: int, message: str, kind: str, code: str) -> Response:
    """An error as OpenAI's SDKs read it."""
    told = {"error": {"message": message, "type": kind, "code": code}}
    return envelope(json.dumps(told).encode(), status_code)
