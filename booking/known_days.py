"""Days whose slots are known: in Redis for all processes, in this one for when it is away."""

import json
import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

_log = logging.getLogger(__name__)

FRESH_SECONDS: Final = 60.0
"""Cal.com itself answers from a cache of 2 s; a minute keeps a call's questions off the wire and is
short enough that a change in the web UI is rarely offered. A refused booking costs an apology."""

FRESH_WHEN_EMPTY_SECONDS: Final = 15.0
"""A day without slots may be an outage of the host's calendar: asked again sooner."""

USABLE_SECONDS: Final = 24 * 3600
"""While Cal.com is down an old answer, marked as such, beats none."""

_OWN_DAYS: Final = 5_000
"""Kept in this process: some 3 MB, a fortnight of a hundred event types and more."""

# Only the first number, when it was asked, is replaced: as a last known answer it still serves.
_FORGET: Final = """
for _, key in ipairs(KEYS) do
  local known = redis.call('GET', key)
  if known then
    redis.call('SET', key, (string.gsub(known, '^%[[^,%]]+', '[0', 1)), 'KEEPTTL')
  end
end
return 1
"""


@dataclass(frozen=True, slots=True)
class Day:
    """One remembered answer."""

    asked_at: float
    """Seconds since the epoch; 0 if something there has changed since."""
    starts: tuple[int, ...]
    """Seconds since the epoch."""

    def is_fresh(self, now: datetime) -> bool:
        keep = FRESH_SECONDS if self.starts else FRESH_WHEN_EMPTY_SECONDS
        return now.timestamp() - self.asked_at < keep


class KnownDays:
    """Answers by key. Without Redis this process goes by its own: slower, still right."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._forget = redis.register_script(_FORGET)
        self._own: OrderedDict[str, Day] = OrderedDict()

    async def get(self, keys: Sequence[str]) -> dict[str, Day]:
        """What is known of these days, fresh or not, in one question."""
        if not keys:
            return {}
        try:
            kept = await self._redis.mget(keys)
        except RedisError as error:
            _log.info("days_without_redis", extra={"during": "read", "why": repr(error)})
            return {key: day for key in keys if (day := self._own.get(key))}
        return {key: _loads(raw) for key, raw in zip(keys, kept, strict=True) if raw is not None}

    async def put(self, days: Mapping[str, Day]) -> None:
        """Remember what Cal.com has just said."""
        for key, day in days.items():
            self._own[key] = day
            self._own.move_to_end(key)
        while len(self._own) > _OWN_DAYS:
            self._own.popitem(last=False)
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for key, day in days.items():
                    pipe.set(key, _dumps(day), ex=USABLE_SECONDS)
                await pipe.execute()
        except RedisError as error:
            _log.info("days_without_redis", extra={"during": "write", "why": repr(error)})

    async def forget(self, keys: Sequence[str]) -> None:
        """Have Cal.com asked again next time; while it cannot be, the old answers still serve."""
        for key in keys:
            if day := self._own.get(key):
                self._own[key] = Day(0.0, day.starts)
        try:
            await self._forget(keys=keys)
        except RedisError as error:
            _log.info("days_without_redis", extra={"during": "forget", "why": repr(error)})


def _dumps(day: Day) -> bytes:
    return json.dumps([day.asked_at, *day.starts]).encode()


def _loads(raw: bytes | str) -> Day:
    asked_at, *starts = json.loads(raw)
    return Day(asked_at, tuple(starts))
