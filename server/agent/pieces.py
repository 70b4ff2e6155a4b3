"""What comes out of a model, and of the agent, piece by piece."""

import json
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Text:
    """Words to speak; the next ones follow."""

    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A tool call of the model, complete; out of the agent come those of the platform's tools."""

    id: str
    tool: str
    arguments: str
    """JSON, as the model wrote it."""


@dataclass(frozen=True, slots=True)
class Begun:
    """One of our own tools is at work."""

    asked: Asked


@dataclass(frozen=True, slots=True)
class Done:
    """What it has replied."""

    asked: Asked
    reply: str = field(repr=False)
    """The envelope, as the model reads it: one line of JSON."""
    milliseconds: float

    @property
    def ok(self) -> bool:
        """Whether it could run."""
        return bool(json.loads(self.reply).get("ok"))


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one generation, as the model's server counts them."""

    prompt: int = 0
    completion: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.prompt + other.prompt, self.completion + other.completion)


@dataclass(frozen=True, slots=True)
class Failed:
    """The model gave no answer: the words that follow are an apology."""

    why: str


Piece = Text | Asked | Begun | Done | Usage | Failed
