"""How a word sounds: three keys that agree when two spellings may be one spoken word.

Kölner Phonetik hears German, Double Metaphone English with traces of other languages; both drop
vowels, so short names collide (`Anna`, `Jana`). The third key, ours, keeps coarse vowels and
is made to be compared letter by letter.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from doublemetaphone import doublemetaphone  # type: ignore[import-untyped]


class Sound(NamedTuple):
    """The keys of one folded word."""

    ear: str
    cologne: str
    metaphones: frozenset[str]


@lru_cache(maxsize=4096)
def sound(word: str) -> Sound:
    """The sound of a folded word; words of other scripts have only themselves."""
    if not word.isascii():
        return Sound(word, "", frozenset())
    return Sound(ear(word), cologne(word), frozenset(filter(None, doublemetaphone(word))))


_EAR = tuple(
    (re.compile(pattern), heard)
    for pattern, heard in (
        (r"^(?:kn|gn)", "n"),
        (r"^wr", "r"),
        (r"^(?:ps|sz|cz)", "s"),
        (r"^(?:mac|mc)k?(?=.{3})", "mk"),
        (r"^xi(?=[aou])", "sch"),
        (r"^x", "s"),
        (r"(?<=[^aeiouy])(?:ugh|ew)$", "oo"),
        (r"(?<=[aeou])[jy](?=[aou])", "i"),
        (r"tsch|tch|dsch|tzsch", "S"),
        (r"s(?:ch|c?h|z)", "S"),
        (r"chs|x", "ks"),
        (r"ch", "k"),
        (r"ck|qu|[cq](?![eiy])", "k"),
        (r"ph|v|w", "f"),
        (r"tion", "sion"),
        (r"tz|ts|z|c", "s"),
        (r"dt|th|d", "t"),
        (r"b", "p"),
        (r"gh(?=t)|(?<=[aeiouy])h", ""),
        (r"(?<=[^aeiouy])h", ""),
        (r"g", "k"),
        (r"eu|aeu|oi|oy", "O"),
        (r"ei|ai|ey|ay|ae?y", "A"),
        (r"ou|oo|ow(?=$|[^aeiouy])|au", "U"),
        (r"ie|ee|ea|ue|y|j", "i"),
        (r"ae|oe|e", "e"),
        (r"(.)\1+", r"\1"),
    )
)


def ear(word: str) -> str:
    """Spellings of one sound folded together, vowels kept: `meyer`, `maier` to `mAer`."""
    for pattern, heard in _EAR:
        word = pattern.sub(heard, word)
    return word


_CODES = {
    **dict.fromkeys("aeijouy", "0"), "b": "1", **dict.fromkeys("fvw", "3"),
    **dict.fromkeys("gkq", "4"), "l": "5", **dict.fromkeys("mn", "6"), "r": "7",
    **dict.fromkeys("sz", "8"),
}  # fmt: skip


def cologne(word: str) -> str:
    """The code of Kölner Phonetik of an ASCII word in lower case.

    Source: H. J. Postel, Die Kölner Phonetik, IBM-Nachrichten 19 (1969), pages 925-931.
    """
    letters = [letter for letter in word if "a" <= letter <= "z"]
    codes: list[str] = []
    for at, letter in enumerate(letters):
        before = letters[at - 1] if at else ""
        after = letters[at + 1] if at + 1 < len(letters) else ""
        code = _CODES.get(letter) or _in_context(letter, before, after)
        for digit in code:
            if not codes or codes[-1] != digit:
                codes.append(digit)
    first, *rest = codes or [""]
    return first + "".join(code for code in rest if code != "0")


def _in_context(letter: str, before: str, after: str) -> str:
    """The code of a letter that depends on its neighbours; H has none."""
    match letter:
        case "p":
            return "3" if after == "h" else "1"
        case "d" | "t":
            return "8" if after and after in "csz" else "2"
        case "x":
            return "8" if before and before in "ckq" else "48"
        case "c":
            hard = "ahkloqrux" if not before else "ahkoqux"
            return "4" if after and after in hard and before not in ("s", "z") else "8"
    return ""
