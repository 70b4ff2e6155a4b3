"""Public holidays of a region, with their names in every language that we speak.

Computed by the library of that name, which loads a country when it is first asked for one: some
60 ms, so ask in a thread. What was computed is kept for the life of the process.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from types import MappingProxyType

from holidays import HolidayBase, country_holidays

from booking.business import Holidays

_NOT_SAID = re.compile(r"\s*[(;].*")
"""What the library adds to a name: "(observed)", and a second holiday on the same day."""


@lru_cache(maxsize=256)
def holidays(region: str, *, years: tuple[int, ...], languages: tuple[str, ...]) -> Holidays:
    """Days to their names by language, in the country's own where the library has no other.

    Args:
        region: ISO 3166: a country, or one of its subdivisions, such as `DE-BE`.
        years: Which.
        languages: Such as `de`.

    Raises:
        ValueError: The library knows no such region.
    """
    country, _, subdivision = region.partition("-")
    try:
        found = {
            language: country_holidays(
                country,
                subdiv=subdivision or None,
                years=years,
                language=_known(language, _languages(country)),
            )
            for language in languages
        }
    except NotImplementedError as error:
        raise ValueError(str(error)) from None
    days = {day for each in found.values() for day in each}
    return MappingProxyType(
        {
            day: {language: _NOT_SAID.sub("", names[day]) for language, names in found.items()}
            for day in sorted(days)
        }
    )


def _languages(country: str) -> Iterable[str]:
    bare: HolidayBase = country_holidays(country)
    return bare.supported_languages


def _known(language: str, supported: Iterable[str]) -> str | None:
    """`en_GB` or `en_US` for `en`; `None` is the country's own."""
    return next((each for each in supported if each.partition("_")[0] == language), None)
