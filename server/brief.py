"""What the agent that a platform runs for us is told, before the platform's own way to say it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

TIMEOUT_SECONDS: Final = 9
"""For a tool call: more than the longest deadline, less than anybody bears in silence."""

MODEL: Final = "gpt-4.1"
"""The platform's model when an agent is made. Whoever prefers another chooses it there."""


@dataclass(frozen=True, slots=True, eq=False)
class Brief:
    """An agent that speaks one language, in one time zone."""

    name: str
    """By which the platform's own list has it; at most 40 characters, as Vapi wants."""
    language: str
    """ISO 639-1."""
    timezone: str
    """IANA."""
    address: str
    """Where platforms reach the business: `https://tools.example.com/v1/salon-mitte`."""
    greeting: str
    prompt: str
    """With `{{name}}` for what differs from call to call."""
    variables: Mapping[str, str]
    """What each variable of the prompt is while no call has filled it."""
    tools: Sequence[Mapping[str, Any]]
    """`name`, `description` and `parameters` of each."""
    asking_calendar: frozenset[str]
    """The tools that may have to wait for Cal.com."""
    one_moment: str
    technical_fault: str
    transfer_number: str | None
    secret: str = field(default="", repr=False)
    """What the platform shows at our doors."""

    @property
    def locale(self) -> str:
        """The language as BCP 47 where a region is wanted."""
        return {"en": "en-US"}.get(self.language, f"{self.language}-{self.language.upper()}")
