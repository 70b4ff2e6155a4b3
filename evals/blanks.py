"""Blanks in the text of scenarios, such as `{person}` or `{pick[day]}`."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from toml_files import Key

BLANK: Final = re.compile(r"\{([a-z]+(?:\[[a-z_]+\])?)\}")


def found_in(value: object, key: Key = ()) -> Iterator[tuple[Key, str]]:
    """Every blank, and where it is."""
    match value:
        case str():
            yield from ((key, name) for name in BLANK.findall(value))
        case dict():
            for name, inner in value.items():
                yield from found_in(name, (*key, name))
                yield from found_in(inner, (*key, name))
        case list() | tuple():
            for row, inner in enumerate(value):
                yield from found_in(inner, (*key, row))
        case _:
            pass


def filled(value: Any, values: Mapping[str, Any]) -> Any:
    """The same with `values` in place of blanks, keys of tables included."""
    match value:
        case str():
            return BLANK.sub(lambda blank: blank[0].format_map(values), value)
        case dict():
            return {filled(name, values): filled(inner, values) for name, inner in value.items()}
        case list() | tuple():
            return [filled(inner, values) for inner in value]
        case _:
            return value
