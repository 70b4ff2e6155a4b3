"""What staff read of a flag."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FlagWords:
    """A kind of flag in one language."""

    title: str
    """A few words for a list."""
    what_to_do: str
    """One or two sentences for whoever takes it on."""
