"""Puts down the trace of a call that is over: what was said when, and what was found about it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from db import bookings, call_reports, calls, flags
from db.events import EventRow
from db.states import DomainEventKind
from server.listeners.judging import FIRST_LOOK
from server.listeners.listener import Listener, NotYet, Surroundings
from server.traces import CallKey, CallSpan, Score, TurnSpan

_AFTER: Final = FIRST_LOOK + timedelta(seconds=30)
"""When the rules have looked at it."""


async def _trace(event: EventRow, around: Surroundings) -> None:
    if event.call_id is None or not around.traces.is_on:
        return
    if around.now < event.recorded_at + _AFTER:
        raise NotYet(event.recorded_at + _AFTER)
    async with around.database.single(around.business.id) as tx:
        call = await calls.get(tx, id=event.call_id)
        if call is None:
            return  # purged
        turns = await call_reports.turns_of(tx, call_id=call.id)
        made = await bookings.of_call(tx, call_id=call.id)
        raised = await flags.of_call(tx, call_id=call.id)
    key = CallKey(around.business.id, call.platform, call.platform_call_id)
    began = call.started_at.timestamp()
    around.traces.put(
        CallSpan(
            call=key,
            call_id=call.id,
            business=around.business.slug,
            language=call.language,
            ending=call.ending,
            caller=call.caller_number,
            names=[*(booking.attendee_name for booking in made), *names_of(call.memory)],
            started=began,
            ended=(call.ended_at or call.started_at).timestamp(),
            turns=[
                TurnSpan(
                    turn.role,
                    turn.text,
                    began + (turn.starts_at_ms or 0) / 1000,
                    began + (turn.ends_at_ms or turn.starts_at_ms or 0) / 1000,
                )
                for turn in turns
            ],
            scores=[Score(key, "flag", flag.kind.value, str(flag.id)) for flag in raised],
        )
    )


def names_of(memory: Any) -> Iterator[str]:
    """Every name that the call remembers, wherever it stands."""
    match memory:
        case dict():
            for field, value in memory.items():
                if field == "name" and isinstance(value, str):
                    yield value
                else:
                    yield from names_of(value)
        case list():
            for value in memory:
                yield from names_of(value)
        case _:
            pass


trace: Final = Listener("traces", frozenset({DomainEventKind.CALL_ENDED}), _trace)
