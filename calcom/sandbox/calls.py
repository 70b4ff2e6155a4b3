"""One request, read; one answer, to be written. Every operation maps the first to the second."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.routing import compile_path

from calcom.sandbox.credentials import Door
from calcom.sandbox.errors import Refusal, bad_request, unauthorized
from calcom.sandbox.records import User
from calcom.sandbox.sandbox import Sandbox

_CONTEXT_CHARACTERS = 10


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was let in."""

    sandbox: Sandbox
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    user: User | None
    version: str | None
    """The header as sent."""

    @property
    def owner(self) -> User:
        """The key's user, at doors that open for nobody else."""
        if self.user is None:
            raise unauthorized("Invalid Access Token.")
        return self.user

    @property
    def fields(self) -> Mapping[str, Any]:
        """The body, if it is an object; else nothing, as Cal.com ignores other kinds."""
        return self.body if isinstance(self.body, dict) else {}


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and JSON."""

    body: Any
    status: int = 200


@dataclass(frozen=True)
class Operation:
    """An endpoint: where it is, who may use it, what it does."""

    method: str
    path: str
    name: str
    """How its requests are counted, and faults aimed."""
    run: Callable[[Call], Awaitable[Answer]]
    door: Door = Door.PUBLIC
    version: str | None = None
    """Set where other versions have no such route at all."""
    _pattern: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_pattern", compile_path(self.path)[0])

    def match(self, method: str, path: str, version: str | None) -> dict[str, str] | None:
        """The path's parameters if this is the operation that was meant."""
        if method != self.method or (self.version and version != self.version):
            return None
        found = self._pattern.match(path)
        return found.groupdict() if found else None


def success(data: Any, *, status: int = 200) -> Answer:
    """The usual envelope."""
    return Answer({"status": "success", "data": data}, status)


def read_json(raw: bytes, content_type: str) -> Any:
    """Read a body as Cal.com's parser does: only objects and arrays, only if called JSON.

    Raises:
        Refusal: 400 with the parser's text.
    """
    if "json" not in content_type:
        return {}
    text = raw.decode("utf-8", errors="replace")
    if not raw:
        return {}
    if text.strip()[:1] not in {"{", "["}:
        raise _unreadable(text)
    try:
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise _broken(text, error) from None


def _no_constant(name: str) -> Any:
    raise json.JSONDecodeError(f"constant {name}", "", 0)


def _unreadable(text: str) -> Refusal:
    if not text.strip():
        return bad_request("Unexpected end of JSON input")
    return _unexpected(text, text.index(text.strip()[0]))


def _broken(text: str, error: json.JSONDecodeError) -> Refusal:
    """Node's words for the ways of breaking JSON that matter; positions as Node counts them."""
    if constant := re.fullmatch(r"constant (\w+)", error.msg):
        return _unexpected(text, text.index(constant[1]))
    if error.msg.startswith("Unterminated string"):
        return bad_request(f"Unterminated string in JSON at position {len(text)}")
    if error.msg.startswith(("Expecting property name", "Illegal trailing comma")):
        at = text.index("}", error.pos)
        return bad_request(f"Expected double-quoted property name in JSON at position {at}")
    if error.pos >= len(text.rstrip()):
        return bad_request("Unexpected end of JSON input")
    return _unexpected(text, error.pos)


def _unexpected(text: str, at: int) -> Refusal:
    start, end = max(0, at - _CONTEXT_CHARACTERS), at + _CONTEXT_CHARACTERS
    before, after = "..." if start > 0 else "", "..." if end < len(text) else ""
    around = f'{before}"{text[start:end]}"{after}'
    return bad_request(f"Unexpected token '{text[at]}', {around} is not valid JSON")
