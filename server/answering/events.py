"""What platforms tell of calls: stored before it is acknowledged, applied after."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

import structlog
from starlette.responses import Response

from server import faults, metrics
from server.adapter import EventAdapter
from server.admission import Admitted
from server.afterwards import Afterwards
from server.call_events import CallEvents
from server.door import envelope
from server.wire import WireError

_log = structlog.get_logger("slotline.events")

ACCEPTED: Final = b'{"ok":true}'


class EventAnswers:
    """Takes what one platform tells of calls."""

    def __init__(
        self,
        adapter: EventAdapter,
        events: CallEvents,
        *,
        afterwards: Afterwards,
        clock: Callable[[], datetime],
        then: Callable[[Admitted], Awaitable[None]] | None = None,
    ) -> None:
        """`then` is done behind the answer to each event that is new."""
        self._adapter = adapter
        self._events = events
        self._afterwards = afterwards
        self._clock = clock
        self._then = then

    async def __call__(self, admitted: Admitted) -> Response:
        """Answer 200 once an event is stored, 503 if it cannot be; never raises."""
        business, platform = admitted.business, self._adapter.platform
        try:
            told = self._adapter.read(admitted.raw)
            event = told and await self._events.store(
                business, platform, told, admitted.raw, now=admitted.now
            )
        except WireError as error:
            metrics.refused(platform, faults.reason(error))
            _log.warning("refused", status_code=error.status_code, why=error.why)
            return envelope(faults.STRANGER, error.status_code)
        except Exception:  # noqa: BLE001 - whatever broke, it is not stored: have it sent again
            metrics.refused(platform, faults.FAULT)
            _log.exception("event_not_stored")
            return envelope(faults.STRANGER, 503)
        if told:
            _log.info(
                "call_event", kind=told.kind, event_id=event and event.id, is_new=event is not None
            )
        if event:
            self._afterwards.put(
                lambda: self._events.stored.apply_new(business, event, now=self._clock())
            )
            if then := self._then:
                self._afterwards.put(lambda: then(admitted))
        return envelope(ACCEPTED)
