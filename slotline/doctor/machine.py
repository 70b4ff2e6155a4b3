"""The machine that we run on: Python, room on the disk, the address under which we are reached."""

import platform
import shutil
import sys
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path

import httpx

from slotline.doctor.finding import Finding, broken, doubtful, fine, skipped

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


async def examine_url(url: str | None) -> list[Finding]:
    """Whether phone platforms can reach us where we tell them to."""
    subject = "public address"
    if not url:
        return [skipped(subject, "SLOTLINE_PUBLIC_URL is not set; a phone platform needs it")]
    try:
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.get(f"{url}/healthz")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        what = f"{url} does not answer: {str(error) or type(error).__name__}"
        todo = "Start `slotline serve`, and let DNS and the proxy lead this address to it."
        return [broken(subject, what, todo)]
    return [judge(url, answer.status_code)]


def judge(url: str, status_code: int) -> Finding:
    """Judge an address by itself and by what `/healthz` answered there."""
    subject = "public address"
    if status_code != httpx.codes.OK:
        todo = "Let the proxy hand on /healthz and /v1/ unchanged."
        return broken(subject, f"{url}/healthz answers {status_code}", todo)
    parts = httpx.URL(url)
    if parts.scheme != "https" and not _is_local(parts.host):
        todo = "Put a certificate in front: callers' names and numbers travel here."
        return broken(subject, f"{url} is not encrypted", todo)
    return fine(subject, f"{url} answers")


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost"
