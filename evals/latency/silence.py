"""How long it is quiet between two turns: a fixed gap, or the turn model.

    gap = endpointing + rounds * (first token + reading the prompt) + writing tool calls
          + tools + first sound + transport

A turn with a tool has two rounds or more: a second first token costs more than a fast tool. Tools
are not in here: they are measured (or, for the old flow, documented) and stand beside it.
"""

import random
from dataclasses import dataclass
from typing import Protocol

from evals.latency.profile import Profile


@dataclass(frozen=True, slots=True)
class Work:
    """What a model does before it speaks."""

    rounds: int = 1
    prompt_tokens: int = 0
    """In each round: prompt and schemas are sent again every time."""
    call_tokens: int = 0
    """Tokens of tool calls, all rounds together."""


class Silence(Protocol):
    """Seconds between turns."""

    def before_agent(self, work: Work) -> float: ...

    def before_caller(self) -> float: ...


@dataclass(frozen=True, slots=True)
class FixedGap:
    """Always as long, whoever speaks next and however much the model has to do."""

    seconds: float

    def before_agent(self, work: Work) -> float:  # noqa: ARG002 - that is what is fixed
        return self.seconds

    def before_caller(self) -> float:
        return self.seconds


@dataclass(frozen=True, slots=True)
class TurnModel:
    """The parts of a gap, each at its median or drawn."""

    profile: Profile
    rng: random.Random | None = None
    """Without it every part takes its median."""

    def before_agent(self, work: Work) -> float:
        part, rng = self.profile, self.rng
        reading = part.reading.seconds_a_thousand_tokens * work.prompt_tokens / 1000
        return (
            part.endpointing.draw(rng)
            + sum(part.first_token.draw(rng) + reading for _ in range(work.rounds))
            + part.decoding.seconds_a_token * work.call_tokens
            + part.first_sound.draw(rng)
            + part.transport.draw(rng)
        )

    def before_caller(self) -> float:
        return self.profile.callers_reaction.draw(self.rng)
