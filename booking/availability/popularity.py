"""What callers ask for most: counted here, summed up in Redis, forgotten within a week."""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

_log = logging.getLogger(__name__)

_TOLD_EVERY_SECONDS: Final = 10.0
_DAY, _HOUR = "%Y-%m-%d", "%Y-%m-%dT%H"
_DAYS: Final = 7
_DECAY: Final = 0.7
"""Of what was asked on a day, each day after it."""

_KEPT_SECONDS: Final = (_DAYS + 1) * 86_400
_HOURS_KEPT_SECONDS: Final = 3 * 3_600


class Popularity:
    """Counts questions by event type. Counting waits for nothing and costs no round trip."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._untold: Counter[tuple[UUID, UUID, datetime]] = Counter()
        self._telling: asyncio.Task[None] | None = None

    def count(self, business_id: UUID, event_type_id: UUID, now: datetime) -> None:
        """Somebody has asked for it."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        self._untold[business_id, event_type_id, hour] += 1
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell_later())

    async def of(self, business_id: UUID, now: datetime) -> Mapping[UUID, float]:
        """How often each event type was asked for lately; what nobody asked for is missing.

        Raises:
            RedisError: It cannot be told.
        """
        await self.tell()
        days = [now - timedelta(days=n) for n in range(_DAYS)]
        async with self._redis.pipeline(transaction=False) as pipe:
            for day in days:
                pipe.hgetall(_key(business_id, day, _DAY))
            counts: list[Mapping[bytes, bytes]] = await pipe.execute()
        total: dict[UUID, float] = {}
        for age, of_day in enumerate(counts):
            for kind, asked in of_day.items():
                id_ = UUID(kind.decode())
                total[id_] = total.get(id_, 0.0) + int(asked) * _DECAY**age
        return total

    async def lately(self, business_id: UUID, now: datetime) -> set[UUID]:
        """The event types that somebody asked for in this hour or the one before.

        Raises:
            RedisError: It cannot be told.
        """
        await self.tell()
        hours = [now, now - timedelta(hours=1)]
        async with self._redis.pipeline(transaction=False) as pipe:
            for hour in hours:
                pipe.hkeys(_key(business_id, hour, _HOUR))
            asked: list[list[bytes]] = await pipe.execute()
        return {UUID(kind.decode()) for of_hour in asked for kind in of_hour}

    async def tell(self) -> None:
        """Add to the sums what was counted here. Raises `RedisError`, and counts on."""
        counted, self._untold = self._untold, Counter()
        if not counted:
            return
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for (business_id, kind_id, at), asked in counted.items():
                    for period, seconds in ((_DAY, _KEPT_SECONDS), (_HOUR, _HOURS_KEPT_SECONDS)):
                        key = _key(business_id, at, period)
                        pipe.hincrby(key, str(kind_id), asked)
                        pipe.expire(key, seconds)
                await pipe.execute()
        except RedisError:
            self._untold.update(counted)
            raise

    async def aclose(self) -> None:
        """Tell the rest, if Redis is there."""
        if self._telling:
            self._telling.cancel()
            await asyncio.gather(self._telling, return_exceptions=True)
        try:
            await self.tell()
        except RedisError as error:
            _log.info("popularity_lost", extra={"why": repr(error)})

    async def _tell_later(self) -> None:
        await asyncio.sleep(_TOLD_EVERY_SECONDS)
        try:
            await self.tell()
        except RedisError as error:
            _log.info("popularity_untold", extra={"why": repr(error)})


def _key(business_id: UUID, at: datetime, period: str) -> str:
    return f"asked:{business_id}:{at.astimezone(UTC):{period}}"
