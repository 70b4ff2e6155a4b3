"""Names as one writes them, from recognisers that write all small or all large."""

import re

from booking.names.languages import lexicon

_PART = re.compile(r"[-']|[^-']+")
_PREFIXES = frozenset({"o", "d", "l", "n"})
"""Before an apostrophe, with a capital after it: `O'Brien`, `D'Angelo`."""


def write_word(word: str) -> str:
    """One word of a name with its capitals; what is mixed already was written by someone."""
    if word.islower() and word in lexicon("de").particles:
        return word
    inner = word[1:]
    if any(letter.isupper() for letter in inner) and not word.isupper():
        return word
    parts = _PART.findall(word.replace("’", "'").replace("`", "'").replace("´", "'"))
    written = [_capital(part) for part in parts]
    for at in range(1, len(parts) - 1):
        if parts[at] == "'" and parts[at - 1].lower() not in _PREFIXES:
            written[at + 1] = written[at + 1].lower()
    return "".join(written)


def _capital(part: str) -> str:
    if len(part) > 3 and part[:2].lower() == "mc":  # noqa: PLR2004
        return "Mc" + part[2:].capitalize()
    return part[:1].upper() + part[1:].lower()
