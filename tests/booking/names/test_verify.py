"""Who it is, from a number's customers and a heard name."""

import pytest

from booking.names import Identified, NeedChoice, NeedName, NewPerson, Reason
from tests.booking.names.conftest import Ask, customer

OWNER = customer("Gesa Lührs")
HUSBAND = customer("Arne Lührs", is_owner=False)


@pytest.mark.parametrize(
    "heard",
    [
        "Gesa Lührs",
        "Gesa Lyrs",
        "Lührs",
        "Gesa",
        "Lührs Gesa",
        "Lührs, Gesa",
        "ja hallo hier ist die Gesa Lührs",
        "Frau Dr. Lührs",
        "G. Lührs",
        "Gesa Kolb, geborene Lührs",
    ],
)
def test_the_customer_of_a_number(ask: Ask, heard: str) -> None:
    verdict = ask(heard, OWNER)

    assert isinstance(verdict, Identified)
    assert verdict.customer is OWNER


@pytest.mark.parametrize("heard", ["Arne Lührs", "Lea Lührs", "Till Brinkmann", "Brinkmann"])
def test_another_person_on_a_known_number_is_new(ask: Ask, heard: str) -> None:
    assert ask(heard, OWNER) == NewPerson(heard)


@pytest.mark.parametrize(
    ("stored", "heard"),
    [
        ("Jan Eggers", "Jana Eggers"),
        ("Simon Abt", "Simone Abt"),
        ("Ute Harms", "Uwe Harms"),
        ("Paula Wirth", "Paul Wirth"),
        ("Eric Marlowe", "Erica Marlowe"),
    ],
)
def test_one_letter_may_be_another_gender(ask: Ask, stored: str, heard: str) -> None:
    assert ask(heard, customer(stored)) == NewPerson(heard)


@pytest.mark.parametrize(
    ("stored", "heard"), [("Hanna Wulf", "Anna Wulf"), ("Karin Bode", "Katrin Bode")]
)
def test_two_real_first_names_that_sound_alike_are_worth_a_question(
    ask: Ask, stored: str, heard: str
) -> None:
    close = customer(stored)

    assert ask(heard, close) == NeedChoice((close,))


@pytest.mark.parametrize(
    ("stored", "heard"),
    [
        ("Robert Fairweather", "Bob Fairweather"),
        ("Katharina Weyrauch", "Kathi Weihrauch"),
        ("Siobhan Gallacher", "Shivon Gallagher"),
        ("Anne-Kathrin Böhm", "Annkatrin Böhm"),
    ],
)
def test_one_person_said_in_two_ways(ask: Ask, stored: str, heard: str) -> None:
    same = customer(stored)

    verdict = ask(heard, same)

    assert isinstance(verdict, Identified)


def test_a_relative_with_the_same_double_name_is_somebody_else(ask: Ask) -> None:
    assert ask("Ulrich Berger-Kohl", customer("Berta Berger-Kohl")) == NewPerson(
        "Ulrich Berger-Kohl"
    )


def test_father_and_son(ask: Ask) -> None:
    father, son = customer("Peter Rasch senior"), customer("Peter Rasch jun.", is_owner=False)

    assert ask("Peter Rasch junior", father, son) == Identified(son, "Peter Rasch Junior", False)
    assert ask("Peter Rasch junior", father) == NewPerson("Peter Rasch Junior")
    assert ask("Peter Rasch junior", customer("Peter Rasch")) != ask("Peter Rasch", father)


def test_the_heard_name_decides_between_two(ask: Ask) -> None:
    assert ask("Arne", OWNER, HUSBAND) == Identified(HUSBAND, "Arne", False)
    assert ask("Herr Lührs", OWNER, HUSBAND) == Identified(HUSBAND, "Lührs", False)
    assert ask("Lührs", OWNER, HUSBAND) == NeedChoice((OWNER, HUSBAND))
    assert ask("Unbekannt", OWNER, HUSBAND) == NeedChoice((OWNER, HUSBAND))
    assert ask("Lea Lührs", OWNER, HUSBAND) == NewPerson("Lea Lührs")


