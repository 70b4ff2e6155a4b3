"""A call as a row of stretches of time, each with what went on and how its length is known."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What goes on."""

    AGENT = "agent speaks"
    CALLER = "caller speaks"
    THINKING = "caller thinks"
    NAMING = "name asked and spelled"
    SILENCE = "silence between turns"
    TOOLS = "tools"


class Origin(StrEnum):
    """How a length is known."""

    MEASURED = "measured"
    MODELLED = "modelled"
    DOCUMENTED = "documented"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some seconds of a call."""

    kind: Kind
    seconds: float
    origin: Origin
    label: str


def total(stretches: Iterable[Stretch]) -> float:
    """Seconds of the whole."""
    return sum(each.seconds for each in stretches)


def by_kind(stretches: Iterable[Stretch]) -> dict[Kind, float]:
    """Seconds of each kind, in the order of `Kind`."""
    found: dict[Kind, float] = defaultdict(float)
    for each in stretches:
        found[each.kind] += each.seconds
    return {kind: found[kind] for kind in Kind if kind in found}


def by_origin(stretches: Iterable[Stretch]) -> dict[Origin, float]:
    """Seconds that are measured, modelled and documented; they are never mixed."""
    found = dict.fromkeys(Origin, 0.0)
    for each in stretches:
        found[each.origin] += each.seconds
    return found


def merged(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Neighbours of the same label and kind as one."""
    found: list[Stretch] = []
    for each in stretches:
        last = found[-1] if found else None
        if last and (last.label, last.kind, last.origin) == (each.label, each.kind, each.origin):
            found[-1] = Stretch(each.kind, last.seconds + each.seconds, each.origin, each.label)
        elif each.seconds > 0:
            found.append(each)
    return found
