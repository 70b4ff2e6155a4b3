"""The key of the embedded default: made once, kept beside the data that it protects.

Set `SLOTLINE_SECRET_KEY` instead wherever the database lives on another machine or is backed up:
a key that lies next to the ciphertext protects against a leaked dump, not against a stolen disk.
"""

import contextlib
import os
import secrets
from pathlib import Path

FILE_NAME = "secret.key"


class SecretKeyExposed(Exception):
    """Others on this machine could have read the key."""


def load_or_create(directory: Path) -> str:
    """Read `secret.key` in the data directory; make a random one if there is none.

    Safe when several processes start at once: all of them get the same key.

    Raises:
        SecretKeyExposed: The file is readable by others than its owner.
        OSError: The directory cannot be read or written.
    """
    path = directory / FILE_NAME
    if not path.exists():
        _create(path)
    if path.stat().st_mode & 0o077:
        raise SecretKeyExposed(f"{path} can be read by others: chmod 600 {path}")
    return path.read_text(encoding="ascii").strip()


def _create(path: Path) -> None:
    """Appear complete or not at all: whoever comes second finds a whole key and keeps it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
