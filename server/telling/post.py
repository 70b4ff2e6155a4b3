"""The ways out: text message, e-mail, the business's program. The first that takes it counts."""

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import httpx

from booking.business import Business
from db.states import Means
from outgoing import Letter, Mail, NotSent, Texts
from outgoing.webhook import post

_log = logging.getLogger(__name__)

SECRET = "webhook_secret"  # noqa: S105 - the name of one
"""The credential with which webhooks are signed."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where somebody can be reached."""

    number: str | None = field(default=None, repr=False)
    """E.164."""
    email: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Writing:
    """What somebody is told."""

    kind: str
    """For programs: `message.confirmed`, `notice.staff`, ..."""
    subject: str = field(repr=False)
    text: str = field(repr=False)
    language: str
    facts: Mapping[str, object] = field(default_factory=dict[str, object], repr=False)
    """For programs."""


@dataclass(frozen=True, slots=True)
class _Way:
    means: Means
    go: Callable[[UUID], Awaitable[None]]


class NoWayOut(Exception):
    """Nobody took it: each way out is missing, or refused it."""

    def __init__(self, *, is_final: bool) -> None:
        super().__init__("no way out")
        self.is_final = is_final
        """Whether all of them would refuse it again."""


Noted = Callable[[], Awaitable[UUID | None]]
"""Notes an attempt before it is made; its key, or `None` if none may be made."""


class Post:
    """Sends what was written. Built once; a way out that is not configured is not tried."""

    def __init__(self, *, texts: Texts | None, mail: Mail | None, http: httpx.AsyncClient) -> None:
        """`http` asks no address that is not public; see `outgoing`."""
        self._texts = texts
        self._mail = mail
        self._http = http

    async def send(
        self,
        business: Business,
        secrets: Mapping[str, Sequence[str]],
        recipient: Recipient,
        writing: Writing,
        *,
        key: UUID,
        begin: Noted,
        undo: Callable[[UUID], Awaitable[None]],
        now: datetime,
    ) -> Means | None:
        """Send by the first way that takes it.

        Args:
            business: In whose name.
            secrets: Its credentials.
            recipient: Who is told.
            writing: What.
            key: Of the message, for programs that are told again.
            begin: Notes an attempt, committed, before it is made.
            undo: Notes that it came to nothing for certain.
            now: When.

        Returns:
            By what it went; `None` if `begin` said that it may not be sent any more.

        Raises:
            NoWayOut: Nobody took it.
            PerhapsSent: An attempt was made, and nobody knows what came of it.
        """
        is_final = True
        for way in self._ways(business, secrets, recipient, writing, key=key, now=now):
            attempt = await begin()
            if attempt is None:
                return None
            try:
                await way.go(attempt)
            except NotSent as error:
                _log.warning("not_sent", extra={"means": way.means, "why": str(error)})
                await undo(attempt)
                is_final = is_final and error.is_final
            else:
                return way.means
        raise NoWayOut(is_final=is_final)

    def _ways(
        self,
        business: Business,
        secrets: Mapping[str, Sequence[str]],
        recipient: Recipient,
        writing: Writing,
        *,
        key: UUID,
        now: datetime,
    ) -> Iterator[_Way]:
        texts, number = self._texts, recipient.number
        if texts and number:
            yield _Way(
                Means.SMS,
                lambda attempt: texts.send(Letter(attempt, number, writing.subject, writing.text)),
            )
        mail, address = self._mail, recipient.email
        if mail and address:
            yield _Way(
                Means.EMAIL,
                lambda attempt: mail.send(Letter(attempt, address, writing.subject, writing.text)),
            )
        url, secret = business.reach.webhook, next(iter(secrets.get(SECRET, ())), None)
        if url and secret:
            payload = _payload(business, recipient, writing, now=now)
            yield _Way(
                Means.WEBHOOK,
                lambda _: post(self._http, url, payload, key=key, secret=secret, now=now),
            )


def _payload(
    business: Business, recipient: Recipient, writing: Writing, *, now: datetime
) -> dict[str, object]:
    return {
        "type": writing.kind,
        "timestamp": now.isoformat(),
        "data": {
            "business": business.slug,
            "to": {"number": recipient.number, "email": recipient.email},
            "language": writing.language,
            "subject": writing.subject,
            "text": writing.text,
            **writing.facts,
        },
    }
