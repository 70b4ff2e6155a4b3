"""Answers of a source that is asked seldom, once at a time, and may be away for a while."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

T = TypeVar("T")

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an answer counts, in seconds."""

    fresh: float
    """Given without asking again."""
    at_once: float
    """Given at once, while the source is asked behind that; older, the source is waited for."""
    usable: float
    """Given while the source is slow or away; older than that, callers see the failure."""
    absent: float
    """That there is nothing under a key, given without asking again."""
    wait: float
    """For the source to answer, before the last known answer is given instead."""
    retry: float
    """Between a failure and the next attempt."""
    most_absent: int
    """How many keys without an answer are remembered, so that guessing cannot fill the memory."""


@dataclass(slots=True)
class _Answer(Generic[T]):
    value: T
    learnt_at: float
    ask_again_at: float


@dataclass(frozen=True, slots=True)
class _Question(Generic[T]):
    task: asyncio.Task[T | None]
    asked_at: float


class LastKnown(Generic[T]):
    """Answers by key. However many ask for the same one at once, the source is asked once."""

    def __init__(
        self,
        ask: Callable[[str], Awaitable[T | None]],
        *,
        away: type[Exception],
        patience: Patience,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Ask nothing yet.

        Args:
            ask: The source; `None` means that there is nothing under this key.
            away: What the source raises when it may answer later.
            patience: How long answers count.
            clock: Monotonic seconds.
        """
        self._ask = ask
        self._away = away
        self._patience = patience
        self._clock = clock
        self._answers: dict[str, _Answer[T]] = {}
        self._absent: dict[str, float] = {}
        """Keys without an answer and until when that counts, oldest first."""
        self._questions: dict[str, _Question[T]] = {}

    async def get(self, key: str) -> T | None:
        """The answer: fresh if it can be had in time, else the last known one.

        Raises:
            Exception: The source's own; of the kind `away` only if nothing usable is known.
        """
        now = self._clock()
        if now < self._absent.get(key, now):
            return None
        answer = self._answers.get(key)
        if answer is not None and now < answer.ask_again_at:
            return answer.value
        question = self._questions.get(key) or self._put_question(key, now)
        if answer is None or now - answer.learnt_at > self._patience.usable:
            return await asyncio.shield(question.task)
        if now - answer.learnt_at < self._patience.at_once:
            return answer.value
        left = question.asked_at + self._patience.wait - now
        await asyncio.wait({question.task}, timeout=max(left, 0))
        if not question.task.done() or isinstance(question.task.exception(), self._away):
            return answer.value
        return question.task.result()

    def forget(self, key: str) -> None:
        """Ask anew next time; what is being asked right now may be old already and is not kept."""
        self._answers.pop(key, None)
        self._absent.pop(key, None)
        self._questions.pop(key, None)

    def _put_question(self, key: str, now: float) -> _Question[T]:
        question = _Question(asyncio.create_task(self._answer(key)), asked_at=now)
        self._questions[key] = question
        question.task.add_done_callback(lambda _: self._learn(key, question))
        return question

    async def _answer(self, key: str) -> T | None:
        value = await self._ask(key)
        before = self._answers.get(key)
        # The same answer stays the same object, and good what others keep by it.
        return before.value if before is not None and before.value == value else value

    def _learn(self, key: str, question: _Question[T]) -> None:
        failed = question.task.cancelled() or question.task.exception() is not None
        if self._questions.get(key) is not question:
            return
        del self._questions[key]
        now = self._clock()
        if failed:
            self._keep_for_now(key, now)
        elif (value := question.task.result()) is None:
            self._answers.pop(key, None)
            self._remember_absent(key, now)
        else:
            self._answers[key] = _Answer(value, question.asked_at, now + self._patience.fresh)

    def _keep_for_now(self, key: str, now: float) -> None:
        if answer := self._answers.get(key):
            answer.ask_again_at = now + self._patience.retry
            _log.warning("last_known_answer", key=key, age_seconds=round(now - answer.learnt_at))

    def _remember_absent(self, key: str, now: float) -> None:
        self._absent.pop(key, None)
        self._absent[key] = now + self._patience.absent
        if len(self._absent) > self._patience.most_absent:
            del self._absent[next(iter(self._absent))]
