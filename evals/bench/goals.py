"""What was aimed at, beside what was reached and how that was measured."""

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure that shall stay below another."""

    what: str
    below_ms: float
    reached_ms: float
    how: str
    """How it was measured."""

    @property
    def is_met(self) -> bool:
        return self.reached_ms < self.below_ms


def print_goals(console: Console, goals: Iterable[Goal]) -> None:
    """A line for each; what was missed says so."""
    table = Table("", "target", "reached", "how measured", title="Goals", title_justify="left")
    for goal in goals:
        reached = f"{goal.reached_ms:.2f} ms"
        missed = "" if goal.is_met else ", missed"
        table.add_row(goal.what, f"< {goal.below_ms:g} ms", reached + missed, goal.how)
    console.print(table)
