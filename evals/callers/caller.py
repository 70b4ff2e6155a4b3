"""What the loop asks of a caller, whoever plays it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a caller says at one go."""

    text: str
    """What was really said; empty for silence."""
    heard: str
    """What recognition made of it: all that the agent gets."""
    pause_seconds: float = 0.0
    """Silence before it."""
    hangs_up: bool = False
    """Nothing comes after it; without text nothing is said any more."""
    interrupts: bool = False
    """Spoken while the agent spoke."""
    facts: tuple[str, ...] = ()
    """The names, days, times and numbers in it, as they were said."""


class CallerBrokeRules(Exception):
    """A caller has left its script: the call says nothing about the agent."""


class Caller(Protocol):
    """Hears what the agent says, and nothing of what its tools were told.

    Raises:
        CallerBrokeRules: From either, for instance because a model that plays it says nonsense.
    """

    async def greet(self, greeting: str) -> Utterance:
        """The first words, after the agent's greeting."""
        ...

    async def answer(self, said: str) -> Utterance:
        """The answer to what the agent has just said."""
        ...
