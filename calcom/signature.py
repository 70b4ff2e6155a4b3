"""The signature under Cal.com's webhooks: `X-Cal-Signature-256`.

It is the hex HMAC-SHA256 of the raw body, in lower case and without a prefix. It covers no time and
no delivery id, so a genuine request can be replayed: duplicates must be recognised by content.
"""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

HEADER: Final = "X-Cal-Signature-256"


def sign(body: bytes, secret: str) -> str:
    """The header's value for a raw body."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_genuine(body: bytes, signature: str | None, secrets: Iterable[str]) -> bool:
    """Whether a raw body was signed with one of the secrets.

    Takes the same time whichever secret fits. A webhook without a secret sends the header
    `no-secret-provided`, which is not genuine; nor is anything under an empty secret.

    Args:
        body: The bytes as received, before any parsing.
        signature: The header's value; `None` if it is missing.
        secrets: All that are valid now: two while one is being rotated.
    """
    given = (signature or "").encode()
    matches = [
        hmac.compare_digest(given, sign(body, secret).encode()) for secret in secrets if secret
    ]
    return any(matches)
