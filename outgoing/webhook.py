"""Messages to programs of others, signed so that they know who sends them.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

import httpx

from outgoing.letters import NotSent
from outgoing.targets import TargetRefused

_PREFIX: Final = "whsec_"
_GONE: Final = frozenset(range(400, 500)) - {408, 425, 429}
"""What is refused so will be refused again; the others ask for patience."""


def signed(body: bytes, *, key: UUID, secret: str, now: datetime) -> Mapping[str, str]:
    """The headers that go with a body."""
    at = str(int(now.timestamp()))
    digest = hmac.new(_bytes_of(secret), f"{key}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "content-type": "application/json",
        "webhook-id": str(key),
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


async def post(
    http: httpx.AsyncClient,
    url: str,
    payload: Mapping[str, object],
    *,
    key: UUID,
    secret: str,
    now: datetime,
) -> None:
    """Tell a program something. It knows a repetition by `key`, so this may be tried again.

    Args:
        http: From `outgoing.client`, which asks no address that is not public.
        url: Where.
        payload: `{"type": ..., "timestamp": ..., "data": {...}}`.
        key: Of the message, the same in each attempt.
        secret: Both sides know it; one that begins with `whsec_` is base64, as the standard has it.
        now: When.

    Raises:
        NotSent: It was not taken.
    """
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    headers = signed(body, key=key, secret=secret, now=now)
    try:
        async with http.stream(
            "POST", url, content=body, headers=headers, follow_redirects=False
        ) as answer:
            status = answer.status_code
    except TargetRefused as error:
        raise NotSent(str(error), is_final=True) from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotSent(type(error).__name__, is_final=False) from None
    if not httpx.codes.is_success(status):
        raise NotSent(f"answered {status}", is_final=status in _GONE)


def _bytes_of(secret: str) -> bytes:
    if secret.startswith(_PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            pass  # then it only looks like one
    return secret.encode()
