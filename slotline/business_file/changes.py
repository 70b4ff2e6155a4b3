"""What applying a business file would change, in lines that people read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from slotline.business_file.sheet import Entry, Fields, Sheet


class Effect(StrEnum):
    """What happens to an entry; the value is its mark in a list of changes."""

    ADDED = "+"
    CHANGED = "~"
    REMOVED = "-"


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that is not as the file wants it."""

    effect: Effect
    entry: Entry
    details: Sequence[str] = ()

    def __str__(self) -> str:
        kind, key = self.entry
        details = f": {'; '.join(self.details)}" if self.details else ""
        return f"{self.effect} {kind} {key}{details}"


def differences(now: Sheet, then: Sheet) -> Iterator[Change]:
    """Everything that leads from one sheet to the other; additions and changes in its order."""
    for entry, fields in then.items():
        if entry not in now:
            yield Change(Effect.ADDED, entry)
        elif details := list(_details(now[entry], fields)):
            yield Change(Effect.CHANGED, entry, details)
    for entry in now:
        if entry not in then:
            yield Change(Effect.REMOVED, entry, ["no longer offered, kept for what was booked"])


def _details(now: Fields, then: Fields) -> Iterator[str]:
    flat_now, flat_then = _flat(now), _flat(then)
    for name in flat_now | flat_then:
        old, new = flat_now.get(name), flat_then.get(name)
        if old != new:
            yield f"{name} {_shown(old)} -> {_shown(new)}"


def _flat(fields: Fields) -> dict[str, object]:
    """Tables within become fields of their own: `opening_hours.monday`."""
    flat: dict[str, object] = {}
    for name, value in fields.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}.{key}": inner for key, inner in value.items()}
        else:
            flat[name] = value
    return flat


def _shown(value: Any) -> str:
    match value:
        case None | []:
            return "(nothing)"
        case [[*_], *_]:
            return ", ".join("-".join(span) for span in value)
        case [*values]:
            return ", ".join(map(_shown, values))
        case Mapping():
            return " ".join(f"{key} {_shown(inner)}" for key, inner in sorted(value.items()))
        case _:
            return str(value)
