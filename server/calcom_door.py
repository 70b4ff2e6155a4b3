"""Where Cal.com tells of changes: stored before it is acknowledged, applied after.

Cal.com sends inside the booking request that it is still answering, waits for us without a limit,
and never sends again. So nothing but one INSERT happens before the answer.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import Response

from booking.inbox import Inbox
from calcom import notice
from calcom.signature import HEADER, is_genuine
from server import body, faults, journal, metrics
from server.access import Gate, valid_values
from server.adapter import Secrets
from server.afterwards import Afterwards
from server.door import envelope, turned_away
from server.wire import Refused, Unreadable, WireError

_log = structlog.get_logger("slotline.calcom_door")

PLATFORM: Final = "calcom"
CREDENTIAL: Final = "calcom_webhook_secret"

_KEPT_HEADERS: Final = ("content-type", "user-agent", "x-cal-webhook-version")
_LONGEST_HEADER: Final = 200
_LONGEST_SLUG: Final = 63

_ACCEPTED: Final = b'{"ok":true}'


class CalcomDoor:
    """The route of Cal.com's webhooks."""

    def __init__(
        self,
        *,
        gate: Gate,
        inbox: Inbox,
        afterwards: Afterwards,
        clock: Callable[[], datetime],
        body_bytes: int,
        body_seconds: float,
    ) -> None:
        self._gate = gate
        self._inbox = inbox
        self._afterwards = afterwards
        self._clock = clock
        self._body_bytes = body_bytes
        self._body_seconds = body_seconds

    async def answer(self, request: Request) -> Response:
        """Answer one delivery; never raises."""
        slug = request.path_params["business"]
        with journal.story(business=slug[:_LONGEST_SLUG], platform=PLATFORM):
            try:
                await self._take(request, slug, now=self._clock())
            except WireError as error:
                return turned_away(error, platform=PLATFORM)
            except Exception:  # noqa: BLE001 - whatever broke, it is not stored: say so
                metrics.refused(PLATFORM, faults.FAULT)
                _log.exception("webhook_not_stored")
                return envelope(faults.STRANGER, 503)
            return envelope(_ACCEPTED)

    async def _take(self, request: Request, slug: str, *, now: datetime) -> None:
        raw = await body.read(request, at_most=self._body_bytes, within_seconds=self._body_seconds)
        business = await self._gate.admit(slug, partial(_verify, request.headers, raw))
        try:
            told = notice.read(raw)
        except notice.NotANotice as error:
            raise Unreadable(str(error)) from error
        event = await self._inbox.store(
            business, told, raw, headers=_kept(request.headers), now=now
        )
        _log.info(
            "webhook", kind=told.trigger, event_id=event and event.id, is_new=event is not None
        )
        if event:
            self._afterwards.put(
                lambda: self._inbox.stored.apply_new(business, event, now=self._clock())
            )


def _verify(headers: Mapping[str, str], raw: bytes, secrets: Secrets) -> None:
    if not is_genuine(raw, headers.get(HEADER), valid_values(secrets, CREDENTIAL)):
        raise Refused("the signature is not one of Cal.com's for this business")


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    """What may matter later; no signature."""
    return {name: headers[name][:_LONGEST_HEADER] for name in _KEPT_HEADERS if name in headers}
