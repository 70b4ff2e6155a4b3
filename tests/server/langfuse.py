"""Langfuse as far as the SDK speaks with it: a real server that decodes the spans it is sent."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class Span:
    """As it arrived."""

    name: str
    trace: str
    id: str
    parent: str
    started: float
    ended: float
    told: dict[str, Any]


@dataclass
class Langfuse:
    """What arrived; `hangs` never answers."""

    port: int = 0
    spans: list[Span] = field(default_factory=list)
    scores: list[dict[str, Any]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    raw: bytes = b""
    hangs: bool = False
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def named(self, name: str) -> Span:
        """The only span of a name."""
        [span] = [span for span in self.spans if span.name == name]
        return span

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                first, *lines = head.strip().split("\r\n")
                headers = {
                    name.lower(): value for name, value in (line.split(": ", 1) for line in lines)
                }
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                self.asked.set()
                if self.hangs:
                    await asyncio.sleep(60)
                self._take(first.split(" ")[1], headers, body)
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
                await writer.drain()
        writer.close()

    def _take(self, path: str, headers: dict[str, str], body: bytes) -> None:
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        self.raw += body
        self.keys.add(headers.get("authorization", ""))
        if path == "/api/public/otel/v1/traces":
            request = ExportTraceServiceRequest.FromString(body)
            self.spans += [
                _read(span)
                for resource in request.resource_spans
                for scope in resource.scope_spans
                for span in scope.spans
            ]
        elif path == "/api/public/scores":
            told = json.loads(body)
            self.scores += told if isinstance(told, list) else [told]


def _read(span: Any) -> Span:
    return Span(
        span.name,
        span.trace_id.hex(),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        span.start_time_unix_nano / 1e9,
        span.end_time_unix_nano / 1e9,
        {each.key: each.value.string_value for each in span.attributes},
    )


@asynccontextmanager
async def receiving() -> AsyncIterator[Langfuse]:
    """Receive until the context is left."""
    langfuse = Langfuse()
    async with await asyncio.start_server(langfuse.serve, "127.0.0.1", 0) as listening:
        langfuse.port = listening.sockets[0].getsockname()[1]
        yield langfuse
