"""Who may speak for which business. Nothing here can be told apart from outside when it refuses."""

import asyncio
import hashlib
import hmac
import secrets as randomness
from collections.abc import Callable, Mapping

from booking.business import Business
from booking.directory import Directory
from server.adapter import Secrets
from server.wire import Refused

_DECOY = (randomness.token_hex(32),)
"""What is compared where there is no credential: the same work, and nobody can know it."""


class Gate:
    """Lets a request through to the business that its path names."""

    def __init__(self, directory: Directory, *, lookup_seconds: float) -> None:
        self._directory = directory
        self._lookup_seconds = lookup_seconds

    async def admit(self, slug: str, verify: Callable[[Secrets], None]) -> Business:
        """Find a business and check the request's credential against it.

        Args:
            slug: As in the path, so anything.
            verify: Checks a request against credentials; raises `Refused`. An unknown business
                has none, and is refused by the same check as a wrong credential.

        Raises:
            Refused: There is no such business, or the credential is not one of its own.
            TimeoutError: The business could not be looked up in time.
            DatabaseUnavailable: It could not be looked up at all.
        """
        async with asyncio.timeout(self._lookup_seconds):
            access = await self._directory.access(slug)
        verify(access.secrets if access else {})
        if access is None:
            raise Refused("there is no such business")
        return access.business


def valid_values(secrets: Secrets, name: str) -> tuple[str, ...]:
    """All values that count for a credential now; never empty, so that refusing costs the same."""
    return tuple(value for value in secrets.get(name, ()) if value) or _DECOY


def same(given: str, expected: str) -> bool:
    """Compare two texts in a time that depends on neither, their lengths included."""
    return hmac.compare_digest(_digest(given), _digest(expected))


def check_bearer(headers: Mapping[str, str], secrets: Secrets, name: str) -> None:
    """Check `Authorization: Bearer ...` against each valid value of a credential.

    Raises:
        Refused: It is missing or wrong.
    """
    scheme, _, token = headers.get("authorization", "").partition(" ")
    matches = [same(token.strip(), value) for value in valid_values(secrets, name)]
    if scheme.lower() != "bearer":
        raise Refused("there is no bearer token")
    if not any(matches):
        raise Refused(f"the bearer token is not {name}")


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()
