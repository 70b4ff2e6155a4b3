"""What is written behind the replies: tool calls, and copies of what calls remember.

Nobody waits for it, so it is written in batches: whatever has gathered while the last batch was on
its way goes along in one statement a business, and only the latest memory of a call counts.
"""

import asyncio
import logging
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self
from uuid import UUID

from calls.log import CallLog
from db.calls import ToolCallRow
from db.errors import DatabaseError

_log = logging.getLogger(__name__)

_ROOM: Final = 10_000
"""Some seconds of a full server; what comes on top is dropped with a log line, not with memory."""

_GATHERS_SECONDS: Final = 0.02
"""A statement costs this process as much as ten of its rows: while many call, let some gather."""

_AT_ONCE: Final = 200
_ATTEMPTS: Final = 5
_PAUSE_SECONDS: Final = 0.5
_DRAIN_SECONDS: Final = 5.0
"""A stopping server finishes its books, but not for longer than its supervisor waits."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one tool call leaves behind."""

    business_id: UUID
    tool_call: ToolCallRow
    memory: str | None
    """What the call remembers now, as JSON; `None` if that did not change."""


@dataclass(slots=True)
class _Page:
    """What goes into one statement."""

    memories: dict[UUID, str] = field(default_factory=dict)
    tool_calls: list[ToolCallRow] = field(default_factory=list)


class Bookkeeper:
    """One queue and one task that empties it. An entry may be written twice: it counts once."""

    def __init__(self, log: CallLog) -> None:
        self._call_log = log
        self._entries: asyncio.Queue[Entry] = asyncio.Queue(_ROOM)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._work())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.done(), _DRAIN_SECONDS)
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def put(self, entry: Entry) -> None:
        """Write this soon; never waits, never raises."""
        try:
            self._entries.put_nowait(entry)
        except asyncio.QueueFull:
            _log.error("bookkeeping_dropped", extra={"waiting": _ROOM})

    async def done(self) -> None:
        """Wait until everything put so far is written."""
        await self._entries.join()

    async def _work(self) -> None:
        while True:
            batch = [await self._entries.get()]
            await asyncio.sleep(_GATHERS_SECONDS)
            while len(batch) < _AT_ONCE and not self._entries.empty():
                batch.append(self._entries.get_nowait())
            try:
                await asyncio.gather(
                    *(self._write(business, page) for business, page in _pages(batch).items())
                )
            finally:
                for _ in batch:
                    self._entries.task_done()

    async def _write(self, business_id: UUID, page: _Page) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return await self._call_log.keep(
                    business_id, memories=page.memories, tool_calls=page.tool_calls
                )
            except DatabaseError as error:
                _log.warning("bookkeeping_failed", extra={"attempt": attempt, "why": repr(error)})
                await asyncio.sleep(_PAUSE_SECONDS * attempt)
            except Exception:  # noqa: BLE001 - a bug in one page must not end the bookkeeping
                _log.exception("bookkeeping_broken")
                return None
        _log.error("bookkeeping_lost", extra={"tool_calls": len(page.tool_calls)})
        return None


def _pages(batch: list[Entry]) -> dict[UUID, _Page]:
    pages: dict[UUID, _Page] = defaultdict(_Page)
    for entry in batch:
        page = pages[entry.business_id]
        page.tool_calls.append(entry.tool_call)
        if entry.tool_call.call_id and entry.memory is not None:
            page.memories[entry.tool_call.call_id] = entry.memory
    return pages
