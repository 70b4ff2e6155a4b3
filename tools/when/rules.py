"""Rewrite rules over lines of symbols: the notation in which the grammar is written.

A pattern is a row of symbols: a lower-case word stands for itself, `at|on` for either, a capital
for any value of that kind, `CN` for a value of either kind. A question mark makes a symbol
optional. What a rule returns takes the place of what it matched; `None` leaves it as it was.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tools.when.nodes import Node

Rewritten = Node | str | tuple[Node | str, ...] | None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a phrase is read against.

    Attributes:
        now: In the zone of the line.
        in_time: The words were passed as a time, so that a bare number is an hour.
        bare_half: Minutes that "half three" lies from three: 30 for Britons, -30 for Germans.
        month_first: How "5/6" is ordered where the caller is; `None` where both are usual.
    """

    now: datetime
    zone: ZoneInfo
    in_time: bool
    bare_half: int
    month_first: bool | None

    @property
    def today(self) -> date:
        return self.now.date()


@dataclass(slots=True)
class Line:
    """A phrase as symbols, and the values behind its capitals.

    Attributes:
        known: Words that the language lists.
        unknown: Words that it does not list.
    """

    symbols: str = ""
    values: list[Node] = field(default_factory=list[Node])
    known: int = 0
    unknown: int = 0

    def put(self, node: Node | str) -> str:
        """The symbol of a node, with a blank before it."""
        if isinstance(node, str):
            return f" {node}" if node else ""
        self.values.append(node)
        return f" {node.letter}{len(self.values) - 1}"

    def kinds(self) -> frozenset[str]:
        """The words and the capital letters that occur."""
        return frozenset(
            symbol[0] if symbol[0].isupper() else symbol for symbol in self.symbols.split()
        )

    def nodes(self) -> list[Node | str]:
        """The symbols in order, capitals as their values."""
        return [
            self.values[int(symbol[1:])] if symbol[0].isupper() else symbol
            for symbol in self.symbols.split()
        ]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rewriting. `build` gets the setting and, in order, the value of each capital.

    An optional capital that is absent is `None`; `<at|on>` hands over which word it was.
    """

    pattern: re.Pattern[str]
    build: Callable[..., Rewritten]
    needs: frozenset[str]
    """What must occur for the pattern to match; sparing most patterns saves most of the time."""

    def apply(self, line: Line, setting: Setting) -> None:
        start = 0
        while match := self.pattern.search(line.symbols, start):
            built = self.build(setting, *(_value(line, text) for text in match.groups()))
            if built is None:
                start = match.start() + 1
                continue
            nodes = built if isinstance(built, tuple) else (built,)
            rewritten = "".join(map(line.put, nodes))
            line.symbols = line.symbols[: match.start()] + rewritten + line.symbols[match.end() :]
            start = match.start() + len(rewritten)


WHICH = "<this|coming|next|after_next|last>"
EDGES = "<start|mid|end|early|late>"
"""Capturing alternatives that many patterns share."""

_SYMBOL = re.compile(r"(?P<body>[A-Z]+|<[a-z_|]+>|[a-z_|]+)(?P<optional>\??)$")


def rule(pattern: str, build: Callable[..., Rewritten]) -> Rule:
    """A rule from the notation of this module."""
    symbols = pattern.split()
    return Rule(
        pattern=re.compile("".join(map(_compiled, symbols))),
        build=build,
        needs=frozenset(symbol for symbol in symbols if symbol.islower() and symbol.isidentifier())
        | frozenset(symbol for symbol in symbols if symbol.isupper() and len(symbol) == 1),
    )


def run(rules: Sequence[Rule], line: Line, setting: Setting) -> None:
    """Apply every rule once, in order, wherever it matches."""
    kinds = line.kinds()
    for each in rules:
        if each.needs <= kinds:
            before = line.symbols
            each.apply(line, setting)
            if line.symbols != before:
                kinds = line.kinds()


def _compiled(symbol: str) -> str:
    match = _SYMBOL.match(symbol)
    if match is None:
        raise ValueError(f"{symbol!r} is no symbol of a pattern")
    body = match["body"]
    if body.isupper():
        pattern = rf" ([{body}]\d+)(?![^ ])"
    elif body.startswith("<"):
        pattern = rf" ({body[1:-1]})(?![^ ])"
    else:
        pattern = rf" (?:{body})(?![^ ])"
    return f"(?:{pattern})?" if match["optional"] else pattern


def _value(line: Line, text: str | None) -> Any:
    if text is None or not text[0].isupper():
        return text
    return line.values[int(text[1:])]
