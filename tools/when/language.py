"""A language as the grammar needs it: its words for our symbols, and the few rules of its own.

A new language is one file with one `Language`; see `en` and `de`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tools.when.lexicon import Lexicon, Symbols
from tools.when.rules import Rule


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
        hesitations: Words without meaning, which callers put in the middle of anything.
        rules: Run before the shared grammar.
        lexicon: The words, made for looking up.
    """

    code: str
    words: Mapping[str, str]
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    bare_half: int
    dotted_ordinals: bool
    endings: Sequence[str] = ("",)
    hesitations: frozenset[str] = frozenset()
    rules: Sequence[Rule] = ()
    lexicon: Lexicon = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the lexicon now, not on the first caller's time.

        Raises:
            ValueError: A phrase is listed with two meanings.
        """
        object.__setattr__(self, "lexicon", Lexicon(self.phrases()))

    def phrases(self) -> Iterator[tuple[str, Symbols]]:
        """Every phrase in every ending, and what it stands for."""
        for symbols, listed in self.words.items():
            for phrase in in_order(listed):
                for spelled in self._inflected(phrase):
                    yield spelled, tuple(symbols.split())
        for kind, words in (("number", self.numbers), ("ordinal", self.ordinals)):
            for word, value in words.items():
                yield word, (f"{kind}:{value}",)

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
