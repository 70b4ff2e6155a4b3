"""One module a language: what is heard in calls, and what staff read of flags."""

from typing import Final

from calls.flags.languages import de, en
from calls.flags.phrases import Phrases
from calls.flags.wording import FlagWords
from db.states import FlagKind

__all__ = ["PHRASES", "WORDS"]

PHRASES: Final[tuple[Phrases, ...]] = (en.PHRASES, de.PHRASES)

WORDS: Final[dict[str, dict[FlagKind, FlagWords]]] = {"en": en.WORDS, "de": de.WORDS}
