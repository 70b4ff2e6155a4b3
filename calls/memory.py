"""The memory of a live call: one JSON document, opened by one tool call at a time.

Redis holds it because any process may get the next tool call. Its copy in the call's row
(`db.calls.keep_memory`) is written behind the reply and answers when Redis has lost it.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

_log = logging.getLogger(__name__)

KEPT_SECONDS: Final = 3 * 3600
"""Longer than any call; what is said after that is a new call."""

LOCK_MILLISECONDS: Final = 6_000
"""Longer than the longest deadline of a tool (4 s), so only a dead process lets it expire."""

_ASK_AGAIN_SECONDS: Final = 0.02

_OPEN = """
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return {1, redis.call('GET', KEYS[2])}
end
return {0, false}
"""

_CLOSE = """
if ARGV[2] ~= '' then redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3]) end
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
"""


class CallBusy(Exception):
    """Another tool call of the same call took longer than this one may wait."""


@dataclass(slots=True)
class OpenMemory:
    """The document of a call while one tool call may change it. `None`: Redis knows nothing."""

    document: dict[str, Any] | None
    saved: bool = field(default=False)
    """Whether Redis took it; otherwise the caller must keep it elsewhere before it answers."""


class CallMemory:
    """Opens and closes call memories. Without Redis it yields empty ones: slower, still right."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._open = redis.register_script(_OPEN)
        self._close = redis.register_script(_CLOSE)

    @asynccontextmanager
    async def open(
        self, business_id: UUID, platform: str, call_id: str, *, wait_seconds: float
    ) -> AsyncIterator[OpenMemory]:
        """Hold a call's memory; tool calls of one call follow one another, also across processes.

        Raises:
            CallBusy: The memory stayed with another tool call for `wait_seconds`.
        """
        name = f"call:{business_id}:{platform}:{call_id}"
        keys = [f"{name}:lock", f"{name}:memory"]
        token = secrets.token_hex(8)
        memory = OpenMemory(await self._acquire(keys, token, wait_seconds))
        try:
            yield memory
        finally:
            await self._release(keys, token, memory)

    async def _acquire(
        self, keys: list[str], token: str, wait_seconds: float
    ) -> dict[str, Any] | None:
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + wait_seconds
        try:
            while True:
                opened, raw = await self._open(keys=keys, args=[token, LOCK_MILLISECONDS])
                if opened:
                    document: dict[str, Any] | None = json.loads(raw) if raw else None
                    return document
                if loop.time() >= give_up_at:
                    raise CallBusy
                await asyncio.sleep(_ASK_AGAIN_SECONDS)
        except RedisError as error:
            _log.warning("redis_unavailable", extra={"during": "open", "error": repr(error)})
            return None

    async def _release(self, keys: list[str], token: str, memory: OpenMemory) -> None:
        text = "" if memory.document is None else json.dumps(memory.document, ensure_ascii=False)
        try:
            await self._close(keys=keys, args=[token, text, KEPT_SECONDS])
            memory.saved = True
        except RedisError as error:
            _log.warning("redis_unavailable", extra={"during": "close", "error": repr(error)})
