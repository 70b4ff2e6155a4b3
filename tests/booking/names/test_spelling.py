"""Spelled names and remarks on their letters."""

import pytest

from booking.names import spelled
from booking.names.merging import merge
from booking.services.wording import listed
from evals.name_noise import SURNAMES


@pytest.mark.parametrize(
    ("language", "said", "name"),
    [
        ("de", "L Ü H R S", "Lührs"),
        ("de", "L-Ü-H-R-S", "Lührs"),
        ("de", "l, ü, h, r, s.", "Lührs"),
        ("de", "M wie Martha, A wie Anton, I wie Ida, E wie Emil, R wie Richard", "Maier"),
        ("de", "Martha Anton Ida Emil Richard", "Maier"),
        ("de", "München Aachen Ingelheim Essen Rostock", "Maier"),
        ("de", "M U Umlaut Doppel-L E R", "Müller"),
        ("de", "Em Ü zweimal L E Er", "Müller"),
        ("de", "W E I scharfes S", "Weiß"),
        ("de", "Schule Martha Ida Dora Theodor", "Schmidt"),
        ("de", "Ypsilon I L M A Zett", "Yilmaz"),
        ("de", "B wie Paula, A, U, L, A", "Paula"),
        ("de", "H A N S E N Bindestrich V O S S", "Hansen-Voss"),
        ("de", "G E S A, L Ü H R S", "Gesa Lührs"),
        ("en", "S M Y T H E", "Smythe"),
        ("en", "it's spelled S M Y T H E", "Smythe"),
        ("en", "M as in Mike, A, I, E, R", "Maier"),
        ("en", "Sierra Mike Yankee Tango Hotel", "Smyth"),
        ("en", "W A double T S", "Watts"),
        ("en", "double-u a two t's s", "Watts"),
        ("en", "ay double-u e", "Awe"),
        ("en", "O apostrophe B R I E N", "O'Brien"),
        ("en", "C O O K, no E", "Cook"),
        ("en", "Boone", "Boone"),
        ("en", "", None),
        ("en", "that is all I know about it", None),
    ],
)
def test_spelled(language: str, said: str, name: str | None) -> None:
    assert spelled(said, language) == name


@pytest.mark.parametrize(
    ("heard", "remark", "name"),
    [
        ("Till Brand", "mit dt am Ende", "Till Brandt"),
        ("Till Brand", "mit D T", "Till Brandt"),
        ("Till Meier", "mit ai", "Till Maier"),
        ("Till Meier", "mit A Y", "Till Mayer"),
        ("Till Hofmann", "mit Doppel-f", "Till Hoffmann"),
        ("Stefan Kolb", "Stephan mit ph", "Stephan Kolb"),
        ("Till Becker", "mit ä", "Till Bäcker"),
        ("Ines Gross", "mit scharfem S", "Ines Groß"),
        ("Till Schröter", "mit d statt t", "Till Schröder"),
        ("Till Schröter", "D wie Dora, nicht T wie Theodor", "Till Schröder"),
        ("Tomas Kolb", "Thomas mit th", "Thomas Kolb"),
        ("Owen Smith", "with a y", "Owen Smyth"),
        ("Owen Smith", "with a y and an e", "Owen Smythe"),
        ("Owen Brown", "with an e at the end", "Owen Browne"),
        ("Owen Cooke", "without the e", "Owen Cook"),
        ("Katherine Hale", "Catherine with a C", "Catherine Hale"),
        ("Owen Philips", "with two l's", "Owen Phillips"),
        ("Allan Hale", "Alan with one l", "Alan Hale"),
        ("Sara Hale", "Sarah with an h", "Sarah Hale"),
        ("Steven Gray", "with an e not an a", "Steven Grey"),
        ("Till Lührs", "das ist ganz normal", "Till Lührs"),
    ],
)
def test_a_remark_corrects_what_was_heard(heard: str, remark: str, name: str) -> None:
    assert " ".join(merge(tuple(heard.split()), remark, "de")) == name


@pytest.mark.parametrize(
    ("heard", "said", "name"),
    [
        ("Till Brinkman", "B R I N K M A N N", "Till Brinkmann"),
        ("Katrin Vogt", "K A T H R I N", "Kathrin Vogt"),
        ("Till Meyer Lind", "M E Y E R Bindestrich L I N D T", "Till Meyer-Lindt"),
        ("Jan von Thun", "T U H N", "Jan von Tuhn"),
        ("Till", "V O S S", "Till Voss"),
        ("Brand", "B R A N D T", "Brandt"),
        ("Till Brand", "T I L L, B R A N D T", "Till Brandt"),
        ("Till Maier", "Emil Ypsilon", "Till Meyer"),
    ],
)
def test_spelled_words_take_the_place_of_heard_ones(heard: str, said: str, name: str) -> None:
    assert " ".join(merge(tuple(heard.split()), said, "de")) == name


CODE_WORDS = """
    Anton Berta Cäsar Dora Emil Friedrich Gustav Heinrich Ida Julius Kaufmann Ludwig Martha
    Nordpol Otto Paula Quelle Richard Samuel Theodor Ulrich Viktor Wilhelm Xanthippe Ypsilon
    Zacharias Ärger Ökonom Übermut Eszett
"""


def test_every_surname_can_be_spelled() -> None:
    german = dict(
        zip(
            "abcdefghijklmnopqrstuvwxyzäöüß",
            listed(CODE_WORDS),
            strict=True,
        )
    )
    plain = [name for name in SURNAMES if set(name.lower()) <= german.keys() and name.istitle()]
    assert len(plain) > 100

    for name in plain:
        letters = name.upper() if "ß" not in name else name
        assert spelled(" ".join(letters), "de") == name
        assert spelled(" ".join(letters), "en") == name
        assert spelled(" ".join(german[letter] for letter in name.lower()), "de") == name
        said = ", ".join(f"{letter} wie {german[letter]}" for letter in name.lower())
        assert spelled(said, "de") == name
