"""Opening hours as the database keeps them: `{"monday": [["09:00", "13:00"]], ...}`."""

from collections.abc import Mapping, Sequence
from datetime import time

from booking.business import OpeningHours

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Stored = Mapping[str, Sequence[Sequence[str]]]
"""By the weekday's English name; a day without spans is left out, 00:00 ends a day at midnight."""


def stored(hours: OpeningHours) -> dict[str, list[list[str]]]:
    """As JSON, in the order of the week."""
    return {
        WEEKDAYS[weekday]: [[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in spans]
        for weekday, spans in sorted(hours.items())
        if spans
    }


def restored(hours: Stored) -> OpeningHours:
    """From JSON.

    Raises:
        ValueError: A day or a time is none.
    """
    return {
        WEEKDAYS.index(day): tuple(
            (time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in spans
        )
        for day, spans in hours.items()
    }
