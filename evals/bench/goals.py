"""What was aimed at, beside what was reached and how that was measured."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure and what it shall be."""

    what: str
    target: str
    reached: str
    is_met: bool
    how: str
    """How it was measured."""

    @classmethod
    def below(cls, what: str, milliseconds: float, reached: float, how: str) -> Self:
        """A time that shall stay below another, both in milliseconds."""
        is_met = reached < milliseconds
        return cls(what, f"< {milliseconds:g} ms", f"{reached:.2f} ms", is_met, how)

    @classmethod
    def at_least(cls, what: str, share: float, reached: float, how: str) -> Self:
        """A share of something that shall be reached, both as fractions of 1."""
        return cls(what, f">= {share:.0%}", f"{reached:.0%}", reached >= share, how)


def print_goals(console: Console, goals: Iterable[Goal]) -> None:
    """A line for each; what was missed says so."""
    table = Table("", "target", "reached", "how measured", title="Goals", title_justify="left")
    for goal in goals:
        missed = "" if goal.is_met else ", missed"
        table.add_row(goal.what, goal.target, goal.reached + missed, goal.how)
    console.print(table)
