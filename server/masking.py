"""What may stand in a log line about a person: enough to tell two apart, too little to know one.

Two nets. The first goes by the names of fields, the second by what text looks like, so that a
number in an error message is caught too. Free text of a conversation matches no pattern and is
therefore left out as a whole.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

_SPOKEN = "[not logged]"
_SECRET = "[secret]"  # noqa: S105 - what stands in place of one


def masked(event: Mapping[str, object]) -> dict[str, object]:
    """A copy of a log line without personal data and secrets, nested values included."""
    return {str(name): _field(str(name), value) for name, value in event.items()}


def mask_number(number: str) -> str:
    """`+49…10` for `+493023125010`: the country and the last two digits."""
    digits = "".join(character for character in number if character.isdecimal())
    if number.strip().startswith("00"):
        digits, international = digits[2:], True
    else:
        international = number.strip().startswith("+")
    country = _country_code(digits) if international else ""
    return f"{'+' if country else ''}{country}…{digits[-2:] if len(digits) > 5 else ''}"  # noqa: PLR2004 - fewer tell all


def mask_name(name: str) -> str:
    """`A. M.` for `Anna Müller`."""
    return " ".join(f"{part[0].upper()}." for part in name.split())


def mask_email(address: str) -> str:
    """`a…@….com` for `anna@mueller.com`: a domain may carry the name as well."""
    return f"{address[:1]}…@….{address.rpartition('.')[2]}"


def mask_text(text: str) -> str:
    """Mask what looks like a number, an e-mail address or a secret, wherever it stands."""
    if len(text) < _SHORTEST:
        return text
    return _said_again(text) if len(text) <= _SHORT else _netted(text[:_LONGEST])


def _netted(text: str) -> str:
    for net in _NETS:
        text = net(text)
    return text


_said_again = lru_cache(maxsize=1024)(_netted)
"""Most of what is logged is: names of tools, events and loggers."""


def _each(pattern: str, mask: Callable[[str], str]) -> Callable[[str], str]:
    compiled = re.compile(pattern)
    return lambda text: compiled.sub(lambda found: mask(found[0]), text)


def _removed(_text: str) -> str:
    return _SPOKEN


def _hidden(_text: str) -> str:
    return _SECRET


_SHORTEST = 6
"""Characters of `a@b.de`; the shortest number has more."""

_SHORT = 64
"""Characters of what may be said again; a traceback is not."""

_LONGEST = 20_000
"""Characters of a long traceback; what is longer was written to fill the disk."""

_NETS = (
    # user:password@ of a URL; then tokens as Cal.com and the platforms write them
    _each(r"(?<=://)[^\s/@:]*:[^\s/@]+(?=@)", _hidden),
    _each(r"(?i)\bbearer\s+\S+", _hidden),
    _each(r"\b(?:cal_|key_|sk-|whsec_)[\w.-]{8,}", _hidden),
    # the credential of Retell's WebSocket, which stands in its path
    _each(r"(?<=/retell/llm/)[^\s/\"]+", _hidden),
    # a booking's uid at Cal.com
    _each(r"(?<=/bookings/)[\w-]+", _hidden),
    # what PostgreSQL and pydantic quote of the values that they refuse
    _each(r"(?<=DETAIL:  ).*", _removed),
    _each(r"(?<=input_value=).*?(?=, input_type=)", _removed),
    _each(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+", mask_email),
    # +49 30 1234..., 0049..., 030 1234..., (555) 123-4567; but not the parts of a UUID
    _each(r"(?<![\w-])\+\d[\d ()/.-]{5,20}\d(?![\w-])", mask_number),
    _each(r"(?<![\w.-])\(?0\d[\d ()/-]{5,20}\d(?![\w-])", mask_number),
    _each(r"(?<![\w.-])\(?\d{3}\)?[ -]\d{3}[ -]\d{4}(?![\w-])", mask_number),
)


def _country_code(digits: str) -> str:
    """The country code that a number starts with; no code is the beginning of another."""
    codes = (digits[:length] for length in (1, 2, 3) if len(digits) > length)
    return next((code for code in codes if int(code) in COUNTRY_CODE_TO_REGION_CODE), "")


def _field(name: str, value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    mask = _BY_NAME.get(name.lower())
    if mask in (_removed, _hidden):
        return mask("")
    match value:
        case Mapping():
            return masked(value)
        case list() | tuple() | set() | frozenset():
            return [_field(name, item) for item in value]
        case _:
            return mask(str(value)) if mask else _plain(value)


def _plain(value: object) -> object:
    return value if isinstance(value, int | float) else mask_text(str(value))


_BY_NAME: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(
        (
            "attendee_number",
            "caller",
            "caller_number",
            "from_number",
            "line",
            "number",
            "phone",
            "phone_number",
            "to_number",
        ),
        mask_number,
    ),
    **dict.fromkeys(
        (
            "address",
            "attendee",
            "attendee_name",
            "caller_name",
            "customer",
            "customer_name",
            "name",
            "name_normalised",
            "person",
            "spelled",
        ),
        mask_name,
    ),
    **dict.fromkeys(("attendee_email", "email"), mask_email),
    **dict.fromkeys(
        (
            "args",
            "arguments",
            "body",
            "content",
            "note",
            "reason_said",
            "reply",
            "say",
            "spoken",
            "text",
            "transcript",
        ),
        _removed,
    ),
    **dict.fromkeys(
        (
            "api_key",
            "authorization",
            "calcom_uid",
            "password",
            "secret",
            "signature",
            "token",
            "uid",
            "x-retell-signature",
        ),
        _hidden,
    ),
}
