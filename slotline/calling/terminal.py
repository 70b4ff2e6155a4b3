"""The call as lines on a terminal: what is typed is said, words appear as they come."""

import asyncio
import signal
import sys
from contextlib import AsyncExitStack, suppress
from threading import Thread
from typing import Final, TextIO

from rich.console import Console

from slotline.calling.phone import Phone, ToolRun
from slotline.calling.scripted import own_server
from slotline.calling.whom import Options, find
from slotline.places import Places

_HANG_UP: Final = "/end"


async def run(options: Options, *, scripted: bool, verbose: bool) -> None:
    """Ring the agent and talk until somebody hangs up.

    Args:
        options: Whom to ring, and as whom.
        scripted: Ring a server of our own whose model is a script.
        verbose: Show what tools do.

    Raises:
        NobodyToCall: The options do not say whom.
        NoAnswer: The agent does not answer.
    """
    console = Console(soft_wrap=True, highlight=False)
    places = Places.here()
    async with AsyncExitStack() as stack:
        whom = (
            await stack.enter_async_context(own_server(options, places))
            if scripted
            else find(options, places.directory / "demo.json")
        )
        console.print(f"You ring {whom.business}. {_HANG_UP} or Ctrl-C hangs up.", style="dim")
        typed = _typed(sys.stdin)
        phone = await stack.enter_async_context(Phone(whom))
        while not phone.hung_up:
            console.print("You    ", style="bold green", end="")
            words = await typed.get()
            if words is None or words == _HANG_UP:
                break
            if words:
                await _hear(console, phone, words, verbose=verbose)
    console.print("\nThe call is over.", style="dim")


async def _hear(console: Console, phone: Phone, words: str, *, verbose: bool) -> None:
    console.print("Agent  ", style="bold cyan", end="")
    async for heard in phone.says(words):
        match heard:
            case ToolRun(name, status, milliseconds) if verbose:
                told = f"[{name}: {status}, {milliseconds:.0f} ms] "
                console.print(told, style="dim", end="", markup=False)
            case str():
                console.print(heard, end="", markup=False)
            case _:
                pass
    console.print()


def _typed(source: TextIO) -> asyncio.Queue[str | None]:
    """Lines as they are typed; `None` at their end, and at Ctrl-C."""
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, lines.put_nowait, None)

    def read() -> None:
        with suppress(RuntimeError):  # the call is over, and its loop closed
            for line in source:
                loop.call_soon_threadsafe(lines.put_nowait, line.strip())
            loop.call_soon_threadsafe(lines.put_nowait, None)

    Thread(target=read, name="typed", daemon=True).start()  # a blocked read holds nobody up
    return lines
