"""What one utterance of a caller says, as far as the policy cares."""

import re
from dataclasses import dataclass
from typing import Final, Self

from evals.policy.cues import CUES

_EDGES: Final = " ,.;:!?"


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance and what is in it."""

    text: str
    """Without a greeting."""
    when: str | None
    """From the first word about a day or a time to the last, as said."""
    what: str | None
    """The rest."""
    goodbye: bool
    thanks: bool
    yes: bool
    no: bool
    person: bool
    cancel: bool
    move: bool
    find: bool
    choice: int | None
    """Which of what was offered, from 0."""

    @classmethod
    def of(cls, said: str, language: str) -> Self:
        cues = CUES.get(language, CUES["en"])
        text = cues.greeting.sub("", said).strip(_EDGES)
        when = _when(text, cues.when)
        what = text.replace(when, " ").strip(_EDGES) if when else text
        return cls(
            text=text,
            when=when,
            what=what or None,
            **{
                name: getattr(cues, name).search(text) is not None
                for name in ("goodbye", "thanks", "yes", "no", "person", "cancel", "move", "find")
            },
            choice=next(
                (n for n, ordinal in enumerate(cues.ordinals) if ordinal.search(text)), None
            ),
        )


def _when(text: str, pattern: re.Pattern[str]) -> str | None:
    found = list(pattern.finditer(text))
    return text[found[0].start() : found[-1].end()] if found else None
