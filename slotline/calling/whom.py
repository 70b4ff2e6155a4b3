"""Whom `slotline call` rings: what its options say, and else the demo."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class NobodyToCall(Exception):
    """It is not clear whom to ring. The message says which option is missing."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was said on the command line."""

    url: str | None = None
    business: str | None = None
    api_key: str | None = field(default=None, repr=False)
    caller: str | None = None
    line: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Whom:
    """A business's agent, and who rings it."""

    url: str
    """Of the server."""
    business: str
    api_key: str = field(repr=False)
    caller: str | None = None
    """`None` for a hidden number."""
    line: str | None = None
    language: str | None = None


def demo_note(path: Path) -> dict[str, Any]:
    """What a demo has left for scripts.

    Raises:
        NobodyToCall: There was no demo.
    """
    try:
        note: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NobodyToCall(
            "there is no demo: start one with `make demo`, or give --url, --business and --key"
        ) from None
    return note


def find(options: Options, note: Path) -> Whom:
    """Fill in what the options leave out from the demo's note.

    Raises:
        NobodyToCall: There is no demo, and the options do not say enough.
    """
    url, business, api_key = options.url, options.business, options.api_key
    if url and business and api_key:
        return Whom(
            url.rstrip("/"), business, api_key, options.caller, options.line, options.language
        )
    if url or api_key:
        raise NobodyToCall("to ring a server of your own give --url, --business and --key")
    demo = demo_note(note)
    if business not in {None, demo["business"]}:
        raise NobodyToCall(f"the demo is {demo['business']}: for another give --url and --key")
    return Whom(
        demo["base_url"],
        demo["business"],
        demo["api_key"],
        options.caller,
        options.line or demo["line"],
        options.language or demo["language"],
    )
