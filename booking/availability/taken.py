"""What is taken of a business' time, kept in this process: a cached answer needs no statement.

The authority stays the constraint in the database. What is not yet known here costs an offer that
is refused when it is held.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from booking.occupancy import Asker, Occupancy, Occupied
from booking.slots import Slot, Span
from db import occupancy
from db.database import Database
from db.occupancy import OccupiedRow

KEPT_SECONDS: Final = 60.0
"""Should news ever be lost, what it said is seen after that."""

_MOST_BUSINESSES: Final = 256
_WEEK: Final = timedelta(days=7)
_EPOCH: Final = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken in some weeks. It is never changed: something new makes a new one."""

    weeks: range
    since: float
    """On a monotonic clock, in seconds: when it was looked up."""
    occupancy: Occupancy = field(default_factory=Occupancy)
    expected: dict[UUID, dict[UUID, Span]] = field(default_factory=dict[UUID, dict[UUID, Span]])
    """When each customer is expected, by booking."""

    def free(
        self, slots: Iterable[Slot], asker: Asker, *, customer_id: UUID | None, moving: UUID | None
    ) -> list[Slot]:
        """What is left of slots for a call, whose customer cannot be in two places."""
        left = self.occupancy.free(slots, asker)
        if customer_id is None or not (expected := self.expected.get(customer_id)):
            return left
        elsewhere = [span for booking, span in expected.items() if booking != moving]
        return [
            slot
            for slot in left
            if not any(span.overlaps(Span(slot.start, slot.end)) for span in elsewhere)
        ]


class TakenTime:
    """Looks up what is taken, and remembers it until it hears that something has changed."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` counts seconds."""
        self._db = database
        self._clock = clock
        self._known: OrderedDict[UUID, Taken] = OrderedDict()
        self._versions: dict[UUID, int] = {}
        self.hears = False
        """Whether news of other processes reaches this one; if not, nothing is remembered."""

    async def within(self, business_id: UUID, span: Span) -> Taken:
        """Everything that is taken within a span.

        Raises:
            DatabaseError: It had to be looked up, and could not be.
        """
        weeks = range(_week(span.start), _week(span.end) + 1)
        known = self._known.get(business_id)
        if known and self._is_good(known) and weeks[0] in known.weeks and weeks[-1] in known.weeks:
            return known
        if known and self._is_good(known):
            weeks = range(min(weeks[0], known.weeks[0]), max(weeks[-1], known.weeks[-1]) + 1)
        version, since = self._versions.get(business_id, 0), self._clock()
        async with self._db.single(business_id) as tx:
            rows = await occupancy.between(
                tx, start=_EPOCH + weeks[0] * _WEEK, end=_EPOCH + (weeks[-1] + 1) * _WEEK
            )
        found = _taken(weeks, since, rows)
        if self.hears and self._versions.get(business_id, 0) == version:
            self._known[business_id] = found
            self._known.move_to_end(business_id)
            while len(self._known) > _MOST_BUSINESSES:
                self._known.popitem(last=False)
        return found

    def forget(self, business_id: UUID) -> None:
        """Something was taken or let go; what is being looked up right now may miss it."""
        self._versions[business_id] = self._versions.get(business_id, 0) + 1
        self._known.pop(business_id, None)

    def distrust(self) -> None:
        """Nobody told us what happened for a while."""
        for business_id in list(self._known):
            self.forget(business_id)

    def _is_good(self, known: Taken) -> bool:
        return self.hears and self._clock() - known.since < KEPT_SECONDS


def _taken(weeks: range, since: float, rows: Iterable[OccupiedRow]) -> Taken:
    expected: dict[UUID, dict[UUID, Span]] = {}
    claims: list[Occupied] = []
    for row in rows:
        span = Span(row.starts, row.ends)
        if row.customer_id is not None:
            expected.setdefault(row.customer_id, {})[row.id] = span
            continue
        claims.append(
            Occupied(
                span=span,
                staff_id=row.staff_id,
                event_type_id=row.event_type_id,
                start=row.starts_at,
                seat=row.number,
                holder=row.holder,
                call_id=row.call_id,
                booking_id=row.booking_id,
                expires_at=row.expires_at,
            )
        )
    return Taken(weeks, since, Occupancy(claims), expected)


def _week(instant: datetime) -> int:
    return (instant - _EPOCH) // _WEEK
