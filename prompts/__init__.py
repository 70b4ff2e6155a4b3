"""The prompts of the phone agent: files in this folder, one a language, versioned by digest."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

MOST_CHARACTERS = 2_500
"""Of the receptionist's prompt: it is read again on every turn, while a caller waits."""

_FOLDER = Path(__file__).parent
_DIGITS_OF_DIGEST = 12


@dataclass(frozen=True, slots=True)
class Prompt:
    """A system prompt. `{business}`, `{today}` and `{tomorrow}` are filled in per call."""

    language: str
    text: str

    @property
    def digest(self) -> str:
        """The version: what an eval or a trace names to say which words it ran with."""
        return sha256(self.text.encode()).hexdigest()[:_DIGITS_OF_DIGEST]


@cache
def receptionist(language: str) -> Prompt:
    """The prompt of the agent who answers the phone.

    Raises:
        FileNotFoundError: Nobody has written it in this language yet.
    """
    return _read("receptionist", language)


@cache
def handover(language: str) -> Prompt:
    """What is added where the platform can connect callers with a human: `{open}`, `{tool}`.

    Raises:
        FileNotFoundError: Nobody has written it in this language yet.
    """
    return _read("handover", language)


def _read(what: str, language: str) -> Prompt:
    path = _FOLDER / f"{what}.{language}.md"
    return Prompt(language, path.read_text(encoding="utf-8"))
