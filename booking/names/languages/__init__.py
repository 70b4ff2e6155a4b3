"""One module a language; a further language is a further module and a line here."""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from booking.names.languages.de import GERMAN
from booking.names.languages.en import ENGLISH
from booking.names.lexicon import Lexicon

LEXICONS: Mapping[str, Lexicon] = {"de": GERMAN, "en": ENGLISH}


@cache
def lexicon(language: str) -> Lexicon:
    """What a call in `language` (`de`, `en`) listens for; an unknown language is English."""
    own = LEXICONS.get(language, LEXICONS["en"])
    everyone = [lexicon for lexicon in LEXICONS.values() if lexicon is not own] + [own]
    merged: dict[str, Any] = {}
    for field in fields(Lexicon):
        values = [getattr(lexicon, field.name) for lexicon in everyone]
        if isinstance(values[0], frozenset):
            merged[field.name] = frozenset[str]().union(*values)
        elif isinstance(values[0], str):
            merged[field.name] = next(filter(None, reversed(values)), "")
        elif isinstance(values[0], tuple):
            merged[field.name] = tuple(one for value in values for one in value)
        else:
            merged[field.name] = {key: mapped for value in values for key, mapped in value.items()}
    return Lexicon(**merged)
