"""Names of days and months from CLDR, as Babel ships them."""

from datetime import date
from functools import lru_cache

from babel.dates import format_date, get_day_names


@lru_cache(maxsize=1024)
def weekday(day: date, locale: str) -> str:
    """`Tuesday`."""
    return str(get_day_names("wide", locale=locale)[day.weekday()])


@lru_cache(maxsize=1024)
def day_of_month_and_month(day: date, locale: str) -> str:
    """`April 14`, `14. April`: the order of the language, never a year."""
    pattern = "MMMM d" if locale.startswith("en") else "d. MMMM"
    return format_date(day, pattern, locale=locale)
