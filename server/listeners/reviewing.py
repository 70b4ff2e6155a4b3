"""Has a model read a call that is over, where one is named for it."""

from datetime import timedelta
from typing import Final

from db import calls
from db.events import EventRow
from db.states import DomainEventKind
from server.listeners.judging import FIRST_LOOK, facts_of, keep
from server.listeners.listener import Listener, NotYet, Surroundings
from server.listeners.tracing import names_of

_LATEST: Final = timedelta(minutes=5)
"""Words that come later are judged by the rules alone."""


async def _review(event: EventRow, around: Surroundings) -> None:
    if event.call_id is None or around.reviewer is None:
        return
    over_for = around.now - event.recorded_at
    if over_for < FIRST_LOOK:
        raise NotYet(event.recorded_at + FIRST_LOOK)
    async with around.database.single(around.business.id) as tx:
        facts = await facts_of(tx, event.call_id)
        call = await calls.get(tx, id=event.call_id)
    if facts is None or call is None:
        return  # purged
    if not facts.turns:
        if over_for < _LATEST:
            raise NotYet(event.recorded_at + _LATEST)
        return
    findings = await around.reviewer.review(
        facts, names=list(names_of(call.memory)), language=around.business.language
    )
    await keep(around, event.call_id, findings)


review: Final = Listener("model_review", frozenset({DomainEventKind.CALL_ENDED}), _review)
