"""Whether two answers say the same: equal but for identifiers and the time of day."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z")
_CLOCK_KEYS = {"timestamp", "createdAt", "updatedAt", "reservationUntil"}
_IDENTIFIER_KEYS = {
    "uid",
    "bookingUid",
    "bookingId",
    "seatUid",
    "attendeeSeatId",
    "icsUid",
    "iCalUID",
    "reservationUid",
    "recurringBookingUid",
    "rescheduledFromUid",
    "rescheduledToUid",
    "rescheduleId",
    "rescheduleUid",
    "oneTimePassword",
}


class Names:
    """Which of our identifiers stands for which recorded one; each for exactly one."""

    def __init__(self) -> None:
        self._ours: dict[tuple[str | None, Any], Any] = {}
        self._recorded: dict[tuple[str | None, Any], Any] = {}

    def bind(self, recorded: Any, ours: Any, *, kind: str | None = None) -> bool:
        """Take a pair for the same thing; false if that contradicts an earlier pair.

        Args:
            recorded: The identifier in the recording.
            ours: The one at its place in our answer.
            kind: What numbers belong to; texts are unique over all kinds.
        """
        kind = None if isinstance(recorded, str) else kind
        return (
            type(recorded) is type(ours)
            and self._ours.setdefault((kind, recorded), ours) == ours
            and self._recorded.setdefault((kind, ours), recorded) == recorded
        )

    def translate(self, text: str) -> str:
        """Replace recorded identifiers in a text by ours."""
        for (_, recorded), ours in self._ours.items():
            if isinstance(recorded, str) and recorded in text:
                text = text.replace(recorded, ours)
        return text


def differences(recorded: Any, ours: Any, names: Names, *, at: str = "") -> Iterator[str]:
    """Where the two disagree, as `path: recorded / ours`."""
    if isinstance(recorded, dict) and isinstance(ours, dict):
        yield from _in_objects(recorded, ours, names, at=at)
    elif isinstance(recorded, list) and isinstance(ours, list):
        if len(recorded) != len(ours):
            yield f"{at}: {len(recorded)} / {len(ours)} items"
        for number, (one, other) in enumerate(zip(recorded, ours, strict=False)):
            yield from differences(one, other, names, at=f"{at}[{number}]")
    elif not _is_same(recorded, ours, names, key=at.rpartition(".")[2]):
        yield f"{at}: {recorded!r} / {ours!r}"


def _in_objects(
    recorded: Mapping[str, Any], ours: Mapping[str, Any], names: Names, *, at: str
) -> Iterator[str]:
    if missing := sorted(set(recorded) - set(ours)):
        yield f"{at}: missing {missing}"
    if surplus := sorted(set(ours) - set(recorded)):
        yield f"{at}: surplus {surplus}"
    for key in recorded:
        if key not in ours:
            continue
        kind = _numbered_as(recorded) if key == "id" else None
        if kind is None:
            yield from differences(recorded[key], ours[key], names, at=f"{at}.{key}")
        elif not names.bind(recorded[key], ours[key], kind=kind):
            yield f"{at}.id: {recorded[key]!r} is not {ours[key]!r}"


def _numbered_as(row: Mapping[str, Any]) -> str | None:
    """Bookings, attendees and webhooks are numbered anew in every run; the rest is not."""
    kinds = {"uid": "booking", "bookingId": "attendee", "subscriberUrl": "webhook"}
    return next((kind for key, kind in kinds.items() if key in row), None)


def _is_same(recorded: Any, ours: Any, names: Names, *, key: str) -> bool:
    if type(recorded) is not type(ours):
        return False
    if key in _IDENTIFIER_KEYS and recorded is not None:
        return names.bind(recorded, ours, kind="booking")
    if key in _CLOCK_KEYS:
        return bool(_TIMESTAMP.fullmatch(recorded) and _TIMESTAMP.fullmatch(ours))
    if isinstance(recorded, str):
        return _plain(names.translate(recorded), key=key) == _plain(ours, key=key)
    return bool(recorded == ours)


def _plain(text: str, *, key: str) -> str:
    if key == "path":
        return unquote(text)
    return re.sub(r"Current time in UTC\+0: \S+,", "", text)
