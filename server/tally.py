"""What one tool call cost: counted where it happens, told by the call's canonical log line."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import time


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to Cal.com."""

    endpoint: str
    became: str
    started: float
    """Seconds since the epoch."""
    seconds: float


@dataclass(slots=True)
class Tally:
    """Statements between a request and its reply, and the seconds that they took."""

    statements: int = 0
    statement_seconds: float = 0.0
    asked: list[Asked] = field(default_factory=list[Asked])


_current: ContextVar[Tally | None] = ContextVar("tally", default=None)


@contextmanager
def counted() -> Iterator[Tally]:
    """Count what happens inside, in all of its tasks; an outer count includes it."""
    tally, outer = Tally(), _current.get()
    token = _current.set(tally)
    try:
        yield tally
    finally:
        _current.reset(token)
        if outer:
            outer.statements += tally.statements
            outer.statement_seconds += tally.statement_seconds
            outer.asked += tally.asked


def asked(endpoint: str, became: str, seconds: float) -> None:
    """Observe a request to Cal.com that has just ended; for `booking.calendars.Calendars`."""
    if tally := _current.get():
        tally.asked.append(Asked(endpoint, became, time() - seconds, seconds))


def statement(_sql: str, seconds: float) -> None:
    """Observe a statement; for `db.database.Database.connect`."""
    if tally := _current.get():
        tally.statements += 1
        tally.statement_seconds += seconds
