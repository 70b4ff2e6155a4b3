"""Runs parts as processes of their own, waits until they answer, and stops them again."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

_READY_WITHIN_SECONDS: Final = 30.0
_ASK_AGAIN_SECONDS: Final = 0.1
_STOP_WITHIN_SECONDS: Final = 15.0


class DidNotStart(Exception):
    """A part ended or did not answer in time. The message names its log."""


def free_port() -> int:
    """A port of this machine that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def slotline(command: str, *options: str) -> list[str]:
    """The command line of one of our own commands."""
    return [sys.executable, "-m", "slotline", command, *options]


@dataclass(frozen=True, slots=True)
class Part:
    """A command that runs beside us."""

    child: asyncio.subprocess.Process
    log: Path

    async def answers(self, url: str) -> None:
        """Wait until an address of this part answers 200.

        Raises:
            DidNotStart: The part ended, or takes longer than anybody would wait.
        """
        async with httpx.AsyncClient(trust_env=False) as http:
            try:
                async with asyncio.timeout(_READY_WITHIN_SECONDS):
                    while not await _is_ready(http, url):
                        if (code := self.child.returncode) is not None:
                            raise DidNotStart(f"it ended with code {code}: see {self.log}")
                        await asyncio.sleep(_ASK_AGAIN_SECONDS)
            except TimeoutError:
                raise DidNotStart(f"{url} does not answer: see {self.log}") from None

    async def stop(self) -> None:
        """Ask it to end, and end it if it does not."""
        if self.child.returncode is not None:
            return
        self.child.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.child.wait(), _STOP_WITHIN_SECONDS)
        except TimeoutError:
            self.child.kill()
            await self.child.wait()


@asynccontextmanager
async def running_command(
    command: Sequence[str], *, environment: Mapping[str, str], log: Path
) -> AsyncIterator[Part]:
    """Run a command until the end of the block.

    Args:
        command: Program and arguments.
        environment: Added to ours.
        log: Folder for what it prints, in a file named after the command's last word that is no
            option.
    """
    log.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - local and tiny
    name = [word for word in command if not word.startswith("-")][-1]
    path = log / f"{name.partition(':')[0]}.log"
    with path.open("wb") as sink:
        child = await asyncio.create_subprocess_exec(
            *command,
            env={**os.environ, **environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=sink,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us: we stop them in order
        )
    part = Part(child, path)
    try:
        yield part
    finally:
        await part.stop()


async def _is_ready(http: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(url)).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
