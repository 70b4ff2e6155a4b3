"""A CSV file as spreadsheets save it, in any of their dialects, read into people."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from booking.introducing import Person
from calls.numbers import canonical
from slotline.customer_lists.headers import Column, columns_of

_DELIMITERS: Final = ";,\t|"
_SAMPLE: Final = 16_384
_LONGEST: Final = 120
_LANGUAGES: Final = {
    **dict.fromkeys(("de", "deutsch", "german", "ger", "deu"), "de"),
    **dict.fromkeys(("en", "englisch", "english", "eng"), "en"),
}
_BETWEEN_NUMBERS: Final = re.compile(r"[,;|\n]| / | oder | or ")
_EMAIL: Final = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")


class Unusable(Exception):
    """Nothing of the file can be taken over; says where and why."""


@dataclass(frozen=True, slots=True)
class CustomerFile:
    """What a file says."""

    people: Sequence[Person]
    unused: Sequence[str]
    """Headers of columns that say nothing to us."""


def read(
    path: Path, *, dialled: str | None, delimiter: str | None = None, encoding: str | None = None
) -> CustomerFile:
    """Read a list of customers.

    Args:
        path: With a line of headers, see `headers`.
        dialled: E.164 of a line of the business: national numbers are of its country.
        delimiter: Between cells, if it is not to be guessed.
        encoding: If it is neither UTF-8 nor marked as UTF-16.

    Raises:
        OSError: It cannot be read.
        Unusable: It is no such list.
    """
    text = _decoded(path, encoding)
    said, text, skipped = _separator_line(text)
    numbered = _numbered(text, path, delimiter or said or _guessed(text), skipped)
    _, headers = next(numbered, (0, []))
    columns = columns_of(headers)
    _check(path, headers, columns)
    people = [
        _person(f"line {line}", cells, len(headers), columns, dialled) for line, cells in numbered
    ]
    return CustomerFile(people, [each for n, each in enumerate(headers) if n not in columns])


def _decoded(path: Path, encoding: str | None) -> str:
    raw = path.read_bytes()
    is_utf16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return raw.decode(encoding or ("utf-16" if is_utf16 else "utf-8-sig"))
    except LookupError:
        raise Unusable(f"there is no encoding {encoding}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        hint = "" if encoding else "; older spreadsheets write --encoding cp1252"
        raise Unusable(f"{path}:{line}: is not {encoding or 'UTF-8'}{hint}") from None


def _separator_line(text: str) -> tuple[str | None, str, int]:
    """`sep=;` on a line of its own, by which spreadsheets tell each other."""
    match = re.match(r'"?sep=(.)"?\r?\n', text)
    return (match[1], text[match.end() :], 1) if match else (None, text, 0)


def _guessed(text: str) -> str:
    """The delimiter: what the sniffer finds, if it stands between headers at all."""
    first = text.partition("\n")[0]
    try:
        found = csv.Sniffer().sniff(text[:_SAMPLE], delimiters=_DELIMITERS).delimiter
    except csv.Error:
        found = ""
    return found if found and found in first else max(_DELIMITERS, key=first.count)


def _numbered(
    text: str, path: Path, delimiter: str, skipped: int
) -> Iterator[tuple[int, list[str]]]:
    """Rows with anything in them, each with the line on which it begins."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    begins = 1
    try:
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield begins + skipped, cells
            begins = rows.line_num + 1
    except csv.Error as error:
        raise Unusable(f"{path}:{begins + skipped}: {error}") from None


def _check(path: Path, headers: Sequence[str], columns: Mapping[int, Column]) -> None:
    if not headers:
        raise Unusable(f"{path}: is empty")
    held = set(columns.values())
    seen = f"the headers are {', '.join(headers)}"
    if Column.NUMBER not in held:
        raise Unusable(f"{path}:1: has no column of phone numbers, such as Telefon; {seen}")
    if held.isdisjoint({Column.NAME, Column.FIRST, Column.LAST}):
        raise Unusable(f"{path}:1: has no column of names, such as Name; {seen}")


def _person(
    where: str,
    cells: Sequence[str],
    width: int,
    columns: Mapping[int, Column],
    dialled: str | None,
) -> Person:
    said: dict[Column, list[str]] = {column: [] for column in Column}
    for place, column in columns.items():
        cell = cells[place].strip() if place < len(cells) else ""
        if cell:
            said[column].append(cell)
    remarks: list[str] = []
    beyond = any(cell.strip() for cell in cells[width:])
    numbers: dict[str, None] = {}
    for part in (p for cell in said[Column.NUMBER] for p in _BETWEEN_NUMBERS.split(cell)):
        if number := canonical(part.strip(), dialled=dialled):
            numbers[number] = None
        elif part.strip():
            remarks.append(f"{_line(part)} is no phone number")
    email = next(iter(said[Column.EMAIL]), None)
    if email is not None and not _EMAIL.fullmatch(email):
        remarks.append("the e-mail address is none")
        email = None
    language = next(iter(said[Column.LANGUAGE]), None)
    spoken = _LANGUAGES.get(language.casefold()) if language else None
    if language and spoken is None:
        remarks.append(f"we do not speak {_line(language)}")
    return Person(
        where=where,
        name=_name(said),
        numbers=tuple(numbers),
        salutation=_line(next(iter(said[Column.SALUTATION]), "")) or None,
        email=email,
        language=spoken,
        remark="; ".join(remarks),
        unreadable="has more cells than there are headers" if beyond else "",
    )


def _name(said: Mapping[Column, Sequence[str]]) -> str:
    parts = [*said[Column.FIRST], *said[Column.LAST]]
    if parts:
        return _line(" ".join(parts))
    name = _line(" ".join(said[Column.NAME][:1]))
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}".strip() if comma and "," not in first else name


def _line(text: str) -> str:
    """One line of ordinary length, without anything that does not print."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_LONGEST]
