"""A model that says what it is told to, over real HTTP, as any server of Chat Completions would."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.serving import on_a_port

Says = str | Mapping[str, Mapping[str, Any]]
"""A text, or tools by name with their arguments."""


@dataclass
class ScriptedModel:
    """Says one line of its script after the other, whatever it hears; then repeats the last."""

    script: Sequence[Says] | Callable[[Sequence[Mapping[str, Any]]], Says]
    heard: list[dict[str, Any]] = field(default_factory=list)
    """The requests, oldest first."""
    fails: int | None = None
    """A status to answer with instead."""

    async def complete(self, request: Request) -> Response:
        body = await request.json()
        self.heard.append(body)
        if self.fails:
            return JSONResponse({"error": {"message": "no", "type": "x"}}, self.fails)
        if callable(self.script):
            says = self.script(body["messages"])
        else:
            says = self.script[min(len(self.heard), len(self.script)) - 1]
        return StreamingResponse(_streamed(says), media_type="text/event-stream")


async def _streamed(says: Says) -> AsyncIterator[bytes]:
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    if isinstance(says, str):
        deltas += [{"content": f"{word} "} for word in says.split()]
    else:
        for index, (tool, arguments) in enumerate(says.items()):
            text = json.dumps(arguments)
            called = {"index": index, "id": f"call_{uuid4().hex[:8]}", "type": "function"}
            deltas.append({"tool_calls": [{**called, "function": {"name": tool, "arguments": ""}}]})
            for part in (text[:3], text[3:]):
                piece = {"index": index, "function": {"arguments": part}}
                deltas.append({"tool_calls": [piece]})
    for delta in deltas:
        yield _event({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
        await asyncio.sleep(0)
    finish = "stop" if isinstance(says, str) else "tool_calls"
    yield _event({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    yield _event({"choices": [], "usage": usage})
    yield b"data: [DONE]\n\n"


def _event(fields: Mapping[str, Any]) -> bytes:
    chunk = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "scripted"}
    return b"data: " + json.dumps({**chunk, **fields}).encode() + b"\n\n"


@asynccontextmanager
async def served(model: ScriptedModel) -> AsyncIterator[str]:
    """The address under which the model answers."""
    app = Starlette(routes=[Route("/v1/chat/completions", model.complete, methods=["POST"])])
    async with on_a_port(app) as url:
        yield f"{url}/v1"
