"""What we want laid over what is there: ours is set, what others have added stays. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tools.catalogue import TOOLS

Document = Mapping[str, Any]

_OURS: Final = frozenset({*TOOLS, "end_call", "transfer_call", "endCall", "transferCall"})
"""Tools under these names are there because of us, and go if we no longer want them."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A place in a document where something else is wanted; `None` is nothing at all."""

    path: str
    there: object
    wanted: object


def merged(there: Any, wanted: Any) -> Any:
    """A document with everything that is wanted, and with what is there beside it.

    Lists of named things are merged by name, lists of words are united, others are replaced.
    """
    match there, wanted:
        case Mapping(), Mapping():
            return {**there, **{key: merged(there.get(key), wanted[key]) for key in wanted}}
        case [*have], [*want] if want and all(map(_name_of, [*have, *want])):
            return list(_by_name(have, want))
        case [*have], [*want] if all(isinstance(one, str) for one in [*have, *want]):
            return [*have, *(one for one in want if one not in have)]
        case _:
            return wanted


def differences(there: Any, wanted: Any, path: str = "") -> Iterator[Difference]:
    """Where what is wanted is not there; a missing value and null are the same."""
    match there, wanted:
        case Mapping(), Mapping():
            for key in wanted:
                inner = f"{path}.{key}" if path else key
                yield from differences(there.get(key), wanted[key], inner)
        case [*have], [*want] if want and all(map(_name_of, [*have, *want])):
            before = {_name_of(one): one for one in have}
            after = {_name_of(one): one for one in want}
            for name in {**after, **before}:
                yield from differences(before.get(name), after.get(name), f"{path}[{name}]")
        case _ if there != wanted:
            yield Difference(path, there, wanted)


def _by_name(have: Sequence[Document], want: Sequence[Document]) -> Iterator[Document]:
    wanted = {_name_of(one): one for one in want}
    for one in have:
        name = _name_of(one)
        if name in wanted:
            yield merged(one, wanted.pop(name))
        elif name not in _OURS:
            yield one
    yield from wanted.values()


def _name_of(entry: object) -> str | None:
    """Of a tool in a list of tools: its name, or what kind of the platform's own it is."""
    match entry:
        case {"type": "function", "function": {"name": str(name)}}:
            return name
        case {"type": "custom" | "end_call" | "transfer_call", "name": str(name)}:
            return name
        case {"type": ("endCall" | "transferCall") as kind}:
            return str(kind)
        case {"type": str(kind), "name": str(name)}:
            return f"{kind} {name}"
        case {"type": str(kind), "function": {"name": str(name)}}:
            return f"{kind} {name}"
    return None
