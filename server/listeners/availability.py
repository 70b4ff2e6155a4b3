"""Forgets what was remembered of days on which something has changed.

Whoever changes a booking does so at once. This is for the process that died before it could, and
for a Redis that was away.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from booking.availability import Effect
from booking.slots import Span
from db.events import EventRow
from db.states import DomainEventKind
from server.listeners.listener import Listener, Surroundings


async def _forget(event: EventRow, around: Surroundings) -> None:
    host = event.facts.get("staff_id")
    booked = event.kind == DomainEventKind.BOOKED
    await around.mirror.forget(
        around.business,
        {UUID(host) if host else None},
        set(_spans(event.facts)),
        Effect.CLAIMED if booked else Effect.FREED,
        now=event.recorded_at,
    )


def _spans(facts: Mapping[str, Any]) -> list[Span]:
    """Where it stands, and where it stood before if that is another time."""
    return [
        Span(*(datetime.fromisoformat(facts[f"{when}{end}_at"]) for end in ("start", "end")))
        for when in ("", "was_")
        if f"{when}start_at" in facts
    ]


forget_days: Final = Listener(
    "availability",
    frozenset(
        {
            DomainEventKind.BOOKED,
            DomainEventKind.BOOKING_FAILED,
            DomainEventKind.MOVED,
            DomainEventKind.CANCELLED,
        }
    ),
    _forget,
)
