"""What is said to callers: one file a language, chosen by `words_in`."""

from tools.words.de import GERMAN
from tools.words.en import ENGLISH
from tools.words.language import Words

WORDS: dict[str, Words] = {words.language: words for words in (ENGLISH, GERMAN)}


def words_in(language: str) -> Words:
    """The words of a language; English where nobody has written it yet."""
    return WORDS.get(language, ENGLISH)
