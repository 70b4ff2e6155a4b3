"""Loading a business from a real database; how long answers count is in `test_last_known.py`."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from typing import LiteralString
from uuid import UUID, uuid4

import pytest

from booking.business import Closure, EventTypeKind
from booking.directory import PATIENCE, Access, Directory
from booking.vault import SecretKeyWrong, Vault
from db import businesses
from db.database import Database
from db.errors import DatabaseUnavailable
from db.states import EventKind
from db.transaction import Transaction

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SLUG = "praxis"


@pytest.fixture(scope="module")
def vault() -> Vault:
    return Vault("a passphrase for tests only")


class Setting:
    """A practice in the database, its directory, and what the two say to each other."""

    def __init__(self, owner: Database, application: Database, vault: Vault) -> None:
        self.owner = owner
        self.business_id = uuid4()
        self.statements: list[str] = []
        self.seconds = 0.0
        self.vault = vault
        self.directory = self.directory_over(application)

    def directory_over(self, database: Database, vault: Vault | None = None) -> Directory:
        return Directory(
            database, vault or self.vault, now=lambda: NOW, monotonic=lambda: self.seconds
        )

    async def access(self) -> Access:
        access = await self.directory.access(SLUG)
        assert access is not None
        return access

    async def run(self, sql: LiteralString) -> None:
        async with self.owner.transaction(self.business_id) as tx:
            await tx.run(sql)

    async def furnish(self) -> None:
        async with self.owner.transaction(self.business_id) as tx:
            await _put_business(tx)
            await businesses.put_line(
                tx,
                id=uuid4(),
                number="+493023125010",
                name="Praxis",
                timezone="Europe/Berlin",
                language="de",
                opening_hours={"monday": [["09:00", "12:00"], ["14:00", "00:00"]]},
                holidays="DE-BE",
                closures=[{"first": "2026-12-24", "last": "2026-12-24", "reason": "Inventur"}],
                policies={"move_notice_hours": 6},
            )
            anna, gone = [
                await businesses.put_staff(
                    tx, id=uuid4(), slug=slug, name=slug.title(), calcom_user_id=number
                )
                for number, slug in enumerate(("anna", "gone"), start=1)
            ]
            checkup, course = [
                await businesses.put_service(
                    tx, id=uuid4(), slug=slug, name=slug, synonyms=["Kontrolle"], position=position
                )
                for position, slug in ((2, "checkup"), (1, "course"))
            ]
            await _put_event_type(tx, 10, checkup, EventKind.FIXED, anna)
            await _put_event_type(tx, 11, checkup, EventKind.FIXED, gone)
            await _put_event_type(tx, 12, course, EventKind.SEATED, None)
            await tx.run("UPDATE staff SET active = false WHERE slug = 'gone'")
            await self._put_credentials(tx)

    async def _put_credentials(self, tx: Transaction) -> None:
        for hours, name, secret in (
            (3, "calcom_key", "cal_of_old"),
            (2, "calcom_key", "cal_retiring"),
            (1, "calcom_key", "cal_new"),
            (1, "api_key", "our own"),
        ):
            await businesses.put_credential(
                tx,
                id=uuid4(),
                name=name,
                secret_encrypted=self.vault.seal(secret),
                now=NOW - timedelta(hours=hours),
            )
        _, new, retiring, old = await businesses.credentials(tx)
        assert new.created_at > retiring.created_at > old.created_at
        await businesses.retire_credential(tx, id=retiring.id, at=NOW + timedelta(minutes=1))
        await businesses.retire_credential(tx, id=old.id, at=NOW)


async def _put_business(tx: Transaction) -> None:
    await businesses.put_business(
        tx,
        slug=SLUG,
        name="Praxis am Park",
        timezone="Europe/Berlin",
        language="de",
        attendee_email_domain="anrufer.praxis.example",
        calcom_base_url="https://cal.praxis.example",
        calcom_versions={"bookings": "2026-02-25"},
        transfer_number=None,
        policies={},
        now=NOW,
    )


async def _put_event_type(
    tx: Transaction, calcom_id: int, service_id: UUID, kind: EventKind, staff_id: UUID | None
) -> None:
    await businesses.put_event_type(
        tx,
        id=uuid4(),
        service_id=service_id,
        calcom_id=calcom_id,
        kind=kind,
        staff_id=staff_id,
        length_minutes=30,
        after_buffer_minutes=10,
        seats=8 if kind is EventKind.SEATED else None,
    )


@pytest.fixture
async def setting(
    database_url: str, database_owner_url: str, vault: Vault
) -> AsyncIterator[Setting]:
    statements: list[str] = []
    async with (
        Database.connect(database_owner_url, role=None) as owner,
        Database.connect(
            database_url, observe=lambda sql, _seconds: statements.append(sql)
        ) as application,
    ):
        setting = Setting(owner, application, vault)
        setting.statements = statements
        await setting.furnish()
        yield setting


async def test_everything_about_a_business_is_at_hand(setting: Setting) -> None:
    business = (await setting.access()).business

    assert (business.id, business.name) == (setting.business_id, "Praxis am Park")
    assert str(business.timezone) == "Europe/Berlin"
    assert business.calcom_versions == {"bookings": "2026-02-25"}
    (line,) = business.lines
    assert line.opening_hours == {0: ((time(9), time(12)), (time(14), time.min))}
    assert line.closures == (Closure(date(2026, 12, 24), date(2026, 12, 24), "Inventur"),)
    assert line.holidays[date(2026, 12, 25)] == {
        "de": "Erster Weihnachtstag",
        "en": "Christmas Day",
    }
    assert date(2026, 12, 24) not in line.holidays
    assert line.rules.move_notice == timedelta(hours=6)
    assert [service.slug for service in business.services] == ["course", "checkup"]
    assert [
        (each.calcom_id, each.kind, each.seats) for each in business.services[0].event_types
    ] == [(12, EventTypeKind.SEATED, 8)]


async def test_who_has_left_is_not_offered(setting: Setting) -> None:
    business = (await setting.access()).business

    assert [person.slug for person in business.staff] == ["anna"]
    (performed,) = business.services[1].event_types
    assert performed.staff == business.staff[0]


async def test_valid_secrets_come_newest_first_and_show_nowhere(setting: Setting) -> None:
    access = await setting.access()

    assert access.secrets == {"calcom_key": ("cal_new", "cal_retiring"), "api_key": ("our own",)}
    assert "cal_new" not in repr(access)


async def test_many_calls_at_once_are_six_statements_and_later_ones_none(
    setting: Setting,
) -> None:
    await asyncio.gather(*(setting.access() for _ in range(20)))
    setting.seconds += PATIENCE.fresh - 1
    await setting.access()

    assert len(setting.statements) == 6


@pytest.mark.parametrize(
    "slug",
    ["", "Praxis", "praxis/../other", "praxis'--", "a" * 64, "préxis", "-praxis", "praxis\n"],
)
async def test_what_cannot_be_a_slug_is_not_even_looked_up(setting: Setting, slug: str) -> None:
    assert await setting.directory.access(slug) is None
    assert setting.statements == []


async def test_an_unknown_business_is_looked_up_once(setting: Setting) -> None:
    for _ in range(5):
        assert await setting.directory.access("nobody") is None
    assert len(setting.statements) == 1


async def test_a_change_counts_after_a_while_or_when_told(setting: Setting) -> None:
    await setting.access()
    await setting.run("UPDATE business SET name = 'Praxis am See'")

    assert (await setting.access()).business.name == "Praxis am Park"
    setting.directory.forget(SLUG)
    assert (await setting.access()).business.name == "Praxis am See"

    await setting.run("UPDATE business SET status = 'disabled'")
    setting.seconds += PATIENCE.at_once
    assert await setting.directory.access(SLUG) is None


async def test_a_database_that_is_gone_is_not_noticed_for_minutes(
    setting: Setting, database_url: str
) -> None:
    async with Database.connect(database_url) as database:
        directory = setting.directory_over(database)
        before = await directory.access(SLUG)

    setting.seconds += PATIENCE.usable - 1
    assert await directory.access(SLUG) == before
    with pytest.raises(DatabaseUnavailable):
        await directory.access("another")
    setting.seconds += PATIENCE.retry + 1
    with pytest.raises(DatabaseUnavailable):
        await directory.access(SLUG)


async def test_another_secret_key_is_an_error_and_not_an_empty_set(
    setting: Setting, database_url: str
) -> None:
    async with Database.connect(database_url) as database:
        directory = setting.directory_over(database, Vault("another passphrase by mistake"))
        with pytest.raises(SecretKeyWrong):
            await directory.access(SLUG)
