"""What a browser sends when somebody presses a button."""

import hmac
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl
from uuid import UUID

from starlette.requests import Request

from server import body
from server.wire import Unreadable

_BYTES: Final = 64 * 1024
_SECONDS: Final = 10.0
_FIELDS: Final = 200

Form = Mapping[str, str]


class Forged(Exception):
    """A form that this console has not given to this browser."""


async def read(request: Request) -> Form:
    """The fields of a form; of several of one name the last.

    Raises:
        TooLarge: More than any form of ours has.
        Unreadable: It is no form.
    """
    raw = await body.read(request, at_most=_BYTES, within_seconds=_SECONDS)
    try:
        fields = parse_qsl(
            raw.decode(), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict"
        )
    except ValueError as error:
        raise Unreadable("the body is no form") from error
    return {name: value.replace("\0", "").strip() for name, value in fields}


def check_origin(request: Request) -> None:
    """Refuse what another site has sent in somebody's name; old browsers do not say.

    Raises:
        Forged: It came from elsewhere.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Forged("the form was sent by another site")


def check_token(form: Form, expected: str) -> None:
    """Refuse a form that does not carry the secret of its session.

    Raises:
        Forged: It does not.
    """
    given = form.get("csrf", "").encode(errors="surrogatepass")
    if not hmac.compare_digest(given, expected.encode()):
        raise Forged("the form carries no token of this session")


def uuid(text: str | None) -> UUID | None:
    """An id that a browser has sent, if it is one."""
    try:
        return UUID(text or "")
    except ValueError:
        return None
