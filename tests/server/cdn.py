"""A content delivery network that platforms have put recordings on: a real server, and no good one.

Each path has an answer of its own. It speaks HTTP itself, to be able to do so badly.
"""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Answer = bytes | Callable[[], AsyncIterator[bytes]]
"""All of it, or piece by piece."""


def wav(seconds: float = 1.0) -> bytes:
    """Silence: 8 kHz, 16 bit, one channel."""
    samples = b"\0\0" * int(8000 * seconds)
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16),
        *(b"data", len(samples)),
    )
    return head + samples


def answer(body: bytes = b"", *, status: str = "200 OK", **headers: str) -> bytes:
    """An HTTP answer; underscores in names of headers are hyphens."""
    fields = {"content-type": "audio/wav", "content-length": str(len(body))}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class Cdn:
    """What is there, and what was asked for."""

    port: int = 0
    files: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        path = head.split(b" ")[1].decode().partition("?")[0]
        self.asked.append(path)
        given = self.files.get(path, answer(b"not found", status="404 Not Found"))
        with suppress(ConnectionError):
            if isinstance(given, bytes):
                writer.write(given)
            else:
                async for piece in given():
                    writer.write(piece)
                    await writer.drain()
            await writer.drain()
        writer.close()


@asynccontextmanager
async def opened() -> AsyncIterator[Cdn]:
    """Serve until the context is left."""
    cdn = Cdn()
    async with await asyncio.start_server(cdn.serve, "127.0.0.1", 0) as listening:
        cdn.port = listening.sockets[0].getsockname()[1]
        yield cdn
