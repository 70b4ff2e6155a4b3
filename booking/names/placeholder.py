"""Which names are none: words that models, forms and switchboards put where a name is missing."""

from rapidfuzz.distance import OSA

from booking.names.fold import words
from booking.names.languages import lexicon

_ANONYMOUS = ("anonymous", "anonymus", "anonymer", "anonyme")
_MISHEARD = 5
"""Letters from which one of a piece of it may be misheard: `mymous`."""
_FRAGMENT = 3
"""Letters from which a piece of "anonymous" is refused: `nym`, not `mo`."""


def is_placeholder(name: str) -> bool:
    """Whether `name` stands for a missing one: empty, `Unbekannt`, `Kunde`, `n/a`, `Anony Mous`.

    Real surnames among such words are none of it once a first name or a salutation goes with
    them: `Sabine Kunde`, `Herr Null`.
    """
    known = lexicon("de")
    spoken = words(name)
    rest = [word for word in spoken if word not in known.salutations and word not in known.titles]
    if not rest:
        return True
    joined = "".join(rest)
    if joined in known.stand_in_names or any(word in known.stand_ins for word in rest):
        return True
    if joined.startswith("anonym") or (
        len(joined) >= _FRAGMENT and any(joined in whole for whole in _ANONYMOUS)
    ):
        return True
    if len(joined) >= _MISHEARD and OSA.distance(joined, _ANONYMOUS[0][-len(joined) :]) <= 1:
        return True
    if len(set(joined)) == 1 and joined.isascii():
        return True
    if all(word in known.stand_ins_alone for word in rest):
        polite = len(rest) == 1 and len(spoken) > 1 and rest[0] in known.stand_in_surnames
        return not polite
    return False
