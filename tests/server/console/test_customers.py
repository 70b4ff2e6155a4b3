"""Customers: found, merged, forgotten."""

import re
from uuid import UUID, uuid4

from calls.recordings import NotStored
from db import customers
from db.states import CustomerOrigin
from tests.practice import ADA, Practice
from tests.server.console.people import Person
from tests.server.console.scene import ring, tone

_PAGE = "/console/praxis/customers"
_OTHER = "+493023125099"


async def _known(practice: Practice, name: str, number: str) -> UUID:
    async with practice.database.single(practice.id) as tx:
        return await customers.add_contact(
            tx,
            id=uuid4(),
            number=number,
            name=name,
            name_normalised=name.lower().replace(" ", ""),
            language="en",
            origin=CustomerOrigin.STAFF,
            now=practice.clock(),
        )


async def _ada(staff: Person) -> str:
    page = (await staff.see(f"{_PAGE}?q=lindqvist")).text
    found = re.search(rf'href="({_PAGE}/[0-9a-f-]+)"', page)
    assert found
    return found[1]


async def test_somebody_is_found_by_name_or_number(staff: Person, practice: Practice) -> None:
    await ring(practice)
    for query in ("", "lindq", "23125077", "030 23125077", "+49 30 23125077"):
        assert "Ada Lindqvist" in (await staff.see(f"{_PAGE}?q={query}")).text, query
    for query in ("berger", "0815", "%"):
        assert "Nobody like that" in (await staff.see(f"{_PAGE}?q={query}")).text, query
    page = (await staff.see(await _ada(staff))).text
    assert "Check-up" in page
    assert (await staff.see(f"{_PAGE}/{uuid4()}")).status_code == 404


async def test_two_records_become_one(staff: Person, practice: Practice) -> None:
    await ring(practice)
    ada = await _ada(staff)
    twin = await _known(practice, "Ada Lindquist", ADA)
    other = await _known(practice, "Ada Lindqvist", _OTHER)
    page = (await staff.see(ada)).text
    assert str(twin) in page
    assert str(other) in page

    for each in (twin, other):
        done = await staff.press(ada, f"{ada}/merge", {"other": str(each)})
        assert done.headers["location"].endswith("said=merged")
    again = await staff.press(ada, f"{ada}/merge", {"other": str(twin)})
    itself = await staff.press(ada, f"{ada}/merge", {"other": ada.rpartition("/")[2]})

    assert again.headers["location"].endswith("sorry=not_two")
    assert itself.headers["location"].endswith("sorry=not_two")
    async with practice.database.single(practice.id) as tx:
        [person] = await customers.on_number(tx, number=_OTHER)
        assert str(person.id) == ada.rpartition("/")[2]
        assert person.is_owner
        assert len(await customers.on_number(tx, number=ADA)) == 1
        assert await tx.only("SELECT count(*) FROM customer", into=int) == 1


async def test_somebody_is_forgotten_and_nothing_is_left(admin: Person, practice: Practice) -> None:
    """Not in a transcript, not as sound, not in what a platform has sent."""
    call = await ring(practice, sound=tone(1))
    ada = await _ada(admin)
    early = await admin.press(ada, f"{ada}/erase")
    assert early.headers["location"].endswith("sorry=still_expected")
    practice.clock.advance(days=3)
    async with practice.database.single(practice.id) as tx:
        stored = await tx.only("SELECT stored_as FROM recording", into=str)

    # A session of three days ago has ended.
    await admin.log_in("admin@praxis.example")
    done = await admin.press(ada, f"{ada}/erase")

    assert done.headers["location"].endswith("said=erased")
    async with practice.database.single(practice.id) as tx:
        for table in await tx.all(_TENANTS, into=str):
            rows = await tx.only(
                f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} AS t",  # noqa: S608
                into=str,
            )
            assert "Lindqvist" not in rows, table
            assert ADA not in rows, table
        assert await tx.only("SELECT count(*) FROM booking", into=int) == 1
    store = practice.parts.call_events._recordings._store
    try:
        await store.read(stored, 0, 10)
    except NotStored:
        pass
    else:
        raise AssertionError("the recording is still there")
    page = await admin.see(f"/console/praxis/matters/{call.id}")
    assert page.status_code == 200
    assert (await admin.press(_PAGE, f"{ada}/erase")).status_code == 404


async def test_staff_forget_nobody(staff: Person) -> None:
    ada = await _ada(staff)
    assert "Erase" not in (await staff.see(ada)).text
    assert (await staff.press(ada, f"{ada}/erase")).status_code == 404


_TENANTS = """
SELECT table_name::text FROM information_schema.columns
WHERE column_name = 'business_id' AND table_schema = 'public'
"""
