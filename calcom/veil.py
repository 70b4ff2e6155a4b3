"""Keeps secrets out of words: whoever knows a booking's uid can read, move and cancel it."""

import logging
import re
from typing import Final

import httpx

_HIDDEN: Final = "***"

_SECRETS: Final = re.compile(
    r"(?<=uid=)[^\s&,.;]+"
    r"|(?<=/bookings/)[^/?\s]+"
    r"|(?<=/reservations/)[^/?\s]+"
    # Seats, reservations and recurring bookings are UUIDs.
    r"|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    # A uid is a UUID in base 58: about 22 letters and digits, without 0, O, I and l.
    r"|\b(?=[A-Za-z]*\d)[1-9A-HJ-NP-Za-km-z]{20,24}\b"
    r"|[^\s@,;:<>\"']+@[^\s@,;:<>\"']+"
)


def veil(text: str) -> str:
    """Blot out uids of bookings, seats and reservations, and e-mail addresses."""
    return _SECRETS.sub(_HIDDEN, text)


class _VeilUrls(logging.Filter):
    """httpx logs the URL of every request, and ours hold uids and addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                _without_secrets(arg) if isinstance(arg, httpx.URL) else arg for arg in record.args
            )
        return True


def _without_secrets(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}{veil(url.path)}"


_VEIL_URLS: Final = _VeilUrls()


def veil_http_logs() -> None:
    """Make the HTTP client's own loggers safe at every level; calling it again changes nothing."""
    logging.getLogger("httpx").addFilter(_VEIL_URLS)
    # Logs each header in the clear, paths and credentials included.
    logging.getLogger("hpack").setLevel(logging.INFO)
