"""Time that is taken, and what of a list of slots that leaves. Pure: values in, values out.

Inside, instants are seconds since the epoch: hundreds of slots are asked about for one answer.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from itertools import groupby
from operator import attrgetter
from typing import Final
from uuid import UUID

from booking.business import EventType, EventTypeKind
from booking.slots import Slot, Span

_EVENT_TYPE: Final = attrgetter("event_type")


@dataclass(frozen=True, slots=True)
class Occupied:
    """Time that is claimed: a host's, a seat's, or both."""

    span: Span
    """Buffers included."""
    staff_id: UUID | None
    event_type_id: UUID
    start: datetime
    """Of the appointment, within `span`."""
    seat: int | None = None
    holder: UUID | None = None
    """The booking or its group, the call, or what all seats of a course share."""
    call_id: UUID | None = None
    booking_id: UUID | None = None
    expires_at: datetime | None = None
    """`None` unless it is a hold."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants to know, and when: what is theirs is not in their way."""

    now: datetime
    call_id: UUID | None = None
    holder: UUID | None = None
    """The booking that shall be moved, or its group."""

    def minds(self, taken: Occupied) -> bool:
        """Whether something that is taken is taken from them."""
        if taken.expires_at is not None and (
            taken.expires_at <= self.now
            or (self.call_id is not None and taken.call_id == self.call_id)
        ):
            return False
        return self.holder is None or taken.holder != self.holder


class Occupancy:
    """What is taken, found by host and time and by course. It is never changed."""

    def __init__(self, taken: Iterable[Occupied] = ()) -> None:
        self._of_course: defaultdict[tuple[UUID, datetime], list[Occupied]] = defaultdict(list)
        of_host: defaultdict[UUID, list[Occupied]] = defaultdict(list)
        for each in taken:
            self._of_course[each.event_type_id, each.start].append(each)
            if each.staff_id is not None:
                of_host[each.staff_id].append(each)
        self._hosts = {host: _HostsTime(claims) for host, claims in of_host.items()}

    def free(self, slots: Iterable[Slot], asker: Asker) -> list[Slot]:
        """The slots for which a host and a seat are left, in all of their phases.

        Quick for slots that come by event type, not by time.
        """
        busy = cache(partial(self._busy, asker))
        found: list[Slot] = []
        for kind, group in groupby(slots, key=_EVENT_TYPE):
            if kind.phases:
                found += [s for s in group if all(self.free([part], asker) for part in s.parts)]
            elif kind.kind is EventTypeKind.SEATED:
                found += [slot for slot in group if self._has_seat(slot, asker)]
            else:
                found += _with_host(kind, group, [busy(host.id) for host in kind.performers])
        return found

    def is_taken(self, slot: Slot, *, by_holds: bool) -> bool:
        """Whether our claims are why Cal.com does not list a slot: bookings, or holds as well."""
        hosts = slot.event_type.performers
        return bool(hosts) and all(
            any(by_holds or each.booking_id is not None for each in self._around(host.id, slot))
            for host in hosts
        )

    def seats(self, slot: Slot) -> int:
        """How many seats of a course bookings of ours have taken."""
        course = self._of_course.get((slot.event_type.id, slot.start), ())
        return sum(each.booking_id is not None for each in course)

    def _has_seat(self, slot: Slot, asker: Asker) -> bool:
        kind = slot.event_type
        course = self._of_course.get((kind.id, slot.start), ())
        seated = sum(asker.minds(each) for each in course)
        return seated + slot.seats_gone < kind.capacity and not any(
            asker.minds(each) and each not in course
            for host in kind.performers
            for each in self._around(host.id, slot)
        )

    def _busy(self, asker: Asker, host: UUID) -> "_Stretches":
        time = self._hosts.get(host)
        return time.busy_for(asker) if time else _NEVER

    def _around(self, host: UUID, slot: Slot) -> Iterable[Occupied]:
        time = self._hosts.get(host)
        return time.around(*_seconds(slot.occupied)) if time else ()


class _Stretches:
    """Time that is taken, as few stretches as it can be: ascending, and apart from each other."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, spans: Iterable[tuple[float, float]]) -> None:
        self._starts: list[float] = []
        self._ends: list[float] = []
        for start, end in sorted(spans):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def __iter__(self) -> Iterator[tuple[float, float]]:
        return zip(self._starts, self._ends, strict=True)

    def overlap(self, start: float, end: float) -> bool:
        first = bisect_right(self._ends, start)
        return first < len(self._starts) and self._starts[first] < end


_NEVER: Final = _Stretches(())


class _HostsTime:
    """All claims of one host."""

    __slots__ = ("_booked", "_claims", "_holds", "_longest", "_starts")

    def __init__(self, claims: Iterable[Occupied]) -> None:
        found = sorted(((*_seconds(each.span), each) for each in claims), key=lambda each: each[:2])
        self._claims: Sequence[tuple[float, float, Occupied]] = found
        self._starts = [start for start, _, _ in found]
        self._longest = max(end - start for start, end, _ in found)
        self._holds = [each for each in found if each[2].expires_at is not None]
        self._booked = _Stretches((s, e) for s, e, each in found if each.expires_at is None)

    def busy_for(self, asker: Asker) -> _Stretches:
        """What of it is in somebody's way: bookings are in everybody's, but for their own move."""
        if asker.holder is not None:
            return _Stretches((s, e) for s, e, each in self._claims if asker.minds(each))
        held = [(start, end) for start, end, each in self._holds if asker.minds(each)]
        return _Stretches([*self._booked, *held]) if held else self._booked

    def around(self, start: float, end: float) -> list[Occupied]:
        """The claims that overlap a stretch of time."""
        first = bisect_left(self._starts, start - self._longest)
        last = bisect_left(self._starts, end)
        return [each for _, ends, each in self._claims[first:last] if ends > start]


def _seconds(span: Span) -> tuple[float, float]:
    return span.start.timestamp(), span.end.timestamp()


def _with_host(
    kind: EventType, slots: Iterable[Slot], busy: Sequence[_Stretches]
) -> Iterator[Slot]:
    """The slots at which one of these hosts at least is free."""
    before = 60 * kind.before_buffer_minutes
    after = 60 * (kind.length_minutes + kind.after_buffer_minutes)
    for slot in slots:
        start = slot.start.timestamp()
        for stretches in busy:
            if not stretches.overlap(start - before, start + after):
                yield slot
                break
