"""What is sent to people, and how sending ends: each way out is an adapter that says so."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to one person."""

    key: UUID
    """Of this attempt; whoever is sent to may tell repetitions by it."""
    to: str = field(repr=False)
    """A number (E.164) or an e-mail address."""
    subject: str = field(repr=False)
    text: str = field(repr=False)


class BadAddress(ValueError):
    """The address of a provider lacks something. The words hold none of it."""


class NotSent(Exception):
    """It was not sent, for certain. The words hold no address and no text."""

    def __init__(self, why: str, *, is_final: bool) -> None:
        """`is_final`: the same will be answered tomorrow."""
        super().__init__(why)
        self.is_final = is_final


class PerhapsSent(Exception):
    """Nobody knows whether it was sent: the answer got lost. It must not be sent again."""
