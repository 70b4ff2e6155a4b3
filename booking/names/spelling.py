"""Names that callers spell: letters, code words, `Doppel-t`, `M wie Martha`, `double t`."""

import re
import unicodedata
from collections.abc import Sequence

from booking.names.casing import write_word
from booking.names.fold import fold
from booking.names.lexicon import Lexicon, lexicon

MAX_SPELLED = 400
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*|[,;.\-–/]")
_LETTER_RUN = re.compile(r"[^\W\d_](?:[-.–][^\W\d_]){1,}\.?$")
_UMLAUTS = {"a": "ä", "o": "ö", "u": "ü"}
_LONGEST_PHRASE = 3


def spelled(text: str, language: str) -> str | None:
    """Read a spelled name, or parts of one.

    Args:
        text: As the model passed it on: `B R A N D T`, `Martha Anton Ida Emil Richard`,
            `M as in Mike, A, double Y`; a word that the model has already put together counts.
        language: Decides what a letter's name means: `e` is E in German and may be I in English.

    Returns:
        The name with its capitals, words parted by blanks; None if nothing was spelled.
    """
    text = unicodedata.normalize("NFKC", text[:MAX_SPELLED])
    reader = _Reader(text, lexicon(language))
    letters = reader.letters()
    if letters:
        return _written(letters)
    return None


def _written(words: Sequence[str]) -> str:
    return " ".join(write_word(word.lower()) for word in words if word)


class _Reader:
    """Reads tokens from left to right into words of letters."""

    def __init__(self, text: str, known: Lexicon) -> None:
        self._known = known
        self._chunks = text.split()
        self._tokens = [token.lower() for token in _TOKEN.findall(text)]
        self._written = _TOKEN.findall(text)
        self._words: list[str] = [""]
        self._plain: list[str] = []
        self._sure = 0
        """Letters that can be nothing else."""

    def letters(self) -> list[str] | None:
        """The words spelled, without their capitals; None if there are none."""
        if whole := self._runs_of_letters():
            return whole
        at = 0
        while at < len(self._tokens):
            at += self._take(at)
        words = [word for word in self._words if word]
        count = sum(map(len, words))
        if words and count > 1 and (self._sure or (count > 1 and not self._plain)):
            return words
        if self._plain and len(self._plain) <= 4 and not words:
            return self._plain
        if self._plain and len(self._plain) == 1 and not self._sure:
            return self._plain
        return None

    def _runs_of_letters(self) -> list[str] | None:
        """`M-E-Y-E-R` and `U.T.E. B.R.A.N.D.T.`: each chunk is a word of its own."""
        runs = [chunk for chunk in self._chunks if _LETTER_RUN.match(chunk.strip(",;"))]
        if not runs or len(runs) != len(self._chunks):
            return None
        return ["".join(letter for letter in run if letter.isalpha()).lower() for run in runs]

    def _take(self, at: int) -> int:
        """Read what starts at token `at`; the number of tokens it took."""
        known = self._known
        for length in range(_LONGEST_PHRASE, 0, -1):
            phrase = " ".join(fold(token) for token in self._tokens[at : at + length])
            if phrase in known.hyphen:
                self._words[-1] += "-"
                return length
            if phrase in known.apostrophe:
                self._words[-1] += "'"
                return length
            if phrase in ("scharfes s", "sharp s", "scharfe s", "es zett", "s z", "es zet"):
                return self._add("ß", length)
        if (taken := self._doubled(at)) or (taken := self._by_code_word(at)):
            return taken
        token = self._tokens[at]
        folded = fold(token)
        if len(token) == 1 and token.isalpha():
            if self._next(at + 1) in known.umlaut and token in _UMLAUTS:
                return self._add(_UMLAUTS[token], 2)
            return self._add(token, 1)
        if folded in known.umlaut:
            following = self._next(at + 1)
            letter = known.code_words.get(following, following)
            if letter in _UMLAUTS:
                return self._add(_UMLAUTS[letter], 2)
            return 1
        if folded in known.letters and not (len(token) == 1):
            return self._add(known.letters[folded], 1)
        if folded in known.code_words:
            return self._add(known.code_words[folded], 1, sure=0)
        if folded in known.space:
            if self._words[-1]:
                self._words.append("")
            return 1
        written = self._written[at]
        if token.isalpha():
            if written.isupper() and len(token) in (2, 3) and not set(token) & set("aeiouyäöü"):
                return self._add(token, 1)
            if folded not in known.fillers and folded not in known.grammar:
                self._plain.append(token)
        return 1

    def _next(self, at: int) -> str:
        return fold(self._tokens[at]) if at < len(self._tokens) else ""

    def _add(self, letters: str, taken: int, *, sure: int = 1) -> int:
        self._words[-1] += letters
        self._sure += sure
        return taken

    def _letter_at(self, at: int) -> str:
        """The letter that one token names, or nothing."""
        token = self._next(at)
        if len(token) == 1 and token.isalpha():
            return self._tokens[at]
        if len(token) == 2 and token[1] == "s" and token[0].isalpha():  # noqa: PLR2004 - "two ts"
            return token[0]
        named: str = self._known.letters.get(token, "")
        return named or self._known.code_words.get(token, "")

    def _doubled(self, at: int) -> int:
        """`Doppel-t`, `double t`, `zweimal n`, `two l's`."""
        if self._next(at) not in self._known.twice:
            return 0
        hyphen = 1 if self._next(at + 1) in "-–" else 0
        following = self._next(at + 1 + hyphen).replace("'", "").replace("’", "")
        if self._next(at) == "double" and following in ("u", "you"):
            return self._add("w", 2 + hyphen)
        letter = self._letter_at(at + 1 + hyphen)
        if not letter and len(following) == 2 and following[1] == "s":  # noqa: PLR2004
            letter = following[0]
        if len(letter) != 1:
            return 0
        return self._add(letter * 2, 2 + hyphen)

    def _by_code_word(self, at: int) -> int:
        """`M wie Martha`, `B as in boy`, `Sch wie Schule`."""
        for length in range(_LONGEST_PHRASE, 0, -1):
            phrase = " ".join(self._next(at + 1 + step) for step in range(length))
            if phrase in self._known.as_in:
                word = self._next(at + 1 + length)
                if not word or not word.isalpha():
                    return 0
                said = self._tokens[at]
                letter = self._letter_at(at) if len(said) > 1 else said
                meant = self._known.code_words.get(word, "")
                if len(said) > 1 and word.startswith(fold(said)):
                    return self._add(said, 2 + length)
                if letter and word.startswith(fold(letter)[:1]):
                    return self._add(letter, 2 + length)
                if meant or letter:
                    return self._add(meant or letter, 2 + length)
                return 0
        return 0
