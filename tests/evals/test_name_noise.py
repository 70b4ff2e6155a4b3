"""The thresholds of likeness hold what the decision about them promises."""

import random
from collections import Counter
from functools import cache

import pytest

from booking.names.likeness import Likeness
from evals.name_noise import measure, misheard, trials


@cache
def judged() -> dict[str, Counter[Likeness]]:
    """A second's work: not while tests are collected, which each process does."""
    return measure(list(trials(count=400, seed=7)))


def share(kind: str, *likenesses: Likeness) -> float:
    found = judged()[kind]
    return sum(found[likeness] for likeness in likenesses) / found.total()


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("one error", 0.98),
        ("two errors", 0.94),
        ("surname, one error", 0.97),
        ("three errors", 0.9),
    ],
)
def test_misheard_customers_are_found(kind: str, least: float) -> None:
    assert share(kind, Likeness.EXACT, Likeness.SAME) >= least


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        ("relative", 0.005),
        ("relative, one error", 0.01),
        ("stranger", 0.0),
        ("stranger, same first name", 0.01),
        ("stranger, surname", 0.01),
    ],
)
def test_other_people_are_not_let_in(kind: str, most: float) -> None:
    assert share(kind, Likeness.EXACT, Likeness.SAME) <= most


def test_errors_are_seeded() -> None:
    assert misheard("Gesa Lührs", 2, random.Random(1)) == misheard(
        "Gesa Lührs", 2, random.Random(1)
    )
    assert misheard("Gesa Lührs", 1, random.Random(1)) != "gesa lührs"
