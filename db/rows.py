"""How rows become values: frozen dataclasses, members of closed sets, instants in UTC."""

from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Loader
from psycopg.rows import BaseRowFactory, kwargs_row, scalar_row


class _InstantLoader(Loader):
    """Reads `timestamptz` as aware UTC, whatever zone the session happens to have."""

    def load(self, data: Buffer) -> datetime:
        return datetime.fromisoformat(str(data, "ascii")).astimezone(UTC)


def adapters() -> AdaptersMap:
    """The types of our connections: psycopg's own, but instants are UTC."""
    ours = AdaptersMap(psycopg.adapters)
    ours.register_loader("timestamptz", _InstantLoader)
    return ours


def row_of(into: type[Any]) -> BaseRowFactory[Any]:
    """What makes an `into` of each row.

    Columns that `into` has no field for are left out, so that one may be added to a table under
    running code.

    Args:
        into: A dataclass, or the type of the only column.
    """
    if not is_dataclass(into):
        return scalar_row
    names = [field.name for field in fields(into)]
    members = _enumerated(into)

    def build(**values: Any) -> Any:
        for name, kind in members:
            if values[name] is not None:
                values[name] = kind(values[name])
        return into(**{name: values[name] for name in names})

    return kwargs_row(build)


@cache
def _enumerated(into: Hashable) -> list[tuple[str, Callable[[str], Enum]]]:
    """The fields of `into` that hold a member of an enum, and that enum."""
    found: list[tuple[str, Callable[[str], Enum]]] = []
    for name, hint in get_type_hints(into).items():
        candidates = get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
        found += [(name, k) for k in candidates if isinstance(k, type) and issubclass(k, Enum)]
    return found
