"""Applying a business file to a real database; reading one is in `test_business_file.py`."""

from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from booking.business import EventTypeKind
from booking.directory import Access, Directory
from booking.house_rules import FeeTier, Money, Quota, Share
from booking.policy import Policy, policy_for
from booking.sync.facts import kept
from booking.vault import SecretKeyWrong, Vault
from db import businesses, customers
from db.database import Database
from db.errors import NotInRange
from slotline import keys
from slotline.business_file import BusinessFile, Changes, apply, parse
from slotline.business_file.credentials import GRACE

EXAMPLE = (Path(__file__).parents[2] / "deploy/business.example.toml").read_text(encoding="utf-8")
SECRETS = {
    "SALON_CALCOM_KEY": "cal_test_1234567",
    "SALON_RETELL_KEY": "key_1234567890",
    "SALON_OPENAI_WEBHOOK_SECRET": "whsec_MTIzNDU2Nzg5MA==",
}
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def vault() -> Vault:
    return Vault("a passphrase for tests only")


class Clerk:
    """Applies files as the owner and looks at the outcome as the application does."""

    def __init__(self, owner: Database, application: Database, vault: Vault) -> None:
        self.owner = owner
        self.application = application
        self.vault = vault

    async def apply(
        self, text: str = EXAMPLE, *, now: datetime = NOW, dry_run: bool = False
    ) -> list[str]:
        changes = await self.changes(_file(text), now=now, dry_run=dry_run)
        return [str(change) for change in changes.lines]

    async def changes(
        self, file: BusinessFile, *, now: datetime = NOW, dry_run: bool = False
    ) -> Changes:
        return await apply(file, database=self.owner, vault=self.vault, now=now, dry_run=dry_run)

    async def access(self, *, now: datetime = NOW) -> Access | None:
        directory = Directory(self.application, self.vault, now=lambda: now)
        return await directory.access("salon-mitte")

    async def served(self, *, now: datetime = NOW) -> Access:
        access = await self.access(now=now)
        assert access is not None
        return access


@pytest.fixture
async def clerk(db: Database, database_owner_url: str, vault: Vault) -> AsyncIterator[Clerk]:
    async with Database.connect(database_owner_url, role=None) as owner:
        yield Clerk(owner, db, vault)


def _file(text: str) -> BusinessFile:
    return parse(text, file="salon.toml", environment=SECRETS)


async def test_what_the_file_says_is_what_the_desk_knows(clerk: Clerk) -> None:
    await clerk.apply()

    business = (await clerk.served()).business
    assert (business.name, str(business.timezone), business.language) == (
        "Salon Mitte",
        "Europe/Berlin",
        "de",
    )
    assert business.transfer_number == "+493023125019"
    assert business.calcom_versions["slots"] == "2024-09-04"
    english, german = sorted(business.lines, key=lambda line: line.number)
    assert (english.language, str(english.timezone)) == ("en", "Europe/Berlin")
    assert english.opening_hours is None
    assert german.opening_hours is not None
    assert sorted(german.opening_hours) == [1, 2, 3, 4, 5]
    assert [f"{each.first} {each.last} {each.reason}" for each in german.closures] == [
        "2026-12-24 2026-12-24 None",
        "2026-12-27 2026-12-31 Betriebsferien",
    ]
    assert german.holidays[date(2026, 3, 8)] == {"de": "Frauentag", "en": "Women's Day"}
    assert not english.holidays
    haircut, colour, course, perm = business.services
    assert "haircut" in haircut.synonyms
    assert [(each.calcom_id, each.staff and each.staff.name) for each in haircut.event_types] == [
        (2101, "Anna"),
        (2102, "Mehmet"),
    ]
    assert colour.event_types[0].requires_confirmation
    assert [host.name for host in colour.event_types[0].hosts] == ["Anna", "Mehmet"]
    assert (course.event_types[0].kind, course.event_types[0].seats) == (EventTypeKind.SEATED, 8)
    assert [each.length_minutes for each in perm.event_types] == [50 + 15 + 20 + 10 + 40]


