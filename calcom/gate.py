"""What stands between us and Cal.com's limits: whoever keeps the budget and the circuit breaker."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from enum import StrEnum
from typing import Final, Protocol


class Priority(StrEnum):
    """Who goes first when requests are short."""

    WRITE = "write"
    READ = "read"
    """Somebody on the phone waits for it."""
    BACKGROUND = "background"


class Gate(Protocol):
    """Stands around every single attempt, a retried one included."""

    def admit(self, priority: Priority) -> AbstractAsyncContextManager[None]:
        """Let one request through.

        Entering may wait (the caller's time limit holds) or raise a `NotNow` of the gate's own;
        then nothing is sent. Leaving sees what became of it: nothing raised is a good answer,
        a `CalcomError` anything else (`is_outage` tells whether it counts against Cal.com,
        `RateLimited` how long to wait), `CancelledError` a caller who waits no longer. Leaving
        happens on the caller's time and must not wait.
        """
        ...


class NoGate:
    """Lets everything through at once."""

    @asynccontextmanager
    async def admit(self, priority: Priority) -> AsyncIterator[None]:  # noqa: ARG002
        yield


NO_GATE: Final = NoGate()
