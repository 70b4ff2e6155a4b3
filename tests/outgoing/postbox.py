"""A mail server, aiosmtpd's, that keeps what it is given."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP


@dataclass
class Postbox:
    """The mails it took; `refuses` is what it says to recipients instead, `hangs_up` after DATA."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    refuses: str | None = None
    says: str = "250 OK"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?from=desk@praxis.example&tls=never"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        if self.says == "hang up":
            session.peer_gone = True
            server.transport.abort()
        return self.says


@asynccontextmanager
async def receiving() -> AsyncIterator[Postbox]:
    """Take mails until the context is left."""
    postbox = Postbox()
    listening = await asyncio.get_running_loop().create_server(
        lambda: SMTP(postbox), "127.0.0.1", 0
    )
    async with listening:
        postbox.port = listening.sockets[0].getsockname()[1]
        yield postbox
