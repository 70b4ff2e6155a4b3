"""Flags what a human should look at, unless whoever found it has done so.

An ordinary refusal during a call is none of it.
"""

from typing import Final
from uuid import uuid4

from db import bookings, flags
from db.events import EventRow
from db.states import DomainEventKind, FlagKind, Severity
from server.listeners.listener import Listener, Surroundings


async def _flag(event: EventRow, around: Surroundings) -> None:
    async with around.database.transaction(around.business.id) as tx:
        booking = await bookings.get(tx, id=event.booking_id) if event.booking_id else None
        kinds: list[FlagKind] = []
        if event.kind is DomainEventKind.INCONSISTENCY_FOUND:
            kinds.append(FlagKind.SYNC_FAILURE)
        if event.kind is DomainEventKind.BOOKING_FAILED and event.facts.get("unheard"):
            kinds.append(FlagKind.WISH_NOT_MET)
        is_flagged = booking and await flags.of_booking(tx, booking_id=booking.id)
        if booking and booking.needs_attention and not (kinds or is_flagged):
            kinds.append(FlagKind.NEEDS_ATTENTION)
        for kind in kinds:
            await flags.raise_flag(
                tx,
                id=uuid4(),
                kind=kind,
                severity=Severity.WARNING,
                call_id=event.call_id,
                booking_id=event.booking_id,
                note=event.facts.get("failure"),
                now=around.now,
            )


flag: Final = Listener(
    "flags", frozenset(DomainEventKind) - {DomainEventKind.CALENDAR_EVENT_RECEIVED}, _flag
)
