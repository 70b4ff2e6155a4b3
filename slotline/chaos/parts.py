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
    """How often it was started."""
    _part: Part | None = field(default=None, repr=False)

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
        """Wait until somebody listens at its port."""
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    async def _keep(self) -> None:
        while True:
            self.lives += 1
            async with running_command(
                self.command, environment=self.environment, log=self.logs / str(self.lives)
            ) as self._part:
                await self._part.child.wait()
            self.lives += 1  # whatever was asked meanwhile was asked of two
            await asyncio.sleep(_RESTART_SECONDS)


def kill_embedded(home: Path) -> bool:
    """Kill one of the embedded servers, which its keeper starts again; false if it is not up."""
    with suppress(OSError, ValueError, KeyError):
        note = json.loads((home / "run.json").read_text(encoding="utf-8"))
        os.kill(note["pids"]["server"], signal.SIGKILL)
        return True
    return False
