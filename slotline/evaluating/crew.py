"""Processes that play trials side by side, each with databases of its own."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from evals.endpoint import Choice, way_to
from evals.records import TRIAL, TrialRecord
from evals.running import Jobs
from evals.scenario import SCENARIOS
from evals.trial import Job, Rings, play
from slotline.embedded import started
from slotline.embedded.copies import Copy, copied, hurry, numbered
from slotline.evaluating.house import model_of, open_seat, quiet
from slotline.evaluating.orders import ORDER, ORDERS, Callers, Order, Orders
from slotline.places import Places

_LONGEST_LINE: Final = 2**24
_END_SECONDS: Final = 10.0
_LAST_WORDS: Final = 2_000


class PlayerLost(Exception):
    """A process that played trials has died. What it had played is kept."""


class Crew:
    """Plays trials in processes; made by `open_crew`."""

    def __init__(self, players: Sequence[Process], at_once: int, log: Path) -> None:
        """`log` is where the players write what goes wrong beside the trials."""
        self._players = players
        self._at_once = at_once
        self._log = log

    async def play(self, jobs: Jobs) -> AsyncIterator[TrialRecord]:
        """Play what is handed out; see `evals.running.Crew`.

        Raises:
            PlayerLost: A process has died.
        """
        played: asyncio.Queue[tuple[Process, bytes]] = asyncio.Queue()
        under_way = dict.fromkeys(self._players, 0)
        ears = [asyncio.create_task(_listen(player, played)) for player in self._players]
        try:
            while True:
                for player in self._players:
                    while under_way[player] < self._at_once and (job := jobs.take()):
                        under_way[player] += 1
                        await _order(player, job)
                if not any(under_way.values()):
                    return
                player, line = await played.get()
                if not line:
                    code = await player.wait()
                    raise PlayerLost(f"a player has died (exit code {code}); see {self._log}")
                under_way[player] -= 1
                yield TRIAL.validate_json(line)
        finally:
            for ear in ears:
                ear.cancel()
            await asyncio.gather(*ears, return_exceptions=True)


async def _listen(player: Process, played: "asyncio.Queue[tuple[Process, bytes]]") -> None:
    """Pass on what a player has played; an empty line says that it is gone."""
    if player.stdout is None:
        raise PlayerLost("a player cannot be heard")
    line = b"..."
    while line:
        line = await player.stdout.readline()
        played.put_nowait((player, line))


@asynccontextmanager
async def open_crew(
    choice: Choice,
    *,
    processes: int,
    at_once: int,
    callers: Callers = "scripted",
    caller_model: str = "",
) -> AsyncIterator[Crew]:
    """Start servers and players.

    Args:
        choice: Who answers the phone.
        processes: How many, for so many cores.
        at_once: Trials at a time in each of them: while one waits another goes on.
        callers: Who rings.
        caller_model: Which model plays them.

    Raises:
        EmbeddedError: PostgreSQL or Valkey cannot be had.
    """
    async with AsyncExitStack() as stack:
        ground = stack.enter_context(ExitStack())
        copies = await asyncio.to_thread(_copies, ground, processes * at_once)
        log = Places.here().directory / "evals" / "players.log"
        file = ground.enter_context(await asyncio.to_thread(log.open, "wb"))
        players = [
            await stack.enter_async_context(
                _player(
                    Orders(
                        copies[number * at_once : (number + 1) * at_once],
                        choice,
                        callers,
                        caller_model,
                    ),
                    file,
                )
            )
            for number in range(processes)
        ]
        yield Crew(players, at_once, log)


async def play_here(job: Job, choice: Choice, rings: Rings) -> TrialRecord:
    """Play one trial in this process, with a caller of one's own.

    Raises:
        EmbeddedError: PostgreSQL or Valkey cannot be had.
    """
    async with AsyncExitStack() as stack:
        ground = stack.enter_context(ExitStack())
        (copy,) = await asyncio.to_thread(_copies, ground, 1)
        stack.enter_context(quiet())
        to = await stack.enter_async_context(way_to(choice))
        seat = await stack.enter_async_context(open_seat(copy))
        return (await play(job, seat, to=to, model=model_of(choice), rings=rings)).record


def _copies(stack: ExitStack, count: int) -> list[Copy]:
    directory = Places.here().directory / "evals"
    ours = stack.enter_context(started(directory))
    hurry(ours)
    return [
        stack.enter_context(copied(ours, directory, stack.enter_context(numbered(directory))))
        for _ in range(count)
    ]


@asynccontextmanager
async def _player(orders: Orders, log: BinaryIO) -> AsyncIterator[Process]:
    player = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "slotline.evaluating.player"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=log,
        cwd=Places.here().root,
        limit=_LONGEST_LINE,
    )
    try:
        await _write(player, ORDERS.dump_json(orders))
        yield player
    finally:
        await _dismiss(player)


async def _order(player: Process, job: Job) -> None:
    path = SCENARIOS / job.scenario.suite / f"{job.scenario.id}.toml"
    order = Order(Path(path), job.trial, job.noise, job.run_seed)
    await _write(player, ORDER.dump_json(order))


async def _write(player: Process, line: bytes) -> None:
    if player.stdin is None:
        raise PlayerLost("a player cannot be told anything")
    with suppress(ConnectionError):  # its end is noticed where it is listened to
        player.stdin.write(line + b"\n")
        await player.stdin.drain()


async def _dismiss(player: Process) -> None:
    """Let it end; what it is still playing is not wanted any more."""
    if player.stdin:
        player.stdin.close()
    with suppress(ProcessLookupError):
        player.terminate()
    try:
        await asyncio.wait_for(player.wait(), _END_SECONDS)
    except TimeoutError:
        player.kill()
        await player.wait()
