"""Requests per minute, as Cal.com counts them: a fixed window, then a block."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

WINDOW = timedelta(seconds=60)
BLOCK = timedelta(seconds=60)
DEFAULT_LIMIT = 120
"""Requests a minute of an API key, and of an address without one."""


@dataclass(slots=True)
class _Bucket:
    since: datetime
    hits: int = 0
    blocked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one request."""

    limit: int
    remaining: int
    reset_seconds: int
    allowed: bool

    @property
    def headers(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit-Default": str(self.limit),
            "X-RateLimit-Remaining-Default": str(self.remaining),
            "X-RateLimit-Reset-Default": str(self.reset_seconds),
        }


class Throttle:
    """One bucket per credential; the window begins with its first request."""

    def __init__(self) -> None:
        self._buckets: dict[str, _Bucket] = {}

    def take(self, bucket: str, *, limit: int, now: datetime) -> Verdict:
        """Count a request. Requests during a block neither count nor prolong it."""
        state = self._buckets.get(bucket)
        if state is not None and state.blocked_until is not None and now < state.blocked_until:
            return Verdict(limit, 0, _seconds(state.blocked_until - now), allowed=False)
        if state is None or state.blocked_until is not None or now >= state.since + WINDOW:
            state = self._buckets[bucket] = _Bucket(since=now)
        state.hits += 1
        if state.hits > limit:
            state.blocked_until = now + BLOCK
            return refusal_of(limit)
        left = _seconds(state.since + WINDOW - now)
        return Verdict(limit, limit - state.hits, left, allowed=True)


def refusal_of(limit: int) -> Verdict:
    """What a request is told that exceeds the limit."""
    return Verdict(limit, 0, _seconds(BLOCK), allowed=False)


def _seconds(span: timedelta) -> int:
    return ceil(span.total_seconds())
