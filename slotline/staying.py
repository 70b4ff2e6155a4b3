"""What all commands that stay have in common: one loop, and an end when they are told."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import uvloop


def run(command: Coroutine[Any, Any, None]) -> None:
    """Run a command on uvloop: its calls to the database cost half of asyncio's."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(command)


@asynccontextmanager
async def until_told() -> AsyncIterator[asyncio.Event]:
    """Set by SIGINT or SIGTERM; a second one ends the process as it would any other."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def told(number: int) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told, number)
    yield stop


def address(listener: socket.socket) -> str:
    """Where a listening socket can be reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
