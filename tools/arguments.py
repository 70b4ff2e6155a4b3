"""Arguments as models and platforms really send them: nested, flat, as JSON text, in German."""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

_MOST_CHARACTERS: Final = 500
"""Nobody says more in one argument; what is longer is cut, not refused."""

_DEEPEST: Final = 3
"""Wrappers around wrappers that have been seen are two."""

_NOTHING_SAID: Final = {"", "none", "null", "undefined", "nil", "n/a", "unknown", "{}", "[]"}
"""What models write into an argument that the caller never gave."""

_YES: Final = {"true", "yes", "ja", "1", "y", "confirmed", "bestätigt"}

_ALIASES: Final = {
    "datum": "date",
    "datetime": "date",
    "newdate": "date",
    "neuesdatum": "date",
    "tag": "date",
    "uhrzeit": "time",
    "newtime": "time",
    "neueuhrzeit": "time",
    "zeit": "time",
    "leistung": "service",
    "dienstleistung": "service",
    "behandlung": "service",
    "mitarbeiter": "staff",
    "mitarbeiterin": "staff",
    "slotid": "slot",
    "bookingid": "booking",
    "appointment": "booking",
    "termin": "booking",
    "bestätigt": "confirmed",
    "bestaetigt": "confirmed",
    "buchstabiert": "spelled",
    "fürjemandanderen": "forsomeoneelse",
    "notiz": "note",
    "grund": "reason",
    "wann": "when",
    "nummer": "number",
    "telefonnummer": "number",
    "phone": "number",
    "phonenumber": "number",
}
"""Field names that other versions of the telephone side send, written as `_folded` does."""


def fitted(given: Mapping[str, object], takes: Mapping[str, bool]) -> dict[str, str | bool]:
    """The arguments that a tool takes, made to fit; whatever else was sent is left out.

    A name of the tool's own wins over its aliases, what stands further out over what is nested.

    Args:
        given: As sent.
        takes: The tool's arguments: whether each is a yes or no.
    """
    by_folded = {_folded(name): name for name in takes}
    values: dict[str, str] = {}
    aliased: dict[str, str] = {}
    for folded, value in _flat(given, depth=0):
        text = _text(value, yes_or_no=takes.get(by_folded.get(_known(folded), ""), False))
        name = by_folded.get(_known(folded))
        if name and text is not None:
            (values if folded in by_folded else aliased).setdefault(name, text)
    return {
        name: _is_yes(text) if takes[name] else text for name, text in (aliased | values).items()
    }


def _known(folded: str) -> str:
    return _ALIASES.get(folded, folded)


def _flat(given: Mapping[str, object], depth: int) -> Iterator[tuple[str, object]]:
    """Names and values, the outermost first."""
    nested: list[Mapping[str, object]] = []
    for name, value in given.items():
        inner = _object(value)
        if inner is None:
            yield _folded(str(name)), value
        else:
            nested.append(inner)
    if depth < _DEEPEST:
        for inner in nested:
            yield from _flat(inner, depth + 1)


def _object(value: object) -> Mapping[str, object] | None:
    if isinstance(value, str) and value.lstrip()[:1] == "{":
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, Mapping) else None


def _folded(name: str) -> str:
    """`forSomeoneElse`, `for-someone-else` and `FOR_SOMEONE_ELSE` are one name."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFC", name[:50]).casefold()))


def _text(value: object, *, yes_or_no: bool) -> str | None:
    """What was said in an argument; `None` if nothing was."""
    match value:
        case bool():
            text = str(value) if yes_or_no else ""
        case str():
            text = value
        case int() | float() if abs(value) < 1e15:  # noqa: PLR2004 - what is longer was never said
            text = f"{value:.15g}"
        case _:
            text = ""
    text = " ".join(text[: 4 * _MOST_CHARACTERS].split())[:_MOST_CHARACTERS]
    text = "".join(filter(_is_shown, text)).strip()
    return None if text.lower() in _NOTHING_SAID else text


def _is_shown(character: str) -> bool:
    """Not a control character, nor one that turns text around or hides it, nor half of a pair."""
    return unicodedata.category(character)[0] != "C"


def _is_yes(text: str) -> bool:
    first, *_ = text.lower().replace(",", " ").replace(".", " ").split() or [""]
    return first in _YES
