"""Hearing what other processes tell, and knowing when one does not."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

_log = logging.getLogger(__name__)

_SILENCE_SECONDS: Final = 1.0
"""After that Redis is asked whether it is still there, and has as long to say so."""

_CANCEL_AGAIN_SECONDS: Final = 0.2
_AGAIN_SECONDS: Final = 0.5


class Subscription:
    """Listens on a channel for as long as the process lives."""

    def __init__(
        self,
        redis: "Redis",
        channel: str,
        *,
        hear: Callable[[bytes | str], None],
        lost: Callable[[], None],
        back: Callable[[], Awaitable[None]],
    ) -> None:
        """Listen to nothing yet.

        Args:
            redis: Its connections.
            channel: What to listen to.
            hear: Told each message.
            lost: Told that messages may have been missed from now on.
            back: Told that none is missed from now on.
        """
        self._redis = redis
        self._channel = channel
        self._hear = hear
        self._lost = lost
        self._back = back
        self._is_heard = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen, behind the caller's back."""
        self._task = asyncio.create_task(self._listen())

    async def aclose(self) -> None:
        """Stop listening."""
        if task := self._task:
            # Once is not enough: redis-py loses a cancellation that meets it while it connects.
            while not task.done():
                task.cancel()
                await asyncio.wait({task}, timeout=_CANCEL_AGAIN_SECONDS)

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.subscribe(self._channel)
                    await self._follow(pubsub)
            except (RedisError, OSError) as error:
                _log.info("news_lost", extra={"why": repr(error)})
            except Exception:  # noqa: BLE001 - whatever it was, it must listen again
                _log.exception("news_broke_off")
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _follow(self, pubsub: PubSub) -> None:
        try:
            await self._hear_all(pubsub)
        finally:
            # Once: what is learnt while nobody is heard is no older than that. To have asked to
            # listen on a connection that was there is not to be heard: Redis may be silent still.
            if self._is_heard:
                self._is_heard = False
                self._lost()

    async def _hear_all(self, pubsub: PubSub) -> None:
        asked = False
        while True:
            message: dict[str, Any] | None = await pubsub.get_message(timeout=_SILENCE_SECONDS)
            if message is None:
                if asked:
                    raise RedisConnectionError("silent")
                asked = True
                await pubsub.ping()
                continue
            asked = False
            if message["type"] == "subscribe":
                # Also after redis-py has silently taken another connection.
                self._is_heard = True
                self._lost()
                await self._back()
            elif message["type"] == "message":
                self._hear(message["data"])
