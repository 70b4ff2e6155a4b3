"""What recognition over a telephone makes of words: a seeded channel with a word error rate.

It is a model of text, not of audio: lower case without punctuation, words for others that sound
alike, words dropped or clipped, fillers, and a tail that is cut off because the end of speech was
seen too early. Usual rates are 5 % (light), 10 % (phone) and 20 % (noisy).
"""

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from math import floor
from typing import Final

from evals.name_noise import misheard

LEVELS: Final = (0.0, 0.05, 0.1, 0.2)

_PUNCTUATION: Final = re.compile(r"(?<!\w)[^\w\s+@]+|[^\w\s@]+(?!\w)")
_DIGITS: Final = re.compile(r"\d+")
_CUT: Final = 0.06
"""Of utterances that are to have an error: how many lose their tail."""
_SHORTEST_CLIPPED: Final = 4
_SHORTEST_MISHEARD: Final = 3

_SOUND_ALIKE: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "en": (
        ("two", "to", "too"),
        ("four", "for"),
        ("eight", "ate"),
        ("one", "won"),
        ("five", "nine"),
        ("nine", "fine"),
        ("six", "sex"),
        ("ten", "then"),
        ("eleven", "seven"),
        ("thirteen", "thirty"),
        ("fourteen", "forty"),
        ("fifteen", "fifty"),
        ("sixteen", "sixty"),
        ("12th", "20th"),
        ("13th", "30th"),
        ("tuesday", "thursday"),
        ("sunday", "monday"),
        ("today", "to day"),
        ("half", "have"),
        ("past", "passed"),
        ("quarter", "corner"),
        ("morning", "mourning"),
        ("afternoon", "after noon"),
        ("week", "weak"),
        ("perm", "firm"),
        ("cleaning", "cleanings"),
        ("check-up", "checkup", "ketchup"),
        ("appointment", "ointment"),
        ("cancel", "council"),
        ("move", "mauve"),
        ("yes", "yet"),
        ("no", "know"),
        ("with", "width"),
        ("at", "add"),
        ("would", "wood"),
        ("my", "by"),
        ("is", "his"),
        ("i'd", "eyed"),
        ("like", "light"),
        ("please", "plays"),
    ),
    "de": (
        ("zwei", "drei"),
        ("zwo", "so"),
        ("elf", "zwölf"),
        ("fünf", "fünfzig"),
        ("fünfzehn", "fünfzig"),
        ("vierzehn", "vierzig"),
        ("sechzehn", "sechzig"),
        ("sieben", "sie ben"),
        ("acht", "ach"),
        ("neun", "neu"),
        ("zehn", "sehen"),
        ("halb", "halt"),
        ("viertel", "vierte"),
        ("dienstag", "donnerstag"),
        ("mittwoch", "mitwoch"),
        ("morgen", "morgens"),
        ("uhr", "ohr"),
        ("termin", "terminen"),
        ("nachmittag", "nach mittag"),
        ("übermorgen", "über morgen"),
        ("kontrolle", "kontrollen"),
        ("zahnreinigung", "zahn reinigung"),
        ("dauerwelle", "dauer welle"),
        ("absagen", "ab sagen"),
        ("verschieben", "verschoben"),
        ("ja", "na"),
        ("nein", "ein"),
        ("ist", "isst"),
        ("das", "dass"),
        ("den", "denn"),
        ("hätte", "hatte"),
        ("gern", "kern"),
        ("bitte", "bitter"),
        ("name", "nahme"),
        ("für", "vier"),
        ("um", "und"),
    ),
}
_FILLERS: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ("uh", "um", "the", "and", "a"),
    "de": ("äh", "ähm", "und", "also", "na"),
}


class Channel:
    """One line with its noise. What it owes of errors it keeps from one utterance to the next."""

    def __init__(self, rate: float, *, seed: int, language: str) -> None:
        """Open a line.

        Args:
            rate: Word error rate, from 0: edits by words said; 0 leaves texts as they are.
            seed: Equal seeds hear equal things.
            language: ISO 639-1.
        """
        self._rate = rate
        self._dice = random.Random(f"noise {seed}")
        self._owed = self._dice.random() if rate else 0.0
        self._alike = _alike(_SOUND_ALIKE[language])
        self._fillers = _FILLERS[language]

    def hear(self, said: str) -> str:
        """What is recognised of an utterance."""
        if not self._rate:
            return said
        names = {word for word in plain(said, lower=False).split() if word[:1].isupper()}
        words = plain(said).split()
        self._owed += self._rate * len(words)
        errors = min(floor(self._owed), len(words))
        self._owed -= errors
        if errors and len(words) > 1 and self._dice.random() < _CUT * errors:
            lost = min(errors, len(words) - 1)
            words, errors = words[:-lost], errors - lost
        return " ".join(self._spoiled(words, errors, {name.casefold() for name in names}))

    def _spoiled(self, words: Sequence[str], errors: int, names: set[str]) -> Iterable[str]:
        """Words with so many edits, no two at one place."""
        places = set(self._dice.sample(range(len(words)), min(errors, len(words))))
        for place, word in enumerate(words):
            yield from self._edited(word, word in names) if place in places else (word,)

    def _edited(self, word: str, is_name: bool) -> Sequence[str]:
        luck = self._dice.random()
        if luck < 0.2:  # noqa: PLR2004 - a fifth of the errors are fillers, as many are lost words
            return (word, self._dice.choice(self._fillers))
        if luck < 0.4:  # noqa: PLR2004
            return ()
        return (self._mistaken(word, is_name),)

    def _mistaken(self, word: str, is_name: bool) -> str:
        """Another word in place of this one."""
        if word in self._alike:
            return self._dice.choice(self._alike[word])
        if _DIGITS.fullmatch(word):
            at = self._dice.randrange(len(word))
            digit = self._dice.choice([each for each in "0123456789" if each != word[at]])
            return word[:at] + digit + word[at + 1 :]
        if is_name and len(word) >= _SHORTEST_MISHEARD:
            return misheard(word, 1, self._dice).replace(" ", "") or word[:-1]
        if len(word) >= _SHORTEST_CLIPPED:
            return word[:-2] if self._dice.random() < 0.5 else word[1:]  # noqa: PLR2004
        return self._dice.choice([each for each in self._fillers if each != word])


def plain(text: str, *, lower: bool = True) -> str:
    """As a recogniser without formatting writes it: no punctuation at the ends of words."""
    text = " ".join(_PUNCTUATION.sub(" ", text).split())
    return text.lower() if lower else text


def missed(facts: Iterable[str], heard: str) -> int:
    """How many of the names, days, times and numbers that were said did not arrive whole."""
    arrived = f" {plain(heard)} "
    return sum(f" {plain(fact)} " not in arrived for fact in facts)


def _alike(groups: Iterable[tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """The single words that a word is taken for; two words in one place would be two errors."""
    found: dict[str, set[str]] = {}
    for group in groups:
        for word in group:
            found.setdefault(word, set()).update(
                each for each in group if each != word and " " not in each
            )
    return {
        word: tuple(sorted(others)) for word, others in found.items() if others and " " not in word
    }
