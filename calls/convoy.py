"""Scripts that run in Redis, sent together.

A round trip costs this process far more than it costs Redis. So whatever many calls ask at the same
moment, or while the last convoy is on its way, travels in one, in the order in which it was asked.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha1
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import NoScriptError, RedisError

_AT_ONCE: Final = 200
"""Some milliseconds of Redis' time; more would hold up the first of them."""


@dataclass(slots=True)
class _Errand:
    script: "Script"
    keys: Sequence[str]
    args: Sequence[str | bytes | int]
    answer: "asyncio.Future[Any]"


class Convoy:
    """One round trip at a time, for all scripts that were made here."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._waiting: list[_Errand] = []
        self._driving: asyncio.Task[None] | None = None

    def script(self, text: str) -> "Script":
        """A Lua script to be run by calling it."""
        return Script(self, text)

    def send(self, errand: _Errand) -> None:
        """Take an errand along with the next convoy."""
        self._waiting.append(errand)
        if self._driving is None:
            self._driving = asyncio.create_task(self._drive())

    async def _drive(self) -> None:
        try:
            while self._waiting:
                load, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
                await self._carry(load)
        finally:
            self._driving = None

    async def _carry(self, load: Sequence[_Errand], *, in_full: bool = False) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        for errand in load:
            run, named = (
                (pipeline.eval, errand.script.text)
                if in_full
                else (pipeline.evalsha, errand.script.sha)
            )
            run(named, len(errand.keys), *errand.keys, *errand.args)
        try:
            answers = await pipeline.execute(raise_on_error=False)
        except BaseException as error:
            for errand in load:
                _settle(errand, error)
            if not isinstance(error, RedisError):
                raise
            return
        unknown = []
        for errand, answer in zip(load, answers, strict=True):
            if isinstance(answer, NoScriptError):
                unknown.append(errand)  # Redis has been restarted, or never heard of it
            else:
                _settle(errand, answer)
        if unknown:
            await self._carry(unknown, in_full=True)


class Script:
    """A Lua script. Call it to run it."""

    def __init__(self, convoy: Convoy, text: str) -> None:
        self._convoy = convoy
        self.text = text
        self.sha = sha1(text.encode(), usedforsecurity=False).hexdigest()

    async def __call__(self, *, keys: Sequence[str], args: Sequence[str | bytes | int]) -> Any:
        """Run it and return its answer.

        Raises:
            RedisError: It did not run, or nobody knows.
        """
        errand = _Errand(self, keys, args, asyncio.get_running_loop().create_future())
        self._convoy.send(errand)
        return await errand.answer


def _settle(errand: _Errand, answer: object) -> None:
    if errand.answer.done():  # whoever asked has gone
        return
    if isinstance(answer, asyncio.CancelledError):
        errand.answer.cancel()
    elif isinstance(answer, BaseException):
        errand.answer.set_exception(answer)
    else:
        errand.answer.set_result(answer)
