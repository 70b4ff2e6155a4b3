"""Telephone numbers in one canonical form, so that the same caller is the same caller."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberFormat

_DIGITS: Final = "0123456789+"
_FEWEST_DIGITS: Final = 6
"""Shorter ones are extensions, dates and emergency numbers."""


@lru_cache(maxsize=4096)
def canonical(number: str | None, *, dialled: str | None = None) -> str | None:
    """A transmitted number as E.164.

    Args:
        number: As a platform sends it: international, national, with `00`, spaces or slashes, or
            one of the many spellings of "withheld".
        dialled: E.164 of the line: a national spelling is read as of its country.

    Returns:
        Such as `+493023125010`; `None` if this is no number that could be called back.
    """
    if not number:
        return None
    try:
        region = _region(dialled)
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _region(dialled: str | None) -> str | None:
    if dialled is None:
        return None
    return phonenumbers.region_code_for_number(phonenumbers.parse(dialled))


def heard(text: str, digits: Mapping[str, str], *, dialled: str) -> str | None:
    """A number as somebody says it, as E.164.

    Args:
        text: Digits in any grouping, or their words: `0176 12 34`, `null eins sieben sechs`.
        digits: What words stand for: `{"null": "0", "plus": "+"}`.
        dialled: E.164 of the line: a national spelling is read as of its country.

    Returns:
        `None` if the longest run of digits in it is no number that could be called.
    """
    spelled = (digits.get(word, word) for word in re.findall(r"[^\W\d]+|[\d+]+", text.casefold()))
    runs = re.findall(r"[\d+]+", "".join(one if one[-1] in _DIGITS else " " for one in spelled))
    longest = max(runs, key=len, default="")
    return canonical(longest, dialled=dialled) if len(longest) >= _FEWEST_DIGITS else None


def grouped(number: str, *, dialled: str) -> list[str]:
    """An E.164 number in groups of digits as its country writes them, in ours without its code."""
    parsed = phonenumbers.parse(number)
    is_ours = phonenumbers.region_code_for_number(parsed) == _region(dialled)
    style = PhoneNumberFormat.NATIONAL if is_ours else PhoneNumberFormat.INTERNATIONAL
    written = re.findall(r"[\d+]+", phonenumbers.format_number(parsed, style))
    return [part for group in written for part in re.findall(r".{1,4}$|.{3}", group)]


def spaced(number: str) -> str:
    """An E.164 number as people read it: `+49 30 23125010`."""
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)
