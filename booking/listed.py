"""What Cal.com lists on one local day, and what of it a line offers: worked out once for each day.

Pure. What is kept goes with the day that it is kept by: a new answer of Cal.com's, or a line or an
event type that has changed, is another object, and so nothing kept is ever wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from booking.business import EventType, Line
from booking.hours import within_hours
from booking.phases import whole_slots
from booking.slots import Slot


@dataclass(frozen=True, slots=True)
class _Kept:
    line: Line
    kind: EventType
    phases: Sequence["ListedDay"]
    slots: Sequence[Slot]


class ListedDay:
    """The slots of one event type on one local day, earliest first; compared by identity."""

    __slots__ = ("_kept", "slots")

    def __init__(self, slots: Sequence[Slot]) -> None:
        self.slots = slots
        self._kept: dict[UUID, _Kept] = {}
        """By line."""

    def on(self, line: Line, kind: EventType, phases: Sequence["ListedDay"]) -> Sequence[Slot]:
        """The slots of `kind` within the opening hours, of which every phase is listed.

        Args:
            line: Whose opening hours.
            kind: The event type of this day, or the whole of which it is the first phase.
            phases: Of a whole: the days on which its phases may be listed, this one included.
        """
        kept = self._kept.get(line.id)
        if kept is None or kept.line is not line or kept.kind is not kind or kept.phases != phases:
            slots = self.slots
            if kind.phases:
                listed = (slot for day in phases for slot in day.slots)
                slots = whole_slots(kind, self.slots, listed)
            kept = _Kept(line, kind, phases, within_hours(slots, line))
            self._kept[line.id] = kept
        return kept.slots


Listed = Mapping[UUID, Mapping[date, ListedDay]]
"""By event type and local day; of days without an entry nothing is known."""


def on_line(kind: EventType, line: Line, day: date, listed: Listed) -> Sequence[Slot]:
    """What a line offers on a day of an event type, or of a service of several phases."""
    first = kind.phases[0].event_type if kind.phases else kind
    begins = listed.get(first.id, {}).get(day)
    if begins is None:
        return ()
    if not kind.phases:
        return begins.on(line, kind, ())
    days = [day + timedelta(days=n) for n in range(kind.length.days + 2)]
    phases = [
        known
        for part in dict.fromkeys(phase.event_type.id for phase in kind.phases)
        for each in days
        if (known := listed.get(part, {}).get(each))
    ]
    return begins.on(line, kind, phases)
