"""E-mail, over SMTP."""

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from outgoing.letters import BadAddress, Letter, NotSent, PerhapsSent

_SUBMISSION: Final = 587
_OVER_TLS: Final = 465
_FOR_GOOD: Final = HTTPStatus.INTERNAL_SERVER_ERROR
"""Replies from 500 on are final in SMTP (RFC 5321, 4.2.1); those before may be asked again."""


class Mail:
    """Sends e-mails, each over a connection of its own: there are a few a minute."""

    def __init__(self, url: str, *, timeout_seconds: float = 10.0) -> None:
        """Connect to nothing yet.

        Args:
            url: `smtps://user:password@host?from=desk@example.com`, or `smtp://` for a server that
                speaks TLS only after STARTTLS; with `&tls=never` also to one that does not.
            timeout_seconds: For each step.

        Raises:
            BadAddress: The host or the sender is missing.
        """
        parts = urlsplit(url)
        options = parse_qs(parts.query)
        self._sender = options.get("from", [""])[0].strip()
        if not parts.hostname or "@" not in self._sender:
            raise BadAddress("must be smtps://USER:PASSWORD@host?from=ADDRESS")
        self._host = parts.hostname
        self._is_wrapped = parts.scheme == "smtps"
        self._port = parts.port or (_OVER_TLS if self._is_wrapped else _SUBMISSION)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._may_be_plain = options.get("tls") == ["never"]
        self._timeout_seconds = timeout_seconds

    async def send(self, letter: Letter) -> None:
        """Hand an e-mail over to the server.

        Raises:
            NotSent: The server refused it, or could not be reached.
            PerhapsSent: It did not say whether it took it.
        """
        await asyncio.to_thread(self._send, self._written(letter))

    def _written(self, letter: Letter) -> EmailMessage:
        domain = self._sender.rpartition("@")[2].rstrip(">")
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = formatdate()
        message["Message-ID"] = f"<{letter.key}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"  # so that no robot answers (RFC 3834)
        message.set_content(letter.text)
        return message

    def _send(self, message: EmailMessage) -> None:
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(_why(error), is_final=False) from None
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise NotSent(f"recipient: {codes}", is_final=min(codes) >= _FOR_GOOD) from None
        except smtplib.SMTPResponseException as error:
            is_final = error.smtp_code >= _FOR_GOOD
            raise NotSent(_why(error), is_final=is_final) from None
        except (OSError, smtplib.SMTPException) as error:
            raise PerhapsSent(_why(error)) from None
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        trust = ssl.create_default_context()
        server: smtplib.SMTP
        if self._is_wrapped:
            server = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout_seconds, context=trust
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout_seconds)
        try:
            if not (self._is_wrapped or self._may_be_plain):
                server.starttls(context=trust)
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server


def _why(error: Exception) -> str:
    """What went wrong, without what the server quotes of addresses."""
    code = f" {error.smtp_code}" if isinstance(error, smtplib.SMTPResponseException) else ""
    return f"{type(error).__name__}{code}"
