"""Services of several phases: active work with gaps in which the host is free for others.

Cal.com knows no such thing. Each phase is an event type of its own there, one for each host, and
becomes a booking of its own; the caller hears of one appointment. Pure: values in, values out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from booking.business import EventType, Phase, Staff
from booking.slots import Slot


def composed(phases: Sequence[Mapping[str, Any]], kinds: Sequence[EventType]) -> list[EventType]:
    """One event type for each host who performs all phases; its length is the sum of them.

    Args:
        phases: As stored: `{"active_minutes": 40, "gap_minutes": 20, "event_types": [2110, 2120]}`,
            Cal.com's ids, one for each host; the gap follows the work.
        kinds: The event types that Cal.com has for them.
    """
    hosts: dict[UUID, Staff] = {kind.staff.id: kind.staff for kind in kinds if kind.staff}
    wholes = (_whole(phases, [k for k in kinds if k.staff == host]) for host in hosts.values())
    return [whole for whole in wholes if whole is not None]


def _whole(phases: Sequence[Mapping[str, Any]], kinds: Sequence[EventType]) -> EventType | None:
    parts: list[Phase] = []
    begins = timedelta(0)
    for phase in phases:
        kind = next((kind for kind in kinds if kind.calcom_id in phase["event_types"]), None)
        if kind is None:
            return None
        parts.append(Phase(begins, kind))
        begins += kind.length + timedelta(minutes=phase["gap_minutes"])
    first, last = parts[0].event_type, parts[-1]
    ends = last.after + last.event_type.length
    windows = [kind.booking_window_days for kind in kinds if kind.booking_window_days is not None]
    return replace(
        first,
        length_minutes=int(ends.total_seconds() // 60),
        after_buffer_minutes=last.event_type.after_buffer_minutes,
        minimum_notice_minutes=max(kind.minimum_notice_minutes for kind in kinds),
        booking_window_days=min(windows) if windows else None,
        requires_confirmation=any(kind.requires_confirmation for kind in kinds),
        phases=tuple(parts),
        is_linked=all(part.event_type.is_linked for part in parts),
    )


def asked_about(kinds: Iterable[EventType]) -> list[EventType]:
    """The event types to ask Cal.com about in order to know when `kinds` are free."""
    asked: dict[UUID, EventType] = {}
    for kind in kinds:
        for each in [phase.event_type for phase in kind.phases] or [kind]:
            asked.setdefault(each.id, each)
    return list(asked.values())


def whole_slots(kind: EventType, begins: Iterable[Slot], listed: Iterable[Slot]) -> list[Slot]:
    """Slots of a service of several phases, in the order of `begins`.

    Args:
        kind: The whole.
        begins: Where its first phase is listed.
        listed: Where any of its phases is: each must be.
    """
    starts: dict[UUID, set[datetime]] = {}
    for slot in listed:
        starts.setdefault(slot.event_type.id, set()).add(slot.start)
    return [
        whole
        for whole in (Slot(kind, slot.start) for slot in begins)
        if all(part.start in starts.get(part.event_type.id, ()) for part in whole.parts)
    ]
