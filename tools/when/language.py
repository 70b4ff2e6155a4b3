"""A language as the grammar needs it: its words for our symbols, and the few rules of its own.

A new language is one file with one `Language`; see `en` and `de`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from tools.when.rules import Rule

_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_STRIPPED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_SHORTEST_GUESSED = 6
"""Letters; shorter words are too near to words that mean something else."""
_LONG_ENOUGH = 7
"""Letters of an ordinal that may be guessed; the short ones are too near to each other."""
_LONG = 9
"""Letters from which on two slips may be mended instead of one."""
_SHORTEST_HEAD, _SHORTEST_TAIL = 2, 3
"""Letters of the halves of a compound."""
_SHORTEST_DAY = 6
"""Letters of a weekday that is not abbreviated."""

Symbols = tuple[str, ...]


@dataclass(frozen=True)
class Language:
    """The words of a language.

    Attributes:
        code: ISO 639-1.
        words: Symbols, in order and apart by blanks, to the phrases that stand for them, apart by
            commas. A symbol with a colon becomes a value: `weekday:0`, `part:morning`.
        endings: What "~" at the end of a phrase stands for.
        numbers: Number words that need no rule.
        ordinals: Ordinal words.
        bare_half: Minutes from three to "half three".
        dotted_ordinals: "15." is the fifteenth, not fifteen at the end of a sentence.
        rules: Run before the shared grammar.
    """

    code: str
    words: Mapping[str, str]
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    bare_half: int
    dotted_ordinals: bool
    endings: Sequence[str] = ("",)
    rules: Sequence[Rule] = ()

    def longest(self, words: Sequence[str], start: int) -> tuple[Symbols, int]:
        """The symbols of the longest known phrase that starts here, and its length in words."""
        known = self._lexicon.get(words[start])
        if known is not None:
            for phrase, symbols in known:
                end = start + len(phrase)
                if tuple(words[start:end]) == phrase:
                    return symbols, len(phrase)
        return (), 0

    def mended(self, word: str) -> Symbols:
        """The symbols of a word that is written in one or heard slightly wrong, or none."""
        parted = self._parted(word)
        return self._guessed(word) if parted is None else parted

    def _parted(self, word: str) -> Symbols | None:
        """The symbols of a word, or of the words that it is made of: "halbdrei", "umhalbdrei"."""
        known = self._single.get(word)
        if known is not None:
            return known
        for cut in range(len(word) - _SHORTEST_TAIL, _SHORTEST_HEAD - 1, -1):
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

    @cached_property
    def _lexicon(self) -> Mapping[str, Sequence[tuple[tuple[str, ...], Symbols]]]:
        lexicon: dict[str, list[tuple[tuple[str, ...], Symbols]]] = {}
        for phrase, symbols in self._phrases().items():
            words = tuple(phrase.split())
            lexicon.setdefault(words[0], []).append((words, symbols))
        for phrases in lexicon.values():
            phrases.sort(key=lambda entry: -len(entry[0]))
        return lexicon

    @cached_property
    def _single(self) -> Mapping[str, Symbols]:
        return {
            phrases[-1][0][0]: phrases[-1][1]
            for phrases in self._lexicon.values()
            if len(phrases[-1][0]) == 1
        }

    @cached_property
    def _guessable(self) -> Sequence[str]:
        return [
            word
            for word, symbols in self._single.items()
            if any(map(_is_worth_guessing, symbols))
            and len(word) >= (_LONG_ENOUGH if "ordinal" in symbols[0] else _SHORTEST_GUESSED)
        ]

    def _phrases(self) -> Mapping[str, Symbols]:
        phrases: dict[str, Symbols] = {}
        for symbols, listed in self.words.items():
            for phrase in listed.split(","):
                for spelled in self._inflected(phrase.strip()):
                    _add(phrases, spelled, tuple(symbols.split()))
        for kind, words in (("number", self.numbers), ("ordinal", self.ordinals)):
            for word, value in words.items():
                _add(phrases, word, (f"{kind}:{value}",))
        return phrases

    def _inflected(self, phrase: str) -> list[str]:
        """Every "~" of a phrase has every ending, each by itself: endings agree or are misheard."""
        stem, tilde, rest = phrase.partition("~")
        if not tilde:
            return [phrase]
        return [
            f"{stem}{ending}{tail}" for ending in self.endings for tail in self._inflected(rest)
        ]


def in_order(words: str) -> list[str]:
    """The words of a list that is written as one text, apart by commas."""
    return [word.strip() for word in words.split(",")]


def folded(text: str) -> str:
    """Lower case, umlauts as two letters, as recognisers and models write them anyway."""
    return text.casefold().translate(_FOLDED)


def _heads(symbols: Symbols, length: int) -> bool:
    """Whether a compound may begin so: "umhalb" may, but "often" and "friend" are words."""
    if length < _SHORTEST_TAIL:
        return symbols in (("at",), ("from",), ("until",))
    return length >= _SHORTEST_DAY or not any(each.startswith("weekday:") for each in symbols)


def _is_worth_guessing(symbol: str) -> bool:
    """Values and what selects them; a guessed "any" or "not" would do harm."""
    return ":" in symbol or symbol in ("next", "coming", "after_next", "quarter", "morgen")


def _add(phrases: dict[str, Symbols], phrase: str, symbols: Symbols) -> None:
    """Add a phrase, and with plain vowels for its umlauts where that is no other phrase.

    Raises:
        ValueError: The phrase is already listed with another meaning.
    """
    if phrases.setdefault(folded(phrase), symbols) != symbols:
        raise ValueError(f"{phrase!r} means {phrases[folded(phrase)]} and {symbols}")
    phrases.setdefault(phrase.casefold().translate(_STRIPPED), symbols)
