"""Phonetic keys against published values."""

import pytest

from booking.names.sound import cologne, ear, sound


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("wikipedia", "3412"),
        ("muellerluedenscheidt", "65752682"),
        ("breschnew", "17863"),
        ("heinrich", "0674"),
        ("mayer", "67"),
        ("phillip", "351"),
        ("xaver", "4837"),
        ("caesar", "487"),
        ("schmitz", "868"),
        ("ahha", "0"),
        ("", ""),
    ],
)
def test_koelner_phonetik(word: str, code: str) -> None:
    """Source: the worked examples of de.wikipedia.org/wiki/Kölner_Phonetik, and by its rules."""
    assert cologne(word) == code


@pytest.mark.parametrize(
    ("one", "other"),
    [("meyer", "maier"), ("lueders", "lyders"), ("brandt", "brand"), ("schmidt", "schmitt")],
)
def test_the_ear_does_not_hear_spelling(one: str, other: str) -> None:
    assert ear(one) == ear(other)


@pytest.mark.parametrize(("one", "other"), [("anna", "jana"), ("lea", "lena"), ("tim", "tom")])
def test_the_ear_hears_vowels(one: str, other: str) -> None:
    assert ear(one) != ear(other)


def test_double_metaphone_gives_both_readings() -> None:
    assert sound("schmidt").metaphones == {"XMT", "SMT"}
    assert sound("иван").metaphones == frozenset()
