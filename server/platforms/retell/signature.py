"""Retell's signature: the same for tool calls, events and the inbound webhook.

Source: retell-sdk 6.2.13, `lib/webhook_auth.py`.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from server.access import valid_values
from server.adapter import Secrets
from server.wire import Refused

TOLERANCE = timedelta(minutes=5)
"""Between the signature's clock and ours, in both directions."""

HEADER = "x-retell-signature"

_SIGNATURE = re.compile(r"v=([0-9]{1,15}),d=([0-9a-f]{64})")
"""Milliseconds since 1970 and HMAC-SHA256 in lower-case hex."""


def sign(body: bytes, key: str, *, at: datetime) -> Mapping[str, str]:
    """The header of a request as Retell would send it, to see whether it arrives."""
    stamp = str(round(at.timestamp() * 1000))
    return {HEADER: f"v={stamp},d={_digest(body, stamp, key)}"}


def verify(headers: Mapping[str, str], body: bytes, secrets: Secrets, now: datetime) -> None:
    """Check `X-Retell-Signature` on the raw bytes against each valid `retell_key`.

    Raises:
        Refused: It is missing, malformed, older or newer than five minutes, or not of this body.
    """
    match = _SIGNATURE.fullmatch(headers.get(HEADER, ""))
    stamp, digest = match.groups() if match else ("0", "")
    matches = [
        hmac.compare_digest(_digest(body, stamp, key), digest)
        for key in valid_values(secrets, "retell_key")
    ]
    if not match:
        raise Refused("X-Retell-Signature is missing or malformed")
    if not any(matches):
        raise Refused("X-Retell-Signature is not of this body and key")
    if abs(now.timestamp() - int(stamp) / 1000) > TOLERANCE.total_seconds():
        raise Refused("X-Retell-Signature is more than five minutes off our clock")


def _digest(body: bytes, stamp: str, key: str) -> str:
    return hmac.digest(key.encode(), body + stamp.encode(), "sha256").hex()
