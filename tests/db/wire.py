"""A wire to PostgreSQL that counts what is sent, freezes, and breaks when it is told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit, urlunsplit


class Wire:
    """Passes bytes on between our connections and PostgreSQL."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._passing = asyncio.Event()
        self._passing.set()
        self._lines: set[asyncio.StreamWriter] = set()
        self.queries: list[str] = []
        """What was sent to PostgreSQL, one entry for each message, that is for each round trip."""
        self.breaks_after: str | None = None
        """The wire breaks once PostgreSQL has answered a message with these words."""
        self.loses: str | None = None
        """The wire breaks instead of passing on a message with these words."""
        self.dead = False
        """Nobody can be reached any more over a new line."""

    def freeze(self) -> None:
        """Pass nothing on, and say nothing about it: a cable that was pulled out."""
        self._passing.clear()

    def thaw(self) -> None:
        self._passing.set()

    async def cut(self) -> None:
        """End every connection, as PostgreSQL's restart does."""
        lines = list(self._lines)
        for line in lines:
            line.close()
        for line in lines:
            with suppress(ConnectionError):
                await line.wait_closed()

    async def connect(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        if self.dead:
            back.close()
            return
        try:
            there, forth = await asyncio.open_connection(self._host, self._port)
        except OSError:
            back.close()
            return
        self._lines |= {back, forth}
        breaking = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._send(here, forth, breaking))
                both.create_task(self._answer(there, back, forth, breaking))
        finally:
            for line in (back, forth):
                line.close()
            self._lines -= {back, forth}

    async def _send(
        self, here: asyncio.StreamReader, forth: asyncio.StreamWriter, breaking: asyncio.Event
    ) -> None:
        """Every message has its length; the first one has no letter in front of it."""
        letter = b""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                length = await here.readexactly(4)
                body = await here.readexactly(int.from_bytes(length) - 4)
                if letter == b"Q":
                    self.queries.append(body[:-1].decode())
                    if self.breaks_after and self.breaks_after in self.queries[-1]:
                        self.breaks_after = None
                        breaking.set()
                    if self.loses and self.loses in self.queries[-1]:
                        self.loses = None
                        breaking.set()
                        break
                await self._passing.wait()
                forth.write(letter + length + body)
                letter = await here.readexactly(1)
        forth.close()

    async def _answer(
        self,
        there: asyncio.StreamReader,
        back: asyncio.StreamWriter,
        forth: asyncio.StreamWriter,
        breaking: asyncio.Event,
    ) -> None:
        with suppress(ConnectionError):
            while answer := await there.read(65536):
                await self._passing.wait()
                if breaking.is_set():
                    break
                back.write(answer)
        back.close()
        forth.close()


@asynccontextmanager
async def wire_to(url: str) -> AsyncIterator[tuple[Wire, str]]:
    """A wire, and the URL of the same database at its other end."""
    parts = urlsplit(url)
    wire = Wire(parts.hostname or "127.0.0.1", parts.port or 5432)
    server = await asyncio.start_server(wire.connect, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        login = (parts.netloc.rpartition("@")[0] + "@").removeprefix("@")
        # The wire reads along: nothing may be encrypted.
        options = "&".join(filter(None, [parts.query, "sslmode=disable", "gssencmode=disable"]))
        netloc = f"{login}127.0.0.1:{port}"
        yield wire, urlunsplit(parts._replace(netloc=netloc, query=options))
        wire.thaw()
        await wire.cut()
