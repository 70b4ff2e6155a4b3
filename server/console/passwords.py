"""Passwords: argon2id, off the event loop, two at a time.

Somebody is on the phone while somebody else logs in, and a stranger may try a thousand passwords:
neither may keep the loop or all cores busy.
"""

import asyncio
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 10
"""Characters. Length is what counts: no rule asks for digits or signs (NIST SP 800-63B, 3.1.1)."""

LONGEST: Final = 200

# 19 MiB, two passes, one lane: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

_DECOY: Final = _HASHER.hash("nobody has this password")
"""What is compared where there is no account: the same work, so that nobody can tell."""

_AT_ONCE: Final = 2


class BadPassword(ValueError):
    """It cannot be anybody's password."""


def hashed(password: str) -> str:
    """What to keep of a password.

    Raises:
        BadPassword: It is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadPassword(f"a password has {SHORTEST} to {LONGEST} characters")
    return _HASHER.hash(password)


class Passwords:
    """Compares passwords in threads, a few at a time."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def matches(self, password: str, kept: str | None) -> bool:
        """Whether it is the password that was kept; takes as long if there is none."""
        async with self._places:
            fits = await asyncio.to_thread(_verify, kept or _DECOY, password[:LONGEST])
        return fits and kept is not None

    async def hashed(self, password: str) -> str:
        """`hashed`, in a thread."""
        async with self._places:
            return await asyncio.to_thread(hashed, password)


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with less effort than is asked for now."""
    return _HASHER.check_needs_rehash(kept)


def _verify(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
