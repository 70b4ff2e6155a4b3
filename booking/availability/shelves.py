"""Days that this process knows, with their slots built: what a cached answer is made of."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from booking.availability.days import Age, Day, Mark
from booking.business import EventType
from booking.listed import ListedDay
from booking.slots import Slot

_MOST_SHELVES: Final = 2_000
_MOST_DAYS: Final = 120
"""Of one shelf: at most some 60 MB in all, for an installation of two thousand event types."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Whose slots: those of one event type in one zone, day by day."""

    business_id: UUID
    event_type_id: UUID
    zone: str
    """IANA name."""


class Shelf:
    """The days of one listing. Each change of a day is counted, so that late answers are known."""

    __slots__ = ("_built", "_generations", "days", "is_failing", "kind", "retry_at", "wanted_at")

    def __init__(self) -> None:
        self.days: dict[date, Day] = {}
        self.is_failing = False
        """Whether Cal.com could not be asked the last time."""
        self.retry_at = 0.0
        """Not before that is it asked again behind an answer: on the event loop's clock."""
        self.wanted_at = 0.0
        """When somebody last asked: seconds since the epoch."""
        self.kind: EventType | None = None
        self._built: dict[date, tuple[Day, ListedDay]] = {}
        self._generations: dict[date, int] = {}

    def generations(self, days: Iterable[date]) -> dict[date, int]:
        """What `put` must be told by whoever begins to look now."""
        return {day: self._generations.get(day, 0) for day in days}

    def put(self, answers: Mapping[date, Day], seen: Mapping[date, int]) -> None:
        """Keep answers; what has changed since `seen` is kept as changed, if at all.

        An older answer never takes the place of a newer one.
        """
        for day, answer in answers.items():
            known = self.days.get(day)
            if known is not None and known.asked_at > answer.asked_at:
                continue
            is_late = self._generations.get(day, 0) != seen[day]
            self.days[day] = answer.marked(Mark.CHANGED) if is_late else answer
        if len(self.days) > _MOST_DAYS:
            for day in sorted(self.days)[: len(self.days) - _MOST_DAYS]:
                del self.days[day]
                self._built.pop(day, None)

    def mark(self, days: Iterable[date], mark: Mark, *, until: float) -> None:
        """Note that something has happened to days; answers asked for after `until` know of it."""
        for day in days:
            self._generations[day] = self._generations.get(day, 0) + 1
            if (known := self.days.get(day)) and known.asked_at <= until:
                self.days[day] = known.marked(mark)

    def age(self, days: Sequence[date], now: datetime) -> Age:
        """Of the worst of these days; `GONE` if one is not known."""
        worst = Age.FRESH
        is_empty = True
        oldest: Day | None = None
        for day in days:
            known = self.days.get(day)
            if known is None:
                return Age.GONE
            worst = max(worst, known.age(now))
            is_empty = is_empty and not known.starts
            if oldest is None or known.asked_at < oldest.asked_at:
                oldest = known
        if is_empty and worst is Age.FRESH and oldest and oldest.is_due_when_empty(now):
            return Age.STALE
        return worst

    def lag(self, days: Iterable[date], now: datetime) -> float:
        """Seconds since the oldest of these days was asked about; endless if one never was."""
        oldest = now.timestamp()
        for day in days:
            known = self.days.get(day)
            if known is None:
                return float("inf")
            oldest = min(oldest, known.asked_at)
        return now.timestamp() - oldest

    def knows_any(self, days: Iterable[date], now: datetime) -> bool:
        """Whether there is something to go by if Cal.com cannot be asked; drops what is too old."""
        for day in [day for day, known in self.days.items() if known.age(now) is Age.GONE]:
            del self.days[day]
        return any(day in self.days for day in days)

    def is_doubted(self, days: Iterable[date]) -> bool:
        """Whether some of these days are from before a suspicious answer."""
        return any((known := self.days.get(d)) and known.doubted_since is not None for d in days)

    def listed(self, kind: EventType, days: Iterable[date]) -> dict[date, ListedDay]:
        """Everything that is known of these days; the same objects while nothing has changed."""
        if self.kind is not kind:  # its length or its hosts may have changed
            self.kind = kind
            self._built.clear()
        found: dict[date, ListedDay] = {}
        for day in days:
            if (known := self.days.get(day)) is None:
                continue
            built = self._built.get(day)
            if built is None or built[0] is not known:
                built = self._built[day] = (known, ListedDay(_build(kind, known)))
            found[day] = built[1]
        return found


class Shelves:
    """Shelves by listing; those that nobody asks for go first."""

    def __init__(self) -> None:
        self._shelves: OrderedDict[Listing, Shelf] = OrderedDict()

    def of(self, listing: Listing) -> Shelf:
        """The shelf of a listing, empty at first."""
        shelf = self._shelves.get(listing)
        if shelf is None:
            shelf = self._shelves[listing] = Shelf()
            while len(self._shelves) > _MOST_SHELVES:
                self._shelves.popitem(last=False)
        return shelf

    def known(self, listing: Listing) -> Shelf | None:
        """The shelf, if there is one already."""
        return self._shelves.get(listing)

    def distrust(self) -> None:
        """Nobody told us what happened for a while: what is known serves only in doubt."""
        for shelf in self._shelves.values():
            shelf.mark(list(shelf.days), Mark.CHANGED, until=float("inf"))


def _build(kind: EventType, day: Day) -> tuple[Slot, ...]:
    return tuple(
        Slot(kind, datetime.fromtimestamp(start, UTC), day.seats_gone.get(start, 0))
        for start in day.starts
    )
