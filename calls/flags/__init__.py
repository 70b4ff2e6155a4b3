"""What a human should look at after a call: rules over its facts, and words for staff.

The rules are pure. Who asks them, and keeps what they find, is a floor above.
"""

from collections.abc import Sequence
from typing import Final

from calls.flags.facts import Asked, CallFacts, Finding
from calls.flags.languages import WORDS
from calls.flags.rules import RULES
from calls.flags.wording import FlagWords
from db.states import FlagKind

__all__ = ["Asked", "CallFacts", "Finding", "FlagWords", "found_in", "words_for"]

_OTHERWISE: Final = "en"


def found_in(call: CallFacts) -> Sequence[Finding]:
    """Everything odd about a call, in no order."""
    return [finding for rule in RULES for finding in rule(call)]


def words_for(kind: FlagKind, language: str) -> FlagWords:
    """What staff read of a flag; in English where nobody has written their language yet."""
    return WORDS.get(language, WORDS[_OTHERWISE])[kind]
