"""Text messages, through whoever speaks Twilio's Messages API.

Source: https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
"""

from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

import httpx

from outgoing.letters import BadAddress, Letter, NotSent, PerhapsSent

_VERSION: Final = "2010-04-01"
_SERVICE: Final = "MG"
"""How the ids of messaging services begin, which choose a sender themselves."""
_LATER: Final = frozenset({httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE})
"""Said before anything is done."""


class Texts:
    """Sends text messages. Close it when done."""

    def __init__(self, url: str, *, timeout_seconds: float = 10.0) -> None:
        """Connect to nothing yet.

        Args:
            url: `https://ACCOUNT:TOKEN@api.twilio.com?from=%2B493012345`; the sender is a number, a
                name or the id of a messaging service.
            timeout_seconds: For an answer.

        Raises:
            BadAddress: The account, the token or the sender is missing.
        """
        parts = urlsplit(url)
        sender = parse_qs(parts.query).get("from", [""])[0].strip()
        if not (parts.username and parts.password and parts.hostname and sender):
            raise BadAddress("must be https://ACCOUNT:TOKEN@host?from=SENDER")
        account = unquote(parts.username)
        host = parts.netloc.rpartition("@")[2]
        base = f"{parts.scheme}://{host}{parts.path.rstrip('/')}"
        self._messages = f"{base}/{_VERSION}/Accounts/{account}/Messages.json"
        self._sender = {"MessagingServiceSid" if sender.startswith(_SERVICE) else "From": sender}
        self._http = httpx.AsyncClient(
            auth=(account, unquote(parts.password)),
            timeout=timeout_seconds,
            trust_env=False,
            headers={"user-agent": "slotline"},
        )

    async def aclose(self) -> None:
        await self._http.aclose()

    async def send(self, letter: Letter) -> None:
        """Hand a message over; the subject is not sent.

        Raises:
            NotSent: The provider refused it, or could not be reached.
            PerhapsSent: It did not answer.
        """
        form = {"To": letter.to, "Body": letter.text, **self._sender}
        try:
            answer = await self._http.post(self._messages, data=form)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise NotSent(type(error).__name__, is_final=False) from None
        except httpx.HTTPError as error:
            raise PerhapsSent(type(error).__name__) from None
        if answer.is_success:
            return
        why = f"answered {answer.status_code}{_code(answer)}"
        if answer.status_code in _LATER:
            raise NotSent(why, is_final=False)
        if answer.is_server_error:
            raise PerhapsSent(why)
        raise NotSent(why, is_final=True)


def _code(answer: httpx.Response) -> str:
    """The provider's own number for what is wrong, if it tells one."""
    try:
        code = answer.json()["code"]
    except (ValueError, KeyError, TypeError):
        return ""
    return f", code {code}" if isinstance(code, int) else ""
