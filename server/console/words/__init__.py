"""What the console says, one file a language: a key, and the words for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from server.console.words import de, en


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a language."""

    language: str
    locale: str
    """For times: `en` alone would be American."""
    words: Mapping[str, str] = field(repr=False)

    def __call__(self, key: str, /, **values: object) -> str:
        """The words of a key, its blanks filled in.

        Raises:
            KeyError: Nobody has written them.
        """
        words = self.words[key]
        return words.format(**values) if values else words

    def has(self, key: str) -> bool:
        """Whether there are words for a key."""
        return key in self.words

    def named(self, group: str, name: str | None) -> str:
        """A word from elsewhere, such as a flag's kind, in words; as it is if there are none."""
        if name is None:
            return "–"
        return self.words.get(f"{group}.{name}", name.replace("_", " "))


_WORDS: Final = {
    "en": Words("en", "en_GB", en.WORDS),
    "de": Words("de", "de_DE", de.WORDS),
}

LANGUAGES: Final = tuple(_WORDS)


def words_in(language: str) -> Words:
    """The words of a language; English for one that nobody has written."""
    return _WORDS.get(language, _WORDS["en"])
