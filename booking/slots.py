"""Bookable times and how to choose among them. Pure: values in, values out."""

from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from booking.business import EventType


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which an event type can be booked. `start` is an aware UTC instant."""

    event_type: EventType
    start: datetime
    seats_gone: int = field(default=0, compare=False)
    """Of a seated type: the seats that others than we had booked when Cal.com was asked."""

    @property
    def end(self) -> datetime:
        """Exclusive."""
        return self.start + self.event_type.length

    @property
    def parts(self) -> tuple["Slot", ...]:
        """What is booked at Cal.com, one booking each: the phases, or the slot itself."""
        phases = self.event_type.phases
        return tuple(Slot(each.event_type, self.start + each.after) for each in phases) or (self,)

    @property
    def occupied(self) -> "Span":
        """What a slot without phases takes of its host's time, buffers included."""
        before = timedelta(minutes=self.event_type.before_buffer_minutes)
        after = timedelta(minutes=self.event_type.after_buffer_minutes)
        return Span(self.start - before, self.end + after)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time between two aware instants; `end` is exclusive."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end

    def covers(self, instant: datetime) -> bool:
        return self.start <= instant < self.end


def choose(
    slots: Iterable[Slot],
    *,
    near: datetime | None,
    zone: ZoneInfo,
    at_most: int = 3,
    apart: timedelta,
) -> list[Slot]:
    """Pick the slots to offer: those closest to the wish, spread out, the best first.

    Args:
        slots: Everything bookable; several hosts may offer the same start, one of them is kept.
        near: The wished instant; `None` means "as early as possible". First comes what is on its
            day in the same part of the day, then what is close on the clock, then close in days.
        zone: Of the line: days and their parts are local.
        at_most: How many to offer.
        apart: Two offers closer than this help nobody who can make neither; they are passed over
            while there are others.

    Returns:
        At most `at_most` slots with different starts, closest first.
    """
    by_start: dict[datetime, Slot] = {}
    for slot in slots:
        by_start.setdefault(slot.start, slot)
    wished = near and near.astimezone(zone)
    ranked = sorted(by_start.values(), key=lambda slot: (_hours_away(slot, wished), slot.start))
    chosen: list[Slot] = []
    passed_over: list[Slot] = []
    for slot in ranked:
        if len(chosen) == at_most:
            break
        is_near = any(abs(slot.start - other.start) < apart for other in chosen)
        (passed_over if is_near else chosen).append(slot)
    return [*chosen, *passed_over][:at_most]


_PARTS: Final = (12, 18)
"""Hours at which the morning and the afternoon end."""

_ANOTHER_PART: Final = 6.0
"""Hours. As long as a part of the day: one more step on the clock never leaves it too early."""

_ANOTHER_DAY: Final = 4.0
_EACH_DAY: Final = 2.0
"""Hours: the same time tomorrow is closer than another part of today, in a week it is not."""


def _hours_away(slot: Slot, wished: datetime | None) -> float:
    """How far a slot is from a wish, a local instant, in hours that callers would feel."""
    if wished is None:
        return 0.0
    start = slot.start.astimezone(wished.tzinfo)
    hours = abs(start.hour - wished.hour + (start.minute - wished.minute) / 60)
    if bisect(_PARTS, start.hour) != bisect(_PARTS, wished.hour):
        hours += _ANOTHER_PART
    if days := abs((start.date() - wished.date()).days):
        hours += _ANOTHER_DAY + _EACH_DAY * days
    return hours
