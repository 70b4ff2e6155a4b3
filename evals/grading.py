"""What becomes of one item of a phrase file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grade:
    """The outcome of one item."""

    right: bool
    """The outcome is one that the item accepts."""
    silent_wrong: bool
    """Something was taken that the item does not accept, and nobody was asked."""
    got: str
    """What came out, for people."""
