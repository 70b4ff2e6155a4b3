"""Names that callers spell: letters, code words, `Doppel-t`, `M wie Martha`, `double t`."""

import re
import unicodedata
from dataclasses import dataclass, field

from booking.names.casing import write_word
from booking.names.first_names import is_first_name
from booking.names.fold import fold
from booking.names.languages import lexicon
from booking.names.lexicon import Lexicon

MAX_SPELLED = 400
"""Characters looked at."""
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*|[,;]")
_CHUNK_OF_LETTERS = re.compile(r"[^\W\d_](?:[-.–][^\W\d_])+[.,;]?$")
_PAUSES = frozenset(",;")
_UMLAUTS = {"a": "ä", "o": "ö", "u": "ü"}
_VOWELS = frozenset("aeiouyäöü")
_LONGEST_PHRASE = 3
_GROUP = 3
"""Letters that a recogniser writes as a word: `dt`, `sch`."""
_MOST_PLAIN = 4
"""Words of a name that the model has put together itself."""


def spelled(text: str, language: str) -> str | None:
    """Read a spelled name, or parts of one.

    Args:
        text: As the model passed it on: `B R A N D T`, `Martha Anton Ida Emil Richard`,
            `M as in Mike, A, double Y`; a word that the model has already put together counts.
        language: Decides what a letter's name means: `e` is E in German and may be I in English.

    Returns:
        The name with its capitals, words parted by blanks; None if nothing was spelled.
    """
    composed = unicodedata.normalize("NFKC", text[:MAX_SPELLED])
    words = letters_in_chunks(composed) or Reader(composed, lexicon(language)).words()
    return " ".join(write_word(word) for word in words) or None


def letters_in_chunks(text: str) -> list[str]:
    """Words written as `M-E-Y-E-R` or `U.T.E.`; nothing if any word is written otherwise."""
    chunks = text.split()
    if not all(_CHUNK_OF_LETTERS.match(chunk) for chunk in chunks):
        return []
    return ["".join(letter for letter in chunk if letter.isalpha()).lower() for chunk in chunks]


@dataclass(slots=True)
class _Stretch:
    """Letters said in one go."""

    words: list[str] = field(default_factory=lambda: [""])
    pauses: list[int] = field(default_factory=list)
    """Where in the last word the speaker paused."""

    def add(self, letters: str) -> None:
        self.words[-1] += letters

    @property
    def count(self) -> int:
        return sum(map(len, self.words))


