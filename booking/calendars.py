"""Each business's client at Cal.com, over connections that all of them share."""

from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

import httpx

from booking.business import Business
from booking.directory import Directory
from booking.errors import ServiceUnavailable
from booking.gate import NO_GATES, Gates, NoGates
from calcom.client import Client, open_http
from calcom.versions import PINNED
from calcom.wire import Observer, observe_nothing

_CREDENTIAL = "calcom_key"


class Calendars:
    """Hands out Cal.com clients. Enter it once at start-up; leaving it closes the connections."""

    def __init__(
        self,
        directory: Directory,
        *,
        base_url: str,
        gates: Gates | NoGates = NO_GATES,
        transport: httpx.AsyncBaseTransport | None = None,
        observe: Observer = observe_nothing,
    ) -> None:
        """`base_url` serves every business that names none; `transport` is for tests in process."""
        self._directory = directory
        self._base_url = base_url
        self._gates = gates
        self._transport = transport
        self._observe = observe
        self._connections: dict[str, httpx.AsyncClient] = {}
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._open.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._open.__aexit__(kind, error, trace)

    async def of(self, business: Business) -> Client:
        """The client of a business, with its current key.

        Raises:
            ServiceUnavailable: The business has no Cal.com key.
        """
        access = await self._directory.access(business.slug)
        keys = access.secrets.get(_CREDENTIAL) if access else None
        if not keys:
            raise ServiceUnavailable(f"{business.slug} has no {_CREDENTIAL}")
        return Client(
            await self._connection(business.calcom_base_url or self._base_url),
            api_key=keys[0],
            versions=PINNED.with_overrides(business.calcom_versions),
            gate=self._gates.of(keys[0], business=business.slug),
            observe=self._observe,
        )

    async def _connection(self, base_url: str) -> httpx.AsyncClient:
        if (http := self._connections.get(base_url)) is None:
            http = self._connections[base_url] = open_http(base_url, transport=self._transport)
            await self._open.enter_async_context(http)
        return http
