"""One gate for each Cal.com key: asks Redis before each request, and tells it what became of it."""

import asyncio
import logging
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from types import TracebackType
from typing import Final, Self

from redis.asyncio import Redis
from redis.exceptions import RedisError

from booking.gate.alone import Alone
from booking.gate.rules import (
    Admission,
    Answer,
    BreakerOpen,
    BudgetSpent,
    Gauge,
    Outcome,
    Rules,
    Verdict,
    patience_seconds,
)
from booking.gate.shared import Shared
from calcom.errors import CalcomError, NotNow, RateLimited
from calcom.gate import NO_GATE, Gate, Priority

_log = logging.getLogger(__name__)

Observer = Callable[[Admission], None]

_REPORTS_KEPT: Final = 64
_TELL_AGAIN_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Report:
    token: str
    outcome: Outcome
    wait_seconds: float
    at: float


class _KeyGate:
    """Implements `calcom.gate.Gate` for one key."""

    def __init__(
        self, redis: "Redis", name: str, rules: Rules, *, business: str, observe: Observer
    ) -> None:
        self._rules = rules
        self._shared = Shared(redis, name, rules)
        self._alone = Alone(rules, time.monotonic)
        self._owed = 0
        """Requests that left without Redis knowing of them."""
        self._reports: deque[_Report] = deque(maxlen=_REPORTS_KEPT)
        self._telling: asyncio.Task[None] | None = None
        self._business = business
        self._observe = observe

    @asynccontextmanager
    async def admit(self, priority: Priority) -> AsyncIterator[None]:
        """Let one request through, as soon as its share of the budget allows.

        Raises:
            BreakerOpen: Cal.com is down.
            BudgetSpent: It would have to wait for too long.
        """
        token = secrets.token_hex(8)
        was_probe = await self._enter(priority, token) is Verdict.PROBE
        outcome, wait_seconds = Outcome.WITHDRAWN, 0.0
        try:
            yield
            outcome = Outcome.GOOD
        except RateLimited as error:
            outcome, wait_seconds = Outcome.LIMITED, error.retry_after_seconds
            raise
        except CalcomError as error:
            outcome = _outcome(error)
            raise
        finally:
            self._leave(token, outcome, was_probe=was_probe, wait_seconds=wait_seconds)

    async def told(self) -> None:
        """Wait until Redis knows of everything that has become of requests so far."""
        while self._telling and not self._telling.done():
            await asyncio.wait({self._telling})

    async def close(self) -> None:
        """Stop telling."""
        if self._telling:
            self._telling.cancel()
            with suppress(asyncio.CancelledError):
                await self._telling

    async def _enter(self, priority: Priority, token: str) -> Verdict:
        give_up_at = time.monotonic() + patience_seconds(priority)
        while True:
            try:
                answer = await self._ask(priority, token)
            except asyncio.CancelledError:
                # Redis may have made it the probe meanwhile; the others must not wait for that.
                self._report(token, Outcome.WITHDRAWN, 0.0)
                raise
            self._observe(Admission(self._business, priority, answer.verdict, answer.left))
            match answer.verdict:
                case Verdict.BREAKER_OPEN:
                    raise BreakerOpen(retry_after_seconds=answer.wait_seconds)
                case Verdict.BUDGET_SPENT:
                    if time.monotonic() + answer.wait_seconds > give_up_at:
                        raise BudgetSpent(retry_after_seconds=answer.wait_seconds)
                    await asyncio.sleep(answer.wait_seconds)
                case _:
                    return answer.verdict

    async def _ask(self, priority: Priority, token: str) -> Answer:
        owed, self._owed = self._owed, 0
        try:
            answer = await self._shared.enter(priority, token, owed=owed)
        except BaseException as error:
            self._owed += owed
            if not isinstance(error, RedisError):
                raise
            _log.warning("redis_unavailable", extra={"during": "admit", "error": repr(error)})
            answer = self._alone.enter(priority, token)
            self._owed += answer.verdict in _LETS_THROUGH
        else:
            if answer.verdict in _LETS_THROUGH:
                self._alone.sent()
        return answer

    def _leave(self, token: str, outcome: Outcome, *, was_probe: bool, wait_seconds: float) -> None:
        self._alone.leave(token, outcome, was_probe=was_probe, wait_seconds=wait_seconds)
        if was_probe or outcome in {Outcome.OUTAGE, Outcome.LIMITED}:
            self._report(token, outcome, wait_seconds)

    def _report(self, token: str, outcome: Outcome, wait_seconds: float) -> None:
        self._reports.append(_Report(token, outcome, wait_seconds, time.monotonic()))
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        """Tell Redis, behind the caller's back, and again until it has heard."""
        while self._reports:
            report = self._reports[0]
            try:
                if time.monotonic() - report.at < self._rules.outage_seconds:
                    await self._shared.leave(
                        report.token, report.outcome, wait_seconds=report.wait_seconds
                    )
            except RedisError:
                await asyncio.sleep(_TELL_AGAIN_SECONDS)
            else:
                with suppress(IndexError, ValueError):
                    self._reports.remove(report)


class Gates:
    """The gates of all keys. Enter it at start-up, so that it can be closed."""

    def __init__(
        self,
        redis: "Redis",
        *,
        rules: Rules | None = None,
        observe: Observer = lambda _: None,
    ) -> None:
        """`observe` is told of every request at a gate; it must neither wait nor raise."""
        self._redis = redis
        self._rules = rules or Rules()
        self._observe = observe
        self._gates: dict[str, _KeyGate] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for gate in self._gates.values():
            await gate.close()

    def of(self, api_key: str, *, business: str) -> Gate:
        """The gate of a key; businesses with the same key share one. `business` is a slug."""
        name = sha256(api_key.encode()).hexdigest()[:16]
        if (gate := self._gates.get(name)) is None:
            gate = self._gates[name] = _KeyGate(
                self._redis, name, self._rules, business=business, observe=self._observe
            )
        return gate

    async def gauge(self, api_key: str) -> Gauge | None:
        """How the gate of a key stands for all processes; `None` while Redis cannot say."""
        name = sha256(api_key.encode()).hexdigest()[:16]
        try:
            return await Shared(self._redis, name, self._rules).gauge()
        except RedisError:
            return None

    async def told(self) -> None:
        """Wait until Redis knows of everything that has become of requests so far."""
        for gate in self._gates.values():
            await gate.told()


class NoGates:
    """Gates that are always open."""

    def of(self, _api_key: str, *, business: str) -> Gate:  # noqa: ARG002 - a twin of `Gates`
        return NO_GATE

    async def gauge(self, _api_key: str) -> Gauge | None:
        """Nothing is counted."""
        return None


NO_GATES: Final = NoGates()

_LETS_THROUGH: Final = frozenset({Verdict.ADMITTED, Verdict.PROBE})


def _outcome(error: CalcomError) -> Outcome:
    if error.is_outage:
        return Outcome.OUTAGE
    # What was never sent says nothing about Cal.com.
    return Outcome.WITHDRAWN if isinstance(error, NotNow) else Outcome.GOOD
