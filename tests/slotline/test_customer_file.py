"""Reading lists of customers as spreadsheets, shops and practices write them."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking.introducing import Person
from slotline.customer_lists import Unusable
from slotline.customer_lists.csv_file import CustomerFile, read
from slotline.customer_lists.headers import Column, column_of

LINE = "+493023125010"
MARTHA = "+493023125101"
MOBILE = "+491701234567"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "customers.csv"


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def of(path: Path, text: str, encoding: str = "utf-8") -> CustomerFile:
    return read(written(path, text, encoding), dialled=LINE)


def only(file: CustomerFile) -> Person:
    [person] = file.people
    return person


@pytest.mark.parametrize(
    "text",
    [
        "Name,Phone\nMartha Winter,+49 30 23125 101\n",
        "Name;Telefon\r\nMartha Winter;030 23125-101\r\n",
        "name\ttelephone\nMartha Winter\t(030) 23125101\n",
        '"Name", "Phone number"\n"Winter, Martha", "0049 30 23125101"\n',
        "Vorname|Nachname|Rufnummer\nMartha|Winter|030/23125101",
        "sep=;\nNachname;Vorname;Tel.\nWinter;Martha;03023125101\n",
        "Kunde;Handynummer;Telefon 2\nMartha  Winter;;030 23125101\n\n;;\n",
        "Telefon;Name\n030 23125101;Winter, Martha\n",
        "phone,name\n+493023125101,Martha\u200b Winter\n",
    ],
)
def test_dialects_headers_and_spellings(path: Path, text: str) -> None:
    person = only(of(path, text))
    assert (person.name, person.numbers, person.remark) == ("Martha Winter", (MARTHA,), "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_say_what_they_are(path: Path, encoding: str) -> None:
    text = "Name;Telefon\nJürgen Weiß;030 23125101\n"
    assert only(of(path, text, encoding)).name == "Jürgen Weiß"


def test_another_encoding_must_be_named(path: Path) -> None:
    written(path, "Name;Telefon\nAda Lind;030 23125102\nJürgen Weiß;030 23125101\n", "cp1252")
    with pytest.raises(Unusable, match=r"customers\.csv:3: is not UTF-8; .*--encoding cp1252"):
        read(path, dialled=LINE)

    assert read(path, dialled=LINE, encoding="cp1252").people[1].name == "Jürgen Weiß"
    with pytest.raises(Unusable, match="no encoding ebcdic"):
        read(path, dialled=LINE, encoding="ebcdic")


def test_several_numbers_in_columns_and_in_a_cell(path: Path) -> None:
    text = 'Name,Telefon,Mobil\nMartha Winter,"030 23125101; 030 23125102",0170 1234567\n'
    assert only(of(path, text)).numbers == (MARTHA, "+493023125102", MOBILE)


def test_everything_that_is_known_of_a_person(path: Path) -> None:
    text = "Anrede;Name;Tel;E-Mail;Sprache;Umsatz\n"
    text += "Frau;Lea Winter;030 23125101;l@w.example;Deutsch;9\n"
    file = of(path, text)

    person = only(file)
    assert (person.salutation, person.email, person.language) == ("Frau", "l@w.example", "de")
    assert file.unused == ["Umsatz"]


def test_what_is_left_out_is_told(path: Path) -> None:
    text = "Name;Tel;Mobil;E-Mail;Sprache\nLea Winter;030 23125101;later;lea(at)w;Klingonisch\n"
    person = only(of(path, text))

    assert (person.numbers, person.email, person.language) == ((MARTHA,), None, None)
    assert person.remark == (
        "later is no phone number; the e-mail address is none; we do not speak Klingonisch"
    )


def test_entries_are_named_by_the_line_on_which_they_begin(path: Path) -> None:
    text = 'Name;Tel\n"Ada\nLind";030 23125101\n\nLea Winter;030 23125102;oops\n'
    people = of(path, text).people

    assert [person.where for person in people] == ["line 2", "line 5"]
    assert people[0].name == "Ada Lind"
    assert people[1].unreadable == "has more cells than there are headers"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("Name;Umsatz\nAda;9\n", "has no column of phone numbers"),
        ("Telefon;Umsatz\n030 1;9\n", "has no column of names, such as Name; the headers are Tele"),
        ("Ada Lind;030 23125101\n", "has no column of phone numbers"),
    ],
)
def test_what_is_no_list_of_customers_is_refused(path: Path, text: str, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        of(path, text)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("E-Mail-Adresse", Column.EMAIL),
        ("Telefon (mobil)", Column.NUMBER),
        ("PHONE_NUMBER_2", Column.NUMBER),
        ("Family name", Column.LAST),
        ("Postleitzahl", None),
    ],
)
def test_headers(header: str, column: Column | None) -> None:
    assert column_of(header) is column


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(path: Path, text: str) -> None:
    try:
        written(path, f"Name;Telefon\n{text}", "utf-8")
    except UnicodeEncodeError:
        return
    try:
        file = read(path, dialled=LINE)
    except Unusable:
        return
    for person in file.people:
        assert all(number.startswith("+") for number in person.numbers)
        assert person.name.isprintable()