async def test_rules_are_those_of_the_most_specific_level(clerk: Clerk) -> None:
    await clerk.apply()

    business = (await clerk.served()).business
    english, german = sorted(business.lines, key=lambda line: line.number)
    anna, mehmet = business.staff
    course = next(each for each in business.services if each.slug == "pflegekurs")
    hours = timedelta(hours=1)
    fees = (
        FeeTier(72 * hours, Money(Decimal("15.00"), "EUR")),
        FeeTier(48 * hours, Share(Decimal(50))),
    )
    quota = Quota(4, timedelta(days=90))
    assert policy_for(business, english, None, anna) == Policy(
        24 * hours, 12 * hours, fees, (), 3, quota
    )
    assert policy_for(business, german, course, mehmet) == Policy(
        48 * hours, 6 * hours, fees, (), None, quota
    )


async def test_applying_again_changes_nothing(clerk: Clerk) -> None:
    first = await clerk.apply()
    before = await clerk.served()

    assert first[:2] == ["+ business salon-mitte", "+ line +493023125010"]
    shown = "`slotline key show salon-mitte api_key` tells it"
    assert f"+ credential api_key: generated, {shown}" in first
    assert "+ customer +493023125101" in first
    assert await clerk.apply(now=NOW + timedelta(days=7)) == []
    assert await clerk.served() == before


async def test_what_is_followed_at_calcom_is_not_set_back(clerk: Clerk) -> None:
    """After a sync its figures stand; what the file alone knows is still the file's."""
    changes = await clerk.changes(_file(EXAMPLE))
    async with clerk.application.transaction(changes.business_id) as tx:
        [row] = [row for row in await businesses.event_types(tx) if row.calcom_id == 2101]
        facts = replace(kept(row), length_minutes=35, minimum_notice_minutes=240)
        await businesses.follow_event_type(tx, id=row.id, **asdict(facts), now=NOW)

    assert await clerk.apply() == []
    haircut, *_ = (await clerk.served()).business.services
    assert haircut.event_types[0].length_minutes == 35
    renamed = EXAMPLE.replace(f'name = "{haircut.name}"', 'name = "A cut"')
    assert await clerk.apply(renamed) == [f"~ service {haircut.slug}: name {haircut.name} -> A cut"]


async def test_a_dry_run_says_the_same_and_writes_nothing(clerk: Clerk) -> None:
    foreseen = await clerk.apply(dry_run=True)

    assert await clerk.access() is None
    assert await clerk.apply() == foreseen

    changed = EXAMPLE.replace('name = "Färben"', 'name = "Farbe"')
    assert await clerk.apply(changed, dry_run=True) == ["~ service faerben: name Färben -> Farbe"]
    assert await clerk.apply(dry_run=True) == []


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("length_minutes = 90", "length_minutes = 75", "event type 2103: length_minutes 90 -> 75"),
        ('"mehmet"', '"jo"', "event type 2102: staff mehmet -> jo"),
        (
            "3125 019",
            "3125 018",
            "business salon-mitte: transfer_number +493023125019 -> +493023125",
        ),
        (
            "transfer_number",
            "# ",
            "business salon-mitte: transfer_number +493023125019 -> (nothing)",
        ),
        (
            'slots = "2024-09-04"',
            "",
            "business salon-mitte: calcom_versions.slots 2024-09-04 -> (no",
        ),
        (
            "saturday",
            "sunday",
            "line +493023125010: opening_hours.saturday 09:00-15:00 -> (nothing);",
        ),
        (
            ', reason = "Betriebsferien"',
            "",
            "line +493023125010: closures first 2026-12-24 last 2026-12-24, first 2026-12-27 last",
        ),
        (
            "percent = 50",
            "percent = 40",
            "business salon-mitte: policies.cancel_fees amount 15.00 currency EUR within_hours 72",
        ),
        (
            "cancel_notice_hours = 48",
            "cancel_notice_hours = 36",
            "service pflegekurs: policies.cancel_notice_hours 48 -> 36",
        ),
        (
            '"Kurs", "Workshop"',
            '"Kurs"',
            "service pflegekurs: synonyms Kurs, Workshop, hair care wo",
        ),
    ],
)
async def test_a_change_is_told_field_by_field(
    clerk: Clerk, old: str, new: str, change: str
) -> None:
    await clerk.apply()

    changes = await clerk.apply(EXAMPLE.replace(old, new))

    assert any(each.startswith(f"~ {change}") for each in changes)
    assert await clerk.apply(EXAMPLE.replace(old, new)) == []


