"""The memory of a live call: one JSON document, opened by one tool call at a time.

Redis holds it because any process may get the next tool call: it is read in the round trip that
locks it, and written in the one that unlocks it. Its copy in the call's row is written behind the
reply and answers when Redis has lost it. While Redis is away the row is all there is: it is leased
by one tool call at a time and written before the reply. Slower, still right.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Final
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from calls.convoy import Convoy
from calls.log import BegunCall, CallLog
from db.errors import DatabaseError

_log = logging.getLogger(__name__)

KEPT_SECONDS: Final = 3 * 3600
"""Longer than any call; what is said after that is a new call."""

LOCK_SECONDS: Final = 6
"""Longer than the longest deadline of a tool (4 s), so only a dead process lets it expire."""

_ASK_AGAIN_SECONDS: Final = 0.02
_ASK_ROW_AGAIN_SECONDS: Final = 0.05
_AT_ONCE: Final = 500

_OPEN = """
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2]) then
  return {1, redis.call('GET', KEYS[2])}
end
return {0, false}
"""

_CLOSE = """
if ARGV[2] ~= '' then redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3]) end
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
"""

# What was on its way to Redis when it fell silent may have arrived after all: a lock that nobody
# will ever lift, and memories older than those in the rows.
_FORGET = """
for n, token in ipairs(ARGV) do
  local lock, memory = KEYS[2 * n - 1], KEYS[2 * n]
  redis.call('DEL', memory)
  if redis.call('GET', lock) == token then redis.call('DEL', lock) end
end
return 1
"""


class CallBusy(Exception):
    """Another tool call of the same call took longer than this one may wait."""


@dataclass(slots=True)
class OpenMemory:
    """What is known in a call, while one tool call may change it."""

    token: str
    """Names this tool call in locks and leases."""
    document: str | bytes | None = None
    """JSON; `None`: nothing is known."""
    is_shared: bool = False
    """Whether Redis keeps the call's other tool calls out; otherwise the row must."""
    leased_row: UUID | None = None
    """Our own id of the call, while its row keeps the others out."""
    call_id: UUID | None = None
    """Our own id of the call, as soon as it is known."""
    is_changed: bool = False

    def replace(self, call_id: UUID, document: str) -> None:
        """Have another document kept: a JSON object with a number `version` that counts up."""
        self.call_id, self.document, self.is_changed = call_id, document, True


