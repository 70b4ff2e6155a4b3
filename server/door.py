"""The way of a platform's request to its tools and back, whatever happens in between."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import Response

from booking.business import Business
from server import body, faults, journal, metrics
from server.access import Gate
from server.adapter import Adapter
from server.dispatch import Dispatch
from server.wire import CallRef, ToolRequest, WireError

_log = structlog.get_logger("slotline.door")

_HEADERS: Final = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def envelope(content: bytes, status_code: int = 200, **headers: str) -> Response:
    """A reply envelope as an HTTP answer."""
    return Response(
        content, status_code, headers={**_HEADERS, **headers}, media_type="application/json"
    )


def turned_away(error: WireError, *, platform: str) -> Response:
    """The answer to somebody without a valid credential, with a log line that says why."""
    metrics.refused(platform, faults.reason(error))
    _log.warning("turned_away", status_code=error.status_code, why=error.why)
    return envelope(faults.STRANGER, error.status_code)


class ToolDoor:
    """The tool route of one platform."""

    def __init__(
        self,
        adapter: Adapter,
        *,
        gate: Gate,
        dispatch: Dispatch,
        clock: Callable[[], datetime],
        body_bytes: int,
        body_seconds: float,
    ) -> None:
        self._adapter = adapter
        self._gate = gate
        self._dispatch = dispatch
        self._clock = clock
        self._body_bytes = body_bytes
        self._body_seconds = body_seconds

    async def answer(self, request: Request) -> Response:
        """Answer one HTTP request; never raises."""
        now, arrived = self._clock(), asyncio.get_running_loop().time()
        slug, platform = request.path_params["business"], self._adapter.platform
        with (
            metrics.IN_FLIGHT.track_inprogress(),
            journal.story(business=slug[:_NAME_LOGGED], platform=platform),
        ):
            try:
                raw = await body.read(
                    request, at_most=self._body_bytes, within_seconds=self._body_seconds
                )
                headers = request.headers
                business = await self._gate.admit(
                    slug, lambda secrets: self._adapter.verify(headers, raw, secrets, now)
                )
            except WireError as error:
                return turned_away(error, platform=platform)
            except Exception:  # noqa: BLE001 - a caller waits: whatever broke, say something
                metrics.refused(platform, faults.FAULT)
                _log.exception("fault")
                return envelope(faults.STRANGER)
            return await self._serve(
                business, raw, request.path_params.get("tool"), now=now, arrived=arrived
            )

    async def _serve(
        self, business: Business, raw: bytes, tool: str | None, *, now: datetime, arrived: float
    ) -> Response:
        """Answer somebody whose credential is good."""
        asked: ToolRequest | None = None
        try:
            parsed = self._adapter.parse(raw, tool)
            if parsed.ignored:
                names = sorted(parsed.ignored)[:_NAMES_LOGGED]
                journal.bind(ignored=[name[:_NAME_LOGGED] for name in names])
            replies = []
            for asked in parsed.requests:  # one after the other: a model sends them in order
                journal.bind(**_identity(asked))
                replies.append(await self._dispatch.run(business, asked, now=now, arrived=arrived))
            return envelope(self._adapter.render(replies))
        except WireError as error:
            metrics.refused(self._adapter.platform, faults.reason(error))
            _log.warning("refused", status_code=error.status_code, why=error.why)
            status_code = 200 if self._adapter.always_ok else error.status_code
        except Exception:  # noqa: BLE001 - as above
            metrics.refused(self._adapter.platform, faults.FAULT)
            _log.exception("fault")
            status_code = 200
        call = asked.call if asked else None
        reply = faults.fault(business, call, asked.tool if asked else "", now=now)
        return envelope(self._adapter.render([reply]), status_code)


_NAMES_LOGGED: Final = 20
_NAME_LOGGED: Final = 63
"""How much of what a stranger named goes into a log line: a slug has no more characters."""


def _identity(request: ToolRequest) -> Mapping[str, object]:
    call: CallRef | None = request.call
    return {
        "tool": request.tool,
        "request_id": request.id,
        "platform_call": call.id if call else None,
    }
