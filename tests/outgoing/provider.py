"""Somebody who is sent to over HTTP: a real server that answers as it is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Heard:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Provider:
    """What it heard, and how it answers: a status, or `None` to hang up without a word."""

    port: int = 0
    heard: list[Heard] = field(default_factory=list)
    answers: list[tuple[int, bytes] | None] = field(default_factory=list)
    """Of the next requests; after them 201."""

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                first, *lines = head.strip().split("\r\n")
                headers = {
                    name.lower(): value for name, value in (line.split(": ", 1) for line in lines)
                }
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                method, path, _ = first.split(" ")
                self.heard.append(Heard(method, path, headers, body))
                answer = self.answers.pop(0) if self.answers else (201, b"{}")
                if answer is None:
                    break
                status, said = answer
                writer.write(
                    b"HTTP/1.1 %d X\r\ncontent-type: application/json\r\n"
                    b"content-length: %d\r\n\r\n%s" % (status, len(said), said)
                )
                await writer.drain()
        writer.close()


@asynccontextmanager
async def providing() -> AsyncIterator[Provider]:
    """Serve until the context is left."""
    provider = Provider()
    async with await asyncio.start_server(provider.serve, "127.0.0.1", 0) as listening:
        provider.port = listening.sockets[0].getsockname()[1]
        yield provider
