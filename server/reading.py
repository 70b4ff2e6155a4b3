"""Reading JSON that a stranger's software wrote, so that what comes out can be stored."""

from datetime import UTC, datetime
from math import isfinite
from typing import cast

from pydantic_core import from_json

from db.states import Direction
from server.wire import Unreadable
from tools.words import WORDS

_LONGEST_ID = 200
"""Characters. Ids of known platforms have at most 64; they end up in an index."""


def json_object(body: bytes | str) -> dict[str, object]:
    """Read a JSON object.

    Raises:
        Unreadable: It is not JSON, nested more than 200 deep, or not an object. The reason names
            line and column but quotes nothing.
    """
    try:
        value = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise Unreadable(f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise Unreadable(f"the body must be an object, not {_kind(value)}")
    return value


def arguments(value: object) -> dict[str, object]:
    """A tool's arguments, sent as an object, as JSON text, or not at all.

    Raises:
        Unreadable: They are something else.
    """
    if isinstance(value, str):
        value = json_object(value) if value.strip() else None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unreadable(f"the arguments must be an object or JSON text, not {_kind(value)}")
    return cast("dict[str, object]", _storable(value))


def text(fields: dict[str, object], name: str) -> str | None:
    """A short text such as an id; `None` if it is missing, null or blank.

    Raises:
        Unreadable: It is not text, or longer than 200 characters.
    """
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Unreadable(f"{name} must be text, not {_kind(value)}")
    if len(value) > _LONGEST_ID:
        raise Unreadable(f"{name} has {len(value)} characters; {_LONGEST_ID} are allowed")
    return value.replace("\0", "").strip() or None


def number(fields: dict[str, object], name: str) -> str | None:
    """A telephone number as transmitted; `None` where a platform writes `anonymous` or the like.

    Raises:
        Unreadable: As for `text`.
    """
    value = text(fields, name)
    return value if value and any(character.isdigit() for character in value) else None


def nested(fields: dict[str, object], name: str) -> dict[str, object]:
    """An object within an object; empty if it is missing or something else."""
    value = fields.get(name)
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def entries(fields: dict[str, object], name: str) -> list[dict[str, object]]:
    """The objects of a list; whatever else is in it is passed over."""
    value = fields.get(name)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def prose(fields: dict[str, object], name: str, *, at_most: int = 20_000) -> str | None:
    """What somebody said or wrote, cut to `at_most` characters; `None` unless it is text."""
    value = fields.get(name)
    return (value.replace("\0", "").strip()[:at_most] or None) if isinstance(value, str) else None


def figure(fields: dict[str, object], name: str) -> float | None:
    """A finite number; `None` if it is missing or something else."""
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return float(value)


def moment(fields: dict[str, object], name: str, *, per_second: int = 1) -> datetime | None:
    """An instant: ISO 8601 with a zone, or a number since 1970; `None` if it is neither.

    Args:
        fields: Where it is.
        name: What it is called.
        per_second: The unit of a number: 1000 for milliseconds.
    """
    value = fields.get(name)
    try:
        if isinstance(value, str):
            told = datetime.fromisoformat(value)
            return told.astimezone(UTC) if told.tzinfo else None
        number = figure(fields, name)
        return None if number is None else datetime.fromtimestamp(number / per_second, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def language(fields: dict[str, object], name: str) -> str | None:
    """A language that we speak, from a tag such as `de-AT`; `None` for every other.

    Raises:
        Unreadable: As for `text`.
    """
    tag = (text(fields, name) or "").replace("_", "-").split("-")[0].lower()
    return tag if tag in WORDS else None


def direction(
    fields: dict[str, object], name: str, *, inbound: str = "inbound", outbound: str = "outbound"
) -> Direction | None:
    """Who rang whom, as the platform writes it; `None` where nobody did: a call in a browser."""
    directions = {inbound: Direction.INBOUND, outbound: Direction.OUTBOUND}
    return directions.get(str(fields.get(name)))


def _storable(value: object) -> object:
    """Take out what `jsonb` refuses: NUL in text, and `1e999`, which reads as infinity."""
    match value:
        case str():
            return value.replace("\0", "")
        case float():
            return value if isfinite(value) else None
        case list():
            return [_storable(item) for item in value]
        case dict():
            return {key.replace("\0", ""): _storable(item) for key, item in value.items()}
        case _:
            return value


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "an object"
