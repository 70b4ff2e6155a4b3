"""The one way to address a customer."""

from booking.names.first_names import is_first_name
from booking.names.fold import fold
from booking.names.languages import lexicon


def surname(name: str) -> str:
    """The surname in `name` with its particles, `von der Heide`; empty if only a first name."""
    known = lexicon("de")
    written = [word for word in name.split() if fold(word).strip(".") not in known.generations]
    if len(written) == 1:
        return "" if is_first_name(fold(written[0])) else written[0]
    at = len(written) - 1
    while at > 1 and written[at - 1].lower() in known.particles:
        at -= 1
    return " ".join(written[at:])


def address(name: str, salutation: str | None, language: str) -> str:
    """How to address the customer: `Frau Brandt`, else `Ute Brandt`, never `Ute` or `Frau Ute`.

    A single word is no address without a salutation: the result is empty, and sentences do
    without one.
    """
    known = lexicon(language)
    family = surname(name)
    honours = {**known.salutations, **known.titles}
    polite = " ".join(
        honours.get(fold(word).strip("."), word) for word in (salutation or "").split()
    )
    if family and polite:
        return f"{polite} {family}"
    return name if family and family != name else ""