class Reader:
    """Reads spelled text token by token."""

    def __init__(self, text: str, known: Lexicon) -> None:
        self._known = known
        self._written: list[str] = _TOKEN.findall(text)
        self._tokens = [token.lower() for token in self._written]
        self._folded = [fold(token).replace("'", "").replace("’", "") for token in self._tokens]
        self._plain: list[str] = []
        self._negations = known.without | known.rather
        self._ways = (self._sign, self._doubled, self._by_code_word, self._umlaut, self._letter)

    def words(self) -> list[str]:
        """The words spelled, in small letters; the longest stretch of letters counts."""
        stretch = max(self._stretches(), key=lambda one: one.count)
        if stretch.count > 1:
            words = [word.strip("-'") for word in stretch.words]
            return [word for word in words if word] if len(words) > 1 else _at_pauses(stretch)
        talk = any(token in self._known.grammar for token in self._folded)
        return self._plain if not talk and len(self._plain) <= _MOST_PLAIN else []

    def letters(self) -> str:
        """All letters in order, also a single one, or a group such as `dt`, if nothing else."""
        text = "".join(letters for stretch in self._stretches() for letters in stretch.words)
        if not self._plain:
            return text
        group = self._plain[0]
        return group if len(self._plain) == 1 and not text and len(group) <= _GROUP else ""

    def _stretches(self) -> list[_Stretch]:
        stretches, at = [_Stretch()], 0
        self._plain = []
        while at < len(self._tokens):
            if stretches[-1].count > 1 and self._folded[at] in self._negations:
                break  # "no E": what follows is not in the name
            for way in self._ways:
                if read := way(at):
                    stretches[-1].add(read[0])
                    at += read[1]
                    break
            else:
                at += self._pass_over(at, stretches)
        return stretches

    def _pass_over(self, at: int, stretches: list[_Stretch]) -> int:
        """A token that is no letter: a pause, the end of a word, or other talk."""
        stretch, token = stretches[-1], self._folded[at]
        if token in _PAUSES:
            stretch.pauses.append(len(stretch.words[-1]))
            return 1
        for length in range(_LONGEST_PHRASE, 0, -1):
            if self._phrase(at, length) in self._known.space:
                if stretch.words[-1]:
                    stretch.words.append("")
                return length
        if token in self._known.fillers or token in self._known.soft:
            return 1
        if token.isalpha() and token not in self._known.grammar:
            self._plain.append(self._tokens[at])
        if stretch.count:
            stretches.append(_Stretch())
        return 1

    def _phrase(self, at: int, length: int) -> str:
        return " ".join(self._folded[at : at + length])

    def _next(self, at: int) -> str:
        return self._folded[at] if at < len(self._folded) else ""

    def _sign(self, at: int) -> tuple[str, int] | None:
        """`Bindestrich`, `apostrophe`, `scharfes S`."""
        for length in range(_LONGEST_PHRASE, 0, -1):
            phrase = self._phrase(at, length)
            if phrase in self._known.hyphen:
                return "-", length
            if phrase in self._known.apostrophe:
                return "'", length
            if phrase in self._known.sharp_s:
                return "ß", length
        return None

    def _doubled(self, at: int) -> tuple[str, int] | None:
        """`Doppel-t`, `double t`, `zweimal n`, `two l's`."""
        if self._next(at) not in self._known.twice:
            return None
        following = self._next(at + 1)
        if self._next(at) == "double" and following in ("u", "you"):
            return "w", 2
        if len(following) == 2 and following[1] == "s" and following != "es":  # noqa: PLR2004
            return following[0] * 2, 2
        letter = self._named(at + 1)
        return (letter * 2, 2) if len(letter) == 1 else None

    def _by_code_word(self, at: int) -> tuple[str, int] | None:
        """`M wie Martha`, `B as in boy`, `Sch wie Schule`; the word is surer than the letter."""
        for length in range(_LONGEST_PHRASE, 0, -1):
            if self._phrase(at + 1, length) not in self._known.as_in:
                continue
            word, said = self._next(at + 1 + length), self._tokens[at]
            letter = said if len(said) == 1 else self._named(at)
            if not (word.isalpha() and said.isalpha()):
                return None
            if not letter and not word.startswith(fold(said)):
                return None
            meant = self._known.code_words.get(word, "")
            if word.startswith(fold(said)):
                meant = said
            elif letter and word.startswith(fold(letter)):
                meant = letter
            return meant or letter, 2 + length
        return None

    def _umlaut(self, at: int) -> tuple[str, int] | None:
        """`A Umlaut`, `Umlaut Unna`."""
        one, other = self._next(at), self._next(at + 1)
        if other in self._known.umlaut and one in _UMLAUTS:
            return _UMLAUTS[one], 2
        if one in self._known.umlaut:
            letter = self._known.code_words.get(other, other)
            return (_UMLAUTS[letter], 2) if letter in _UMLAUTS else None
        return None

    def _letter(self, at: int) -> tuple[str, int] | None:
        letters = self._named(at)
        if not letters and self._is_group(at):
            letters = self._tokens[at]
        return (letters, 1) if letters else None

    def _is_group(self, at: int) -> bool:
        """`DT`, `SCH`: letters that the recogniser ran together."""
        written = self._written[at]
        return written.isalpha() and written.isupper() and _VOWELS.isdisjoint(self._tokens[at])

    def _named(self, at: int) -> str:
        """What one token stands for: a letter, its name or its code word; else nothing."""
        token = self._next(at)
        if at < len(self._tokens) and len(self._tokens[at]) == 1 and token.isalpha():
            return self._tokens[at]
        return self._known.letters.get(token) or self._known.code_words.get(token, "")


def _at_pauses(stretch: _Stretch) -> list[str]:
    """Cut the letters at the one pause, if both sides can be words: `U T E, B R A N D T`."""
    letters = stretch.words[0]
    pauses = [at for at in stretch.pauses if 1 < at < len(letters) - 1]
    if len(pauses) == 1:
        first, second = letters[: pauses[0]], letters[pauses[0] :]
        can_be_words = not any(_VOWELS.isdisjoint(side) for side in (first, second))
        if can_be_words and (is_first_name(fold(first)) or min(len(first), len(second)) > 2):  # noqa: PLR2004
            return [first, second]
    return [letters.strip("-'")]
