"""A scenario drafted from a real call: who said what, without whoever said it.

Names that are known (the caller's, those of bookings, what tools were told) become blanks, numbers
and addresses become blanks or go. Names in free speech that no tool has heard cannot be found by
any pattern: the draft says so at its top, and a human reads and finishes it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from db import businesses, call_reports, calls, customers
from db.database import Database
from db.states import Role
from tools.catalogue import TOOLS

_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TELEPHONE: Final = re.compile(r"(?<![\w:-])\+?\d(?:[ /()-]?\d){6,}(?![\w:-])")
"""Seven digits and more in a row. ISO dates and times hold letters, colons or a fourth hyphen."""
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_PERSON_KEYS: Final = ("name", "attendee", "spelled")
_UNSAYABLE: Final = re.compile(r"[^a-z0-9]+")
_LETTERS: Final = 2


class NoSuchCall(Exception):
    """There is no such call, or nothing was kept of it. The message says what helps."""


@dataclass(frozen=True, slots=True)
class RealCall:
    """What is on record of a call."""

    id: UUID
    started_at: datetime
    language: str
    number: str | None = field(repr=False)
    owner: str | None = field(repr=False)
    """Whose number it is, if a customer's."""
    said: Sequence[tuple[str, str]] = field(repr=False)
    """(`caller` or `agent`, words), in order."""
    tool_calls: Sequence[tuple[str, Mapping[str, Any], Mapping[str, Any]]] = field(repr=False)
    """(tool, arguments, envelope), in order."""


async def fetch(database: Database, slug: str, call_id: UUID) -> RealCall:
    """Read a call.

    Raises:
        NoSuchCall: Neither business nor call exist, or nothing was kept of what was said.
    """
    async with database.registry() as registry:
        business = await businesses.by_slug(registry, slug=slug)
    if business is None:
        raise NoSuchCall(f"there is no business {slug!r}")
    async with database.transaction(business.id) as tx:
        call = await calls.get(tx, id=call_id)
        if call is None:
            raise NoSuchCall(f"{slug} has no call {call_id}")
        turns = await call_reports.turns_of(tx, call_id=call_id)
        rows = await calls.tool_calls_of(tx, call_id=call_id)
        known = await customers.on_number(tx, number=call.caller_number or "")
        lines = {line.id: line for line in await businesses.lines(tx)}
    if not any(turn.role is Role.CALLER for turn in turns):
        raise NoSuchCall(
            f"nothing is kept of what was said in {call_id}: its platform tells it when calls end"
        )
    line = lines.get(call.line_id) if call.line_id else None
    zone = ZoneInfo(line.timezone if line and line.timezone else business.timezone)
    return RealCall(
        id=call.id,
        started_at=call.started_at.astimezone(zone),
        language=call.language,
        number=call.caller_number,
        owner=next((one.name for one in known if one.is_owner and one.name), None),
        said=[(str(turn.role), turn.text) for turn in turns],
        tool_calls=[(row.tool, row.arguments, json.loads(row.reply)) for row in rows],
    )


def draft(call: RealCall, *, suite: str = "drafts") -> str:
    """A scenario's TOML. It can be read as it is, and must be finished by hand."""
    return "\n".join(_lines(call, suite)) + "\n"


