"""Telephone numbers in one canonical form, so that the same caller is the same caller."""

from functools import lru_cache

import phonenumbers


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
