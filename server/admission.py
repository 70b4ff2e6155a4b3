"""How a request comes in at every door: its bytes within limits, its sender by credential."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from booking.business import Business
from server import body
from server.access import Gate
from server.adapter import Verify


@dataclass(frozen=True, slots=True)
class Admitted:
    """A request whose sender may speak for the business."""

    business: Business
    raw: bytes
    headers: Mapping[str, str]
    now: datetime
    """When it arrived, on the calendar's clock."""
    arrived: float
    """The same on the event loop's, in seconds."""
    tool: str | None
    """The tool that the path names, if it does."""


class Admission:
    """Lets requests in. One is built at start-up and serves all doors."""

    def __init__(self, gate: Gate, *, clock: Callable[[], datetime], body_seconds: float) -> None:
        self._gate = gate
        self._clock = clock
        self._body_seconds = body_seconds

    async def of(self, request: Request, verify: Verify, *, at_most: int) -> Admitted:
        """Read a request's body, `at_most` bytes of it, and check whose it is.

        Raises:
            WireError: It is too large, breaks off, or shows no valid credential.
            TimeoutError: The business could not be looked up in time.
            DatabaseUnavailable: It could not be looked up at all.
        """
        now, arrived = self._clock(), asyncio.get_running_loop().time()
        raw = await body.read(request, at_most=at_most, within_seconds=self._body_seconds)
        path, headers = request.path_params, request.headers
        business = await self._gate.admit(
            path["business"], lambda secrets: verify(headers, raw, secrets, now)
        )
        return Admitted(business, raw, headers, now, arrived, path.get("tool"))
