"""One test for each failure of the old system that these rules answer."""

import pytest

from booking.names import (
    Identified,
    NeedChoice,
    NeedName,
    NewPerson,
    Reason,
    address,
    normalised,
)
from tests.booking.names.conftest import Ask, customer


@pytest.mark.parametrize("heard", ["Wiebke Hanson-Kruse", "Wibke Hansen Kruse", "Frau Kruhse"])
def test_f_012_a_misheard_name_on_the_known_number_is_the_customer(ask: Ask, heard: str) -> None:
    stored = customer("Wiebke Hansen-Kruse")

    verdict = ask(heard, stored)

    assert isinstance(verdict, Identified)
    assert verdict.customer == stored
    assert verdict.customer.name == "Wiebke Hansen-Kruse"


def test_f_012_the_difference_is_told_for_the_log(ask: Ask) -> None:
    stored = customer("Wiebke Hansen-Kruse")

    assert ask("Wiebke Hanson-Kruse", stored) == Identified(stored, "Wiebke Hanson-Kruse", True)
    assert ask("wiebke hansen kruse", stored) == Identified(stored, "Wiebke Hansen Kruse", False)
    assert ask("Hansen", stored) == Identified(stored, "Hansen", False)


@pytest.mark.parametrize(
    "heard",
    ["Neukunde", "Testperson", "", "Anonymus", "nony mous", "Gast", "n. a.", "None", "Frau", "???"],
)
def test_f_013_a_placeholder_is_no_name(ask: Ask, heard: str) -> None:
    stored = customer("Jasper Thomsen")

    assert isinstance(ask(heard), NeedName)
    assert ask(heard, stored) == Identified(stored, heard="", differs=False)
    assert ask(heard, stored, customer("Ida Thomsen", is_owner=False)) != ask(heard, stored)


@pytest.mark.parametrize("name", ["Silke Kunde", "Rolf Null", "Nora Sonntag", "Elias März"])
def test_f_013_a_real_surname_is_no_placeholder(ask: Ask, name: str) -> None:
    assert ask(name) == NewPerson(name)


def test_f_014_a_worse_hearing_does_not_touch_the_confirmed_name(ask: Ask) -> None:
    confirmed = customer("Ines Vogt")

    for worse in ("Ihnes Fogt", "Ines Vogd", "Innes Vocht"):
        verdict = ask(worse, confirmed)
        assert isinstance(verdict, Identified)
        assert verdict.customer.name == "Ines Vogt"


@pytest.mark.parametrize(
    ("name", "salutation", "polite"),
    [
        ("Ines Vogt", "Frau", "Frau Vogt"),
        ("Ines Vogt", None, "Ines Vogt"),
        ("Ines Vogt", "frau dr.", "Frau Dr. Vogt"),
        ("Ludolf von der Tann", "Herr", "Herr von der Tann"),
        ("Karim Haddad jun.", "Mr", "Mr Haddad"),
        ("Ines", "Frau", ""),
        ("Ines", None, ""),
        ("Vogt", "Frau", "Frau Vogt"),
        ("", "Frau", ""),
    ],
)
def test_f_015_nobody_is_addressed_by_the_first_name(
    name: str, salutation: str | None, polite: str
) -> None:
    assert address(name, salutation, "de") == polite


def test_f_017_a_hidden_number_identifies_nobody_and_prevents_nothing(ask: Ask) -> None:
    assert ask("Jasper Thomsen") == NewPerson("Jasper Thomsen")


def test_f_018_spellings_of_one_name_are_one_key() -> None:
    spellings = [
        "Zoë Müller-Lütz",
        "zoe mueller luetz",
        "Frau Dr. ZOË MÜLLER LÜTZ",
        "Zoe Müllerlütz",
    ]

    assert {normalised(spelling) for spelling in spellings} == {"zoemuellerluetz"}
    assert normalised("Zoe Müller") != normalised("Zoe Muller")
    assert normalised("Karim Haddad jun.") == normalised("Karim Haddad Junior")
    assert normalised("Karim Haddad jun.") != normalised("Karim Haddad")


def test_f_019_a_booking_for_someone_else_goes_by_their_name(ask: Ask) -> None:
    caller = customer("Jasper Thomsen")

    assert ask("für meine Tochter Mia", caller) == NewPerson("Mia")
    assert ask("it's for my wife, Ida Thomsen", caller) == NewPerson("Ida Thomsen")
    assert ask("Mia", caller, for_someone_else=True) == NewPerson("Mia")


def test_f_019_somebody_without_a_name_is_asked_for(ask: Ask) -> None:
    caller = customer("Jasper Thomsen")
    unnamed = NeedName(Reason.OTHER_PERSON)

    assert ask("für meine Tochter", caller) == unnamed
    assert ask("Thomsen", caller, for_someone_else=True) == unnamed
    assert ask("hier ist die Frau von Jasper Thomsen", caller) == unnamed


def test_f_019_a_linked_customer_is_found_again(ask: Ask) -> None:
    caller, daughter = customer("Jasper Thomsen"), customer("Mia Thomsen", is_owner=False)

    verdict = ask("für meine Tochter Mia", caller, daughter)

    assert verdict == Identified(daughter, "Mia", False)


def test_f_098_two_of_one_name_are_told_apart_by_asking(ask: Ask) -> None:
    one, other = customer("Jonas Petri"), customer("Jonas Kolbe", is_owner=False)

    assert ask("Jonas", one, other) == NeedChoice((one, other))
    assert ask("Jonas Kolbe", one, other) == Identified(other, "Jonas Kolbe", False)
