"""A file that is touched while a worker works, so that whoever supervises it can tell."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

_EVERY_SECONDS: Final = 5.0
_HANGS_AFTER_SECONDS: Final = 60.0
"""A lane looks for work twice a second, and every 15 s while PostgreSQL is away."""


class Looking(Protocol):
    """What should look for work again and again."""

    looked_at: float


async def beat(path: Path, lanes: Sequence[Looking]) -> None:
    """Touch `path` until cancelled, but not while any lane hangs."""
    while True:
        if all(time.monotonic() - lane.looked_at < _HANGS_AFTER_SECONDS for lane in lanes):
            path.touch()  # noqa: ASYNC240 - local and tiny
        await asyncio.sleep(_EVERY_SECONDS)
