"""What one utterance of a caller says, as far as the policy cares."""

import re
from dataclasses import dataclass
from typing import Final, Self

from evals.policy.cues import CUES

_EDGES: Final = " ,.;:!?"
_SPELLED: Final = re.compile(r"(?<![\w'’])(?:[^\W\d_]\b[\s,.-]*){3,}")
"""Single letters, one after the other."""

_FLAGS: Final = (
    *("goodbye", "thanks", "yes", "no", "again", "person"),
    *("cancel", "move", "change", "find"),
)


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance and what is in it."""

    text: str
    """Without a greeting."""
    when: str | None
    """From the first word about a day or a time to the last, as said."""
    what: str | None
    """The rest, without names; what they would like, if they say so in these words."""
    named: str | None
    """Who the caller says to be."""
    spelled: str | None
    """Letters, one by one."""
    is_for_relative: bool
    relative: str | None
    """Whose name follows: `for my daughter Lea Winter`."""
    staff: str | None
    goodbye: bool
    thanks: bool
    yes: bool
    no: bool
    again: bool
    person: bool
    cancel: bool
    move: bool
    change: bool
    find: bool
    choice: int | None
    """Which of what was offered, from 0."""

    @classmethod
    def of(cls, said: str, language: str) -> Self:
        cues = CUES.get(language, CUES["en"])
        text = cues.greeting.sub("", said).strip(_EDGES)
        when = _when(text, cues.when)
        what = text.replace(when, " ") if when else text
        named, relative, staff, spelled = (
            pattern.search(what) for pattern in (cues.named, cues.relative, cues.staff, _SPELLED)
        )
        for found in (named, relative, staff):
            what = what.replace(found[0], " ") if found else what
        if (wish := cues.wish.search(what)) and wish[1].strip(_EDGES):
            what = wish[1]
        what = " ".join(what.split()).strip(_EDGES)
        return cls(
            text=text,
            when=when,
            what=what or None,
            named=_group(named),
            spelled=spelled[0].strip(_EDGES) if spelled else None,
            is_for_relative=relative is not None,
            relative=_group(relative),
            staff=_group(staff),
            **{name: getattr(cues, name).search(text) is not None for name in _FLAGS},
            choice=next(
                (n for n, ordinal in enumerate(cues.ordinals) if ordinal.search(text)), None
            ),
        )


def _when(text: str, pattern: re.Pattern[str]) -> str | None:
    found = list(pattern.finditer(text))
    return text[found[0].start() : found[-1].end()] if found else None


def _group(found: re.Match[str] | None) -> str | None:
    """The first group that took part."""
    return next((group for group in found.groups() if group), None) if found else None
