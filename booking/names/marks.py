"""Names with marks as a recogniser writes down what it hears: `Şahin`, `Schahin`.

Dropping the marks gives what people type; what they say is another spelling in the recogniser's own
language. Letters that two languages share are read as the one that has more names here.
"""

import re

_SPOKEN = str.maketrans(
    {
        "ş": "sch", "ś": "sch", "š": "sch", "ž": "sch", "ż": "sch", "ć": "tsch", "č": "tsch",
        "đ": "dsch", "ł": "w", "ą": "on", "ę": "en", "ğ": "", "ź": "s", "ý": "i", "ř": "rsch",
    }
)  # fmt: skip
_TURKISH = re.compile(r"[şğı]|^ç")
_SLAVIC = re.compile(r"[ąęłńśźżćčšžđ]|ó.*[ckwz]")
_PAIRS = (
    (_TURKISH, (("c", "dsch"), ("ç", "tsch"), ("j", "sch"))),
    (_SLAVIC, (("cz", "tsch"), ("sz", "sch"), ("rz", "sch"), ("c", "z"), ("ó", "u"))),
)


def as_said(name: str) -> str:
    """`name` in small letters as it sounds, where its marks tell; else `name` itself."""
    if name.isascii():
        return name
    return " ".join(_word(word) for word in name.lower().split())


def _word(word: str) -> str:
    for marks, pairs in _PAIRS:
        if marks.search(word):
            for letters, heard in pairs:
                word = word.replace(letters, heard)
            break
    return word.translate(_SPOKEN)
