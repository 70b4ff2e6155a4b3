"""Starts the parts of the demo as processes of their own and stops them again."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import httpx

_READY_WITHIN_SECONDS: Final = 30.0
_ASK_AGAIN_SECONDS: Final = 0.1
_STOP_WITHIN_SECONDS: Final = 15.0


class DidNotStart(Exception):
    """A part of the demo ended or did not answer in time."""


def free_port() -> int:
    """A port of this machine that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def process(
    name: str, *arguments: str, environment: Mapping[str, str], log: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `slotline NAME ...`; its output goes to a file, and it is stopped at the end."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as sink:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "slotline",
            name,
            *arguments,
            env={**os.environ, **environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=sink,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us: we stop them in order
        )
    try:
        yield child
    finally:
        await _stop(child)


async def answers(url: str, child: asyncio.subprocess.Process, log: Path) -> None:
    """Wait until a part answers with 200.

    Raises:
        DidNotStart: It ended, or takes longer than anybody would wait. The message names its log.
    """
    async with httpx.AsyncClient(trust_env=False) as http:
        try:
            async with asyncio.timeout(_READY_WITHIN_SECONDS):
                while not await _is_ready(http, url):
                    if child.returncode is not None:
                        raise DidNotStart(f"it ended with code {child.returncode}: see {log}")
                    await asyncio.sleep(_ASK_AGAIN_SECONDS)
        except TimeoutError:
            raise DidNotStart(f"{url} does not answer: see {log}") from None


async def _is_ready(http: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(url)).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


async def _stop(child: asyncio.subprocess.Process) -> None:
    if child.returncode is not None:
        return
    child.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(child.wait(), _STOP_WITHIN_SECONDS)
    except TimeoutError:
        child.kill()
        await child.wait()
