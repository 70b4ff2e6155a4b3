"""What people say around and inside the names of services: one `Wording` a language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """Words of one language, folded by `booking.services.phrase.plain`: no marks, `a` for ä."""

    fillers: frozenset[str]
    """Say nothing about which service is wanted."""
    vague: frozenset[str]
    """Speak of a service without saying which: `the usual`."""
    selves: frozenset[str]
    """The caller: `me`, in `for me and my son`."""
    joiners: frozenset[str]
    """`and`, `plus`: part of a name such as `Cut and colour`, or between two wishes."""
    deeds: frozenset[str]
    """Verbs for what any service does, in their stem: `mach`, `do`."""
    negations: frozenset[str]
    """What follows is not wanted: `ohne`, `not`."""
    turns: frozenset[str]
    """After a negation, what follows is wanted again: `sondern`, `but`."""
    corrections: frozenset[str]
    """Phrases after which the caller says it anew: `no wait`."""
    audiences: Mapping[str, str]
    """Whom a service is for: `herren` to `@men`."""
    stems: Mapping[str, str]
    """Irregular words to their stem: `geschnitten` to `schnitt`."""
    endings: tuple[str, ...]
    """Cut off in this order of preference, if enough is left."""
    prefixes: tuple[str, ...]
    """Of participles: `ge`."""
    numbers: Mapping[str, str]
    """Number words to digits."""
    hours: Mapping[str, int]
    """Phrases to minutes: `halbe stunde` to 30."""
    units: frozenset[str]
    """`minuten`: said after a number, without a meaning of its own."""


def table(text: str) -> dict[str, str]:
    """What several words stand for: `Mr: mr mister; Ms: ms` maps three words to two."""
    groups = (group.split(":") for group in text.split(";"))
    return {word: meaning.strip() for meaning, words in groups for word in words.split()}


def listed(text: str) -> tuple[str, ...]:
    """The words of a text in their order."""
    return tuple(text.split())


def phrases(text: str) -> frozenset[str]:
    """The comma-separated phrases of a text block, blanks made single."""
    return frozenset(" ".join(phrase.split()) for phrase in text.split(","))


def durations(text: str) -> dict[str, int]:
    """Phrases to minutes: `30: half an hour, half hour; 60: an hour`."""
    groups = (group.split(":") for group in text.split(";"))
    return {phrase: int(minutes) for minutes, said in groups for phrase in phrases(said)}


def block(text: str) -> frozenset[str]:
    """The words of a text block."""
    return frozenset(text.split())
