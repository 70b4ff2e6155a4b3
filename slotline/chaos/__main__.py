"""`python -m slotline.chaos`: run it, and print what was left; 1 if a promise was broken."""

import asyncio
import random
import sys
from argparse import ArgumentParser
from collections import Counter
from typing import Final

from rich.console import Console
from rich.table import Table

from slotline.chaos.run import Outcome, chaos

SILENCE_SECONDS: Final = 4.5
"""Writes are answered within four; the rest is the way there and back on a busy machine."""


def main() -> int:
    """Run from the command line."""
    parser = ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))  # noqa: S311
    parser.add_argument("--calls", type=int, default=360)
    given = parser.parse_args()
    console = Console()
    console.print(f"Chaos with seed {given.seed}: SEED={given.seed} plans the same again.")
    outcome = asyncio.run(chaos(seed=given.seed, calls=given.calls))
    console.print(_table(outcome))
    for finding in outcome.verdict.findings:
        console.print(finding, style="red")
    kept = outcome.verdict.is_clean and outcome.longest_silence <= SILENCE_SECONDS
    return 0 if kept else 1


def _table(outcome: Outcome) -> Table:
    verdict = outcome.verdict
    rows = {
        "calls": outcome.calls,
        "bookings by phone in the calendar": outcome.bookings,
        "double bookings": verdict.double_bookings,
        "orphans": verdict.orphans,
        "confirmed here, missing there": verdict.missing,
        "lost wishes": verdict.lost_wishes,
        'false "booked"': verdict.false_booked,
        'false "taken"': verdict.false_taken,
        "unsettled": verdict.unsettled,
        "longest silence, s": f"{outcome.longest_silence:.1f}",
        "booked in spite of an apology": verdict.ghosts,
        "asked in vain, no server": outcome.unanswered,
        "settled after, pauses cut short, s": f"{outcome.settled_seconds:.0f}",
        "told": _listed(outcome.statuses),
        "done": _listed(outcome.done),
        "faults that hit": _listed(outcome.struck),
    }
    table = Table("", "", title=f"Chaos, seed {outcome.seed}")
    for name, value in rows.items():
        table.add_row(name, str(value))
    return table


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))


if __name__ == "__main__":
    sys.exit(main())
