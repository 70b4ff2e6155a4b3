"""Counts what happened."""

from typing import Final

from db.events import EventRow
from db.states import DomainEventKind
from server import worker_metrics
from server.listeners.listener import Listener, Surroundings


async def _count(event: EventRow, _: Surroundings) -> None:
    worker_metrics.happened(event.kind)


count: Final = Listener("metrics", frozenset(DomainEventKind), _count)
