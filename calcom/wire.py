"""One question to Cal.com: within a time limit, through the gate, read into a shape or an error."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Final, TypeVar

import httpx
from pydantic import ValidationError
from tenacity import (
    AsyncRetrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
    wait_random_exponential,
)

from calcom.errors import (
    CalcomError,
    Fault,
    NoAnswer,
    NoTimeLeft,
    OutcomeUnknown,
    ServerFault,
    UnexpectedAnswer,
    Unreachable,
    Where,
)
from calcom.gate import Gate, Priority
from calcom.refusals import read_refusal
from calcom.request import Request, TimeLimits
from calcom.shapes import Answer

_log = logging.getLogger(__name__)

Shaped = TypeVar("Shaped", bound=Answer)

_READ_ATTEMPTS: Final = 3
"""The first two failures are often one and the same restart; a fourth try meets an outage."""

_LONGEST_PAUSE_SECONDS: Final = 0.4

_DIFFERENCES_TOLD: Final = 3

_NOTHING_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


Observer = Callable[[str, str, float], None]
"""Told of each request that was sent: its endpoint with blanks, what became of it, its seconds."""


def observe_nothing(_endpoint: str, _became: str, _seconds: float) -> None:
    """For whoever does not want to know."""


class Wire:
    """Sends requests with one key. Reads are retried while their time lasts, writes never."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        api_key: str,
        gate: Gate,
        limits: TimeLimits,
        reads: Priority,
        observe: Observer,
    ) -> None:
        self._http = http
        self._api_key = api_key
        self._gate = gate
        self._limits = limits
        self._reads = reads
        self._observe = observe

    async def read(
        self,
        request: Request,
        into: type[Shaped],
        timeout_seconds: float | None,
    ) -> Shaped:
        """Ask for something that does not change by asking.

        Raises:
            Refused, NotNow, Fault: See `calcom.errors`.
        """
        allowed = self._limits.read_seconds if timeout_seconds is None else timeout_seconds
        deadline = asyncio.get_running_loop().time() + allowed
        async for attempt in AsyncRetrying(
            stop=stop_after_attempt(_READ_ATTEMPTS) | stop_before_delay(allowed),
            wait=wait_random_exponential(multiplier=0.1, max=_LONGEST_PAUSE_SECONDS),
            retry=retry_if_exception_type((Unreachable, NoAnswer, ServerFault)),
            reraise=True,
        ):
            with attempt:
                return await self._attempt(request, into, priority=self._reads, deadline=deadline)
        raise AssertionError("the last attempt raises")

    async def write(
        self, request: Request, into: type[Shaped], timeout_seconds: float | None
    ) -> Shaped:
        """Ask for a change, once.

        Raises:
            Refused, NotNow: It did not happen.
            OutcomeUnknown: It may have happened.
        """
        allowed = self._limits.write_seconds if timeout_seconds is None else timeout_seconds
        deadline = asyncio.get_running_loop().time() + allowed
        try:
            return await self._attempt(request, into, priority=Priority.WRITE, deadline=deadline)
        except Fault as fault:
            raise OutcomeUnknown(fault) from fault

    async def _attempt(
        self, request: Request, into: type[Shaped], *, priority: Priority, deadline: float
    ) -> Shaped:
        url = request.url
        async with AsyncExitStack() as gate:
            try:
                async with asyncio.timeout_at(deadline):
                    await gate.enter_async_context(self._gate.admit(priority))
            except TimeoutError:
                raise NoTimeLeft("the gate stayed closed", endpoint=str(request)) from None
            with _logged(request, self._observe) as line:
                response = await self._send(request, url, deadline=deadline)
                line["status"] = response.status_code
                line["calcom_request_id"] = response.headers.get("x-request-id")
                return _read(response, into, request)

    async def _send(self, request: Request, url: str, *, deadline: float) -> httpx.Response:
        left = deadline - asyncio.get_running_loop().time()
        where = Where(endpoint=str(request))
        if left <= 0:
            raise NoTimeLeft("there was no time left to ask", **where)
        connect = min(left, self._limits.connect_seconds)
        try:
            async with asyncio.timeout(left):
                return await self._http.request(
                    request.method,
                    url,
                    params={name: str(value) for name, value in request.query.items()} or None,
                    content=request.content,
                    headers=self._headers(request),
                    timeout=httpx.Timeout(left, connect=connect, pool=connect),
                )
        except _NOTHING_SENT as error:
            raise Unreachable(f"no connection: {_named(error)}", **where) from error
        except (TimeoutError, httpx.TimeoutException) as error:
            raise NoAnswer(f"no answer within {left:.2f} s", **where) from error
        except httpx.DecodingError as error:
            raise UnexpectedAnswer("the answer cannot be decoded", **where) from error
        except httpx.HTTPError as error:
            raise NoAnswer(f"the connection broke: {_named(error)}", **where) from error

    def _headers(self, request: Request) -> dict[bytes, bytes]:
        headers = {b"authorization": b"Bearer " + self._api_key.encode()}
        if request.version is not None:
            headers[b"cal-api-version"] = request.version.encode()
        if request.body is not None:
            headers[b"content-type"] = b"application/json"
        return headers


def _read(response: httpx.Response, into: type[Shaped], request: Request) -> Shaped:
    if not response.is_success:
        raise read_refusal(
            response.status_code, response.headers, response.content, endpoint=str(request)
        )
    try:
        return into.model_validate_json(response.content)
    except ValidationError as error:
        # Not chained: pydantic's words quote the values, and among them are secrets.
        raise UnexpectedAnswer(
            _differences(error),
            endpoint=str(request),
            status=response.status_code,
            request_id=response.headers.get("x-request-id"),
        ) from None


def _differences(error: ValidationError) -> str:
    """Where the answer is not of the shape, and how; never what stood there."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    told = "; ".join(
        f"{'.'.join(str(step) for step in each['loc']) or 'body'}: {each['msg']}"
        for each in found[:_DIFFERENCES_TOLD]
    )
    more = len(found) - _DIFFERENCES_TOLD
    return f"another shape than expected: {told}{f' and {more} more' if more > 0 else ''}"


def _named(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()


@contextmanager
def _logged(request: Request, observe: Observer) -> Iterator[dict[str, object]]:
    """One line for each request that was sent; what is known of the answer is put into it."""
    clock = asyncio.get_running_loop().time
    started = clock()
    line: dict[str, object] = {"endpoint": str(request), "became": "cancelled"}
    level = logging.INFO
    try:
        yield line
        line["became"] = "answered"
    except CalcomError as error:
        line["became"] = type(error).__name__
        level = logging.WARNING if error.is_outage else logging.INFO
        raise
    finally:
        seconds = clock() - started
        observe(str(request), str(line["became"]), seconds)
        line["duration_ms"] = round(seconds * 1000, 1)
        _log.log(level, "calcom_request", extra=line)