class CallMemory:
    """Opens and closes call memories."""

    def __init__(self, redis: "Redis", log: CallLog) -> None:
        self._call_log = log
        convoy = Convoy(redis)
        self._open = convoy.script(_OPEN)
        self._close = convoy.script(_CLOSE)
        self._forget = convoy.script(_FORGET)
        self._ending: dict[str, asyncio.Task[None]] = {}
        """Memories that are being given back behind replies."""
        self._astray: dict[str, str] = {}
        """Calls that went on without Redis, and the token of the lock that it may still hold."""
        self._forgetting = asyncio.Lock()

    async def aclose(self) -> None:
        """Give back what is on its way."""
        await asyncio.gather(*self._ending.values())

    @asynccontextmanager
    async def open(
        self,
        business_id: UUID,
        platform: str,
        call_id: str,
        *,
        wait_seconds: float,
        ends_behind: bool = False,
    ) -> AsyncIterator[OpenMemory]:
        """Hold a call's memory; tool calls of one call follow one another, also across processes.

        Where it yields no document, or is not shared, `take_over` tells what the call's row knows.
        What was changed is kept when the block ends, whatever is away then.

        Args:
            business_id: Whose call it is.
            platform: Where the call is.
            call_id: What it is called there.
            wait_seconds: How long another tool call of it may take.
            ends_behind: Do not wait at the end of the block until Redis has what was changed: of a
                process that dies within that millisecond it is lost.

        Raises:
            CallBusy: The memory stayed with another tool call for `wait_seconds`.
        """
        name = f"call:{{{business_id}:{platform}:{call_id}}}"
        if ending := self._ending.get(name):
            await asyncio.wait({ending})
        # One token for all that goes on without Redis: whatever it got to see is forgotten by it.
        memory = OpenMemory(token=self._astray.get(name) or secrets.token_hex(8))
        try:
            await self._acquire(name, memory, wait_seconds)
        except asyncio.CancelledError:
            memory.is_shared = True  # or will be, when Redis gets to it
            self._end_behind(name, business_id, memory)
            raise
        try:
            yield memory
        finally:
            if ends_behind and memory.is_shared and not memory.leased_row:
                self._end_behind(name, business_id, memory)
            else:
                await self._end(name, business_id, memory)

    def _end_behind(self, name: str, business_id: UUID, memory: OpenMemory) -> None:
        ending = asyncio.create_task(self._end(name, business_id, memory))
        self._ending[name] = ending
        ending.add_done_callback(partial(self._ended, name))

    def _ended(self, name: str, ending: "asyncio.Task[None]") -> None:
        if self._ending.get(name) is ending:
            del self._ending[name]

    async def _end(self, name: str, business_id: UUID, memory: OpenMemory) -> None:
        is_kept = await self._release(name, memory)
        await self._keep(business_id, memory, also_here=not is_kept)

    async def take_over(
        self, memory: OpenMemory, business_id: UUID, begun: BegunCall, *, wait_seconds: float
    ) -> None:
        """Go on with what the call's row knows.

        Raises:
            CallBusy: The row stayed with another tool call for `wait_seconds`.
            DatabaseUnavailable: Nobody can tell what the row knows.
        """
        memory.call_id, memory.document = begun.id, _text(begun.memory)
        if memory.is_shared and not begun.is_leased:
            return
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + wait_seconds
        while memory.leased_row is None:
            leased = await self._call_log.lease(
                business_id, begun.id, token=memory.token, seconds=LOCK_SECONDS
            )
            if leased is not None:
                memory.document, memory.leased_row = _text(leased), begun.id
            elif loop.time() >= give_up_at:
                raise CallBusy
            else:
                await asyncio.sleep(_ASK_ROW_AGAIN_SECONDS)

    async def _acquire(self, name: str, memory: OpenMemory, wait_seconds: float) -> None:
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + wait_seconds
        try:
            await self._forget_the_astray()
            while True:
                opened, raw = await self._open(keys=_keys(name), args=[memory.token, LOCK_SECONDS])
                if opened:
                    memory.is_shared, memory.document = True, raw or None
                    return
                if loop.time() >= give_up_at:
                    raise CallBusy
                await asyncio.sleep(_ASK_AGAIN_SECONDS)
        except RedisError as error:
            _log.info("memory_without_redis", extra={"during": "open", "why": repr(error)})
            self._astray[name] = memory.token

    async def _release(self, name: str, memory: OpenMemory) -> bool:
        """Give it back to Redis, and tell whether that keeps it now."""
        if not memory.is_shared:
            return False
        text = memory.document if memory.is_changed and memory.document else ""
        try:
            await self._close(keys=_keys(name), args=[memory.token, text, KEPT_SECONDS])
        except RedisError as error:
            _log.info("memory_without_redis", extra={"during": "close", "why": repr(error)})
            self._astray[name] = memory.token
            return False
        return True

    async def _keep(self, business_id: UUID, memory: OpenMemory, *, also_here: bool) -> None:
        """Give it back to the row where that was leased, or is the only one to keep it."""
        try:
            if (
                memory.call_id
                and memory.document
                and memory.is_changed
                and (also_here or memory.leased_row)
            ):
                await self._call_log.keep(business_id, memories={memory.call_id: memory.document})
            elif memory.leased_row:
                await self._call_log.let_go(business_id, memory.leased_row, token=memory.token)
        except DatabaseError as error:
            # What was done is done: the caller must hear of it, whatever the next turn remembers.
            _log.error("memory_lost", extra={"why": repr(error)})

    async def _forget_the_astray(self) -> None:
        """Before Redis is trusted again, make it forget what it knows less of than the rows."""
        if not self._astray:
            return
        async with self._forgetting:
            while self._astray:
                some = dict(islice(self._astray.items(), _AT_ONCE))
                await self._forget(
                    keys=[key for name in some for key in _keys(name)], args=list(some.values())
                )
                for name, token in some.items():
                    if self._astray.get(name) == token:
                        del self._astray[name]


def _text(document: Mapping[str, Any] | None) -> str | None:
    return json.dumps(document) if document else None


def _keys(name: str) -> list[str]:
    return [f"{name}:lock", f"{name}:memory"]
