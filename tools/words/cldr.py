"""Names of days and months, amounts and stretches of time from CLDR, as Babel ships them."""

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel.dates import format_date, get_day_names
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


@lru_cache(maxsize=1024)
def weekday(day: date, locale: str) -> str:
    """`Tuesday`."""
    return str(get_day_names("wide", locale=locale)[day.weekday()])


@lru_cache(maxsize=1024)
def day_of_month_and_month(day: date, locale: str) -> str:
    """`April 14`, `14. April`: the order of the language, never a year."""
    pattern = "MMMM d" if locale.startswith("en") else "d. MMMM"
    return format_date(day, pattern, locale=locale)


def quantity(stretch: timedelta, locale: str) -> str:
    """`24 hours`, `3 days`: in hours up to two days, because that is how rules are said."""
    for unit, length, least in (("day", _DAY, 3 * _DAY), ("hour", _HOUR, _HOUR)):
        if stretch >= least and not stretch % length:
            return format_unit(stretch // length, f"duration-{unit}", locale=locale)
    return format_unit(stretch // timedelta(minutes=1), "duration-minute", locale=locale)


def money(amount: Decimal, currency: str, locale: str) -> str:
    """`12.50 euros`, `25 Euro`."""
    whole = amount == amount.to_integral_value()
    return format_currency(
        int(amount) if whole else amount,
        currency,
        format="#,##0" if whole else None,
        locale=locale,
        format_type="name",
        currency_digits=not whole,
    )


def number(value: Decimal, locale: str) -> str:
    """`50`, `12.5`."""
    return format_decimal(value.normalize(), locale=locale)
