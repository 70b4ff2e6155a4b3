"""By which words a check knows a yes, and a day and hour; the rest is heard by `calls.flags`."""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Phrases:
    """Of one language, lower case."""

    yes: re.Pattern[str]
    no: re.Pattern[str]
    weekdays: tuple[str, ...]
    near: tuple[str, str]
    """Today, tomorrow."""
    numbers: tuple[str, ...]
    """From zero to twelve."""


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


PHRASES: Final = {
    "en": Phrases(
        yes=_any(
            r"\b(?:yes|yeah|yep|yup|sure|ok|okay|please|correct|right|exactly|fine|perfect)\b",
            r"\b(?:go ahead|do (?:it|that|so)|sounds good|that works|absolutely|of course)\b",
        ),
        no=_any(r"^(?:no|nope|not|don't|wait|stop)\b"),
        weekdays=(*("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),),
        near=("today", "tomorrow"),
        numbers=(
            *("zero", "one", "two", "three", "four", "five", "six"),
            *("seven", "eight", "nine", "ten", "eleven", "twelve"),
        ),
    ),
    "de": Phrases(
        yes=_any(
            r"\b(?:ja|jawohl|jo|gern|gerne|genau|bitte|passt|stimmt|richtig|einverstanden|ok)\b",
            r"\b(?:okay|in ordnung|machen sie das|so machen wir|alles klar|perfekt|klar|super)\b",
        ),
        no=_any(r"^(?:nein|nee|nö|nicht|halt|stopp|moment)\b"),
        weekdays=(
            *("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
        ),
        near=("heute", "morgen"),
        numbers=(
            *("null", "ein", "zwei", "drei", "vier", "fünf", "sechs"),
            *("sieben", "acht", "neun", "zehn", "elf", "zwölf"),
        ),
    ),
}
