"""Where a request comes in: within limits, with a credential, and never without an answer."""

from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import Response

from server import faults, journal, metrics
from server.adapter import Verify
from server.admission import Admission, Admitted
from server.wire import WireError

_log = structlog.get_logger("slotline.door")

_HEADERS: Final = {"cache-control": "no-store", "x-content-type-options": "nosniff"}

_LONGEST_SLUG: Final = 63
"""How much of what a stranger named goes into a log line."""

Answer = Callable[[Admitted], Awaitable[Response]]
"""What becomes of a request that was let in; never raises."""


def envelope(content: bytes, status_code: int = 200, **headers: str) -> Response:
    """JSON as an HTTP answer."""
    return Response(
        content, status_code, headers={**_HEADERS, **headers}, media_type="application/json"
    )


def turned_away(error: WireError, *, platform: str) -> Response:
    """The answer to somebody without a valid credential, with a log line that says why."""
    metrics.refused(platform, faults.reason(error))
    _log.warning("turned_away", status_code=error.status_code, why=error.why)
    return envelope(faults.STRANGER, error.status_code)


class Door:
    """One address of one platform."""

    def __init__(
        self,
        platform: str,
        verify: Verify,
        answer: Answer,
        *,
        admission: Admission,
        body_bytes: int,
        fault_status: int = 200,
    ) -> None:
        """Open it.

        Args:
            platform: For log lines and metrics.
            verify: Checks the credential.
            answer: What becomes of a request that is let in.
            admission: Lets requests in.
            body_bytes: The largest body of an honest request.
            fault_status: What says that whoever asks could not even be looked up: 200 where a
                caller waits and the body is spoken, 503 where the sender should try again.
        """
        self._platform = platform
        self._verify = verify
        self._answer = answer
        self._admission = admission
        self._body_bytes = body_bytes
        self._fault_status = fault_status

    async def answer(self, request: Request) -> Response:
        """Answer one HTTP request; never raises."""
        slug = request.path_params["business"][:_LONGEST_SLUG]
        with (
            metrics.IN_FLIGHT.track_inprogress(),
            journal.story(business=slug, platform=self._platform),
        ):
            try:
                admitted = await self._admission.of(request, self._verify, at_most=self._body_bytes)
            except WireError as error:
                return turned_away(error, platform=self._platform)
            except Exception:  # noqa: BLE001 - whatever broke, say something
                metrics.refused(self._platform, faults.FAULT)
                _log.exception("fault")
                return envelope(faults.STRANGER, self._fault_status)
            return await self._answer(admitted)
