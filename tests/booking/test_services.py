"""Which service the caller means: found, asked for, or not offered, but never guessed."""

from uuid import NAMESPACE_OID, uuid5

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from booking.business import Service
from booking.services import Found, NotOffered, NotSaid, ServiceMatch, SeveralFit, find_service


def service(slug: str, name: str, *synonyms: str) -> Service:
    return Service(uuid5(NAMESPACE_OID, slug), slug, name, synonyms)


SALON = (
    service("damen", "Damenhaarschnitt", "Frauenhaarschnitt"),
    service("herren", "Herrenhaarschnitt"),
    service("kinder", "Kinderhaarschnitt"),
    service("wsf", "Waschen, Schneiden, Föhnen"),
    service("bart", "Bartpflege"),
    service("farbe", "Farbe + Glanz", "Haare färben"),
    service("toenung", "Glanztönung", "Tönung"),
    service("kur", "Pflegebehandlung", "Haarkur"),
)
SPA = (
    service("m30", "Massage 30 minutes"),
    service("m60", "Massage 60 minutes", "full hour massage"),
    service("mani", "Manicure"),
    service("manipedi", "Manicure & pedicure", "mani-pedi"),
    service("facial", "Facial", "face treatment"),
    service("kids", "Kids' manicure"),
)
ONLY = (service("fitting", "Bridal fitting", "dress fitting"),)


def slugs(match: ServiceMatch) -> list[str]:
    match match:
        case Found(found):
            return [found.slug]
        case SeveralFit(several) | NotOffered(several):
            return [each.slug for each in several]
        case NotSaid():
            return []


@pytest.mark.parametrize(
    ("heard", "slug"),
    [
        ("Herrenhaarschnitt", "herren"),
        ("einen Haarschnitt für Männer", "herren"),
        ("ein Frauen Haarschnitt bitte", "damen"),
        ("Haarschnitt für meinen Mann", "herren"),
        ("waschen schneiden und fönen", "wsf"),
        ("Schneiden, Waschen, Föhnen", "wsf"),
        ("Farbe und Glanz", "farbe"),
        ("Farbe plus Glanz", "farbe"),
        ("ich würde mir gern die Haare färben lassen", "farbe"),
        ("Toenung", "toenung"),
        ("Damenharschnitt", "damen"),
        ("Herrenhaarschnitt am Freitag um 15 Uhr", "herren"),
        ("kein Haarschnitt, nur die Haarkur", "kur"),
        ("Haarkur, ach nein, lieber Tönung", "toenung"),
    ],
)
def test_a_german_caller_is_understood(heard: str, slug: str) -> None:
    match = find_service(heard, SALON, language="de")

    assert isinstance(match, Found)
    assert match.service.slug == slug


@pytest.mark.parametrize(
    ("heard", "slug"),
    [
        ("a sixty minute massage", "m60"),
        ("an hour of massage", "m60"),
        ("half an hour massage", "m30"),
        ("manicure and pedicure", "manipedi"),
        ("mani pedi", "manipedi"),
        ("just a manicure please", "mani"),
        ("manikyur", "mani"),
        ("a manicure for my daughter", "kids"),
        ("my face treated", "facial"),
        ("manicure, no wait, a facial", "facial"),
        ("not a facial, a manicure", "mani"),
    ],
)
def test_an_english_caller_is_understood(heard: str, slug: str) -> None:
    match = find_service(heard, SPA, language="en")

    assert isinstance(match, Found)
    assert match.service.slug == slug


@pytest.mark.parametrize(
    ("heard", "services", "candidates"),
    [
        ("Haare schneiden", SALON, {"damen", "herren", "kinder", "wsf"}),
        ("Herrenhaarschnitt und Bartpflege", SALON, {"herren", "bart"}),
        ("Glanz", SALON, {"farbe", "toenung"}),
        ("a massage", SPA, {"m30", "m60"}),
        ("a facial and a manicure", SPA, {"facial", "mani"}),
        ("pedicure", SPA, {"manipedi"}),
        ("a hand facial scrub", SPA, {"facial"}),
    ],
)
def test_between_several_or_half_said_services_a_question_decides(
    heard: str, services: tuple[Service, ...], candidates: set[str]
) -> None:
    match = find_service(heard, services, language="de")

    assert candidates & set(slugs(match))
    assert isinstance(match, Found | SeveralFit)
    if len(candidates) > 1:
        assert isinstance(match, SeveralFit)
        assert set(slugs(match)) <= candidates


