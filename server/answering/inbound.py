"""A call begins: what the agent should know before its first word, while the phone still rings."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from starlette.responses import Response

from booking.business import Business
from server import faults, metrics
from server.adapter import InboundAdapter, InboundCall
from server.admission import Admitted
from server.brief import Brief
from server.context import CallerContext, as_texts
from server.door import envelope
from server.wire import WireError

_log = structlog.get_logger("slotline.inbound")

_SECONDS: Final = 1.5
"""Platforms wait 7.5 s at most, and the caller hears it ring meanwhile."""


Brought = Callable[[Business, InboundCall], Awaitable[Brief | None]]
"""The agent that we bring ourselves, where the platform has chosen none."""


class InboundAnswers:
    """Tells one platform of callers."""

    def __init__(
        self, adapter: InboundAdapter, context: CallerContext, *, brought: Brought | None = None
    ) -> None:
        self._adapter = adapter
        self._context = context
        self._brought = brought

    async def __call__(self, admitted: Admitted) -> Response:
        """Answer with what is known, in any case in the platform's shape; never raises."""
        business, now = admitted.business, admitted.now
        try:
            call = self._adapter.parse(admitted.raw)
        except WireError as error:
            metrics.refused(self._adapter.platform, faults.reason(error))
            _log.warning("refused", status_code=error.status_code, why=error.why)
            return envelope(faults.STRANGER, error.status_code)
        try:
            async with asyncio.timeout(_SECONDS):
                told = await self._context.of(business, call.caller, call.line, None, now)
        except Exception:  # noqa: BLE001 - the call must begin, with a stranger if need be
            metrics.refused(self._adapter.platform, faults.FAULT)
            _log.exception("nobody_recognised")
            told = self._context.of_stranger(business, call.line, None, now)
        brief = await self._brief(business, call)
        return envelope(self._adapter.render(call, as_texts(told), brief))

    async def _brief(self, business: Business, call: InboundCall) -> Brief | None:
        if call.agent or self._brought is None:
            return None
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._brought(business, call)
        except Exception:  # noqa: BLE001 - the caller must hear something
            metrics.refused(self._adapter.platform, faults.FAULT)
            _log.exception("no_agent")
            return None
