"""The way of a platform's tool calls to the tools and back, whatever happens in between."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import structlog
from starlette.responses import Response

from server import faults, journal, metrics
from server.adapter import Adapter
from server.admission import Admitted
from server.dispatch import Dispatch
from server.door import envelope
from server.wire import CallRef, ToolReply, ToolRequest, WireError

_log = structlog.get_logger("slotline.tools")

_NAMES_LOGGED: Final = 20
_NAME_LOGGED: Final = 63
"""How much of what a stranger named goes into a log line."""
_HASH_LETTERS: Final = 32


class ToolAnswers:
    """Answers the tool calls of one platform."""

    def __init__(self, adapter: Adapter, dispatch: Dispatch) -> None:
        self._adapter = adapter
        self._dispatch = dispatch

    async def __call__(self, admitted: Admitted) -> Response:
        """Answer somebody whose credential is good; never raises."""
        adapter = self._adapter
        try:
            parsed = adapter.parse(admitted.raw, admitted.tool)
            if parsed.ignored:
                names = sorted(parsed.ignored)[:_NAMES_LOGGED]
                journal.bind(ignored=[name[:_NAME_LOGGED] for name in names])
            # One after the other: a model sends them in order.
            answers = [
                await self._answer(admitted, self._named(admitted, request))
                for request in parsed.requests
            ]
            status_code = max(status_code for _, status_code in answers)
            return envelope(adapter.render([reply for reply, _ in answers]), status_code)
        except WireError as error:
            status_code = self._refused(error)
        except Exception:  # noqa: BLE001 - a caller waits: whatever broke, say something
            metrics.refused(adapter.platform, faults.FAULT)
            _log.exception("fault")
            status_code = 200
        reply = faults.fault(admitted.business, None, now=admitted.now)
        return envelope(adapter.render([reply]), status_code)

    def _named(self, admitted: Admitted, asked: ToolRequest) -> ToolRequest:
        """Known again when it is replayed, also where the platform gives it no id.

        What is kept and logged is a hash: whoever reads it could else send the request again.
        """
        signature = self._adapter.signed_by and admitted.headers.get(self._adapter.signed_by)
        if asked.id or not signature:
            return asked
        return replace(asked, id=hashlib.sha256(signature.encode()).hexdigest()[:_HASH_LETTERS])

    async def _answer(self, admitted: Admitted, asked: ToolRequest) -> tuple[ToolReply, int]:
        """The reply to one of the requests, and the status that goes with it."""
        business, now = admitted.business, admitted.now
        journal.bind(**_identity(asked))
        try:
            return await self._dispatch.run(business, asked, now=now, arrived=admitted.arrived), 200
        except WireError as error:
            status_code = self._refused(error)
        except Exception:  # noqa: BLE001 - the others of this body must be answered, too
            metrics.refused(self._adapter.platform, faults.FAULT)
            _log.exception("fault")
            status_code = 200
        return faults.fault(business, asked, now=now), status_code

    def _refused(self, error: WireError) -> int:
        """Log why, and tell the status that says so on this platform."""
        metrics.refused(self._adapter.platform, faults.reason(error))
        _log.warning("refused", status_code=error.status_code, why=error.why)
        return 200 if self._adapter.always_ok else error.status_code


def _identity(request: ToolRequest) -> Mapping[str, object]:
    call: CallRef | None = request.call
    return {
        "tool": request.tool,
        "request_id": request.id,
        "platform_call": call.id if call else None,
    }
