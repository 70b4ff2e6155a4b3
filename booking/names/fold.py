"""One spelling for what people spell in several ways."""

import re
import unicodedata

_LETTERS = str.maketrans(
    {
        "ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "oe", "œ": "oe", "ł": "l",
        "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ə": "e", "’": "'", "‘": "'", "ʼ": "'",
        "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-", "—": "-",
    }
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*'?")


def fold(text: str) -> str:
    """Lower-case `text` and write umlauts as two letters and other letters without marks.

    `Łukasz Möller-Weiß` becomes `lukasz moeller-weiss`; scripts other than Latin stay.
    """
    if text.isascii():
        return text.lower()
    composed = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    return "".join(
        letter
        for letter in unicodedata.normalize("NFKD", composed)
        if not unicodedata.combining(letter)
    )


def words(text: str) -> list[str]:
    """The folded words of `text`; hyphens part them, apostrophes within a word vanish."""
    return [word.replace("'", "") for word in _WORD.findall(fold(text))]
