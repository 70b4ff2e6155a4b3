"""One question to Cal.com as a value, and how long it may take."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from calcom.errors import NotFound


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """How long a call of the client may take in all, its retries included, unless it is told."""

    read_seconds: float
    write_seconds: float
    connect_seconds: float
    """Must be well below the others: who could not connect knows that nothing happened."""


LIVE: Final = TimeLimits(read_seconds=1.8, write_seconds=3.5, connect_seconds=1.0)
"""Leaves room to say something within the 2.0 s of a read and the 4.0 s of a write. A booking takes
Cal.com 0.4 to 1.0 s, and as long as the slowest receiver of its webhooks."""

PATIENT: Final = TimeLimits(read_seconds=10.0, write_seconds=20.0, connect_seconds=3.0)
"""Nobody is on the phone: a late answer is better than an unknown outcome."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask. `path` is a template and safe to log; `parts` fill it and may be secrets."""

    method: str
    path: str
    version: str | None = None
    """The `cal-api-version`; `None` where the endpoint has none."""
    parts: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    query: Mapping[str, object] = field(default_factory=dict[str, object], repr=False)
    body: Mapping[str, object] | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def url(self) -> str:
        """The path.

        Raises:
            NotFound: A part would lead to another endpoint: nothing has such an id.
        """
        if any(part in {"", ".", ".."} for part in self.parts.values()):
            raise NotFound("nothing has that id", endpoint=str(self))
        return self.path.format_map({k: quote(part, safe="") for k, part in self.parts.items()})

    @property
    def content(self) -> bytes | None:
        """The body. Half characters, as models write them into JSON, become question marks."""
        if self.body is None:
            return None
        return json.dumps(self.body, ensure_ascii=False).encode("utf-8", "replace")
