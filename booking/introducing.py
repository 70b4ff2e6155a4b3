"""Making people of a list known: who is new, who is known already, whom nobody can add. Pure.

People are told apart as on the phone: by number and normalised name. What is known of somebody is
completed, never overwritten.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID, uuid4

from booking.names import is_placeholder, normalised


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a list names. Numbers are E.164, as many as they have."""

    where: str
    """In the list: `line 12`."""
    name: str = field(repr=False)
    numbers: tuple[str, ...] = field(repr=False)
    salutation: str | None = None
    email: str | None = field(default=None, repr=False)
    language: str | None = None
    remark: str = ""
    """What of it was left out."""
    unreadable: str = ""
    """Why the entry is none that could be taken over."""


class Effect(StrEnum):
    """What becomes of an entry of a list."""

    ADDED = "added"
    MERGED = "merged"
    """With somebody who was known already, and who is known better now."""
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an entry; `why` it was refused, or what of it was left out."""

    where: str
    effect: Effect
    why: str = ""


class Known(Protocol):
    """A customer on a number, as stored."""

    @property
    def customer_id(self) -> UUID: ...
    @property
    def number(self) -> str: ...
    @property
    def is_owner(self) -> bool: ...
    @property
    def name_normalised(self) -> str: ...
    @property
    def salutation(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...
    @property
    def language(self) -> str | None: ...


@dataclass(slots=True)
class Record:
    """A customer, as stored or as about to be."""

    id: UUID
    name: str | None
    """`None` leaves the one that is stored."""
    name_normalised: str
    salutation: str | None
    email: str | None
    language: str | None
    is_new: bool
    numbers: set[str] = field(default_factory=set[str])
    """Of those that have come up so far."""


@dataclass(frozen=True, slots=True)
class Link:
    """A number that a customer gets."""

    customer_id: UUID
    number: str
    name_normalised: str
    is_owner: bool


@dataclass(slots=True)
class Changes:
    """What is to be written; a record that is both new and changed stands among the new."""

    new: dict[UUID, Record] = field(default_factory=dict[UUID, Record])
    completed: dict[UUID, Record] = field(default_factory=dict[UUID, Record])
    links: list[Link] = field(default_factory=list[Link])


class Register:
    """Who is on which number: as stored, and as the list has added to it so far."""

    def __init__(self) -> None:
        self._records: dict[UUID, Record] = {}
        self._on: dict[str, list[Record]] = {}
        self._owned: set[str] = set()
        self._changes = Changes()

    def learn(self, stored: Iterable[Known]) -> None:
        """Take in who is stored on the numbers that come next."""
        for row in stored:
            record = self._records.get(row.customer_id)
            if record is None:
                record = self._records[row.customer_id] = Record(
                    id=row.customer_id,
                    name=None,
                    name_normalised=row.name_normalised,
                    salutation=row.salutation,
                    email=row.email,
                    language=row.language,
                    is_new=False,
                )
            self._put_on(record, row.number)
            if row.is_owner:
                self._owned.add(row.number)

    def introduce(self, person: Person) -> Outcome:
        """Decide about one entry, and remember what follows from it."""
        if person.unreadable:
            return _refused(person, person.unreadable)
        name = normalised(person.name)
        if not name or is_placeholder(person.name):
            return _refused(person, "has no name")
        if not person.numbers:
            return _refused(person, "has no phone number to be recognised by")
        same = list(self._named(person.numbers, name))
        if len(same) > 1:
            return _refused(
                person, f"is {len(same)} customers already, on one of these numbers each"
            )
        found = same or list(self._named(person.numbers, ""))
        record = found[0] if found else self._new(person, name)
        better = self._complete(record, person, name)
        more = [number for number in person.numbers if number not in record.numbers]
        for number in more:
            self._link(record, number)
        if record.is_new and not found:
            effect = Effect.ADDED
        else:
            effect = Effect.MERGED if better or more else Effect.UNCHANGED
        return Outcome(person.where, effect, person.remark)

    def changes(self) -> Changes:
        """What is to be written since the last time this was asked."""
        changes, self._changes = self._changes, Changes()
        for record in changes.new.values():
            record.is_new = False
        return changes

    def _named(self, numbers: Sequence[str], name: str) -> Iterator[Record]:
        """The records of this name on any of the numbers, each once."""
        seen: set[UUID] = set()
        for number in numbers:
            for record in self._on.get(number, ()):
                if record.name_normalised == name and record.id not in seen:
                    seen.add(record.id)
                    yield record

    def _new(self, person: Person, name: str) -> Record:
        record = Record(
            id=uuid4(),
            name=person.name,
            name_normalised=name,
            salutation=person.salutation,
            email=person.email,
            language=person.language,
            is_new=True,
        )
        self._records[record.id] = self._changes.new[record.id] = record
        return record

    def _complete(self, record: Record, person: Person, name: str) -> bool:
        """Fill in what was not known; whether there was anything."""
        better = False
        if record.name_normalised != name:  # it had none
            record.name, record.name_normalised = person.name, name
            better = True
        for what in ("salutation", "email", "language"):
            told = getattr(person, what)
            if told is not None and getattr(record, what) is None:
                setattr(record, what, told)
                better = True
        if better and record.id not in self._changes.new:
            self._changes.completed[record.id] = record
        return better

    def _link(self, record: Record, number: str) -> None:
        self._changes.links.append(
            Link(record.id, number, record.name_normalised, is_owner=number not in self._owned)
        )
        self._put_on(record, number)
        self._owned.add(number)

    def _put_on(self, record: Record, number: str) -> None:
        if number not in record.numbers:
            record.numbers.add(number)
            self._on.setdefault(number, []).append(record)


def _refused(person: Person, why: str) -> Outcome:
    return Outcome(person.where, Effect.REFUSED, "; ".join(filter(None, (why, person.remark))))
