"""Invented people for one trial, the same for the same seed.

Their numbers are of the range that Germany's regulator keeps free for films: nobody has them.
"""

import random
from dataclasses import dataclass
from typing import ClassVar, Final, Self

_FIRST: Final = {
    "en": ("Grace", "Oliver", "Hannah", "Martin", "Rosie", "Daniel", "Alice", "Peter", "Laura"),
    "de": ("Clara", "Jonas", "Lena", "Martin", "Sophie", "Felix", "Paula", "Tobias", "Marie"),
}
_LAST: Final = {
    "en": ("Whitfield", "Turner", "Marsh", "Holloway", "Bennett", "Carver", "Denholm", "Ashford"),
    "de": ("Winter", "Brinkmann", "Hoffmann", "Lindner", "Seidel", "Vogt", "Albrecht", "Kramer"),
}
_RANGE: Final = "+4930231252"
"""And two digits more; the rest of the range is the business's, and of customers of files."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may ring or be rung for."""

    first: str
    last: str
    number: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


@dataclass(frozen=True, slots=True)
class People:
    """Everybody of one trial; no two share a name or a number."""

    BLANKS: ClassVar = (
        "person",
        "first",
        "last",
        "spelled",
        "number",
        "relative",
        "rival",
    )
    """The blanks that they fill."""

    caller: Person
    relative: Person
    """Of the caller's family name."""
    rival: Person

    @classmethod
    def of(cls, rng: random.Random, language: str) -> Self:
        """Draw them."""
        firsts = rng.sample(_FIRST[language], 3)
        lasts = rng.sample(_LAST[language], 2)
        numbers = [f"{_RANGE}{number:02}" for number in rng.sample(range(100), 3)]
        return cls(
            caller=Person(firsts[0], lasts[0], numbers[0]),
            relative=Person(firsts[1], lasts[0], numbers[1]),
            rival=Person(firsts[2], lasts[1], numbers[2]),
        )

    def blanks(self) -> dict[str, str]:
        """What they put in place of blanks."""
        return {
            "person": self.caller.name,
            "first": self.caller.first,
            "last": self.caller.last,
            "spelled": " ".join(self.caller.last.upper()),
            "number": self.caller.number,
            "relative": self.relative.name,
            "rival": self.rival.name,
        }
