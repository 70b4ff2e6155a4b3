"""A worker that hangs must look dead."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from server import heartbeat

_PATIENCE_SECONDS = 30.0
_ROUNDS = 20


@dataclass
class Lane:
    """When it last looked for work, on the monotonic clock."""

    looked_at: float


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "_EVERY_SECONDS", 0.001)


@asynccontextmanager
async def beating(path: Path, *lanes: Lane) -> AsyncIterator[None]:
    beat = asyncio.create_task(heartbeat.beat(path, lanes))
    yield
    beat.cancel()
    with suppress(asyncio.CancelledError):
        await beat


async def test_it_beats_while_every_lane_looks_for_work(tmp_path: Path) -> None:
    path = tmp_path / "heartbeat"
    async with beating(path, Lane(time.monotonic())), asyncio.timeout(_PATIENCE_SECONDS):
        while not path.exists():  # noqa: ASYNC110 - a file
            await asyncio.sleep(0.001)
        os.utime(path, (0, 0))
        while path.stat().st_mtime == 0:  # noqa: ASYNC110 - a file
            await asyncio.sleep(0.001)


async def test_one_lane_that_hangs_stops_it(tmp_path: Path) -> None:
    path = tmp_path / "heartbeat"
    now = time.monotonic()
    async with beating(path, Lane(now), Lane(now - 3_600)):
        for _ in range(_ROUNDS):
            await asyncio.sleep(0.002)
        assert not path.exists()
