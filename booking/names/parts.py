"""A name cut into what is compared: folded words without what people leave out."""

from dataclasses import dataclass

from booking.names.fold import words
from booking.names.languages import lexicon


@dataclass(frozen=True, slots=True)
class Spoken:
    """A name cut into folded words for comparison."""

    words: tuple[str, ...]
    """Hyphens part words; particles are gone, for recognisers drop and invent them."""
    generation: str | None = None
    """`junior` or `senior`."""

    @property
    def joined(self) -> str:
        return "".join(self.words)


def spoken(name: str) -> Spoken:
    """Cut a name for comparison."""
    known = lexicon("de")
    parts = [
        word for word in words(name) if word not in known.salutations and word not in known.titles
    ]
    generation = next(
        (known.generations[word] for word in parts if word in known.generations), None
    )
    core = [word for word in parts if word not in known.generations]
    bare = [word for word in core if word not in known.particles]
    return Spoken(tuple(bare or core), generation)


def normalised(name: str) -> str:
    """One form for all spellings of a name: `Frau Zoë Müller-Lütz`, `zoe mueller luetz`.

    Without case, marks, hyphens, blanks, apostrophes, salutations and titles; umlauts are written
    as two letters. The database's key: customers on one number are equal if this is.
    """
    known = lexicon("de")
    spoken = words(name)
    core = [word for word in spoken if word not in known.salutations and word not in known.titles]
    return "".join(known.generations.get(word, word).lower() for word in core or spoken)
