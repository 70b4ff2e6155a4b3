"""Ways to say an instant, written apart from the grammar so that they cannot share its mistakes."""

from collections.abc import Callable
from datetime import datetime, timedelta

from tools.when.language import in_order

Say = Callable[[datetime], tuple[str | None, str | None]]
"""A local time to the texts for the day and for the time."""

_EN_ONES = in_order(
    "zero, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, "
    "thirteen, fourteen, fifteen, sixteen, seventeen, eighteen, nineteen"
)
_EN_TENS = ["", "", "twenty", "thirty", "forty", "fifty"]
_EN_ORDINALS = in_order(
    "first, second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth, eleventh, "
    "twelfth, thirteenth, fourteenth, fifteenth, sixteenth, seventeenth, eighteenth, "
    "nineteenth, twentieth"
)
_DE_ONES = in_order(
    "null, ein, zwei, drei, vier, fünf, sechs, sieben, acht, neun, zehn, elf, zwölf, "
    "dreizehn, vierzehn, fünfzehn, sechzehn, siebzehn, achtzehn, neunzehn"
)
_DE_TENS = ["", "", "zwanzig", "dreißig", "vierzig", "fünfzig"]
_DE_DAYS = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]
_DE_MONTHS = in_order(
    "Januar, Februar, März, April, Mai, Juni, Juli, August, September, Oktober, November, Dezember"
)


def english_number(n: int) -> str:
    if n < 20:
        return _EN_ONES[n]
    return _EN_TENS[n // 10] + (f" {_EN_ONES[n % 10]}" if n % 10 else "")


def english_ordinal(n: int) -> str:
    if n <= 20:
        return _EN_ORDINALS[n - 1]
    if n == 30:
        return "thirtieth"
    return f"{_EN_TENS[n // 10]} {_EN_ORDINALS[n % 10 - 1]}"


def german_number(n: int) -> str:
    if n < 20:
        return _DE_ONES[n]
    if n % 10 == 0:
        return _DE_TENS[n // 10]
    return f"{_DE_ONES[n % 10]}und{_DE_TENS[n // 10]}"


def german_ordinal(n: int) -> str:
    irregular = {1: "ersten", 3: "dritten", 7: "siebten", 8: "achten"}
    return irregular.get(n) or german_number(n) + ("ten" if n < 20 else "sten")


def _english_clock(at: datetime) -> str:
    hour = (at.hour - 1) % 12 + 1
    half = "am" if at.hour < 12 else "pm"
    if at.minute == 0:
        return f"{english_number(hour)} {half}"
    if at.minute < 10:
        return f"{english_number(hour)} oh {english_number(at.minute)} {half}"
    return f"{english_number(hour)} {english_number(at.minute)} {half}"


def _english_counted(at: datetime) -> str:
    part = "morning" if at.hour < 12 else "afternoon" if at.hour < 17 else "evening"
    upper = at + timedelta(hours=1)
    hour, following = (english_number((each.hour - 1) % 12 + 1) for each in (at, upper))
    minutes = {15: "quarter", 45: "quarter"}.get(at.minute)
    if at.minute == 0:
        said = f"{hour} o'clock"
    elif at.minute == 30:
        said = f"half past {hour}"
    elif at.minute < 30:
        said = f"{minutes or english_number(at.minute) + ' minutes'} past {hour}"
    else:
        said = f"{minutes or english_number(60 - at.minute) + ' minutes'} to {following}"
    return f"{said} in the {part}"


def _german_counted(at: datetime) -> str:
    hour, following = (
        {1: "eins"}.get(each, german_number(each))
        for each in ((at.hour - 1) % 12 + 1, at.hour % 12 + 1)
    )
    ways = {
        0: f"{german_number((at.hour - 1) % 12 + 1)} Uhr",
        5: f"fünf nach {hour}",
        10: f"zehn nach {hour}",
        15: f"viertel nach {hour}",
        20: f"zwanzig nach {hour}",
        25: f"fünf vor halb {following}",
        30: f"halb {following}",
        35: f"fünf nach halb {following}",
        40: f"zwanzig vor {following}",
        45: f"dreiviertel {following}",
        50: f"zehn vor {following}",
        55: f"fünf vor {following}",
    }
    return ways[at.minute]


def _german_half(at: datetime) -> str:
    return "vormittags" if at.hour < 12 else "nachmittags" if at.hour < 17 else "abends"


def _german_clock(at: datetime) -> str:
    minute = f" {german_number(at.minute)}" if at.minute else ""
    return f"{german_number(at.hour)} Uhr{minute}"


ENGLISH: dict[str, Say] = {
    "month day, clock": lambda at: (
        f"{at:%B} {english_ordinal(at.day)} at {_english_clock(at)}",
        None,
    ),
    "weekday and ordinal": lambda at: (
        f"{at:%A}, the {english_ordinal(at.day)} of {at:%B}",
        _english_clock(at),
    ),
    "figures": lambda at: (f"{at:%B} {at.day}, {at.year}", f"{at:%I:%M %p}"),
    "slashes": lambda at: (f"{at.day}/{at.month}/{at.year}", f"{at:%H:%M}"),
    "counted": lambda at: (f"the {at.day}th of {at:%B}", _english_counted(at)),
    "time first": lambda at: (f"{_english_clock(at)} on {at:%A} {at:%B} {at.day}", None),
    "all in the time": lambda at: (None, f"{at:%A} {english_ordinal(at.day)} {at:%B} {at:%H:%M}"),
}
GERMAN: dict[str, Say] = {
    "weekday, day and clock": lambda at: (
        f"{_DE_DAYS[at.weekday()]}, den {at.day}. {_DE_MONTHS[at.month - 1]}",
        f"um {_german_clock(at)}",
    ),
    "figures": lambda at: (f"{at.day}.{at.month}.", f"{at:%H:%M} Uhr"),
    "figures with year": lambda at: (f"{at:%d.%m.%y}", f"{at.hour}.{at.minute:02} Uhr"),
    "ordinals": lambda at: (
        f"am {german_ordinal(at.day)} {german_ordinal(at.month)}",
        f"um {_german_clock(at)}",
    ),
    "ordinal and month": lambda at: (
        f"der {german_ordinal(at.day)[:-1]} {_DE_MONTHS[at.month - 1]}",
        f"{_german_clock(at)}",
    ),
    "counted": lambda at: (
        f"am {german_ordinal(at.day)} {_DE_MONTHS[at.month - 1]}",
        f"{_german_half(at)} um {_german_counted(at)}",
    ),
    "time first": lambda at: (
        f"{_german_counted(at)} {_german_half(at)} am {_DE_DAYS[at.weekday()]} dem {at:%d.%m.}",
        None,
    ),
    "all in the time": lambda at: (None, f"{at.day}.{at.month}. um {at:%H:%M}"),
}
