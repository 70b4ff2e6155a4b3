"""The gate's state in one process: goes along while Redis is there, and decides while it is not."""

from collections import deque
from collections.abc import Callable

from booking.gate.rules import Answer, Outcome, Rules, Verdict
from calcom.gate import Priority


class Alone:
    """The same decisions as `shared`, by what this process knows, with its share of the budget."""

    def __init__(self, rules: Rules, clock: Callable[[], float]) -> None:
        """`clock` counts monotonic seconds."""
        self._rules = rules
        self._clock = clock
        self._sent: deque[float] = deque(maxlen=rules.requests)
        self._outages: deque[float] = deque(maxlen=rules.outages)
        self._open_until: float | None = None
        self._blocked_until = 0.0
        self._probe: str | None = None
        self._probing_until = 0.0

    def sent(self) -> None:
        """Count a request that Redis has let through."""
        self._sent.append(self._clock())

    def enter(self, priority: Priority, token: str) -> Answer:
        """Decide on one request."""
        now = self._clock()
        while self._sent and self._sent[0] <= now - self._rules.window_seconds:
            self._sent.popleft()
        ceiling = self._rules.ceiling_alone(priority)
        left = max(self._rules.ceiling_alone(Priority.WRITE) - len(self._sent), 0)
        if self._open_until is not None:
            closed_for = self._open_until - now
            if closed_for <= 0:
                closed_for = min(self._probing_until - now, self._rules.news_seconds)
            if closed_for > 0:
                return Answer(Verdict.BREAKER_OPEN, closed_for, left)
        if self._blocked_until > now:
            return Answer(Verdict.BUDGET_SPENT, self._blocked_until - now, 0)
        if len(self._sent) >= ceiling:
            oldest = self._sent[len(self._sent) - ceiling]
            return Answer(Verdict.BUDGET_SPENT, oldest + self._rules.window_seconds - now, left)
        self._sent.append(now)
        if self._open_until is None:
            return Answer(Verdict.ADMITTED, 0.0, left - 1)
        self._probe, self._probing_until = token, now + self._rules.probe_seconds
        return Answer(Verdict.PROBE, 0.0, left - 1)

    def leave(self, token: str, outcome: Outcome, *, was_probe: bool, wait_seconds: float) -> None:
        """Take note of what became of an admitted request, also of one that Redis let through."""
        now = self._clock()
        if was_probe and token == self._probe:
            self._probe, self._probing_until = None, 0.0
        match outcome:
            case Outcome.OUTAGE if was_probe:
                self._open_until = now + self._rules.open_seconds
            case Outcome.OUTAGE if self._open_until is None:
                self._outages.append(now)
                of_late = [at for at in self._outages if at > now - self._rules.outage_seconds]
                if len(of_late) >= self._rules.outages:
                    self._open_until = now + self._rules.open_seconds
                    self._outages.clear()
            case Outcome.LIMITED:
                self._blocked_until = max(self._blocked_until, now + wait_seconds)
        if was_probe and outcome in {Outcome.GOOD, Outcome.LIMITED}:
            self._open_until = None
            self._outages.clear()
