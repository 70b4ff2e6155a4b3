"""Standard Webhooks: how OpenAI signs what it sends.

Source: https://www.standardwebhooks.com/, "Verifying webhook authenticity".
"""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from server.access import same, valid_values
from server.adapter import Secrets
from server.wire import Refused

CREDENTIAL = "openai_webhook_secret"

TOLERANCE = timedelta(minutes=5)
"""Between the signature's clock and ours, in both directions."""

_STAMP = re.compile(r"[0-9]{1,12}")
_MOST_SIGNATURES = 8
"""While a secret is rotated there are two."""


def sign(body: bytes, secret: str, *, message_id: str, at: datetime) -> Mapping[str, str]:
    """The headers of a request as OpenAI would send it, to see whether it arrives."""
    stamp = str(round(at.timestamp()))
    signed = f"{message_id}.{stamp}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{_signature(secret, signed)}",
    }


def verify(headers: Mapping[str, str], body: bytes, secrets: Secrets, now: datetime) -> None:
    """Check `webhook-signature` over id, timestamp and raw body.

    Raises:
        Refused: It is missing, malformed, older or newer than five minutes, or not of this body.
    """
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    signed = f"{message_id}.{stamp}.".encode("utf-8", "replace") + body
    given = headers.get("webhook-signature", "").split()[:_MOST_SIGNATURES]
    matches = [
        same(each, f"v1,{_signature(secret, signed)}")
        for secret in valid_values(secrets, CREDENTIAL)
        for each in given
    ]
    if not message_id or not _STAMP.fullmatch(stamp):
        raise Refused("webhook-id or webhook-timestamp is missing or malformed")
    if not any(matches):
        raise Refused("webhook-signature is not of this body and secret")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise Refused("webhook-timestamp is more than five minutes off our clock")


def _signature(secret: str, signed: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        key = secret.encode()  # whoever stored no base64 is refused all the same
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
