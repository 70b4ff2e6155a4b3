"""What a language must bring to write to people."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWords:
    """Templates of one language: `{business}`, `{service}`, `{when}`, `{name}`, `{number}`.

    Short enough for one or two text messages (160 characters each), and without a link: what asks
    people to tap looks like fraud.
    """

    language: str
    when: Callable[[datetime], str]
    """A local start as it is written: `Tuesday, February 10, 2026, 2:30 PM`."""
    subject_confirmed: str
    confirmed: str
    subject_moved: str
    moved: str
    subject_cancelled: str
    cancelled: str
    questions: str
    """Closes a message, where the business can be called."""
    subject_notice: str
    callbacks: Callable[[int], str]
    """How many callers wait for a call."""
    flagged: Callable[[int], str]
    """How many calls need somebody at once."""
    open_console: str
    """`{address}` is the console's."""
