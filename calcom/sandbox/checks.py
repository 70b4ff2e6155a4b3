"""Validation as Cal.com's DTOs do it, down to the words.

A property's check maps its value to broken constraints (`{"isInt": "... must be an integer"}`).
Two of Cal.com's pipes report them: one in the message, one as a list.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from calcom.sandbox.errors import Invalid, bad_request
from calcom.sandbox.instants import is_iso, zone


class _Missing:
    """The value of a property that was not sent."""


MISSING: Final = _Missing()
Check = Callable[[str, Any], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a body or query."""

    name: str
    check: Check
    optional: bool = False

    def broken(self, source: Mapping[str, Any]) -> dict[str, str]:
        """The constraints that the property breaks in that body."""
        value = source.get(self.name, MISSING)
        if self.optional and (value is MISSING or value is None):
            return {}
        return self.check(self.name, value)


def refuse_in_words(source: Mapping[str, Any], properties: Iterable[Property]) -> None:
    """Check a body or query; unknown properties are refused.

    Raises:
        Refusal: 400, its message naming each property and what is wrong with it.
    """
    known = list(properties)
    words = [
        wrong(name, f"property {name} should not exist")
        for name in source
        if name not in {p.name for p in known}
    ]
    words += [
        wrong(p.name, ", ".join(broken.values())) for p in known if (broken := p.broken(source))
    ]
    if words:
        raise bad_request(", ".join(words))


def wrong(name: str, constraints: str, *, children: str = "") -> str:
    """How the pipe that reports in words names one property."""
    return f"{name} property is wrong,{constraints} {children}"


def refuse_as_list(source: Mapping[str, Any], properties: Iterable[Property]) -> None:
    """Check a body or query; unknown properties are dropped silently.

    Raises:
        Invalid: 400, with one entry per property that is wrong.
    """
    known = list(properties)
    target = {p.name: source[p.name] for p in known if p.name in source}
    target = {name: value for name, value in source.items() if name in target}
    errors: list[dict[str, Any]] = []
    for each in known:
        if broken := each.broken(source):
            value = {"value": source[each.name]} if each.name in source else {}
            errors.append(
                {
                    "target": target,
                    **value,
                    "property": each.name,
                    "children": [],
                    "constraints": broken,
                }
            )
    if errors:
        raise Invalid(errors)


def integer(name: str, value: Any) -> dict[str, str]:
    """A whole number."""
    return {} if is_integer(value) else {"isInt": f"{name} must be an integer number"}


def positive_integer(name: str, value: Any) -> dict[str, str]:
    """A whole number from 1."""
    broken = integer(name, value)
    if not is_number(value) or value < 1:
        broken = {"min": f"{name} must not be less than 1", **broken}
    return broken


def string(name: str, value: Any) -> dict[str, str]:
    """A text."""
    return {} if isinstance(value, str) else {"isString": f"{name} must be a string"}


def boolean(name: str, value: Any) -> dict[str, str]:
    """True or false."""
    return {} if isinstance(value, bool) else {"isBoolean": f"{name} must be a boolean value"}


def mapping(name: str, value: Any) -> dict[str, str]:
    """An object."""
    return {} if isinstance(value, dict) else {"isObject": f"{name} must be an object"}


def objects(name: str, value: Any) -> dict[str, str]:
    """A list of objects."""
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return {}
    return {"isArray": f"{name} must be an array of objects"}


def instant(name: str, value: Any) -> dict[str, str]:
    """An ISO 8601 date or instant."""
    return {} if is_iso(value) else {"isDateString": f"{name} must be a valid ISO 8601 date string"}


def time_zone(name: str, value: Any) -> dict[str, str]:
    """An IANA name."""
    return {} if zone(value) else {"isTimeZone": f"{name} must be a valid IANA time-zone"}


def one_of(*allowed: str, words: str) -> Check:
    """One of a few texts; `words` is how a breach is put."""

    def check(name: str, value: Any) -> dict[str, str]:
        return {} if value in allowed else {"isEnum": words.format(name=name)}

    return check


def anything(name: str, value: Any) -> dict[str, str]:  # noqa: ARG001 - it passes whatever it is
    """No constraint."""
    return {}


def is_number(value: Any) -> bool:
    """Whether JSON would call it a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_integer(value: Any) -> bool:
    """Whether JavaScript would call it an integer."""
    return is_number(value) and float(value).is_integer()
