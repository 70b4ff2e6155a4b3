"""Whether this process can serve: each part that it needs is asked."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Final

import structlog

_log = structlog.get_logger("slotline.readiness")

Check = Callable[[], Awaitable[object]]
"""Returns if the part works; raises whatever it likes if not."""

KEPT_SECONDS: Final = 0.5
"""The route needs no credential: nobody can empty a pool by asking it in a loop."""


class Readiness:
    """Asks all parts at once, and once for all who ask at the same time."""

    def __init__(
        self,
        checks: Mapping[str, Check],
        *,
        within_seconds: float,
        kept_seconds: float = KEPT_SECONDS,
    ) -> None:
        self._checks = checks
        self._within_seconds = within_seconds
        self._kept_seconds = kept_seconds
        self._asking = asyncio.Lock()
        self._asked_at = float("-inf")
        self._parts: Mapping[str, str] = {}

    async def parts(self) -> Mapping[str, str]:
        """Each part with `ok`, `slow` or `down`: no more than that is a stranger's business."""
        async with self._asking:
            if monotonic() - self._asked_at >= self._kept_seconds:
                words = await asyncio.gather(
                    *(self._ask(name, check) for name, check in self._checks.items())
                )
                self._parts = dict(zip(self._checks, words, strict=True))
                self._asked_at = monotonic()
            return self._parts

    async def _ask(self, name: str, check: Check) -> str:
        try:
            async with asyncio.timeout(self._within_seconds):
                await check()
        except TimeoutError:
            _log.warning("part_slow", part=name, seconds=self._within_seconds)
            return "slow"
        except Exception as error:  # noqa: BLE001 - a client library may raise anything
            _log.warning("part_down", part=name, why=f"{type(error).__name__}: {error}")
            return "down"
        return "ok"
