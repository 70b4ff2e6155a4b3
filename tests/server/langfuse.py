"""Langfuse as far as the SDK speaks with it: a real server that decodes the spans it is sent."""

import asyncio
import base64
import gzip
import hashlib
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
    """What arrived; `hangs` never answers, `answers` is the status of everything."""

    port: int = 0
    spans: list[Span] = field(default_factory=list)
    scores: list[dict[str, Any]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    raw: bytes = b""
    hangs: bool = False
    answers: int = 200
    media: list[dict[str, Any]] = field(default_factory=list)
    """Requests for a place to put one."""
    sounds: dict[str, bytes] = field(default_factory=dict)
    """What was put there, by id."""
    patched: list[tuple[str, int]] = field(default_factory=list)
    """Ids, and the status with which putting them ended."""
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
                if headers.get("transfer-encoding"):
                    raise ConnectionError("buckets want to know the length before")
                self.asked.set()
                if self.hangs:
                    await asyncio.sleep(60)
                told = self._take(first.split(" ")[1], headers, body)
                answer = json.dumps(told).encode()
                head = f"HTTP/1.1 {self.answers} Any\r\ncontent-length: {len(answer)}\r\n\r\n"
                writer.write(head.encode() + answer)
                await writer.drain()
        writer.close()

    def _take(self, path: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
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
        elif path == "/api/public/media":
            return self._place(json.loads(body))
        elif path.startswith("/api/public/media/"):
            status = json.loads(body)["uploadHttpStatus"]
            self.patched.append((path.rpartition("/")[2], status))
        elif path.startswith("/bucket/"):
            assert "authorization" not in headers
            checksum = base64.b64encode(hashlib.sha256(body).digest()).decode()
            assert headers["x-amz-checksum-sha256"] == checksum
            self.sounds[path.removeprefix("/bucket/").partition("?")[0]] = body
        return {}

    def _place(self, wanted: dict[str, Any]) -> dict[str, Any]:
        self.media.append(wanted)
        media_id = wanted["sha256Hash"].replace("+", "-").replace("/", "_")[:22]
        url = f"{self.host}/bucket/{media_id}?X-Amz-Signature=secret"
        return {"mediaId": media_id, "uploadUrl": None if media_id in self.sounds else url}


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
