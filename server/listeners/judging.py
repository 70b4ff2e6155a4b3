"""Holds a call that is over against the rules of `calls.flags`, and keeps what they find.

What platforms tell of a call arrives in pieces, for some of them a minute after its end. A call is
judged once its words are there; one whose words never come is judged by its tool calls alone.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from calls.flags import Asked, CallFacts, Finding, found_in
from calls.report import Said
from db import bookings, call_reports, calls, flags
from db.bookings import BookingRow
from db.calls import CallRow, ToolCallRow
from db.events import EventRow
from db.states import DomainEventKind
from db.transaction import Transaction
from server.dispatch import MARGIN_SECONDS
from server.listeners.listener import Listener, NotYet, Surroundings
from tools.catalogue import TOOLS

FIRST_LOOK: Final = timedelta(minutes=1)
"""By then analyses have come, and everything behind the last reply is written."""
_LATER: Final = (timedelta(minutes=5), timedelta(minutes=30))
"""Platforms repeat an event that we could not take for about so long."""


async def _judge(event: EventRow, around: Surroundings) -> None:
    """Raise the flags of a call.

    Raises:
        NotYet: Its words may be on their way.
    """
    if event.call_id is None:
        return
    over_for = around.now - event.recorded_at
    if over_for < FIRST_LOOK:
        raise NotYet(event.recorded_at + FIRST_LOOK)
    async with around.database.single(around.business.id) as tx:
        facts = await facts_of(tx, event.call_id)
    if facts is None:
        return  # purged
    for later in _LATER:
        if not facts.turns and over_for < later:
            raise NotYet(event.recorded_at + later)
    await keep(around, event.call_id, found_in(facts))


async def facts_of(tx: Transaction, call_id: UUID) -> CallFacts | None:
    """What the rules want to know of a call; `None` if there is none of this id."""
    call = await calls.get(tx, id=call_id)
    if call is None:
        return None
    asked = await calls.tool_calls_of(tx, call_id=call_id)
    made = {row.created_at: row for row in await bookings.of_call(tx, call_id=call_id)}
    turns = await call_reports.turns_of(tx, call_id=call_id)
    length = call.ended_at - call.started_at if call.ended_at else None
    return CallFacts(
        turns=[Said(row.role, row.text, row.starts_at_ms, row.ends_at_ms) for row in turns],
        tools=[_asked(row, call, made) for row in asked],
        is_hidden=call.caller_number is None,
        ending=call.ending,
        sentiment=call.sentiment,
        length_ms=None if length is None else _milliseconds(length),
    )


async def keep(around: Surroundings, call_id: UUID, findings: Sequence[Finding]) -> None:
    """Raise a flag for each; what has been looked at before stays so."""
    async with around.database.transaction(around.business.id) as tx:
        for finding in findings:
            await flags.raise_flag(
                tx,
                id=uuid4(),
                kind=finding.kind,
                severity=finding.severity,
                call_id=call_id,
                booking_id=finding.booking_id,
                note=finding.note,
                now=around.now,
                at_ms=finding.at_ms,
            )


def _asked(row: ToolCallRow, call: CallRow, made: dict[datetime, BookingRow]) -> Asked:
    booking = made.get(row.started_at)
    tool = TOOLS.get(row.tool)
    return Asked(
        tool=row.tool,
        status=row.status,
        ok=row.ok,
        at_ms=max(_milliseconds(row.started_at - call.started_at), 0),
        took_ms=row.duration_ms,
        deadline_ms=(tool.seconds - MARGIN_SECONDS) * 1000 if tool else float("inf"),
        arguments=json.dumps(row.arguments, sort_keys=True),
        booking_id=booking.id if booking else None,
    )


def _milliseconds(stretch: timedelta) -> int:
    return round(stretch / timedelta(milliseconds=1))


judge: Final = Listener("call_flags", frozenset({DomainEventKind.CALL_ENDED}), _judge)