def _lines(call: RealCall, suite: str) -> Iterator[str]:
    clean = _Veil(call)
    utterances = [clean(words) for who, words in call.said if who == "caller"]
    whose = "known" if call.owner else "unknown" if call.number else "hidden"
    yield "# Drafted from a real call. Before it is committed:"
    yield "# - read every line: names that no tool has heard are still in it;"
    yield "# - put services and staff of evals/business.toml in place of the real ones;"
    yield "# - say what must have come of it under [expected]: what came is only what came."
    yield f"id = {_text(f'call-{call.id.hex[:8]}')}"
    yield f"suite = {_text(suite)}"
    yield 'title = "What a caller wanted, and what must come of it"'
    yield 'tags = ["from-call"]'
    yield f"language = {_text(call.language if call.language in {'en', 'de'} else 'en')}"
    yield f"now = {call.started_at.isoformat(timespec='seconds')}"
    yield ""
    yield "[caller]"
    yield f"number = {_text(whose)}"
    yield f"goal = {_text(utterances[0])}"
    yield f"opening = {_text(utterances[0])}"
    for number, words in enumerate(utterances[1:], start=2):
        yield ""
        yield "[[caller.rules]]"
        yield f"turn = {number}"
        yield f"say = {_text(words)}"
    yield ""
    yield "[expected]"
    yield from _expected(call)
    for tool, arguments, _ in call.tool_calls:
        if tool in TOOLS:
            pairs = ", ".join(
                f"{_key(name)} = {_value(clean, value)}"
                for name, value in arguments.items()
                if value is not None
            )
            yield ""
            yield "[[golden]]"
            yield f"tool = {_text(tool)}"
            yield f"arguments = {{ {pairs} }}"


def _expected(call: RealCall) -> Iterator[str]:
    rows = []
    for tool, _, reply in call.tool_calls:
        booking = reply.get("booking") or {}
        if tool == "book" and reply.get("booked") is True:
            slug = _UNSAYABLE.sub("-", str(booking.get("service", "")).lower()).strip("-")
            start = str(booking.get("start", ""))[:16]
            rows.append(f"{{ service = {_text(slug or 'service')}, start = {_text(start)} }}")
    yield f"bookings = [{', '.join(dict.fromkeys(rows))}]"


class _Veil:
    """Puts blanks in place of persons."""

    def __init__(self, call: RealCall) -> None:
        self._patterns = [
            (re.compile(rf"\b{re.escape(words)}\b", re.IGNORECASE), blank)
            for words, blank in _blanks(call)
        ]
        self._digits = re.sub(r"\D", "", call.number or "")

    def __call__(self, words: str) -> str:
        # Braces of the caller's own are no blanks.
        text = words.replace("{", "(").replace("}", ")")
        text = _EMAIL.sub("somebody@example.com", text)
        for pattern, blank in self._patterns:
            text = pattern.sub(blank, text)
        return _TELEPHONE.sub(self._number, text)

    def _number(self, found: re.Match[str]) -> str:
        if _DATE.search(found[0]):
            return found[0]
        digits = re.sub(r"\D", "", found[0]).lstrip("0")
        is_own = bool(digits) and self._digits.endswith(digits)
        return "{number}" if is_own else "+49 30 23125 000"


def _blanks(call: RealCall) -> Iterator[tuple[str, str]]:
    """(words, blank), the longest first: whole names, then their parts."""
    others: list[str] = []
    for _, arguments, reply in call.tool_calls:
        others += [str(arguments[key]) for key in _PERSON_KEYS if arguments.get(key)]
        bookings = [reply.get("booking"), *(reply.get("bookings") or ())]
        others += [each["name"] for each in bookings if each and each.get("name")]
        if name := (reply.get("known") or {}).get("name"):
            others.append(str(name))
    first = call.owner or next(iter(others), None)
    names = dict.fromkeys([*([first] if first else []), *others])
    found: dict[str, str] = {}
    for number, name in enumerate(names):
        own = number == 0 or (first is not None and _folded(name) == _folded(first))
        found.setdefault(name, "{person}" if own else "{relative}")
        parts = [part for part in re.split(r"[\s,-]+", name) if len(part) > _LETTERS]
        for place, part in enumerate(parts):
            blank = "{first}" if place == 0 and len(parts) > 1 else "{last}"
            found.setdefault(part, blank if own else "{relative}")
    yield from sorted(found.items(), key=lambda one: -len(one[0]))


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _value(clean: _Veil, value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _text(clean(value))
        case int() | float():
            return str(value)
        case _:
            return _text(clean(json.dumps(value, ensure_ascii=False)))


def _text(words: str) -> str:
    """A TOML string: JSON's escapes are TOML's, too."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name, re.ASCII) else _text(name)
