"""A name cut into what is compared: folded words without what people leave out."""

from dataclasses import dataclass
from itertools import accumulate

from booking.names.fold import words
from booking.names.languages import lexicon

_RUN_TOGETHER = ("vonder", "vonden", "vander", "vanden", "dela", "von", "vom", "zum", "zur")
_REST = 4
"""Letters of a surname after particles that were run together with it."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A name cut into folded words for comparison."""

    words: tuple[str, ...]
    """Hyphens part words; particles are gone, for recognisers drop and invent them."""
    seams: tuple[int, ...] = ()
    """Where given names may end and the surname begin: not at a hyphen."""
    generation: str | None = None
    """`junior` or `senior`."""

    @property
    def joined(self) -> str:
        return "".join(self.words)


def spoken(name: str) -> Spoken:
    """Cut a name for comparison."""
    known = lexicon("de")
    units = [[_bare(word) for word in words(unit)] for unit in name.split()]
    everything = [word for unit in units for word in unit]
    generation = next((word for word in everything if word in known.generations), None)
    left_out = known.salutations.keys() | known.titles.keys() | known.generations.keys()
    core = [[word for word in unit if word not in left_out] for unit in units]
    bare = [[word for word in unit if word not in known.particles] for unit in core]
    kept = [unit for unit in (bare if any(bare) else core) if unit]
    seams = tuple(accumulate(len(unit) for unit in kept))[:-1]
    return Spoken(
        words=tuple(word for unit in kept for word in unit),
        seams=seams,
        generation=known.generations[generation] if generation else None,
    )


def _bare(word: str) -> str:
    """`vonderheide` without the particles that were run together with it; else the word."""
    for particles in _RUN_TOGETHER:
        if word.startswith(particles) and len(word) >= len(particles) + _REST:
            return word[len(particles) :]
    return word


def normalised(name: str) -> str:
    """One form for all spellings of a name: `Frau Zoë Müller-Lütz`, `zoe mueller luetz`.

    Without case, marks, hyphens, blanks, apostrophes, salutations and titles; umlauts are written
    as two letters. The database's key: customers on one number are equal if this is.
    """
    known = lexicon("de")
    spoken = words(name)
    core = [word for word in spoken if word not in known.salutations and word not in known.titles]
    return "".join(known.generations.get(word, word).lower() for word in core or spoken)
