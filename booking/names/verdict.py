"""What the desk may conclude from a name that it heard."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Known:
    """A customer on the caller's number."""

    id: UUID
    name: str
    """As stored; empty or a placeholder if nobody ever learnt it. Never a candidate then."""
    is_owner: bool
    salutation: str | None = None
    """`Frau`, `Herr Dr.`, `Ms`: what goes before the surname."""


class Reason(StrEnum):
    """Why a name must be asked for."""

    NOT_HEARD = "not_heard"
    """Nothing that could be a name."""
    PLACEHOLDER = "placeholder"
    """A word that stands for a missing name, such as `Unbekannt`."""
    OTHER_PERSON = "other_person"
    """The booking is for somebody who was not, or only half, named."""


@dataclass(frozen=True, slots=True)
class Identified:
    """The caller's number and what was heard point to this customer."""

    customer: Known
    heard: str
    """The name as heard, readable and inert; empty if none was needed."""
    differs: bool
    """What was heard is not the stored name: worth a line in the log, never a change."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Nobody on this number: a customer of their own, under this name."""

    name: str
    """Readable and inert: at most 80 characters, letters and what joins them in names."""
    salutation: str | None = None
    """If the caller said one: `Frau`, `Mr`, `Herr Dr.`."""


@dataclass(frozen=True, slots=True)
class NeedName:
    """Nobody can be booked under what was heard."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class NeedChoice:
    """It may be one of these customers of the caller's number; one question decides.

    A single candidate means: close to this customer, yet perhaps a relative.
    """

    candidates: tuple[Known, ...]


Verdict = Identified | NewPerson | NeedName | NeedChoice