class TestWhatLeavesTheFile:
    WITHOUT_COLOUR = EXAMPLE.replace(
        EXAMPLE[
            EXAMPLE.index('[[services]]\nslug = "faerben"') : EXAMPLE.index(
                '[[services]]\nslug = "pflegekurs"'
            )
        ],
        "",
    )

    async def test_is_no_longer_offered(self, clerk: Clerk) -> None:
        await clerk.apply()

        kept = "no longer offered, kept for what was booked"
        assert await clerk.apply(self.WITHOUT_COLOUR) == [
            "~ service pflegekurs: position 2 -> 1",
            "~ service dauerwelle: position 3 -> 2",
            f"- service faerben: {kept}",
            f"- event type 2103: {kept}",
        ]
        slugs = [service.slug for service in (await clerk.served()).business.services]
        assert slugs == ["haarschnitt", "pflegekurs", "dauerwelle"]

    async def test_comes_back_as_the_one_that_it_was(self, clerk: Clerk) -> None:
        """Bookings of then still belong to it."""
        await clerk.apply()
        before = (await clerk.served()).business.services
        await clerk.apply(self.WITHOUT_COLOUR)

        changes = await clerk.apply()

        assert "+ service faerben" in changes
        assert (await clerk.served()).business.services == before

    async def test_an_event_type_can_move_to_another_service(self, clerk: Clerk) -> None:
        await clerk.apply()
        moved = EXAMPLE.replace("calcom_id = 2103", "calcom_id = 1").replace(
            "calcom_id = 2104", "calcom_id = 2103"
        )

        await clerk.apply(moved)

        _, colour, course, _ = (await clerk.served()).business.services
        assert [each.calcom_id for each in colour.event_types] == [1]
        assert [(each.calcom_id, each.seats) for each in course.event_types] == [(2103, 8)]


class TestCredentials:
    async def test_can_be_shown_to_whoever_sets_up_the_other_side(self, clerk: Clerk) -> None:
        await clerk.apply()
        directory = Directory(clerk.application, clerk.vault, now=lambda: NOW)

        assert await keys.show(directory, "salon-mitte", "retell_key") == "key_1234567890"
        assert len(await keys.show(directory, "salon-mitte", "api_key")) >= 43
        for slug, name, words in (
            ("salon-nord", "api_key", "no business 'salon-nord' is served here"),
            ("salon-mitte", "fax_key", "no credential 'fax_key'; it has api_key, calcom_key, "),
        ):
            with pytest.raises(keys.UnknownKey, match=words):
                await keys.show(directory, slug, name)

    async def test_are_stored_sealed_and_told_to_nobody(self, clerk: Clerk) -> None:
        changes = await clerk.changes(_file(EXAMPLE))

        access = await clerk.served()
        assert access.secrets["calcom_key"] == ("cal_test_1234567",)
        assert {name: len(values) for name, values in access.secrets.items()} == dict.fromkeys(
            (
                "api_key",
                "calcom_key",
                "calcom_webhook_secret",
                "elevenlabs_secret",
                "openai_webhook_secret",
                "retell_key",
                "retell_llm_secret",
                "vapi_secret",
                "webhook_secret",
            ),
            1,
        )
        async with clerk.owner.transaction(access.business.id) as tx:
            rows = await businesses.credentials(tx)
        for secrets in access.secrets.values():
            told = f"{changes} {rows} {access}" + "".join(map(str, changes.lines))
            assert secrets[0] not in told
            assert all(secrets[0].encode() not in row.secret_encrypted for row in rows)

    async def test_of_ours_are_made_also_when_the_file_is_silent(self, clerk: Clerk) -> None:
        await clerk.apply(_without_credentials())

        assert set((await clerk.served()).secrets) == {
            "api_key",
            "retell_llm_secret",
            "vapi_secret",
            "elevenlabs_secret",
            "calcom_webhook_secret",
            "webhook_secret",
        }
        assert await clerk.apply(_without_credentials()) == []

    async def test_that_are_replaced_stay_valid_for_a_day(self, clerk: Clerk) -> None:
        await clerk.apply()
        new = EXAMPLE.replace('"env:SALON_CALCOM_KEY"', '"cal_test_of_this_year"')

        assert await clerk.apply(new) == [
            "~ credential calcom_key: replaced, the old one stays valid until 2026-03-03 09:00 UTC"
        ]
        assert await clerk.apply(new, now=NOW + GRACE * 2) == []
        at_first = await clerk.served(now=NOW + GRACE / 2)
        assert at_first.secrets["calcom_key"] == ("cal_test_of_this_year", "cal_test_1234567")
        later = await clerk.served(now=NOW + GRACE)
        assert later.secrets["calcom_key"] == ("cal_test_of_this_year",)

    async def test_that_leave_the_file_stay(self, clerk: Clerk) -> None:
        await clerk.apply()

        assert await clerk.apply(_without_credentials()) == []
        assert (await clerk.served()).secrets["calcom_key"] == ("cal_test_1234567",)

    async def test_sealed_with_another_key_stop_everything(self, clerk: Clerk) -> None:
        await clerk.apply()
        clerk.vault = Vault("another passphrase by mistake")

        with pytest.raises(SecretKeyWrong):
            await clerk.apply(EXAMPLE.replace('"Salon Mitte"', '"Salon Nord"'))
        with pytest.raises(SecretKeyWrong):
            await clerk.access()


