"""Instants in and out, in the spellings that Cal.com reads and writes."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_ISO = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})"
    r"(?:(?P<separator>[T ])(?P<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)"
    r"(?P<offset>[zZ]|[+-]\d{2}:?\d{2})?)?"
)
_UTC_NAMES = {"utc", "gmt"}


def utc_now() -> datetime:
    """The current instant."""
    return datetime.now(UTC)


def is_iso(text: object) -> bool:
    """Whether Cal.com's validator lets `text` pass as an ISO 8601 date or instant."""
    match = _ISO.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return False
    try:
        _assemble(match, date_only=time.min)
    except ValueError:
        return False
    return True


def parse(text: str, *, date_only: time = time.min) -> datetime | None:
    """Read an instant; naive ones are UTC.

    Args:
        text: A text for which `is_iso` holds.
        date_only: The UTC time that a bare date stands for.

    Returns:
        The instant in UTC, or None for the spellings that pass the validator but not the parser
        behind it (a blank instead of the `T`).
    """
    match = _ISO.fullmatch(text)
    if match is None or match["separator"] == " ":
        return None
    return _assemble(match, date_only=date_only)


def _assemble(match: re.Match[str], *, date_only: time) -> datetime:
    day = date.fromisoformat(match["date"])
    if match["time"] is None:
        return datetime.combine(day, date_only, UTC)
    clock = time.fromisoformat(match["time"])
    offset = match["offset"] or "Z"
    if offset in "zZ":
        return datetime.combine(day, clock, UTC)
    return datetime.fromisoformat(f"{day}T{clock.isoformat()}{offset}").astimezone(UTC)


def zone(name: object) -> ZoneInfo | None:
    """The IANA zone of that name, or None if there is none."""
    if not isinstance(name, str) or not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def millis(instant: datetime) -> str:
    """`2027-02-02T14:00:00.000Z`."""
    return f"{instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def seconds(instant: datetime, *, suffix: str = "Z") -> str:
    """`2027-02-02T14:00:00Z`, or with another spelling of UTC."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%S}{suffix}"


def local(instant: datetime, time_zone: str | None) -> str:
    """`2027-02-02T09:00:00.000-05:00`; without a zone, or in UTC itself, it ends in `Z`."""
    if time_zone is None or time_zone.lower() in _UTC_NAMES:
        return millis(instant)
    return instant.astimezone(ZoneInfo(time_zone)).isoformat(timespec="milliseconds")


def utc_offset_minutes(instant: datetime, time_zone: str) -> int:
    """Minutes that wall clocks in the zone are ahead of UTC at that instant."""
    offset = instant.astimezone(ZoneInfo(time_zone)).utcoffset() or timedelta()
    return round(offset.total_seconds() / 60)
