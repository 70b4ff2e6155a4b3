"""The connection to Redis, for callers who have somebody on the phone.

An answer takes 0.2 ms or it is not worth waiting for: whoever uses Redis here can do without it. So
time limits are short, a question is asked again only where the connection was a stale one, and once
Redis is known to be away nobody waits for it, but for one attempt a second.
"""

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, Self, TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

_log = logging.getLogger(__name__)

T = TypeVar("T")

_CONNECTIONS: Final = 64
"""Each tool call needs one for some 0.1 ms at a time; more callers than that take turns."""

AWAY_SECONDS: Final = 1.0
"""How long Redis is left alone after it has not answered."""


@asynccontextmanager
async def open_redis(url: str, *, timeout_seconds: float) -> AsyncIterator["Redis"]:
    """A client for the whole process. It connects when it is first asked.

    Everything it raises because Redis is away is a `RedisError`, and comes within about
    `timeout_seconds`.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=_CONNECTIONS,
        timeout=timeout_seconds,
        socket_timeout=timeout_seconds,
        socket_connect_timeout=timeout_seconds,
        retry=_Fuse(),
    )
    redis = Redis.from_pool(pool)
    try:
        yield redis
    finally:
        await redis.aclose()


class _Fuse(Retry):
    """Wraps every attempt of every connection, so it is here that an outage is seen."""

    def __init__(self) -> None:
        # A connection that broke while idle is replaced; a silent server is not asked twice.
        super().__init__(NoBackoff(), 1, supported_errors=(RedisConnectionError,))
        self._away_until = 0.0
        self._is_away = False

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Stay one: redis-py copies it for each connection."""
        memo[id(self)] = self
        return self

    async def call_with_retry(
        self,
        do: Callable[[], Awaitable[T]],
        fail: Callable[..., Any],
        is_retryable: Callable[[Exception], bool] | None = None,
        with_failure_count: bool = False,
    ) -> T:
        """Attempt something, unless Redis did not answer just now."""
        if time.monotonic() < self._away_until:
            raise RedisConnectionError("Redis did not answer a moment ago")
        try:
            result = await super().call_with_retry(do, fail, is_retryable, with_failure_count)
        except (RedisConnectionError, RedisTimeoutError) as error:
            self._away_until = time.monotonic() + AWAY_SECONDS
            if not self._is_away:
                self._is_away = True
                _log.error("redis_away", extra={"why": repr(error)})
            raise
        if self._is_away:
            self._is_away = False
            _log.warning("redis_back")
        return result
