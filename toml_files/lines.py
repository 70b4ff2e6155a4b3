"""On which line a key of a TOML text stands: `tomllib` reads values and forgets where they were."""

import itertools
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence

Path = tuple[str | int, ...]
"""From the root to a value, such as `("services", 1, "event_types", 0, "staff")`."""

_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_WORD = r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|[\w-]+)"""
_KEY = re.compile(rf"{_WORD}(?:[ \t]*\.[ \t]*{_WORD})*")
_SCALAR = re.compile(
    r'''"""(?:\\[\s\S]|[^\\])*?"""{1,3}'''  # up to two quotes may precede the closing three
    r"""|'''[\s\S]*?'''{1,3}"""
    r'''|"(?:\\.|[^"\\])*"'''
    r"""|'[^']*'"""
    r"""|[^,\]}#\n]+"""
)


def lines_of(text: str) -> Mapping[Path, int]:
    """Find the line, counted from 1, of every key, table and array element.

    A table that is opened several times (`[a.b]` before `[a]`) is found where it was named first.

    Args:
        text: TOML that `tomllib` has accepted; of anything else the answer means nothing.
    """
    return _Scan(text).found


def line_of(path: Sequence[str | int], lines: Mapping[Path, int]) -> int:
    """The line of a path, or of the closest thing around it that is written in the file."""
    for length in range(len(path), 0, -1):
        if line := lines.get(tuple(path[:length])):
            return line
    return 1


class _Scan:
    """One walk over a text, recording each key as it passes."""

    def __init__(self, text: str) -> None:
        self.found: dict[Path, int] = {}
        self._text = text
        self._at = 0
        self._rows: dict[Path, int] = {}
        """How many elements each array of tables has so far."""
        self._document()

    def _document(self) -> None:
        table: Path = ()
        while self._skip_blank():
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        """`[table]` or `[[row]]`: return the path under which the following keys belong."""
        start = self._at
        is_row = self._text.startswith("[[", start)
        self._at += 2 if is_row else 1
        *parents, last = self._key()
        path: Path = ()
        for key in parents:
            path = self._latest((*path, key))
        path = (*path, last)
        if is_row:
            self._record(path, start)
            self._rows[path] = self._rows.get(path, 0) + 1
            path = self._latest(path)
        self._record(path, start)
        self._at = self._text.index("]", self._at) + (2 if is_row else 1)
        return path

    def _latest(self, path: Path) -> Path:
        """Where an array of tables is named on the way, its latest row is meant."""
        return (*path, self._rows[path] - 1) if path in self._rows else path

    def _pair(self, table: Path) -> None:
        start = self._at
        path = (*table, *self._key())
        self._record(path, start)
        self._at = self._text.index("=", self._at) + 1
        self._skip_blank()
        self._value(path)

    def _value(self, path: Path) -> None:
        opening = self._text[self._at]
        if opening == "[":
            self._enclosed("]", lambda count: self._element((*path, count)))
        elif opening == "{":
            self._enclosed("}", lambda _: self._pair(path))
        else:
            self._match(_SCALAR)

    def _element(self, path: Path) -> None:
        self._record(path, self._at)
        self._value(path)

    def _enclosed(self, closing: str, walk: Callable[[int], None]) -> None:
        """Walk over what stands between brackets, apart from commas and comments."""
        self._at += 1
        for count in itertools.count():
            self._skip_blank()
            if self._text[self._at] == closing:
                break
            walk(count)
            self._skip_blank()
            if self._text[self._at] == ",":
                self._at += 1
        self._at += 1

    def _key(self) -> tuple[str, ...]:
        """A key with its dots; `tomllib` itself resolves quotes and escapes."""
        self._skip_blank()
        nested: object = tomllib.loads(f"{self._match(_KEY)} = 0")
        keys: list[str] = []
        while isinstance(nested, dict):
            ((key, nested),) = nested.items()
            keys.append(key)
        return tuple(keys)

    def _record(self, path: Path, start: int) -> None:
        """Name a path and whatever it lies in, unless an earlier line has done so."""
        line = self._text.count("\n", 0, start) + 1
        for length in range(1, len(path) + 1):
            self.found.setdefault(path[:length], line)

    def _skip_blank(self) -> bool:
        """Go past blanks, line ends and comments; whether anything is left."""
        self._match(_BLANK)
        return self._at < len(self._text)

    def _match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise ValueError(f"not TOML at character {self._at}")
        self._at = match.end()
        return match[0]
