"""Ways to find bookings without looking at all of them."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from calcom.sandbox.ranges import Range
from calcom.sandbox.records import Booking


class Shelves:
    """Uids by host and UTC day, and by idempotency key."""

    def __init__(self) -> None:
        self._by_day: dict[tuple[int, date], set[str]] = defaultdict(set)
        self._days_of: dict[str, list[tuple[int, date]]] = {}
        self._key_of: dict[str, str] = {}
        self._keys: set[str] = set()

    def place(self, booking: Booking) -> None:
        """Put a booking where it belongs now."""
        for shelf in self._days_of.pop(booking.uid, ()):
            self._by_day[shelf].discard(booking.uid)
        shelves = [(booking.host_id, day) for day in _days(Range(booking.start, booking.end))]
        for shelf in shelves:
            self._by_day[shelf].add(booking.uid)
        self._days_of[booking.uid] = shelves
        self._keys.discard(self._key_of.pop(booking.uid, ""))
        if booking.idempotency_key is not None:
            self._key_of[booking.uid] = booking.idempotency_key
            self._keys.add(booking.idempotency_key)

    def around(self, host_id: int, around: Range) -> set[str]:
        """Uids of a host's bookings on the days that the range touches."""
        found: set[str] = set()
        for day in _days(around):
            found |= self._by_day.get((host_id, day), set())
        return found

    def holds(self, idempotency_key: str) -> bool:
        """Whether a booking stands under that key."""
        return idempotency_key in self._keys


def _days(around: Range) -> Iterator[date]:
    first, last = around.start.date(), around.end.date()
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
