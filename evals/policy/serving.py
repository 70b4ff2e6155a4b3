"""A policy behind OpenAI's Chat Completions, on a local port, as any server of models would be."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from uuid import uuid4

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from evals.policy.policy import Ask, Decision, Say
from evals.policy.policy import decide as reception
from server.serve import listen

Decide = Callable[[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]], Decision]
"""(messages, tools): what comes next."""

_MODEL = "scripted"


def app(decide: Decide = reception) -> Starlette:
    """Chat Completions for one policy, streamed or whole."""

    async def complete(request: Request) -> Response:
        body = await request.json()
        decision = decide(body["messages"], body.get("tools") or ())
        if body.get("stream"):
            events = (_event(fields) for fields in _chunks(decision))
            return StreamingResponse(_each(events), media_type="text/event-stream")
        return JSONResponse(_whole(decision))

    async def models(_request: Request) -> Response:
        return JSONResponse({"object": "list", "data": [{"id": _MODEL, "object": "model"}]})

    return Starlette(
        routes=[
            Route("/v1/chat/completions", complete, methods=["POST"]),
            Route("/v1/models", models),
        ]
    )


@asynccontextmanager
async def serving(decide: Decide = reception, *, port: int = 0) -> AsyncIterator[str]:
    """Serve a policy on a port, 0 for any; the address is a `base_url` for OpenAI's SDK."""
    listener = listen("127.0.0.1", port)
    config = uvicorn.Config(app(decide), log_config=None, lifespan="off", ws="none")
    config.load()  # imports for a while, and must not while somebody waits
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:  # the socket listens already: whoever connects before it serves waits a moment
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        server.should_exit = True
        await task


async def serve_until_stopped(port: int, decide: Decide = reception) -> None:
    """Serve a policy until Ctrl-C, or until somebody asks this process to end."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with serving(decide, port=port) as url:
        print(f"Serving at {url}", file=sys.stderr)
        await stop.wait()


class _Server(uvicorn.Server):
    """Leaves signals to whoever serves it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _chunks(decision: Decision) -> Iterator[dict[str, Any]]:
    yield _choice({"role": "assistant", "content": ""})
    for word in decision.text.split():
        yield _choice({"content": f"{word} "})
    match decision:
        case Say():
            yield _choice({}, finish="stop")
        case Ask():
            yield _choice({"tool_calls": [{"index": 0, **_called(decision)}]})
            yield _choice({}, finish="tool_calls")
    yield {"choices": [], "usage": _usage(decision)}


def _whole(decision: Decision) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": decision.text or None}
    finish = "stop"
    if isinstance(decision, Ask):
        message["tool_calls"], finish = [_called(decision)], "tool_calls"
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return {**_about("chat.completion"), "choices": [choice], "usage": _usage(decision)}


def _called(ask: Ask) -> dict[str, Any]:
    arguments = json.dumps(ask.arguments, ensure_ascii=False)
    function = {"name": ask.tool, "arguments": arguments}
    return {"id": f"call_{uuid4().hex[:12]}", "type": "function", "function": function}


def _usage(decision: Decision) -> dict[str, int]:
    """Words, for there are no tokens."""
    said = len(decision.text.split())
    return {"prompt_tokens": 0, "completion_tokens": said, "total_tokens": said}


def _choice(delta: Mapping[str, Any], *, finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def _about(kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{uuid4().hex}", "object": kind, "created": 0, "model": _MODEL}


def _event(fields: Mapping[str, Any]) -> bytes:
    chunk = {**_about("chat.completion.chunk"), **fields}
    return b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n"


async def _each(events: Iterator[bytes]) -> AsyncIterator[bytes]:
    for event in events:
        yield event
    yield b"data: [DONE]\n\n"
