"""Serving the application on a socket until told to stop."""

import asyncio
import gc
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from server.settings import Server

_BACKLOG: Final = 2048
"""Connections that wait to be accepted while the loop is busy."""

_GC_THRESHOLDS: Final = (20_000, 50, 100)
"""Collecting every 700 allocations, as Python does, costs two thirds of the slowest answers."""


def listen(host: str, port: int) -> socket.socket:
    """Take a port; for 0 any free one, to be read from `getsockname()`.

    Raises:
        OSError: The port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    # Connections inherit it. Without it the second piece of a streamed answer waits 40 ms for an
    # acknowledgement: asyncio sets it only where a socket names its protocol.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


async def serve(
    app: ASGIApp,
    settings: Server,
    *,
    listener: socket.socket,
    stop: asyncio.Event,
    close_streams: Callable[[], None] = lambda: None,
) -> None:
    """Serve `app` on `listener` until `stop` is set, then finish what has been begun.

    Answers that never end by themselves would be waited for: `close_streams` ends them.

    Signals are left to whoever sets `stop`: uvicorn would end the process before the connections
    and queues behind `app` are closed.
    """
    config = uvicorn.Config(
        app,
        loop="none",  # runs already
        http="httptools",
        lifespan="off",
        log_config=None,  # `server.journal` takes the lines
        access_log=False,  # each tool call has its canonical line
        server_header=False,
        proxy_headers=False,  # whoever asks for /metrics must not choose where from
        backlog=_BACKLOG,
        ws_max_size=settings.event_body_bytes,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=settings.drain_seconds,
    )
    server = _Server(config)
    stopping = asyncio.create_task(_stop(server, stop, close_streams))
    with _still_memory():
        try:
            await server.serve(sockets=[listener])
        finally:
            stopping.cancel()


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _stop(
    server: uvicorn.Server, stop: asyncio.Event, close_streams: Callable[[], None]
) -> None:
    await stop.wait()
    close_streams()
    server.should_exit = True


@contextmanager
def _still_memory() -> Iterator[None]:
    """Keep the garbage collector away from what lives as long as the process."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
