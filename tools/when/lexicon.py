"""Looking up words: as listed, written in one, heard slightly wrong, or too near to be ignored."""

from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

Symbols = tuple[str, ...]

DOUBT: Symbols = ("doubt",)
"""A word that may be a listed one gone wrong: what it stood for must be asked."""

_UNSEEN = frozenset(
    (
        "any",
        "asks",
        "blank",
        "correct",
        "people",
        "several",
        "soon",
        "that",
        "thing",
        "vague",
        "zone",
    )
)
"""Symbols that change no day and no time; a word like theirs is just another word."""
_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_STRIPPED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_SHORTEST_GUESSED, _SHORTEST_ORDINAL = 6, 7
"""Letters; shorter words are too near to words that mean something else."""
_SHORTEST_DOUBTED = 5
"""Letters."""
_LONG = 9
"""Letters from which on two slips may be mended instead of one."""
_SHORTEST_HALF, _LONGER_HALF = 2, 4
"""Letters of the halves of a compound: one may be as short as this if the other is not."""
_SHORTEST_DAY = 6
"""Letters of a weekday that is not abbreviated."""
_SHORTEST_PART, _SHORTEST_RELATION = 4, 5
"""Letters of a value, or of what relates one, inside a word that make it doubtful: "firstof"."""
_LONG_DOUBTED = 8
"""Letters from which on two slips make a word doubtful."""
_SELECTORS = frozenset(("next", "coming", "after_next", "quarter", "morgen"))
_DAYS = ("weekday:", "ordinal:", "month:", "day:")
"""Symbols of what is a word by itself, so that its halves hardly mean anything else."""
_RELATIONS = frozenset(
    (
        "after",
        "at_latest",
        "before",
        "between",
        "early",
        "early_in",
        "every",
        "from",
        "half",
        "last",
        "late",
        "late_in",
        "not",
        "onwards",
        "threequarters",
        "until",
        "within",
    )
)


class Lexicon:
    """The phrases of a language."""

    def __init__(self, phrases: Iterable[tuple[str, Symbols]]) -> None:
        listed = _listed(phrases)
        self._by_first: dict[str, list[tuple[tuple[str, ...], Symbols]]] = {}
        for phrase, symbols in listed.items():
            words = tuple(phrase.split())
            self._by_first.setdefault(words[0], []).append((words, symbols))
        for same_first in self._by_first.values():
            same_first.sort(key=lambda entry: -len(entry[0]))
        self._single = {phrase: symbols for phrase, symbols in listed.items() if " " not in phrase}
        self._guessable = [word for word in self._single if self._may_be_guessed(word)]
        self._doubtful = sorted(
            {
                word
                for phrase, symbols in listed.items()
                if not _UNSEEN.issuperset(symbols)
                for word in phrase.split()
                if len(word) >= _SHORTEST_DOUBTED
            }
        )
        self._parts = {word for word in self._single if self._is_telling(word)}

    def longest(self, words: Sequence[str], start: int) -> tuple[Symbols, int]:
        """The symbols of the longest known phrase that starts here, and its length in words."""
        for phrase, symbols in self._by_first.get(words[start], ()):
            end = start + len(phrase)
            if tuple(words[start:end]) == phrase:
                return symbols, len(phrase)
        return (), 0

    def joined(self, word: str, following: str = "") -> Symbols:
        """The symbols of a day or month whose name stands here in two; none if none does."""
        if not (word and following) or len(word) + len(following) < _SHORTEST_GUESSED:
            return ()
        symbols = self._single.get(word + following, ())
        return symbols if symbols and symbols[0].startswith(_DAYS) else ()

    def mended(self, word: str) -> Symbols:
        """The symbols of a word that is written in one or heard slightly wrong.

        Returns:
            `DOUBT` if it may be a listed word but not surely which; none if it is like no other.
        """
        parted = self._parted(word)
        if parted is not None:
            return parted
        return self._guessed(word) or (DOUBT if self._is_doubtful(word) else ())

    def _parted(self, word: str) -> Symbols | None:
        """The symbols of a word, or of the words that it is made of: "halbdrei", "umhalbdrei"."""
        known = self._single.get(word)
        if known is not None:
            return known
        for cut in range(len(word) - _SHORTEST_HALF, _SHORTEST_HALF - 1, -1):
            if len(word) - cut == _SHORTEST_HALF and cut < _LONGER_HALF:
                continue
            head = self._single.get(word[:cut])
            tail = self._parted(word[cut:]) if head is not None and _heads(head, cut) else None
            if head is not None and tail is not None:
                return head + tail
        return None

    def _guessed(self, word: str) -> Symbols:
        if len(word) < _SHORTEST_GUESSED - 1:
            return ()
        slips = 2 if len(word) >= _LONG else 1
        near = process.extract(
            word, self._guessable, scorer=OSA.distance, score_cutoff=slips, limit=None
        )
        best = min((distance for _, distance, _ in near), default=None)
        found = {self._single[each] for each, distance, _ in near if distance == best}
        return found.pop() if len(found) == 1 else ()

    def _is_doubtful(self, word: str) -> bool:
        if any(
            word[:cut] in self._parts or word[-cut:] in self._parts
            for cut in range(_SHORTEST_PART, len(word))
        ):
            return True
        if len(word) < _SHORTEST_DOUBTED - 1:
            return False
        slips = 2 if len(word) >= _LONG_DOUBTED else 1
        return (
            process.extractOne(word, self._doubtful, scorer=OSA.distance, score_cutoff=slips)
            is not None
        )

    def _may_be_guessed(self, word: str) -> bool:
        """Values and what selects them; a guessed "any" or "not" would do harm."""
        symbols = self._single[word]
        if symbols and symbols[0].startswith("ordinal:"):
            return len(word) >= _SHORTEST_ORDINAL
        return len(word) >= _SHORTEST_GUESSED and any(
            _is_value(each) or each in _SELECTORS for each in symbols
        )

    def _is_telling(self, word: str) -> bool:
        """Whether a word says so much that another one which contains it is doubtful."""
        symbols = self._single[word]
        if any(_is_value(each) or each in _SELECTORS for each in symbols):
            return len(word) >= _SHORTEST_PART
        return len(word) >= _SHORTEST_RELATION and not _RELATIONS.isdisjoint(symbols)


def folded(text: str) -> str:
    """Lower case, umlauts as two letters, as recognisers and models write them anyway."""
    return text.casefold().translate(_FOLDED)


def _listed(phrases: Iterable[tuple[str, Symbols]]) -> Mapping[str, Symbols]:
    """The phrases, and with plain vowels for umlauts where that is no other phrase."""
    listed: dict[str, Symbols] = {}
    plain: dict[str, Symbols] = {}
    for phrase, symbols in phrases:
        if listed.setdefault(folded(phrase), symbols) != symbols:
            raise ValueError(f"{phrase!r} means {listed[folded(phrase)]} and {symbols}")
        plain[phrase.casefold().translate(_STRIPPED)] = symbols
    return plain | listed


def _is_value(symbol: str) -> bool:
    return ":" in symbol


def _heads(symbols: Symbols, length: int) -> bool:
    """Whether a compound may begin so: "umhalb" may, but "often" and "friend" are words."""
    if length == _SHORTEST_HALF:
        return symbols in (("at",), ("from",), ("until",))
    return length >= _SHORTEST_DAY or not any(each.startswith("weekday:") for each in symbols)
