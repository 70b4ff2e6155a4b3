"""What the command tells its players, and how: JSON, a line each."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from pydantic import TypeAdapter

from evals.endpoint import Choice
from slotline.embedded.copies import Copy

Callers = Literal["scripted", "model"]


@dataclass(frozen=True, slots=True)
class Orders:
    """The first line: what is the same for all trials."""

    copies: list[Copy]
    """One for each trial that may go on at the same time."""
    choice: Choice
    callers: Callers = "scripted"
    caller_model: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """One trial."""

    scenario: Path
    trial: int
    noise: float
    seed: int


ORDERS: Final = TypeAdapter(Orders)
ORDER: Final = TypeAdapter(Order)
