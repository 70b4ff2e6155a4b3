"""Businesses: what the owner's commands write is what requests read."""

from datetime import timedelta
from uuid import uuid4

import pytest

from db import businesses
from db.businesses import BusinessRow
from db.database import Database
from db.errors import Forbidden, NotInRange
from db.states import BusinessStatus, EventKind
from tests.db.conftest import NOW, Salon


async def test_a_business_is_found_by_slug_without_being_in_it(db: Database, salon: Salon) -> None:
    async with db.registry() as tx:
        found = await businesses.by_slug(tx, slug="salon")
        assert await businesses.by_id(tx, id=salon.id) == found
        assert await businesses.by_slug(tx, slug="nobody") is None
        assert [row.slug for row in await businesses.active(tx)] == ["salon"]
    assert found == BusinessRow(
        id=salon.id,
        slug="salon",
        name="Salon",
        timezone="Europe/Berlin",
        language="de",
        status=BusinessStatus.ACTIVE,
        attendee_email_domain="salon.example",
        calcom_base_url=None,
        calcom_versions={},
        transfer_number=None,
        policies={},
    )


async def test_applying_again_changes_values_and_keeps_ids(
    owner: Database, db: Database, salon: Salon
) -> None:
    """Calls and bookings point at these rows."""
    async with owner.transaction(salon.id) as tx:
        line = await businesses.put_line(
            tx,
            id=uuid4(),
            number="+493023125010",
            name="Centre",
            timezone="Europe/London",
            language="en",
            opening_hours={"monday": [["09:00", "17:00"]]},
            holidays="DE-BE",
            closures=[{"first": "2026-12-25", "last": "2026-12-31"}],
        )
        service = await businesses.put_service(
            tx,
            id=uuid4(),
            slug="haircut",
            name="Haircut",
            synonyms=["cut", 'it\'s "short"'],
            position=2,
            phases=[{"active": 30}],
        )
        event_type = await businesses.put_event_type(
            tx,
            id=uuid4(),
            service_id=service,
            calcom_id=101,
            kind=EventKind.SEATED,
            staff_id=None,
            length_minutes=45,
            seats=4,
        )
    assert (line, service, event_type) == (salon.line, salon.service, salon.event_type)
    async with db.single(salon.id) as tx:
        [line_row] = await businesses.lines(tx)
        [service_row] = await businesses.services(tx)
        [type_row] = await businesses.event_types(tx)
    assert (line_row.name, line_row.opening_hours) == ("Centre", {"monday": [["09:00", "17:00"]]})
    assert (line_row.holidays, line_row.closures) == (
        "DE-BE",
        [{"first": "2026-12-25", "last": "2026-12-31"}],
    )
    assert (service_row.synonyms, service_row.phases) == (
        ["cut", 'it\'s "short"'],
        [{"active": 30}],
    )
    assert (type_row.kind, type_row.seats, type_row.length_minutes) == (EventKind.SEATED, 4, 45)


async def test_two_credentials_are_valid_while_one_retires(
    owner: Database, db: Database, salon: Salon
) -> None:
    old, new = uuid4(), uuid4()
    async with owner.transaction(salon.id) as tx:
        for id_, secret, now in ((old, b"\x00old", NOW), (new, b"new\\", NOW + timedelta(days=1))):
            await businesses.put_credential(
                tx, id=id_, name="retell_key", secret_encrypted=secret, now=now
            )
        await businesses.retire_credential(tx, id=old, at=NOW + timedelta(days=2))
        await businesses.retire_credential(tx, id=old, at=NOW + timedelta(days=3))
    async with db.single(salon.id) as tx:
        found = await businesses.credentials(tx)
    assert [(row.id, row.secret_encrypted, row.retires_at) for row in found] == [
        (new, b"new\\", None),
        (old, b"\x00old", NOW + timedelta(days=2)),
    ]
    assert "old" not in repr(found[1])


async def test_the_application_cannot_change_what_a_business_is(db: Database, salon: Salon) -> None:
    with pytest.raises(Forbidden):
        async with db.transaction(salon.id) as tx:
            await businesses.put_credential(
                tx, id=uuid4(), name="retell_key", secret_encrypted=b"mine", now=NOW
            )


async def test_a_fixed_event_type_has_a_host(owner: Database, salon: Salon) -> None:
    with pytest.raises(NotInRange, match="fixed_has_host"):
        async with owner.transaction(salon.id) as tx:
            await businesses.put_event_type(
                tx,
                id=uuid4(),
                service_id=salon.service,
                calcom_id=102,
                kind=EventKind.FIXED,
                staff_id=None,
                length_minutes=30,
            )