def test_a_salutation_that_does_not_fit_is_asked_about(ask: Ask) -> None:
    assert ask("Herr Lührs", OWNER) == NeedName(Reason.OTHER_PERSON)
    assert ask("Frau Lührs", OWNER) == Identified(OWNER, "Lührs", False)
    assert ask("Mr Vale", customer("Ruby Vale", salutation="Ms")) == NeedName(Reason.OTHER_PERSON)


def test_a_stored_salutation_counts_more_than_the_first_name(ask: Ask) -> None:
    kim = customer("Kim Vale", salutation="Mr")

    assert ask("Mr Vale", kim) == Identified(kim, "Vale", False)
    assert ask("Mrs Vale", kim) == NeedName(Reason.OTHER_PERSON)


def test_spelling_beats_hearing_and_keeps_the_first_name(ask: Ask) -> None:
    assert ask("Till Brinkman", spelled="B R I N K M A N N") == NewPerson("Till Brinkmann")
    assert ask("Till Brinkman", spelled="mit zwei n am Ende") == NewPerson("Till Brinkmann")
    assert ask("Till Maier", spelled="Martha Emil Ypsilon Emil Richard") == NewPerson("Till Meyer")
    assert ask("Unbekannt", spelled="K O L B") == NewPerson("Kolb")
    assert ask("Till Brinkman, B R I N K M A N N") == NewPerson("Till Brinkmann")


def test_spelling_finds_the_customer(ask: Ask) -> None:
    verdict = ask("Gesa Lyons", OWNER, spelled="L Ü H R S")

    assert verdict == Identified(OWNER, "Gesa Lührs", False)


def test_any_hypothesis_may_be_the_customer(ask: Ask) -> None:
    verdict = ask(["Gisa Lürs", "Gesa Lührs"], OWNER)

    assert verdict == Identified(OWNER, "Gesa Lührs", False)
    assert ask(["Till Brinkmann", "Till Prinkmann"], OWNER) == NewPerson("Till Brinkmann")


def test_the_owner_is_not_whom_a_booking_for_someone_else_is_for(ask: Ask) -> None:
    assert ask("Gesa Lürs", OWNER, for_someone_else=True) == NewPerson("Gesa Lürs")
    assert ask("Gesa Lührs", OWNER, for_someone_else=True) == Identified(OWNER, "Gesa Lührs", False)


def test_who_denies_to_be_the_customer_is_not(ask: Ask) -> None:
    assert ask("ich bin nicht Frau Lührs", OWNER) == NeedName(Reason.OTHER_PERSON)
    assert ask("nicht Gesa Lührs, hier ist Till Brinkmann", OWNER) == NewPerson("Till Brinkmann")


def test_a_customer_without_a_name_is_no_candidate(ask: Ask) -> None:
    nameless = customer("")

    assert ask("", nameless) == NeedName(Reason.NOT_HEARD)
    assert ask("Gesa Lührs", nameless) == NewPerson("Gesa Lührs")
    assert ask("Anrufer", customer("Unbekannt")) == NeedName(Reason.PLACEHOLDER)


def test_a_new_person_keeps_the_salutation(ask: Ask) -> None:
    assert ask("Frau Doktor Lührs") == NewPerson("Lührs", salutation="Frau Dr.")


@pytest.mark.parametrize(
    "heard",
    ["I'm driving", "bin versichert", "ist Frau Berger heute da", "it's pretty urgent", "okay wow"],
)
def test_a_predicate_or_a_question_makes_nobody(ask: Ask, heard: str) -> None:
    assert ask(heard) == NeedName(Reason.NOT_HEARD)


def test_a_surname_with_a_syllable_more_is_asked_about(ask: Ask) -> None:
    irene = customer("Irene Baum")

    assert ask("Baumann", irene) == NeedChoice((irene,))


def test_the_owner_of_a_number_of_several_may_be_whom_another_calls_for(ask: Ask) -> None:
    hans, inge = customer("Hans Mertens"), customer("Inge Mertens", is_owner=False)

    verdict = ask("für meinen Mann Hans", hans, inge)

    assert isinstance(verdict, Identified)
    assert verdict.customer == hans
