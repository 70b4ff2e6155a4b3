"""Customers and numbers: however many call at once, a person is one record."""

import asyncio
from collections import Counter
from uuid import UUID, uuid4

import pytest

from db import customers
from db.database import Database
from db.errors import AlreadyExists, NotInRange
from db.states import CustomerOrigin
from tests.db.conftest import NOW, Salon

NUMBER = "+491701234567"


async def test_f_018_simultaneous_first_contacts_end_in_one_customer(
    db: Database, salon: Salon
) -> None:
    ids = await asyncio.gather(*(contact(db, salon, "Ada") for _ in range(15)))

    assert len(set(ids)) == 1
    assert await known(db, salon) == [("Ada", True)]
    async with db.single(salon.id) as tx:
        assert await tx.one("SELECT count(*) FROM customer", into=int) == 1


async def test_simultaneous_first_contacts_without_a_name_end_in_one_customer(
    db: Database, salon: Salon
) -> None:
    ids = await asyncio.gather(*(contact(db, salon, "") for _ in range(15)))

    assert len(set(ids)) == 1
    assert await known(db, salon) == [("", True)]


async def test_simultaneous_contacts_with_and_without_a_name_end_in_one_customer(
    db: Database, salon: Salon
) -> None:
    """Whoever is first: a name adopts the nameless record, no name means the owner."""
    for attempt in range(10):
        number = f"+4917012345{attempt:02}"
        names = ["Ada", ""] * 6 if attempt % 2 else ["", "Ada"] * 6
        calls = (contact(db, salon, name, number=number) for name in names)
        assert len(set(await asyncio.gather(*calls))) == 1
        assert await known(db, salon, number=number) == [("Ada", True)]


async def test_of_several_names_at_once_one_adopts_the_nameless_record(
    db: Database, salon: Salon
) -> None:
    nameless = await contact(db, salon, "")

    ids = await asyncio.gather(*(contact(db, salon, name) for name in ("Ada", "Lea") * 5))

    assert nameless in ids
    assert len(set(ids)) == 2
    found = await known(db, salon)
    assert sorted(name for name, _ in found) == ["Ada", "Lea"]
    assert [is_owner for _, is_owner in found] == [True, False]


async def test_a_nameless_record_is_adopted_and_keeps_what_was_known(
    db: Database, salon: Salon
) -> None:
    nameless = await contact(db, salon, "")

    assert await contact(db, salon, "Ada") == nameless
    assert await contact(db, salon, "") == nameless
    assert await contact(db, salon, "Lea") != nameless
    assert await known(db, salon) == [("Ada", True), ("Lea", False)]


async def test_who_tells_their_number_later_is_the_same_person(db: Database, salon: Salon) -> None:
    """Hidden at first, then given, in one call."""
    person = uuid4()

    assert await contact(db, salon, "Ada", number=None, id=person) == person
    assert await contact(db, salon, "Ada", id=person) == person
    assert await known(db, salon) == [("Ada", True)]


async def test_a_person_named_twice_at_the_same_moment_is_one_customer(
    db: Database, salon: Salon
) -> None:
    """Without a number, too: several unique indexes hold the id, and each may meet the race."""
    for _ in range(20):
        person = uuid4()
        named = (contact(db, salon, "Ada", number=None, id=person) for _ in range(8))
        assert set(await asyncio.gather(*named)) == {person}


async def test_a_new_number_gets_one_owner_whoever_is_first(db: Database, salon: Salon) -> None:
    """Different names at once: all are kept, one owns the number."""
    names = [f"Person {letter}" for letter in "ABCDEFGHIJKLMNO"]

    await asyncio.gather(*(contact(db, salon, name) for name in names))

    found = await known(db, salon)
    assert sorted(name for name, _ in found) == names
    assert Counter(is_owner for _, is_owner in found) == {True: 1, False: 14}
    assert found[0][1], "the owner comes first"


async def test_who_comes_later_is_linked_to_the_number(db: Database, salon: Salon) -> None:
    first = await contact(db, salon, "Ada")
    second = await contact(db, salon, "Lea")

    assert first != second
    assert await known(db, salon) == [("Ada", True), ("Lea", False)]


async def test_f_079_any_number_of_customers_lack_mail_and_number(
    db: Database, salon: Salon
) -> None:
    ids = [await contact(db, salon, "Ada", number=None) for _ in range(3)]

    assert len(set(ids)) == 3
    async with db.single(salon.id) as tx:
        assert await tx.all("SELECT email FROM customer", into=str) == [None] * 3


async def test_an_empty_address_is_no_address(db: Database, salon: Salon) -> None:
    with pytest.raises(NotInRange, match="email"):
        async with db.single(salon.id) as tx:
            await customers.add_contact(
                tx,
                id=uuid4(),
                number=None,
                name="Ada",
                name_normalised="ada",
                language=None,
                origin=CustomerOrigin.CALLER,
                now=NOW,
                email="",
            )


@pytest.mark.parametrize("number", [NUMBER, None])
async def test_the_same_contact_again_changes_nothing(
    db: Database, salon: Salon, number: str | None
) -> None:
    mine = uuid4()

    assert await contact(db, salon, "Ada", number=number, id=mine) == mine
    assert await contact(db, salon, "Ada", number=number, id=mine) == mine

    async with db.single(salon.id) as tx:
        assert await tx.one("SELECT count(*) FROM customer", into=int) == 1


async def test_a_corrected_name_stays_on_its_numbers(db: Database, salon: Salon) -> None:
    ada = await contact(db, salon, "Ada")
    await contact(db, salon, "Lea")

    async with db.single(salon.id) as tx:
        await customers.rename(tx, id=ada, name="Adah", name_normalised="adah", now=NOW)
    assert await known(db, salon) == [("Adah", True), ("Lea", False)]
    with pytest.raises(AlreadyExists):
        async with db.single(salon.id) as tx:
            await customers.rename(tx, id=ada, name="Lea", name_normalised="lea", now=NOW)
    assert await contact(db, salon, "Adah") == ada


@pytest.mark.parametrize("number", ["01701234567", "+0170", "", "+49 170 1234567", "anonymous"])
async def test_numbers_are_international(db: Database, salon: Salon, number: str) -> None:
    with pytest.raises(NotInRange, match="number_is_international"):
        await contact(db, salon, "Ada", number=number)


async def test_f_074_a_number_known_elsewhere_is_unknown_here(
    db: Database, salon: Salon, rival: Salon
) -> None:
    await contact(db, salon, "Ada")

    assert await known(db, rival) == []
    await contact(db, rival, "Ada")
    assert await known(db, rival) == [("Ada", True)]


async def contact(
    db: Database,
    salon: Salon,
    name: str,
    *,
    number: str | None = NUMBER,
    id: UUID | None = None,  # noqa: A002
) -> UUID:
    async with db.single(salon.id) as tx:
        return await customers.add_contact(
            tx,
            id=id or uuid4(),
            number=number,
            name=name,
            name_normalised=name.lower(),
            language=None,
            origin=CustomerOrigin.CALLER,
            now=NOW,
        )


async def known(db: Database, salon: Salon, *, number: str = NUMBER) -> list[tuple[str, bool]]:
    async with db.single(salon.id) as tx:
        rows = await customers.on_number(tx, number=number)
    return [(row.name, row.is_owner) for row in rows]
