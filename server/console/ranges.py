"""`Range` of a request for sound: browsers seek by it. Pure.

Source: https://datatracker.ietf.org/doc/html/rfc9110#section-14
"""

import re
from typing import Final

_ONE: Final = re.compile(r"bytes=(\d*)-(\d*)")


class NotSatisfiable(Exception):
    """It begins after the end."""


def span_of(header: str | None, size: int) -> tuple[int, int] | None:
    """The bytes that are asked for.

    Args:
        header: `bytes=0-`, `bytes=100-199`, `bytes=-500`.
        size: Of the whole, in bytes.

    Returns:
        Start and exclusive end; `None` for the whole: also for several ranges or nonsense, which a
        server may ignore.

    Raises:
        NotSatisfiable: It begins after the end.
    """
    found = _ONE.fullmatch((header or "").strip())
    if found is None or not (found[1] or found[2]) or len(found[0]) > 64:  # noqa: PLR2004
        return None
    if not found[1]:
        return max(size - int(found[2]), 0), size
    start, end = int(found[1]), min(int(found[2]) + 1 if found[2] else size, size)
    if start >= size:
        raise NotSatisfiable
    return (start, end) if start < end else None
