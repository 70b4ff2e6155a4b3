"""What the gate goes by, and what it says."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from calcom.errors import NotNow, RateLimited
from calcom.gate import Priority

_SHARES: Final = {Priority.WRITE: 1.0, Priority.READ: 0.9, Priority.BACKGROUND: 0.5}
"""How much of the budget may be spent before a request of this kind has to stand back."""

_PATIENCE_SECONDS: Final = {Priority.WRITE: 0.5, Priority.READ: 0.3, Priority.BACKGROUND: 3.0}
"""Who is on the phone rather hears the last known slots, or that the wish is noted down."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How many requests may leave, and when to stop asking at all."""

    requests: int = 120
    """With one key in any minute; Cal.com's support grants more."""
    window_seconds: float = 61.0
    """Cal.com counts sixty from the first request on and blocks the key for sixty more. Nobody here
    knows when its window began, so the limit holds in every window; the last second is for requests
    that take longer to get there than others."""
    outages: int = 5
    """So many of them within `outage_seconds` and nobody asks for `open_seconds`."""
    outage_seconds: float = 60.0
    open_seconds: float = 30.0
    probe_seconds: float = 25.0
    """For the one request that finds out: longer than any may take, so that only a process that
    died lets it expire."""
    news_seconds: float = 2.0
    """After which others ask what that request has found out: most know by then."""
    share_alone: float = 0.25
    """Of the budget for a process that cannot know what the others spend."""

    def ceiling(self, priority: Priority) -> int:
        """How much may be spent at most for a request of this kind to be let through."""
        return max(1, int(self.requests * _SHARES[priority]))

    def ceiling_alone(self, priority: Priority) -> int:
        """The same for a process on its own."""
        return max(1, int(self.ceiling(priority) * self.share_alone))


def patience_seconds(priority: Priority) -> float:
    """How long a request of this kind may wait for its share of the budget."""
    return _PATIENCE_SECONDS[priority]


class Verdict(StrEnum):
    """What the gate says to one request."""

    ADMITTED = "admitted"
    PROBE = "probe"
    """Admitted, as the only one: what becomes of it decides for all."""
    BREAKER_OPEN = "breaker_open"
    BUDGET_SPENT = "budget_spent"


class Outcome(StrEnum):
    """What became of an admitted request, as far as the gate is concerned."""

    GOOD = "good"
    """Cal.com is well, whether it agreed or refused."""
    OUTAGE = "outage"
    LIMITED = "limited"
    """Cal.com says itself that the budget is spent: somebody else asks with our key."""
    WITHDRAWN = "withdrawn"
    """Nobody waited for it any longer, or it was never sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict, and what goes with it."""

    verdict: Verdict
    wait_seconds: float
    """Until another attempt makes sense; 0 if admitted."""
    left: int
    """Of the budget."""


@dataclass(frozen=True, slots=True)
class Admission:
    """One request at the gate, for whoever counts them."""

    business: str
    """The slug of the first business that used this key."""
    priority: Priority
    verdict: Verdict
    left: int
    """Requests that may still leave in this minute."""


@dataclass(frozen=True, slots=True)
class Gauge:
    """How the gate of a key stands, for people."""

    left: int
    """Requests that may still leave in this minute."""
    limit: int
    open_seconds: float
    """For how long nobody will ask Cal.com; 0 while it is well."""
    is_probing: bool
    """One request is finding out whether it is well again."""


class BreakerOpen(NotNow):
    """Cal.com has failed too often; until somebody has found it well again nobody asks."""

    def __init__(self, *, retry_after_seconds: float) -> None:
        super().__init__("Cal.com is not asked while it is down")
        self.retry_after_seconds = retry_after_seconds


class BudgetSpent(RateLimited):
    """As many requests as are allowed, or as this kind of request may use, have left already."""

    def __init__(self, *, retry_after_seconds: float) -> None:
        super().__init__("the budget of requests is spent", retry_after_seconds=retry_after_seconds)
