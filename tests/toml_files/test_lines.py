import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toml_files.lines import Path, line_of, lines_of

TEXT = '''\
# a comment with = and [brackets]
name = "a # is no comment, nor is [this]"   # but this is
dotted . "quoted.key" . 'another' = 1

[calcom.versions]
bookings = "2026-02-25"
[ calcom ]
base_url = 'https://api.cal.com'

[[services]]
name = """
[not.a.table]
name = "nor a key" """""
synonyms = [
  "haircut",  # ] no end
  'cut, "short"',
]
[[services.event_types]]
length = 30
[services.event_types.extra]
deep = true
[[services.event_types]]
length = 40
[[services]]
name = \'\'\'it's
[[services]]\'\'\'
policy = { notice = 24, fees = [{ percent = 50 }, { percent = 100 }] }
event_types = [
  { length = 45 },
  { length = 50, days = [[1, 2], [3]] },
]
closed = 2026-12-24 10:00:00
"ümlaut \\u00e4" = -1.5e3
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 2),
        (("dotted", "quoted.key", "another"), 3),
        (("calcom",), 5),
        (("calcom", "versions", "bookings"), 6),
        (("calcom", "base_url"), 8),
        (("services", 0), 10),
        (("services", 0, "name"), 11),
        (("services", 0, "synonyms"), 14),
        (("services", 0, "synonyms", 1), 16),
        (("services", 0, "event_types", 0, "length"), 19),
        (("services", 0, "event_types", 0, "extra", "deep"), 21),
        (("services", 0, "event_types", 1, "length"), 23),
        (("services", 1), 24),
        (("services", 1, "policy", "fees", 1, "percent"), 27),
        (("services", 1, "event_types", 0, "length"), 29),
        (("services", 1, "event_types", 1, "days", 1, 0), 30),
        (("services", 1, "closed"), 32),
        (("services", 1, "ümlaut ä"), 33),
    ],
)
def test_a_key_is_found_on_its_line(path: Path, line: int) -> None:
    assert lines_of(TEXT)[path] == line


def test_every_value_that_tomllib_reads_is_found_and_nothing_else() -> None:
    assert set(lines_of(TEXT)) == set(_paths(tomllib.loads(TEXT)))


def test_what_is_missing_is_reported_where_it_belongs() -> None:
    lines = lines_of(TEXT)

    assert line_of(("services", 1, "policy", "quota"), lines) == 27
    assert line_of(("services", 0, "event_types", 1, "staff"), lines) == 22
    assert line_of(("timezone",), lines) == 1
    assert line_of((), lines) == 1


def test_windows_line_ends_count_once() -> None:
    assert lines_of("a = 1\r\n\r\nb = 2\r\n")[("b",)] == 3


_key = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8)
_scalar = st.one_of(
    st.integers(-9, 9).map(str),
    st.booleans().map(lambda value: str(value).lower()),
    st.text("a#[]{},='\n ", max_size=12).map(lambda text: f'"""{text}"""'),
    st.text('a#[]{},="', max_size=12).map(lambda text: f"'{text}'"),
)
_value = st.recursive(
    _scalar,
    lambda inner: st.lists(inner, max_size=3).map(
        lambda parts: "[\n" + " ,\n#]\n".join(parts) + "\n]"
    ),
    max_leaves=6,
)


@given(st.dictionaries(_key, _value, max_size=6))
def test_every_key_of_any_text_is_found_where_it_was_written(pairs: dict[str, str]) -> None:
    text, expected = "", {}
    for key, value in pairs.items():
        expected[(key,)] = text.count("\n") + 1
        escaped = key.replace("\\", "\\\\").replace('"', '\\"')
        text += f'"{escaped}" = {value}\n'

    found = lines_of(text)

    assert {path: found[path] for path in expected} == expected
    assert set(found) == set(_paths(tomllib.loads(text)))


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _paths(inner, (*path, index))
