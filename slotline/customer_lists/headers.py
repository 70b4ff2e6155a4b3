"""What the columns of a list are called, in German and English."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final


class Column(StrEnum):
    """What a column may hold."""

    NAME = "name"
    FIRST = "first name"
    LAST = "last name"
    NUMBER = "phone number"
    SALUTATION = "salutation"
    EMAIL = "e-mail"
    LANGUAGE = "language"


_WORDS: Final = {
    Column.NAME: "name|full name|customer|customer name|client|kunde|kundin|kundenname|patient",
    Column.FIRST: "first name|firstname|given name|forename|vorname",
    Column.LAST: "last name|lastname|surname|family name|nachname|familienname|zuname",
    Column.NUMBER: (
        "phone|phone number|phonenumber|number|telephone|tel|mobile|mobile phone|mobile number|"
        "cell|cell phone|cellphone|home phone|work phone|business phone|landline|"
        "telefon|telefonnummer|telefonnr|tel nr|rufnummer|nummer|handy|handynummer|handynr|mobil|"
        "mobilnummer|mobiltelefon|mobilfunk|festnetz|festnetznummer|telefon privat|"
        "telefon geschäftlich|telefon mobil|telefon festnetz|privat|geschäftlich"
    ),
    Column.SALUTATION: "salutation|title|anrede",
    Column.EMAIL: "email|e mail|mail|email address|e mail address|e mail adresse|email adresse",
    Column.LANGUAGE: "language|sprache",
}
_MEANING: Final = {word: column for column, words in _WORDS.items() for word in words.split("|")}


def column_of(header: str) -> Column | None:
    """What a header names: `Telefon 2` is a phone number, `E-Mail-Adresse` an address."""
    words = re.sub(r"[\W_]+", " ", header.casefold()).strip()
    return _MEANING.get(words) or _MEANING.get(re.sub(r" ?\d+$", "", words))


def columns_of(headers: Sequence[str]) -> dict[int, Column]:
    """By their place; those that nobody knows are left out."""
    found = ((place, column_of(header)) for place, header in enumerate(headers))
    return {place: column for place, column in found if column is not None}
