"""The benchmark of the adapters sends what platforms send, and says what was missed."""

import io

from rich.console import Console

from evals.bench import adapters
from evals.bench.goals import Goal, print_goals


def test_every_platform_with_tools_of_its_own_is_measured() -> None:
    measured = adapters.measure(rounds=3)
    assert measured.keys() == {"neutral", "retell", "vapi", "elevenlabs"}
    assert all(len(each.latencies_ms) == 3 for each in measured.values())


def test_a_goal_that_was_missed_says_so() -> None:
    told = io.StringIO()
    goals = [Goal.below("reached", 1, 0.5, "so"), Goal.below("just not", 1, 1.0, "so")]
    print_goals(Console(file=told, width=100), goals)
    (reached,) = [
        line for line in told.getvalue().splitlines() if "reached" in line and "0.5" in line
    ]
    (missed,) = [line for line in told.getvalue().splitlines() if "just not" in line]
    assert "missed" not in reached
    assert "1.00 ms, missed" in missed