@pytest.mark.parametrize("heard", ["Massage", "Olaplex", "root canal", "Zahnreinigung", "tattoo"])
def test_what_is_not_offered_is_said_so(heard: str) -> None:
    assert isinstance(find_service(heard, SALON, language="de"), NotOffered)


@pytest.mark.parametrize(
    "heard", [None, "", "einen Termin bitte", "wie immer", "the usual", "something nice", "ja"]
)
def test_nothing_said_is_not_guessed(heard: str | None) -> None:
    assert find_service(heard, SALON, language="de") == NotSaid()


@pytest.mark.parametrize("heard", [None, "", "an appointment", "the usual", "for my mother"])
def test_a_single_service_is_taken(heard: str | None) -> None:
    assert find_service(heard, ONLY, language="en") == Found(ONLY[0])


@pytest.mark.parametrize("heard", ["a haircut", "teeth whitening"])
def test_a_single_service_is_not_taken_for_another(heard: str) -> None:
    assert isinstance(find_service(heard, ONLY, language="en"), NotOffered)


def test_a_business_without_services_offers_nothing() -> None:
    assert find_service("haircut", (), language="en") == NotOffered(())
    assert find_service(None, (), language="en") == NotSaid()


def test_the_audience_must_fit() -> None:
    women = (service("damen", "Damenhaarschnitt"), service("kur", "Haarkur"))

    assert not isinstance(find_service("Herrenhaarschnitt", women, language="de"), Found)
    assert not isinstance(find_service("einen Termin für meinen Sohn", SALON, language="de"), Found)
    both = find_service("Haarschnitt für mich und meinen Sohn", SALON, language="de")
    assert isinstance(both, SeveralFit)


def test_the_length_must_fit() -> None:
    assert not isinstance(find_service("massage of 90 minutes", SPA, language="en"), Found)
    assert isinstance(find_service("a massage at 3", SPA, language="en"), SeveralFit)


def test_f_092_an_unknown_service_is_never_replaced_by_a_default() -> None:
    match = find_service("Keratinglättung", SALON, language="de")

    assert isinstance(match, NotOffered)
    assert find_service("Glanz oder Pflege", SALON, language="de") != match
    assert isinstance(find_service("Glanz oder Pflege", SALON, language="de"), SeveralFit)


@pytest.mark.parametrize(
    ("heard", "slug"),
    [("Bart trimmen", "bart"), ("Damen Schnitt", "damen"), ("Pflege Behandlung", "kur")],
)
def test_f_093_everyday_names_are_understood(heard: str, slug: str) -> None:
    assert slugs(find_service(heard, SALON, language="de")) == [slug]


def test_f_093_two_likely_ones_are_asked_about() -> None:
    match = find_service("Haarschnitt", SALON, language="de")

    assert isinstance(match, SeveralFit)
    assert {"damen", "herren", "kinder"} <= set(slugs(match))


def test_f_095_only_what_was_said_counts() -> None:
    """The rule knows no history; what a customer usually has cannot stand in for the wish."""
    assert slugs(find_service("Tönung", SALON, language="de")) == ["toenung"]
    assert find_service("das Übliche", SALON, language="de") == NotSaid()


@given(
    heard=st.one_of(
        st.none(),
        st.text(max_size=100),
        st.lists(
            st.sampled_from(
                ["Herren", "Schnitt", "und", "ohne", "60", "Massage", "halbe", "Stunde", ",", "+"]
            ),
            max_size=8,
        ).map(" ".join),
    ),
    services=st.sampled_from([SALON, SPA, ONLY]),
    language=st.sampled_from(["de", "en", "fr"]),
)
@example("x" * 10_000, SALON, "de")
@example("Schnitt " * 5_000, SALON, "de")
@example("😀\x00\u202e'); DROP TABLE service;--", SALON, "en")
def test_any_text_ends_in_an_answer(
    heard: str | None, services: tuple[Service, ...], language: str
) -> None:
    match = find_service(heard, services, language=language)

    assert set(slugs(match)) <= {each.slug for each in services}
    if isinstance(match, SeveralFit):
        assert match.candidates


@given(st.sampled_from([*SALON, *SPA]), st.sampled_from(["de", "en"]))
def test_every_name_and_synonym_finds_its_service(wanted: Service, language: str) -> None:
    services = SALON if wanted in SALON else SPA
    for said in (wanted.name, *wanted.synonyms):
        for heard in (said, said.upper(), said.replace(",", ""), f"{said} bitte"):
            assert find_service(heard, services, language=language) == Found(wanted), heard
