"""A closed loop of keep-alive connections: as much load as one other core can make."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from math import nan
from urllib.parse import urlsplit


class BadAnswer(Exception):
    """The server did not do as it was asked: whatever is measured then is not what was meant."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, ready for the wire."""

    path: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    method: str = "POST"

    def wire(self, host: str) -> bytes:
        """As HTTP/1.1 bytes."""
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            f"host: {host}",
            "content-type: application/json",
            f"content-length: {len(self.body)}",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


@dataclass(frozen=True, slots=True)
class Measured:
    """What a loop of requests took. `bodies` are in the order of the answers."""

    seconds: float
    latencies_ms: Sequence[float]
    bodies: Sequence[bytes]
    cpu_seconds: float = nan
    """What the server used meanwhile, where it tells."""

    @property
    def per_second(self) -> float:
        return len(self.latencies_ms) / self.seconds

    @property
    def cpu_ms_each(self) -> float:
        return self.cpu_seconds * 1000 / len(self.latencies_ms)

    def percentile_ms(self, percent: float) -> float:
        """Exact: from the sorted samples."""
        ordered = sorted(self.latencies_ms)
        return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)]


async def drive(base_url: str, requests: Sequence[Request], *, connections: int = 16) -> Measured:
    """Send all requests over so many connections, each sending its next when one is answered.

    Raises:
        BadAnswer: One was not answered with 200 or 201.
    """
    address = urlsplit(base_url)
    host, port = address.hostname or "127.0.0.1", address.port or 80
    waiting = iter(requests)
    latencies: list[float] = []
    bodies: list[bytes] = []
    started = time.perf_counter()
    await asyncio.gather(
        *(_send_all(host, port, waiting, latencies, bodies) for _ in range(connections))
    )
    return Measured(time.perf_counter() - started, latencies, bodies)


async def _send_all(
    host: str, port: int, waiting: Iterator[Request], latencies: list[float], bodies: list[bytes]
) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        for request in waiting:
            started = time.perf_counter()
            status, body = await exchange(reader, writer, request, host=f"{host}:{port}")
            latencies.append((time.perf_counter() - started) * 1000)
            if status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
                raise BadAnswer(f"{request.path}: {status}")
            bodies.append(body)
    finally:
        writer.close()


async def exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request, *, host: str
) -> tuple[int, bytes]:
    """Send one request over a connection that is kept, and read its answer.

    Returns:
        Status and body.

    Raises:
        BadAnswer: The answer has no length.
        OSError, EOFError: The connection broke.
    """
    writer.write(request.wire(host))
    head = await reader.readuntil(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]), await reader.readexactly(_content_length(head))


def _content_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.removeprefix(b"content-length:"))
    raise BadAnswer("an answer without a length")
