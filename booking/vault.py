"""Stored credentials are sealed with keys that the database never sees.

`SLOTLINE_SECRET_KEY` holds one or several passphrases, separated by commas. The first seals, all of
them open: to rotate, put a new one in front, seal everything anew (`reseal`), drop the old one.

A passphrase becomes a key by scrypt with a fixed salt. The salt keeps our keys apart from those
that other programs derive from the same passphrase; it cannot be random, because the passphrase is
all that a second machine gets. What protects a passphrase is its length: short ones are refused.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

MINIMUM_LENGTH = 16
"""Characters of a passphrase; `secrets.token_urlsafe(32)` has 43."""

_SALT = b"slotline credentials 1"
_SCRYPT_COST = 2**15
"""About 0.1 s and 32 MiB a passphrase: paid once, when a process starts."""


class VaultError(Exception):
    """Stored credentials cannot be opened or sealed. The words name no secret."""


class SecretKeyMissing(VaultError):
    """There is no passphrase at all."""


class SecretKeyTooShort(VaultError):
    """A passphrase is so short that it could be guessed."""


class SecretKeyWrong(VaultError):
    """What is stored was sealed with another passphrase, or has been altered."""


class Vault:
    """Seals and opens credentials."""

    def __init__(self, passphrases: str) -> None:
        """Derive the keys, which takes a moment: make one vault for each process.

        Args:
            passphrases: One or several, separated by commas; the first one seals.

        Raises:
            SecretKeyMissing: There is none.
            SecretKeyTooShort: One has fewer than `MINIMUM_LENGTH` characters.
        """
        given = [passphrase for part in passphrases.split(",") if (passphrase := part.strip())]
        if not given:
            raise SecretKeyMissing("SLOTLINE_SECRET_KEY is empty: set it to a long random text")
        if any(len(passphrase) < MINIMUM_LENGTH for passphrase in given):
            raise SecretKeyTooShort(
                f"SLOTLINE_SECRET_KEY needs at least {MINIMUM_LENGTH} characters in each key"
            )
        self._keys = MultiFernet([Fernet(_derived(passphrase)) for passphrase in given])

    def seal(self, secret: str) -> bytes:
        """Encrypt with the first key. The same secret is sealed differently each time."""
        return self._keys.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """Decrypt with whichever key fits.

        Raises:
            SecretKeyWrong: None of them does.
        """
        try:
            return self._keys.decrypt(sealed).decode()
        except InvalidToken:
            raise SecretKeyWrong(_WRONG) from None

    def reseal(self, sealed: bytes) -> bytes:
        """Encrypt anew with the first key.

        Raises:
            SecretKeyWrong: No key opens it.
        """
        try:
            return self._keys.rotate(sealed)
        except InvalidToken:
            raise SecretKeyWrong(_WRONG) from None


_WRONG = (
    "SLOTLINE_SECRET_KEY does not open the stored credentials: "
    "they were sealed with another key; put that one back, behind a comma if the new one is to stay"
)


def _derived(passphrase: str) -> bytes:
    key = hashlib.scrypt(
        passphrase.encode(), salt=_SALT, n=_SCRYPT_COST, r=8, p=1, maxmem=2**26, dklen=32
    )
    return base64.urlsafe_b64encode(key)
