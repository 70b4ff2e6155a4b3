"""What can be said against a prompt without a model: `python -m evals prompts lint`.

It proves nothing about a model. It finds what makes every model slower or worse: a prompt that has
grown, tools it names that do not exist, words that a voice cannot speak and models imitate, and
the instruction that this product exists to remove: to ask for a name twice.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final

from prompts import MOST_CHARACTERS, Prompt, receptionist
from tools.catalogue import MOST_CHARACTERS as MOST_CHARACTERS_OF_TOOLS
from tools.catalogue import TOOLS, schemas
from tools.reply import Reply, Status
from tools.words import WORDS

_BLANKS: Final = frozenset({"business", "today", "tomorrow", "tool", "open"})
"""What is filled in per call."""

_NAMED: Final = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
_QUOTED: Final = re.compile(r"`(\w+)`")
_BLANK: Final = re.compile(r"\{(\w*)\}")

_UNSPEAKABLE: Final[Mapping[str, re.Pattern[str]]] = {
    "an address of the web": re.compile(r"https?://|www\."),
    "a date or time as machines write it": re.compile(r"\d{4}-\d\d-\d\d|\dT\d\d:\d\d"),
    "Markdown": re.compile(r"^\s*(?:[-*+] |#+ |\||```)|\*\*|__"),
}
"""A model writes as its prompt does, and a voice reads it out. Numbered rules are read by both."""

_NEGATED: Final = re.compile(r"\b(?:never|not|no|don't|nie|nicht|kein\w*)\b", re.IGNORECASE)

_REFRAINED: Final[Mapping[str, re.Pattern[str]]] = {
    "asks for the name again": re.compile(
        r"(?=.*\b(?:name|surname|nachname|vorname)\w*\b)"
        r".*\b(?:again|twice|repeat|spell|until|noch (?:ein)?mal|erneut|zweites mal|wiederhol\w*"
        r"|buchstabier\w*|bis)\b",
        re.IGNORECASE,
    ),
    "lets the model work out a date": re.compile(
        r"\b(?:calculate|compute|work out|berechnen?|rechnen)\b.*\b(?:date|day|datum|tag)\b",
        re.IGNORECASE,
    ),
    "promises before it is certain": re.compile(
        r"\b(?:assume|as if|vorsorglich|schon einmal)\b"
        r".*\b(?:booked|confirm\w*|gebucht|bestätig\w*)",
        re.IGNORECASE,
    ),
    "teaches filler": re.compile(
        r"\b(?:please hold|bear with me|as an ai|als ki)\b", re.IGNORECASE
    ),
}
"""What a sentence must not ask for; a sentence that forbids it may name it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and where."""

    where: str
    """Such as `receptionist.en.md:4`."""
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a model reads on every turn, in characters."""

    version: str
    language: str
    prompt: int
    tools: int


def costs() -> list[Cost]:
    """Of each language's prompt with all tools."""
    tools = _length(schemas())
    return [
        Cost(prompt.digest, prompt.language, len(prompt.text), tools)
        for prompt in map(receptionist, sorted(WORDS))
    ]


def ours() -> list[Finding]:
    """What is wrong with the prompts and tools of this tree."""
    prompts = [receptionist(language) for language in sorted(WORDS)]
    found = [finding for prompt in prompts for finding in lint(prompt)]
    return [*found, *_differences(prompts), *_long_tools()]


def lint(prompt: Prompt) -> list[Finding]:
    """What is wrong with a receptionist's prompt."""
    return list(_findings(prompt))


def _findings(prompt: Prompt) -> Iterator[Finding]:
    name = f"receptionist.{prompt.language}.md"
    if len(prompt.text) > MOST_CHARACTERS:
        yield Finding(name, f"{len(prompt.text):,} characters; at most {MOST_CHARACTERS:,}")
    for tool in TOOLS:
        if tool not in prompt.text:
            yield Finding(name, f"never says when to use {tool}")
    for number, line in enumerate(prompt.text.splitlines(), start=1):
        for what in (*_unknown(line), *_unwise(line)):
            yield Finding(f"{name}:{number}", what)


def _unknown(line: str) -> Iterator[str]:
    envelope = {field.name for field in fields(Reply)}
    for word in _NAMED.findall(line):
        if word not in {*TOOLS, *Status}:
            yield f"names {word}, which is neither a tool nor a status"
    for word in _QUOTED.findall(line):
        if word not in envelope:
            yield f"relies on `{word}`, which no reply has"
    for word in _BLANK.findall(line):
        if word not in _BLANKS:
            yield f"has a blank {{{word}}} that nobody fills"


def _unwise(line: str) -> Iterator[str]:
    for what, pattern in _UNSPEAKABLE.items():
        if pattern.search(line):
            yield f"has {what}, which nobody can speak"
    for sentence in re.split(r"(?<=[.;:!?])\s", line):
        for what, pattern in _REFRAINED.items():
            if pattern.search(sentence) and not _NEGATED.search(sentence):
                yield f"{what}: {sentence.strip()!r}"


def _differences(prompts: Sequence[Prompt]) -> Iterator[Finding]:
    """Languages must say the same: what one of them names, all do."""
    named = {prompt.language: _names_in(prompt) for prompt in prompts}
    everywhere = set().union(*named.values())
    for language, names in named.items():
        if missing := sorted(everywhere - names):
            yield Finding(f"receptionist.{language}.md", f"leaves out {', '.join(missing)}")


def _names_in(prompt: Prompt) -> set[str]:
    return {*_NAMED.findall(prompt.text), *_QUOTED.findall(prompt.text)}


def _long_tools() -> Iterable[Finding]:
    if (length := _length(schemas())) > MOST_CHARACTERS_OF_TOOLS:
        yield Finding("tools/", f"{length:,} characters; at most {MOST_CHARACTERS_OF_TOOLS:,}")


def _length(schema: object) -> int:
    return len(json.dumps(schema, ensure_ascii=False, separators=(",", ":")))
