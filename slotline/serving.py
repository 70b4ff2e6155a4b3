"""What the commands that stay do: the server, a worker, the stand-in for Cal.com."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import uvloop
from pydantic import ValidationError

from calcom.sandbox import Seed, create_app, seed
from calcom.sandbox.latency import Clockwork, Latency
from calcom.sandbox.mischief import Fault
from server import journal
from server.app import create_app as create_server
from server.serve import listen, serve
from server.settings import Settings
from server.wiring import open_server, open_worker
from slotline.places import Places
from slotline.surroundings import Say, completed


class BadOption(Exception):
    """An option of a command cannot be understood."""


def run(command: Coroutine[Any, Any, None]) -> None:
    """Run a command on uvloop: its calls to the database cost half of asyncio's."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(command)


async def serve_tools(*, host: str | None, port: int | None, say: Say) -> None:
    """Serve tool calls until SIGINT or SIGTERM, then finish what has been begun.

    Args:
        host: Instead of the setting.
        port: Instead of the setting; 0 takes any free one.
        say: Told the address.
    """
    settings = Settings.read()
    given = {"host": host, "port": port}
    changed = {name: value for name, value in given.items() if value is not None}
    own = settings.server.model_copy(update=changed)
    with listen(own.host, own.port) as listener, journal.opened(settings.log):
        async with (
            completed(settings, Places.here()) as whole,
            open_server(whole) as parts,
            _until_told() as stop,
        ):
            say(f"Serving at {_address(listener)}")
            await serve(create_server(parts), own, listener=listener, stop=stop)


async def work(*, say: Say) -> None:
    """Settle bookings that are due until SIGINT or SIGTERM."""
    settings = Settings.read()
    with journal.opened(settings.log):
        async with (
            completed(settings, Places.here()) as whole,
            open_worker(whole) as worker,
            _until_told() as stop,
        ):
            say("Working on bookings that are due")
            await worker.run(stop)


async def stand_in(
    *,
    host: str,
    port: int,
    database: Path | None,
    account: Seed,
    rate_limit_per_minute: int,
    latency: Latency,
    faults: Iterable[Fault],
    say: Say,
) -> None:
    """Serve the stand-in for Cal.com until SIGINT or SIGTERM.

    Args:
        host: Where to listen.
        port: Where to listen; 0 takes any free one.
        database: An SQLite file for the state; without one it ends with the process.
        account: What the account holds, unless the file knows better.
        rate_limit_per_minute: Requests per key; 0 lifts the limit.
        latency: How long answers take.
        faults: What goes wrong.
        say: Told the address.
    """
    settings = Settings.read()
    with listen(host, port) as listener, journal.opened(settings.log):
        app = create_app(
            database=database, seed=account, rate_limit_per_minute=rate_limit_per_minute or None
        )
        sandbox = app.state.sandbox
        sandbox.clockwork = Clockwork(latency)
        sandbox.mischief.faults.extend(faults)
        async with _until_told() as stop:
            say(f"Standing in for Cal.com at {_address(listener)}")
            await serve(app, settings.server, listener=listener, stop=stop)
        await app.settle()
        sandbox.world.close()


def account(name: Literal["demo", "recorded"], key: str | None) -> Seed:
    """The account of the stand-in.

    Raises:
        BadOption: The recorded account has keys of its own.
    """
    if name == "demo":
        return seed.demo(api_key=key or seed.DEMO_KEY)
    if key:
        raise BadOption(f"--key: the recorded account has its own, {seed.RECORDED_KEY}")
    return seed.recorded()


def latency_of(words: str) -> Latency:
    """Read `none`, `calcom`, or seconds such as `0.25`.

    Raises:
        BadOption: It is none of them.
    """
    if words in {"none", "calcom"}:
        return Latency.model_validate({"profile": words})
    try:
        return Latency(profile="fixed", seconds=float(words))
    except ValueError:
        raise BadOption(f"--latency: {words!r} is neither none, calcom nor seconds") from None


def fault_of(words: str) -> Fault:
    """Read `OPERATION:DEED[:TIMES[:SECONDS]]`, such as `create_booking:error_after:1`.

    Raises:
        BadOption: It is something else.
    """
    fields = dict(zip(("on", "do", "times", "seconds"), words.split(":"), strict=False))
    try:
        return Fault.model_validate(fields)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(map(str, problem["loc"]))
        raise BadOption(f"--fault: {words!r}: {where}: {problem['msg']}") from None


@asynccontextmanager
async def _until_told() -> AsyncIterator[asyncio.Event]:
    """Set by SIGINT or SIGTERM; a second one ends the process as it would any other."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def told(number: int) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told, number)
    yield stop


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
