"""What goes over the wire to the model in one call: counted, tried again, and kept."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2
from tenacity import (
    AsyncRetrying,
    retry_if_exception,
    retry_if_result,
    stop_after_attempt,
    wait_exponential_jitter,
)

from evals.ruler import tokens_of_messages, tokens_of_tools

_ATTEMPTS: Final = 5
_BUSY: Final = frozenset({408, 429, 500, 502, 503, 504})
_LONGEST_PAUSE_SECONDS: Final = 20.0
_SERVED: Final = re.compile(rb'"(model|system_fingerprint)": ?"([^"]+)"')


@dataclass(slots=True)
class Round:
    """One message of the model."""

    asked: dict[str, Any]
    """The request's body."""
    body: bytearray = field(default_factory=bytearray)
    """What was answered, as far as it was read."""

    @property
    def prompt_ruler(self) -> int:
        return tokens_of_messages(self.asked["messages"])

    @property
    def tools_ruler(self) -> int:
        return tokens_of_tools(self.asked.get("tools", ()))


class NotRecorded(httpx2.TransportError):
    """A recording is asked what it has not heard: to ask again is in vain."""


class Watch(httpx2.AsyncBaseTransport):
    """Stands between one call's model and its server; the server's connections outlive it."""

    def __init__(self, to: httpx2.AsyncBaseTransport) -> None:
        self.rounds: list[Round] = []
        self.retries = 0
        self.troubles: list[str] = []
        """Why the server gave no answer at all, whenever that was so."""
        self._to = to

    @property
    def served_by(self) -> list[str]:
        """Which model the server said it was, with its fingerprint."""
        found = {_served(bytes(each.body)) for each in self.rounds}
        return sorted(found - {""})

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Ask, again if the server is busy."""
        this = Round(json.loads(await request.aread()))
        self.rounds.append(this)
        try:
            response = await self._patiently(request)
        except httpx2.TransportError as error:
            self.troubles.append(f"{type(error).__name__}: {error}")
            raise
        if response.is_error:
            self.troubles.append(f"HTTP {response.status_code}")
        else:
            response.stream = Tee(response.stream, this.body)
        return response

    async def _patiently(self, request: httpx2.Request) -> httpx2.Response:
        attempts = AsyncRetrying(
            retry=retry_if_exception(_may_pass) | retry_if_result(_is_busy),
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_exponential_jitter(multiplier=0.5, max=_LONGEST_PAUSE_SECONDS),
            retry_error_callback=lambda state: state.outcome and state.outcome.result(),
            before_sleep=lambda _: self._count_retry(),
        )
        response: httpx2.Response = await attempts(self._to.handle_async_request, request)
        return response

    def _count_retry(self) -> None:
        self.retries += 1


class Tee(httpx2.AsyncByteStream):
    """An answer that is read by its reader, and kept."""

    def __init__(self, stream: object, into: bytearray) -> None:
        if not isinstance(stream, httpx2.AsyncByteStream):
            raise TypeError("only an asynchronous answer can be read")
        self._stream = stream
        self._into = into

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            self._into += part
            yield part

    async def aclose(self) -> None:
        """Close what is read from."""
        await self._stream.aclose()


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, httpx2.TransportError) and not isinstance(error, NotRecorded)


def _is_busy(response: httpx2.Response) -> bool:
    return response.status_code in _BUSY


def _served(body: bytes) -> str:
    found = {name: value.decode() for name, value in _SERVED.findall(body)}
    return " ".join(found[name] for name in (b"model", b"system_fingerprint") if name in found)
