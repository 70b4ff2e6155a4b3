"""Over a real socket: what the HTTP server adds, and how it stops."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from server.serve import listen, serve
from server.settings import Server
from server.wire import ToolReply
from tests.server.edge import API_KEY, Edge, edge

_HEADERS = {"authorization": f"Bearer {API_KEY}"}
_CALL = json.dumps({"call_id": "c-1"}).encode()


@dataclass
class _Served:
    at: Edge
    port: int
    http: httpx.AsyncClient
    stop: asyncio.Event
    serving: asyncio.Task[None]


@asynccontextmanager
async def _served(**settings: Any) -> AsyncIterator[_Served]:
    stop, listener = asyncio.Event(), listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    async with edge(**settings) as at:
        serving = asyncio.create_task(serve(at.app, Server(), listener=listener, stop=stop))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            try:
                yield _Served(at, port, http, stop, serving)
            finally:
                stop.set()
                await serving


async def _status_line(port: int, request: bytes) -> bytes:
    """Send bytes, perhaps not all that they announce, and read the answer's first line."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    line = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return line


async def test_no_header_names_the_server() -> None:
    async with _served() as served:
        answer = await served.http.post("/v1/praxis/tools/book", content=_CALL, headers=_HEADERS)
    assert answer.status_code == 200
    assert "server" not in answer.headers


async def test_a_megabyte_is_answered_before_it_is_read() -> None:
    head = b"POST /v1/praxis/tools/book HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n"
    async with _served() as served:
        status = await _status_line(served.port, head + b"x" * 1000)
        assert status.startswith(b"HTTP/1.1 413 ")
        sent = await served.http.post("/v1/praxis/tools/book", content=b"x" * 1_000_000)
        assert sent.status_code == 413
        after = await served.http.post("/v1/praxis/tools/book", content=_CALL, headers=_HEADERS)
        assert after.status_code == 200


async def test_a_body_that_never_arrives_is_given_up() -> None:
    head = b"POST /v1/praxis/tools/book HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{"
    async with _served(body_seconds=0.05) as served:
        status = await _status_line(served.port, head)
    assert status.startswith(b"HTTP/1.1 400 ")
    assert any("did not arrive" in line.get("why", "") for line in served.at.lines)


async def test_what_is_no_http_is_refused_and_logged() -> None:
    async with _served() as served:
        status = await _status_line(served.port, b"\x16\x03\x01 hello\r\n\r\n")
    assert status.startswith(b"HTTP/1.1 400 ")
    assert any(line["logger"] == "uvicorn.error" for line in served.at.lines)


async def test_a_remote_header_does_not_open_the_metrics() -> None:
    async with _served(metrics_token=None) as served:
        here = await served.http.get("/metrics")
        proxied = await served.http.get("/metrics", headers={"x-forwarded-for": "127.0.0.1"})
    assert (here.status_code, proxied.status_code) == (200, 401)


async def test_stopping_finishes_what_has_been_begun() -> None:
    async with _served() as served:
        reached, released = asyncio.Event(), asyncio.Event()
        answer_at_once = served.at.behind.run

        async def slowly(*args: Any, **kwargs: Any) -> ToolReply:
            reached.set()
            await released.wait()
            return await answer_at_once(*args, **kwargs)

        served.at.behind.run = slowly  # type: ignore[method-assign]
        path = "/v1/praxis/tools/book"
        call = asyncio.create_task(served.http.post(path, content=_CALL, headers=_HEADERS))
        await reached.wait()
        served.stop.set()
        released.set()
        assert (await call).status_code == 200
        await served.serving


def test_a_taken_port_is_an_error_of_the_one_who_asked() -> None:
    with listen("127.0.0.1", 0) as taken, pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", taken.getsockname()[1])


def test_pieces_of_an_answer_do_not_wait_for_each_other() -> None:
    with (
        listen("127.0.0.1", 0) as listener,
        socket.create_connection(listener.getsockname()),
    ):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_addresses_of_both_families_can_be_listened_on() -> None:
    with listen("127.0.0.1", 0) as four:
        assert four.family == socket.AF_INET
    if socket.has_ipv6:
        with listen("::1", 0) as six:
            assert six.family == socket.AF_INET6
