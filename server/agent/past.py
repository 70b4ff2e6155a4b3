"""What the agent did in earlier turns: platforms repeat what was said, but not what tools told.

Kept in Redis beside the call's memory, and for a while in this process. Without Redis another
process still knows what was said, and the tools what was offered.
"""

import json
import logging
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.agent.model import Message

_log = logging.getLogger(__name__)

_KEPT_SECONDS: Final = 3 * 3600
_MOST: Final = 60
"""Exchanges of one call; older ones are forgotten."""


_CALLS_KEPT: Final = 512
"""In this process: a call that Redis forgets is usually answered here again."""


class Kept:
    """What this process has seen of its last calls."""

    def __init__(self) -> None:
        self._by_call: OrderedDict[str, list[str]] = OrderedDict()

    def add(self, call: str, exchange: str) -> None:
        """Keep an exchange, and forget the call that was silent for longest."""
        kept = self._by_call.setdefault(call, [])
        kept.append(exchange)
        del kept[:-_MOST]
        self._by_call.move_to_end(call)
        if len(self._by_call) > _CALLS_KEPT:
            self._by_call.popitem(last=False)

    def of(self, call: str) -> Sequence[str]:
        """Exchanges of a call, oldest first."""
        return self._by_call.get(call, ())


class Past:
    """The tool calls of a call, and their replies, each after the turn that led to them."""

    def __init__(
        self, redis: "Redis", kept: Kept, business_id: UUID, platform: str, call_id: str
    ) -> None:
        self._redis = redis
        self._kept = kept
        self._key = f"agent:{{{business_id}:{platform}:{call_id}}}"

    async def add(self, turn: int, messages: Sequence[Message]) -> None:
        """Remember what was asked of tools and answered after the caller's `turn`, from 1."""
        exchange = json.dumps([turn, list(messages)])
        self._kept.add(self._key, exchange)
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.rpush(self._key, exchange)
                pipe.ltrim(self._key, -_MOST, -1)
                pipe.expire(self._key, _KEPT_SECONDS)
                await pipe.execute()
        except RedisError as error:
            _log.info("past_without_redis", extra={"during": "write", "why": repr(error)})

    async def woven_into(self, said: Sequence[Message]) -> list[Message]:
        """What was said, with the tool calls where they were made.

        Args:
            said: The conversation without tools, as the platform tells it; the caller's turns are
                those of role `user`.
        """
        told = await self._told()
        woven: list[Message] = []
        turn = 0
        for message in said:
            woven.append(message)
            if message.get("role") == "user":
                turn += 1
                woven += [each for at, exchange in told if at == turn for each in exchange]
        return woven

    async def is_new(self) -> bool:
        """Whether this call is begun now: asked again, or by a line that comes back, it is not."""
        try:
            first = await self._redis.set(f"{self._key}:begun", 1, nx=True, ex=_KEPT_SECONDS)
        except RedisError as error:
            _log.info("past_without_redis", extra={"during": "begin", "why": repr(error)})
            return True
        return bool(first)

    async def _told(self) -> list[tuple[int, list[Message]]]:
        there: list[str] = []
        try:
            there = [_text(each) for each in await self._redis.lrange(self._key, 0, -1)]
        except RedisError as error:
            _log.info("past_without_redis", extra={"during": "read", "why": repr(error)})
        here = [each for each in self._kept.of(self._key) if each not in there]
        told = [(turn, messages) for turn, messages in map(json.loads, [*there, *here])]
        return sorted(told, key=lambda exchange: exchange[0])


def _text(stored: str | bytes) -> str:
    return stored.decode() if isinstance(stored, bytes) else stored
