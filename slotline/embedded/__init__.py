"""PostgreSQL and Valkey of our own, for machines that have none.

    async with servers(Path(".slotline")) as running:
        running.database_url, running.database_owner_url, running.redis_url

Replaced by `DATABASE_URL` and `REDIS_URL`. The decision behind it: docs/adr/, "Embedded servers".
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from slotline.embedded.errors import DidNotStart, EmbeddedError, NoPlace, NoServer
from slotline.embedded.joining import joined
from slotline.embedded.running import Running

__all__ = [
    "BOTH",
    "DidNotStart",
    "EmbeddedError",
    "NoPlace",
    "NoServer",
    "Running",
    "servers",
    "started",
]

BOTH = ("postgres", "valkey")


@contextlib.contextmanager
def started(directory: Path, wanted: Collection[str] = BOTH) -> Iterator[Running]:
    """Use our own servers; they are started if need be, and stopped after their last user.

    Args:
        directory: Where they live, such as `.slotline`; made if it does not exist.
        wanted: `postgres`, `valkey`, or both.

    Raises:
        EmbeddedError: They cannot be had; the message is one line that says what helps.
    """
    with contextlib.ExitStack() as stack:
        with ThreadPoolExecutor() as beside:  # a first start takes each of them half a second
            entering = [
                beside.submit(stack.enter_context, joined(directory / name, name))
                for name in wanted
            ]
        urls: dict[str, str] = {}
        for server in entering:
            urls |= server.result()
        yield Running(**urls)


@contextlib.asynccontextmanager
async def servers(directory: Path, wanted: Collection[str] = BOTH) -> AsyncIterator[Running]:
    """`started`, for callers that must not wait: it takes 0.3 s, and 1.5 s the first time."""
    context = started(directory, wanted)
    running = await asyncio.to_thread(context.__enter__)
    try:
        yield running
    finally:
        await asyncio.to_thread(context.__exit__, None, None, None)
