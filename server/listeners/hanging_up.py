"""Lets go what a call holds once it is over."""

from typing import Final

from db.events import EventRow
from db.states import DomainEventKind
from server.listeners.listener import Listener, Surroundings


async def _let_go(event: EventRow, around: Surroundings) -> None:
    if event.call_id:
        await around.desk.release(around.business, event.call_id, now=around.now)


let_go: Final = Listener("holds", frozenset({DomainEventKind.CALL_ENDED}), _let_go)
