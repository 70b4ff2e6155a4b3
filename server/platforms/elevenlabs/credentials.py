"""ElevenLabs' credentials: a bearer token while a call goes on, a signature after it.

Source: elevenlabs 2.78.0, `webhooks_custom.py`; unlike it we also refuse signatures from the
future, and compare in constant time.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from server.access import check_bearer, same, valid_values
from server.adapter import Secrets
from server.wire import Refused

CREDENTIAL = "elevenlabs_secret"

TOLERANCE = timedelta(minutes=5)
"""Between the signature's clock and ours, in both directions."""

_SIGNATURE = re.compile(r"t=([0-9]{1,12}),v0=([0-9a-f]{64})")
"""Seconds since 1970 and HMAC-SHA256 in lower-case hex."""


def verify_bearer(
    headers: Mapping[str, str], _body: bytes, secrets: Secrets, _now: datetime
) -> None:
    """Check the token of tools and of calls that ring, which are not signed.

    Raises:
        Refused: It is missing or wrong.
    """
    check_bearer(headers, secrets, CREDENTIAL)


def verify_signature(
    headers: Mapping[str, str], body: bytes, secrets: Secrets, now: datetime
) -> None:
    """Check `ElevenLabs-Signature` on the raw bytes.

    Raises:
        Refused: It is missing, malformed, older or newer than five minutes, or not of this body.
    """
    match = _SIGNATURE.fullmatch(headers.get("elevenlabs-signature", ""))
    stamp, digest = match.groups() if match else ("0", "")
    signed = stamp.encode() + b"." + body
    matches = [
        same(hmac.digest(value.encode(), signed, "sha256").hex(), digest)
        for value in valid_values(secrets, CREDENTIAL)
    ]
    if not match:
        raise Refused("ElevenLabs-Signature is missing or malformed")
    if not any(matches):
        raise Refused("ElevenLabs-Signature is not of this body and secret")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise Refused("ElevenLabs-Signature is more than five minutes off our clock")
