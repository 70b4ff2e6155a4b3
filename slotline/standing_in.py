"""The command that stands in for Cal.com."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from calcom.sandbox import Seed, create_app, seed
from calcom.sandbox.latency import Clockwork, Latency
from calcom.sandbox.mischief import Fault
from server import journal
from server.serve import listen, serve
from server.settings import Settings
from slotline.staying import address, until_told
from slotline.surroundings import Say


class BadOption(Exception):
    """An option of a command cannot be understood."""


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
        async with until_told() as stop:
            say(f"Standing in for Cal.com at {address(listener)}")
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
