"""What is said to callers: one file a language, chosen by `words_in`."""

import importlib
import pkgutil

from tools.words import languages
from tools.words.language import Words


def written() -> dict[str, Words]:
    """The words of every language that has a module in `tools.words.languages`."""
    modules = [
        importlib.import_module(f"{languages.__name__}.{found.name}")
        for found in pkgutil.iter_modules(languages.__path__)
    ]
    return {module.WORDS.language: module.WORDS for module in modules}


WORDS = written()


def words_in(language: str) -> Words:
    """The words of a language; English where nobody has written it yet."""
    return WORDS.get(language, WORDS["en"])


def spoken_digits() -> dict[str, str]:
    """What callers say for the digits of a number, in all languages: models translate."""
    return {
        word: sign
        for words in WORDS.values()
        for word, sign in [
            *((word, str(value)) for value, word in enumerate(words.digits)),
            *words.heard_digits.items(),
            (words.plus, "+"),
        ]
    }
