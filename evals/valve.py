"""A way to a server on this machine that can be shut, as if the server had gone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Self
from urllib.parse import urlsplit, urlunsplit

_CHUNK: Final = 65_536


class Valve:
    """Passes connections on to where an address leads; opened by `before`."""

    def __init__(self, url: str) -> None:
        """Use `before`."""
        self._parts = urlsplit(url)
        self._port = 0
        self._is_shut = False
        self._ends: set[asyncio.StreamWriter] = set()

    @classmethod
    @asynccontextmanager
    async def before(cls, url: str) -> AsyncIterator[Self]:
        """Stand before a server.

        Args:
            url: Its address, with host and port.
        """
        valve = cls(url)
        async with await asyncio.start_server(valve._connect, "127.0.0.1", 0) as listening:
            valve._port = listening.sockets[0].getsockname()[1]
            try:
                yield valve
            finally:
                valve.shut()

    @property
    def url(self) -> str:
        """The same address, but through here."""
        login, at, _ = self._parts.netloc.rpartition("@")
        return urlunsplit(self._parts._replace(netloc=f"{login}{at}127.0.0.1:{self._port}"))

    def shut(self) -> None:
        """Cut every connection, and take no other."""
        self._is_shut = True
        for end in self._ends:
            end.transport.abort()

    def open(self) -> None:
        """Let connections through again."""
        self._is_shut = False

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_shut:
            writer.transport.abort()
            return
        host, port = self._parts.hostname or "127.0.0.1", self._parts.port or 0
        there, back = await asyncio.open_connection(host, port)
        ends = {writer, back}
        self._ends |= ends
        try:
            await asyncio.gather(_pour(reader, back), _pour(there, writer))
        finally:
            self._ends -= ends


async def _pour(source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
    """Until one of both ends goes."""
    try:
        while data := await source.read(_CHUNK):
            into.write(data)
            await into.drain()
    except OSError:
        pass  # whoever waits at the other end sees it
    finally:
        into.close()
