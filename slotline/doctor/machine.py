"""The machine that we run on: Python, room on the disk."""

import platform
import shutil
import sys
from importlib.metadata import version
from pathlib import Path

from slotline.doctor.finding import Finding, broken, doubtful, fine

OLDEST_PYTHON = (3, 11)
LITTLE_ROOM_BYTES = 1 << 30
"""A busy day of the write-ahead log; below it, somebody should look before the week is over."""
NO_ROOM_BYTES = 100 << 20
"""PostgreSQL writes its log in files of 16 MiB and stops when it cannot."""


def python() -> Finding:
    """The interpreter and the libraries whose versions matter most when something is odd."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("fastapi", "psycopg", "httpx"))
    what = f"Python {platform.python_version()}, {libraries}"
    if sys.version_info < OLDEST_PYTHON:
        return broken("python", what, "Use Python 3.11 or newer.")
    return fine("python", what)


def disk(directory: Path) -> Finding:
    """Free space where the embedded servers keep their files."""
    existing = next(path for path in (directory, *directory.absolute().parents) if path.exists())
    return judge_room(shutil.disk_usage(existing).free, existing)


def judge_room(free_bytes: int, where: Path) -> Finding:
    """Judge what is left of a disk."""
    what = f"{free_bytes / (1 << 30):,.1f} GiB free in {where}"
    if free_bytes < NO_ROOM_BYTES:
        return broken("disk", what, "Make room: PostgreSQL stops when it cannot write.")
    if free_bytes < LITTLE_ROOM_BYTES:
        return doubtful("disk", what, "Make room before it runs out.")
    return fine("disk", what)
