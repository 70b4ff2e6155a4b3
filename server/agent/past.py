"""What the agent did in earlier turns: platforms repeat what was said, but not what tools told.

Kept in Redis beside the call's memory. Without it the agent still knows what was said, and the
tools what was offered.
"""

import json
import logging
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


class Past:
    """The tool calls of a call, and their replies, each after the turn that led to them."""

    def __init__(self, redis: "Redis", business_id: UUID, platform: str, call_id: str) -> None:
        self._redis = redis
        self._key = f"agent:{{{business_id}:{platform}:{call_id}}}"

    async def add(self, turn: int, messages: Sequence[Message]) -> None:
        """Remember what was asked of tools and answered after the caller's `turn`, from 1."""
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.rpush(self._key, json.dumps([turn, list(messages)]))
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
        try:
            kept = await self._redis.lrange(self._key, 0, -1)
        except RedisError as error:
            _log.info("past_without_redis", extra={"during": "read", "why": repr(error)})
            return []
        return [(turn, messages) for turn, messages in map(json.loads, kept)]
