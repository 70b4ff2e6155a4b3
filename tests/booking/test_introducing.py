"""People of a list: added, merged with who is known, or refused with a reason."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from booking.introducing import Effect, Outcome, Person, Register

ONE, TWO, THREE = "+493023125101", "+493023125102", "+491701234567"

STORED = UUID(int=7)


@dataclass(frozen=True)
class Row:
    name_normalised: str
    number: str = ONE
    is_owner: bool = True
    customer_id: UUID = STORED
    salutation: str | None = None
    email: str | None = None
    language: str | None = None


def person(name: str, *numbers: str, **more: Any) -> Person:
    return replace(Person("line 2", name, numbers), **more)


def test_who_is_new_owns_a_number_that_nobody_had() -> None:
    register = Register()

    assert register.introduce(person("Ada Lind", ONE, TWO)) == Outcome("line 2", Effect.ADDED)
    assert register.introduce(person("Lea Lind", TWO)).effect is Effect.ADDED

    changes = register.changes()
    assert [record.name for record in changes.new.values()] == ["Ada Lind", "Lea Lind"]
    assert [(link.number, link.is_owner) for link in changes.links] == [
        (ONE, True),
        (TWO, True),
        (TWO, False),
    ]


def test_who_is_known_is_completed_and_never_overwritten() -> None:
    register = Register()
    register.learn([Row("adalind", salutation="Frau")])

    again = person("ADA LIND", ONE, TWO, salutation="Herr", email="ada@lind.example")
    assert register.introduce(again).effect is Effect.MERGED
    assert register.introduce(again).effect is Effect.UNCHANGED

    changes = register.changes()
    [record] = changes.completed.values()
    assert (record.name, record.salutation, record.email) == (None, "Frau", "ada@lind.example")
    assert [(link.customer_id, link.number) for link in changes.links] == [(record.id, TWO)]
    assert not changes.new


def test_the_same_line_twice_is_one_person() -> None:
    register = Register()
    effects = [register.introduce(person("Ada Lind", ONE)).effect for _ in range(2)]
    register.changes()
    effects.append(register.introduce(person("ada lind", ONE, email="a@l.example")).effect)

    assert effects == [Effect.ADDED, Effect.UNCHANGED, Effect.MERGED]


def test_a_nameless_record_is_adopted() -> None:
    register = Register()
    register.learn([Row("")])

    assert register.introduce(person("Ada Lind", ONE)).effect is Effect.MERGED
    assert register.introduce(person("Lea Lind", ONE)).effect is Effect.ADDED

    changes = register.changes()
    [record] = changes.completed.values()
    assert (record.id, record.name, record.name_normalised) == (UUID(int=7), "Ada Lind", "adalind")


def test_two_records_are_not_joined_by_a_guess() -> None:
    register = Register()
    register.learn([Row("adalind"), Row("adalind", TWO, customer_id=uuid4())])

    outcome = register.introduce(person("Ada Lind", ONE, TWO, THREE))

    assert outcome.effect is Effect.REFUSED
    assert outcome.why == "is 2 customers already, on one of these numbers each"
    assert not register.changes().links


def test_who_cannot_be_recognised_is_refused_with_the_reason() -> None:
    register = Register()

    for refused, why in (
        (person("Ada Lind", remark="later is no phone number"), "has no phone number to be recog"),
        (person("", ONE), "has no name"),
        (person("Unbekannt", ONE), "has no name"),
        (person("Ada Lind", ONE, unreadable="is torn"), "is torn"),
    ):
        outcome = register.introduce(refused)
        assert outcome.effect is Effect.REFUSED
        assert outcome.why.startswith(why)
