"""What a listener is, and what it is handed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from booking.business import Business
from booking.desk import Desk
from booking.mirror import Mirror
from db.database import Database
from db.events import EventRow
from db.states import DomainEventKind
from server.reviewing import Reviewer
from server.traces import NoTraces, Traces


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What listeners work with."""

    database: Database
    business: Business
    mirror: Mirror
    desk: Desk
    traces: Traces | NoTraces
    reviewer: Reviewer | None
    """`None` where no model is named for it."""
    now: datetime


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who is told what happened.

    It is told at least once and, of one booking, in order: so being told again must change
    nothing. What it raises is retried, and touches neither the booking nor other listeners.
    """

    name: str
    """Stored with each delivery: a renamed listener is a new one, and the old one's wait."""
    kinds: frozenset[DomainEventKind]
    hear: Callable[[EventRow, Surroundings], Awaitable[None]]


class NotYet(Exception):
    """A listener cannot tell yet and wants to be told again at `until`. This is no failure."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"not before {until:%Y-%m-%dT%H:%M:%SZ}")
        self.until = until
