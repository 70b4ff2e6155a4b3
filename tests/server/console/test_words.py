"""The console speaks two languages, and no page asks for words that nobody has written."""

import re
from pathlib import Path
from string import Formatter

from db.states import (
    BookingState,
    Ending,
    FlagLabel,
    RecordingState,
    Severity,
    TaskKind,
    TaskReason,
    TaskState,
    UserRole,
)
from server import console
from server.console.words import de, en

_TEMPLATES = Path(console.__file__).parent / "templates"
_GROUPS = {
    "booking": BookingState,
    "ending": Ending,
    "label": FlagLabel,
    "recording": RecordingState,
    "severity": Severity,
    "task": TaskKind,
    "reason": TaskReason,
    "task_state": TaskState,
    "role": UserRole,
}


def test_both_languages_say_the_same_things() -> None:
    assert list(en.WORDS) == list(de.WORDS)
    for key, words in en.WORDS.items():
        assert _blanks(words) == _blanks(de.WORDS[key]), key


def test_every_word_of_a_page_is_written() -> None:
    asked = {
        key
        for page in _TEMPLATES.glob("*.html")
        for key in re.findall(r"""\bt\(\s*["']([^"']+)["']\s*[,)]""", page.read_text())
    }
    assert len(asked) > 100
    assert asked <= set(en.WORDS)


def test_every_member_of_a_closed_set_has_words() -> None:
    for group, members in _GROUPS.items():
        assert {f"{group}.{member.value}" for member in members} <= set(en.WORDS), group


def _blanks(words: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(words) if name)
