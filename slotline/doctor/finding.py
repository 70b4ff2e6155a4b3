"""What an examination finds: one thing, how bad it is, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a thing was found. Only what is broken makes the command fail."""

    FINE = "fine"
    SKIPPED = "skipped"
    """Could not be examined because something else is broken or not set up."""
    DOUBTFUL = "doubtful"
    """Works now, and will bite later."""
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. No secret and no caller ever appears in it."""

    subject: str
    verdict: Verdict
    what: str
    todo: str = ""
    """One sentence in the imperative; empty if there is nothing to do."""


def fine(subject: str, what: str) -> Finding:
    """As it should be."""
    return Finding(subject, Verdict.FINE, what)


def skipped(subject: str, what: str) -> Finding:
    """Not examined; `what` says why."""
    return Finding(subject, Verdict.SKIPPED, what)


def doubtful(subject: str, what: str, todo: str) -> Finding:
    """Works, but not for long or not for everybody."""
    return Finding(subject, Verdict.DOUBTFUL, what, todo)


def broken(subject: str, what: str, todo: str) -> Finding:
    """Callers will notice."""
    return Finding(subject, Verdict.BROKEN, what, todo)
