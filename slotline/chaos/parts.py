"""Processes that are killed and come back, as under any supervisor."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from slotline.demo.processes import Part, running_command

_RESTART_SECONDS: Final = 0.2
_LOOK_AGAIN_SECONDS: Final = 0.1


@dataclass(slots=True)
class Restarted:
    """A part that comes back whenever it dies."""

    command: list[str]
    environment: dict[str, str]
    logs: Path
    port: int | None = None
    """Where it serves, if it does."""
    killed: int = 0
    lives: int = 0
    """Changes whenever it starts, answers for the first time, or dies: a request during which it
    has not changed was sent to a server that lived from beginning to end."""
    _part: Part | None = field(default=None, repr=False)
    _answers: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator["Restarted"]:
        """Keep it running until the end of the block."""
        task = asyncio.create_task(self._keep())
        try:
            yield self
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def kill(self) -> None:
        """Let it die at whatever line it is."""
        if self._part and self._part.child.returncode is None:
            self._part.child.kill()
            self.killed += 1

    async def up(self) -> None:
        """Wait until it answers; it takes its port seconds before that."""
        await self._answers.wait()

    async def _keep(self) -> None:
        while True:
            self.lives += 1
            logs = self.logs / str(self.lives)
            async with running_command(
                self.command, environment=self.environment, log=logs
            ) as self._part:
                answering = asyncio.create_task(self._first_answer())
                try:
                    await self._part.child.wait()
                finally:
                    answering.cancel()
                    self._answers.clear()
            self.lives += 1
            await asyncio.sleep(_RESTART_SECONDS)

    async def _first_answer(self) -> None:
        async with httpx.AsyncClient(trust_env=False, timeout=None) as http:  # noqa: S113
            while self.port:
                with suppress(httpx.TransportError):
                    await http.get(f"http://127.0.0.1:{self.port}/healthz")
                    break
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        self.lives += 1
        self._answers.set()


def kill_embedded(home: Path) -> bool:
    """Kill one of the embedded servers, which its keeper starts again; false if it is not up."""
    with suppress(OSError, ValueError, KeyError):
        note = json.loads((home / "run.json").read_text(encoding="utf-8"))
        os.kill(note["pids"]["server"], signal.SIGKILL)
        return True
    return False
