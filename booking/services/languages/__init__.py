"""One module a language; a further language is a further module and a line here."""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from booking.services.languages.de import GERMAN
from booking.services.languages.en import ENGLISH
from booking.services.wording import Wording

WORDINGS: Mapping[str, Wording] = {"de": GERMAN, "en": ENGLISH}


@cache
def wording(language: str) -> Wording:
    """The words of all languages, for callers mix them; the call's own language wins."""
    own = WORDINGS.get(language, WORDINGS["en"])
    everyone = [other for other in WORDINGS.values() if other is not own] + [own]
    merged: dict[str, Any] = {}
    for field in fields(Wording):
        values = [getattr(words, field.name) for words in everyone]
        if isinstance(values[0], frozenset):
            merged[field.name] = frozenset[str]().union(*values)
        elif isinstance(values[0], tuple):
            merged[field.name] = getattr(own, field.name)
        else:
            merged[field.name] = {key: mapped for value in values for key, mapped in value.items()}
    return Wording(**merged)
