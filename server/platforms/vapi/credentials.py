"""Vapi's credentials: a secret in a header, or a signature that is made with it.

Source: https://docs.vapi.ai/, "Server authentication"; OpenAPI `HMACAuthenticationPlan`, with its
defaults. Whether the timestamp counts seconds or milliseconds is not documented.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from server.access import check_bearer, same, valid_values
from server.adapter import Secrets
from server.wire import Refused

TOLERANCE = timedelta(minutes=5)
"""Between the signature's clock and ours, in both directions."""

CREDENTIAL = "vapi_secret"

_STAMP = re.compile(r"[0-9]{9,14}")
_MILLISECONDS_FROM = 100_000_000_000
"""As seconds that is the year 5138, as milliseconds 1973."""


def verify(headers: Mapping[str, str], body: bytes, secrets: Secrets, now: datetime) -> None:
    """Check `X-Vapi-Secret`, `Authorization: Bearer` or `x-signature` against `vapi_secret`.

    Raises:
        Refused: None of them is there, or the one that is there is wrong or too old.
    """
    if (secret := headers.get("x-vapi-secret")) is not None:
        matches = [same(secret, value) for value in valid_values(secrets, CREDENTIAL)]
        if not any(matches):
            raise Refused("X-Vapi-Secret is not vapi_secret")
    elif "x-signature" in headers:
        _check_signature(headers, body, secrets, now)
    else:
        check_bearer(headers, secrets, CREDENTIAL)


def _check_signature(
    headers: Mapping[str, str], body: bytes, secrets: Secrets, now: datetime
) -> None:
    stamp = headers.get("x-timestamp", "")
    digest = headers["x-signature"].removeprefix("sha256=")
    signed = stamp.encode("latin-1", "replace") + b"." + body
    matches = [
        same(hmac.digest(value.encode(), signed, "sha256").hex(), digest)
        for value in valid_values(secrets, CREDENTIAL)
    ]
    if not _STAMP.fullmatch(stamp):
        raise Refused("x-timestamp is missing or malformed")
    if not any(matches):
        raise Refused("x-signature is not of this body and secret")
    at = int(stamp) / (1000 if int(stamp) >= _MILLISECONDS_FROM else 1)
    if abs(now.timestamp() - at) > TOLERANCE.total_seconds():
        raise Refused("x-timestamp is more than five minutes off our clock")
