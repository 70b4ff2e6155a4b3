"""From a TOML text to a checked model, or to every fault in it with its line."""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from toml_files.lines import line_of, lines_of

Key = tuple[str | int, ...]

Model = TypeVar("Model", bound=BaseModel)

Disagreements = Callable[[Model], Iterable[tuple[Key, str]]]
"""What no single key shows: where, and what, in words that follow the key's name."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend: `salon.toml:12: services[0].name: is missing`."""

    file: str
    line: int
    key: str
    what: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: "
        return where + (f"{self.key}: {self.what}" if self.key else self.what)


class Refused(Exception):
    """The file cannot be used as it is; `faults` are in the order of their lines."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: fault.line)
        super().__init__("\n".join(map(str, self.faults)))


def read(
    path: Path,
    model: type[Model],
    *,
    context: Mapping[str, Any] | None = None,
    disagreements: Disagreements[Model] = lambda _: (),
) -> Model:
    """Read and check a file; see `parse`.

    Raises:
        Refused: With all faults that could be found; no message repeats what was written.
    """
    try:
        text = path.read_bytes().decode()
    except OSError as error:
        raise Refused([Fault(str(path), 1, "", error.strerror or "cannot be read")]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Refused([Fault(str(path), line, "", "is not UTF-8")]) from None
    return parse(text, model, file=str(path), context=context, disagreements=disagreements)


def parse(
    text: str,
    model: type[Model],
    *,
    file: str,
    context: Mapping[str, Any] | None = None,
    disagreements: Disagreements[Model] = lambda _: (),
) -> Model:
    """Check a text.

    Args:
        text: TOML.
        model: What it must be; fractions come as `Decimal`.
        file: Its name in messages.
        context: For the model's validators.
        disagreements: Asked when each key for itself is right.

    Raises:
        Refused: With all faults that could be found.
    """
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise Refused([_broken_toml(error, text, file)]) from None
    lines = lines_of(text)

    def fault(key: Key, what: str) -> Fault:
        return Fault(file, line_of(key, lines), _written(key), what)

    try:
        checked = model.model_validate(values, context=dict(context or {}))
    except ValidationError as refusal:
        faults = [fault(*_explained(error, model)) for error in refusal.errors()]
        raise Refused(faults) from None
    if faults := [fault(key, what) for key, what in disagreements(checked)]:
        raise Refused(faults)
    return checked


def _broken_toml(error: tomllib.TOMLDecodeError, text: str, file: str) -> Fault:
    """`tomllib` puts the place at the end of its message."""
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
    what = str(error)[: place.start()] if place else str(error)
    line = int(place[1]) if place and place[1] else text.count("\n") + 1
    return Fault(file, line, "", f"is no valid TOML: {what[:1].lower()}{what[1:]}")


def _explained(error: ErrorDetails, model: type[BaseModel]) -> tuple[Key, str]:
    """Where and what, in words that follow the key's name. Never shows what was written there."""
    key, kind, context = error["loc"], error["type"], error.get("ctx", {})
    if kind == "value_error":
        return key, str(context["error"])
    if kind == "extra_forbidden":
        return key, _unknown_key(key, model)
    if wording := _WORDINGS.get(kind):
        return key, wording.format_map(context)
    return key, error["msg"][:1].lower() + error["msg"][1:]


_WORDINGS = {
    "missing": "is missing",
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list in square brackets",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "dict_type": "must be a table",
    "enum": "must be {expected}",
    "literal_error": "must be {expected}",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "date_type": "must be a date like 2026-12-24",
    "date_from_datetime_parsing": "must be a date like 2026-12-24",
    "decimal_type": "must be a number",
    "decimal_max_places": "must have at most {decimal_places} decimal places",
}


def _unknown_key(key: Key, model: type[BaseModel]) -> str:
    *parents, last = key
    known = list(_table_at(parents, model).model_fields)
    close = get_close_matches(str(last), known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"known here are {', '.join(known)}"
    return f"is not known; {hint}"


def _table_at(key: list[str | int], table: type[BaseModel]) -> type[BaseModel]:
    for part in key:
        if isinstance(part, str):
            table = next(_tables_in(table.model_fields[part].annotation))
    return table


def _tables_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _tables_in(inner)


def _written(key: Key) -> str:
    """`("services", 0, "name")` as `services[0].name`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key)
    return text.removeprefix(".")