def _without_credentials() -> str:
    start, end = EXAMPLE.index("[credentials]"), EXAMPLE.index("[policies]")
    return EXAMPLE[:start] + EXAMPLE[end:]


async def test_a_failure_half_way_leaves_nothing_behind(clerk: Clerk) -> None:
    """The last step of all is refused by the database; the steps before it are undone."""
    (customer,) = _file(EXAMPLE).customers
    impossible = _file(EXAMPLE).model_copy(
        update={"customers": (customer.model_copy(update={"number": "not a number"}),)}
    )

    with pytest.raises(NotInRange):
        await clerk.changes(impossible)

    assert await clerk.access() is None


async def test_a_disabled_business_stays_disabled(clerk: Clerk) -> None:
    await clerk.apply()
    business = (await clerk.served()).business
    async with clerk.owner.transaction(business.id) as tx:
        await tx.run("UPDATE business SET status = 'disabled' WHERE id = %(business_id)s")

    assert await clerk.apply(EXAMPLE.replace("3125 019", "3125 018")) != []

    assert await clerk.access() is None


async def test_a_known_caller_is_added_once_and_never_changed(clerk: Clerk) -> None:
    await clerk.apply()
    business_id = (await clerk.served()).business.id

    respelled = EXAMPLE.replace('"Martha Winter"', '"martha  WINTER"')
    assert await clerk.apply(respelled) == []

    async with clerk.application.single(business_id) as tx:
        (customer,) = await customers.on_number(tx, number="+493023125101")
    assert (customer.name, customer.salutation, customer.language) == (
        "Martha Winter",
        "Frau",
        "de",
    )


async def test_two_businesses_do_not_touch_each_other(clerk: Clerk) -> None:
    """The same numbers, slugs and event types, by a login that row-level security does not hold."""
    await clerk.apply()
    later = NOW + GRACE * 2
    before = await clerk.served(now=later)
    other = EXAMPLE.replace('slug = "salon-mitte"', 'slug = "salon-nord"')

    changes = await clerk.apply(other)
    smaller = other[: other.index('[[services]]\nslug = "faerben"')].replace("3125 010", "3125 011")
    await clerk.apply(smaller)

    assert {change[0] for change in changes} == {"+"}
    assert "+ customer +493023125101" in changes
    assert await clerk.served(now=later) == before
