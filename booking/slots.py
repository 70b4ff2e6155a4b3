"""Bookable times and how to choose among them. Pure: values in, values out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from booking.business import EventType, EventTypeKind


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which an event type can be booked. `start` is an aware UTC instant."""

    event_type: EventType
    start: datetime

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
    slots: Iterable[Slot], *, near: datetime | None, at_most: int = 3, apart: timedelta
) -> list[Slot]:
    """Pick the slots to offer: those closest to the wish, spread out, the best first.

    Args:
        slots: Everything bookable; several hosts may offer the same start, one of them is kept.
        near: The wished instant; `None` means "as early as possible".
        at_most: How many to offer.
        apart: Two offers closer than this help nobody who can make neither; they are passed over
            while there are others.

    Returns:
        At most `at_most` slots with different starts, closest first.
    """
    by_start: dict[datetime, Slot] = {}
    for slot in slots:
        by_start.setdefault(slot.start, slot)
    ranked = sorted(by_start.values(), key=lambda slot: _distance(slot, near))
    chosen: list[Slot] = []
    for slot in ranked:
        if all(abs(slot.start - other.start) >= apart for other in chosen):
            chosen.append(slot)
    chosen += [slot for slot in ranked if slot not in chosen]
    return chosen[:at_most]


def _distance(slot: Slot, near: datetime | None) -> tuple[float, datetime]:
    away = abs((slot.start - near).total_seconds()) if near else 0.0
    return (away, slot.start)


@dataclass(frozen=True, slots=True)
class Occupied:
    """Time that is claimed: a host's, a seat's, or both."""

    span: Span
    staff_id: UUID | None
    event_type_id: UUID
    start: datetime
    """Of the appointment, within `span`."""
    seat: int | None = None


def subtract(slots: Sequence[Slot], occupied: Sequence[Occupied]) -> list[Slot]:
    """Leave out the slots for which no host or no seat is left, in any of their phases."""
    return [slot for slot in slots if all(_is_free(part, occupied) for part in slot.parts)]


def _is_free(slot: Slot, occupied: Sequence[Occupied]) -> bool:
    kind = slot.event_type
    hosts = [kind.staff] if kind.staff else kind.hosts
    if kind.kind is not EventTypeKind.SEATED:
        return any(not _busy(host.id, slot, occupied) for host in hosts)
    course = [
        each for each in occupied if (each.event_type_id, each.start) == (kind.id, slot.start)
    ]
    others = [each for each in occupied if each not in course]
    return len(course) < kind.capacity and not any(_busy(host.id, slot, others) for host in hosts)


def _busy(staff_id: UUID, slot: Slot, occupied: Sequence[Occupied]) -> bool:
    return any(each.staff_id == staff_id and each.span.overlaps(slot.occupied) for each in occupied)
