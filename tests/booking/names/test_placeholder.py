import pytest

from booking.names import is_placeholder


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "Unbekannt",
        "unknown caller",
        "Frau Unbekannt",
        "Kundin",
        "Kunde",
        "Test Test",
        "Max Mustermann",
        "Jane Doe",
        "anony",
        "Nymous",
        "Anonym Anrufer",
        "null",
        "N/A",
        "k.A.",
        "Vorname Nachname",
        "xxx",
        "Herr",
        "keine Angabe",
        "not provided",
    ],
)
def test_what_stands_for_a_name_is_none(name: str) -> None:
    assert is_placeholder(name)


@pytest.mark.parametrize(
    "name",
    [
        "Silke Kunde",
        "Herr Kunde",
        "Mr. Null",
        "Rolf Null",
        "Sonntag",
        "März",
        "Peter Guest",
        "Bernd Gast",
        "Mona Nym",
        "Mo",
        "Nonna",
        "Gesa Lührs",
        "李小龙",
    ],
)
def test_what_somebody_may_be_called_is_a_name(name: str) -> None:
    assert not is_placeholder(name)
