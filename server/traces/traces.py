"""A bounded queue and the thread that empties it: putting something down costs a microsecond."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Final

from server import metrics
from server.traces.exporter import Exporter
from server.traces.records import Record

if TYPE_CHECKING:
    from server.settings import Langfuse

_log = logging.getLogger(__name__)

_ROOM: Final = 5_000
"""Records that wait: minutes of a full server. What comes on top is dropped and counted."""

_CLOSES_WITHIN_SECONDS: Final = 3.0
"""A Langfuse that is away must not hold up a server that stops."""


class NoTraces:
    """Where no Langfuse is configured."""

    is_on = False

    def put(self, record: Record) -> None:
        """Forget it."""


NO_TRACES: Final = NoTraces()


class Traces:
    """Takes records and has them written. Whatever goes wrong stays here."""

    is_on = True

    def __init__(self, settings: Langfuse, *, room: int = _ROOM) -> None:
        self._settings = settings
        self._room = room
        self._waiting: SimpleQueue[Record | None] = SimpleQueue()
        self._thread = Thread(target=self._write_all, name="traces", daemon=True)
        self._thread.start()

    def put(self, record: Record) -> None:
        """Take a record; never waits, never raises."""
        if self._waiting.qsize() >= self._room:
            metrics.TRACE_RECORDS_LOST.inc()
        else:
            self._waiting.put(record)

    def close(self, within_seconds: float = _CLOSES_WITHIN_SECONDS) -> None:
        """Write what was put so far, if Langfuse takes it in time."""
        self._waiting.put(None)
        self._thread.join(within_seconds)

    def _write_all(self) -> None:
        try:
            exporter = Exporter(self._settings)
        except Exception:  # noqa: BLE001 - calls go on without traces
            _log.exception("traces_unavailable")
            while self._waiting.get() is not None:
                metrics.TRACE_RECORDS_LOST.inc()
            return
        while (record := self._waiting.get()) is not None:
            try:
                exporter.export(record)
            except Exception:  # noqa: BLE001 - the next record may be whole
                metrics.TRACE_RECORDS_LOST.inc()
                _log.exception("trace_not_written", extra={"record": type(record).__name__})
        try:
            exporter.close()
        except Exception:  # noqa: BLE001 - there is nothing left to do
            _log.exception("traces_not_flushed")


@asynccontextmanager
async def tracing(settings: Langfuse) -> AsyncIterator[Traces | NoTraces]:
    """Write traces until the context is left, if both keys are set."""
    if not settings.is_set:
        yield NO_TRACES
        return
    traces = Traces(settings)
    try:
        yield traces
    finally:
        await asyncio.to_thread(traces.close)
