"""The stand-in's parts in one place; what `app.state.sandbox` is."""

import asyncio
import random
import secrets
import string
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from calcom.sandbox.courier import Courier
from calcom.sandbox.latency import Clockwork, Latency
from calcom.sandbox.mischief import Mischief
from calcom.sandbox.slots import SlotCache
from calcom.sandbox.throttle import Throttle
from calcom.sandbox.world import World

_UID_ALPHABET = "".join(sorted(set(string.ascii_letters + string.digits) - set("0OIl")))
_UID_LENGTH = 22


class Sandbox:
    """One account at a pretended Cal.com."""

    def __init__(
        self,
        world: World,
        courier: Courier,
        *,
        clock: Callable[[], datetime],
        rate_limit_per_minute: int | None,
        race_window_seconds: float,
        slots_cache_seconds: float,
        hosted: bool,
    ) -> None:
        self.world = world
        self.courier = courier
        self.rate_limit_per_minute = rate_limit_per_minute
        self.race_window_seconds = race_window_seconds
        self.hosted = hosted
        self.cache = SlotCache(slots_cache_seconds)
        self.throttle = Throttle()
        self.mischief = Mischief()
        self.clockwork = Clockwork(Latency())
        self.requests: Counter[str] = Counter()
        self._clock = clock

    def now(self) -> datetime:
        """The current instant, in milliseconds as Cal.com stores it."""
        now = self._clock()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    async def gap(self, share: float = 1.0) -> None:
        """What lies between a check and the write that relies on it: here races happen.

        Args:
            share: Of the race window.
        """
        await asyncio.sleep(share * self.race_window_seconds)

    async def scatter(self) -> None:
        """Let requests that come together be looked at one after the other, more or less."""
        await asyncio.sleep(random.uniform(0.0, self.race_window_seconds))  # noqa: S311


def new_uid() -> str:
    """A booking uid as Cal.com makes them: short, and whoever has it may cancel."""
    return "".join(secrets.choice(_UID_ALPHABET) for _ in range(_UID_LENGTH))
