"""What is heard in the turns of a call, in whatever language."""

from collections.abc import Callable, Iterator
from re import Pattern

from calls.flags.facts import CallFacts
from calls.flags.languages import PHRASES
from calls.flags.phrases import Phrases, sentences
from calls.report import Said
from db.states import Role

Choice = Callable[[Phrases], Pattern[str]]
"""Which pattern of a language."""


def turns_of(call: CallFacts, role: Role) -> list[Said]:
    """What one side said."""
    return [turn for turn in call.turns if turn.role is role]


def means(text: str, choice: Choice) -> bool:
    """Whether some pattern of any language is heard in it."""
    return any(choice(phrases).search(text) for phrases in PHRASES)


def says(turn: Said, choice: Choice) -> bool:
    """The same of a whole turn."""
    return any(means(sentence, choice) for sentence in sentences(turn.text))


def claims(turn: Said, choice: Choice) -> bool:
    """Whether a turn says so plainly: no question, no condition, no negation."""
    return any(
        not sentence.endswith("?")
        and any(
            choice(phrases).search(sentence) and not phrases.reserved.search(sentence)
            for phrases in PHRASES
        )
        for sentence in sentences(turn.text)
    )


def questions(turn: Said) -> Iterator[str]:
    """The questions in a turn."""
    return (sentence for sentence in sentences(turn.text) if sentence.endswith("?"))


def over_at(turn: Said) -> int | None:
    """When a turn was over, as well as that is known; milliseconds."""
    return turn.starts_at_ms if turn.ends_at_ms is None else turn.ends_at_ms
