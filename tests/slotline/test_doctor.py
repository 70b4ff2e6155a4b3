"""What `slotline doctor` finds on a healthy installation, and on ones with one thing wrong."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any, LiteralString
from uuid import uuid4

import httpx
import psycopg
import pytest
from rich.console import Console

from booking.business import EventType, EventTypeKind, Staff
from booking.vault import Vault
from calcom import shapes
from calcom.sandbox import create_app
from calcom.sandbox.seed import DEMO_KEY, demo
from db.database import Database
from slotline.business_file import apply, parse
from slotline.doctor import (
    Finding,
    Surroundings,
    Verdict,
    clocks,
    examine,
    machine,
    print_report,
    public_address,
)
from slotline.doctor.event_types import compare
from slotline.doctor.limit import limited
from slotline.doctor.report import summary

DEMO = (Path(__file__).parents[2] / "deploy/demo.business.toml").read_text(encoding="utf-8")
SECRET_KEY = "a passphrase for tests only"
RETELL_KEY = "key_0123456789abcdef"
NOBODY = "127.0.0.1:1"
"""A port at which nothing listens."""


class Installation:
    """Everything that there is, in order until a test breaks something."""

    def __init__(self, around: Surroundings, owner: Database) -> None:
        self.around = around
        self.owner = owner
        self.calendar = httpx.ASGITransport(create_app(seed=demo()))

    async def apply(self, text: str = DEMO, *, calcom_key: str = DEMO_KEY) -> None:
        names = ("API_KEY", "CALCOM_WEBHOOK_SECRET", "CALCOM_KEY")
        environment = {f"DEMO_{name}": calcom_key for name in names}
        environment["DEMO_RETELL_KEY"] = RETELL_KEY
        file = parse(text, file="demo.toml", environment=environment)
        vault = Vault(SECRET_KEY)
        await apply(file, database=self.owner, vault=vault, now=datetime.now(UTC))

    async def run(self, sql: LiteralString) -> None:
        """As the owner of the tables."""
        async with self.owner.transaction(uuid4()) as tx:
            await tx.run(sql)

    async def findings(self, **changed: Any) -> list[Finding]:
        around = replace(self.around, **changed)
        return await examine(around, transport=self.calendar)

    async def complaints(self, **changed: Any) -> list[Finding]:
        return [
            finding
            for finding in await self.findings(**changed)
            if finding.verdict in {Verdict.BROKEN, Verdict.DOUBTFUL}
        ]

    async def complaint(self, **changed: Any) -> Finding:
        (only,) = await self.complaints(**changed)
        assert only.todo
        return only


@pytest.fixture
async def installation(
    database_url: str, database_owner_url: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[Installation]:
    around = Surroundings(
        data_directory=tmp_path,
        calcom_base_url="http://calcom.test",
        database_url=database_url,
        database_owner_url=database_owner_url,
        redis_url=redis_url,
        secret_key=SECRET_KEY,
    )
    async with Database.connect(database_owner_url, role=None) as owner:
        yield Installation(around, owner)


async def test_the_demo_is_in_order(installation: Installation) -> None:
    """So is its business file: every event type is at the stand-in as the file says."""
    await installation.apply()

    findings = await installation.findings()

    assert not [each for each in findings if each.verdict in {Verdict.BROKEN, Verdict.DOUBTFUL}]
    fine = {each.subject for each in findings if each.verdict is Verdict.FINE}
    assert fine == {
        "python",
        "disk",
        "database",
        "clock",
        "migrations",
        "row-level security",
        "redis",
        "cal.com",
        "demo-praxis",
        "demo-praxis e-mail",
    }
    (practice,) = [each for each in findings if each.subject == "demo-praxis"]
    assert practice.what.startswith(
        "9 event types are at Cal.com as they are here; 9 require an e-m"
    )


async def test_no_finding_shows_a_secret(installation: Installation) -> None:
    await installation.apply()
    for changed in ({}, {"secret_key": "a passphrase of somebody else"}):
        told = repr(await installation.findings(**changed)) + repr(installation.around)
        password = psycopg.conninfo.conninfo_to_dict(installation.around.database_url or "").get(
            "password"
        )
        for secret in (SECRET_KEY, DEMO_KEY, "somebody else", password):
            assert str(secret) not in told


class TestWhatIsNotSetUp:
    async def test_is_skipped(self, installation: Installation) -> None:
        findings = await installation.findings(database_url=None, redis_url=None)

        skipped = {each.subject for each in findings if each.verdict is Verdict.SKIPPED}
        assert skipped == {"database", "businesses", "redis", "public address"}

    async def test_no_business_is_worth_a_word(self, installation: Installation) -> None:
        complaint = await installation.complaint()
        assert (complaint.subject, complaint.what) == ("businesses", "there is none yet")


class TestDatabase:
    async def test_one_that_is_away_hides_nothing_else(self, installation: Installation) -> None:
        url = f"postgresql://slotline:secret@{NOBODY}/slotline"

        findings = await installation.findings(database_url=url)

        broken = [each.subject for each in findings if each.verdict is Verdict.BROKEN]
        assert broken == ["database"]
        assert {"redis", "cal.com"} <= {
            each.subject for each in findings if each.verdict is Verdict.FINE
        }

    async def test_pending_migrations_are_named(self, installation: Installation) -> None:
        await installation.run("CREATE TABLE kept AS TABLE alembic_version")
        await installation.run("DELETE FROM alembic_version")
        try:
            complaint = await installation.complaint()
        finally:
            await installation.run("INSERT INTO alembic_version TABLE kept")
            await installation.run("DROP TABLE kept")

        assert complaint.subject == "migrations"
        assert "0001" in complaint.what

    async def test_a_hole_in_the_second_wall_is_found(self, installation: Installation) -> None:
        await installation.apply()
        await installation.run("ALTER TABLE booking NO FORCE ROW LEVEL SECURITY")
        try:
            complaint = await installation.complaint()
        finally:
            await installation.run("ALTER TABLE booking FORCE ROW LEVEL SECURITY")

        assert (complaint.subject, complaint.what) == ("row-level security", "is off for booking")


async def test_redis_that_is_away_is_found(installation: Installation) -> None:
    await installation.apply()

    complaint = await installation.complaint(redis_url=f"redis://{NOBODY}/0")

    assert (complaint.subject, complaint.verdict) == ("redis", Verdict.BROKEN)


@pytest.mark.parametrize(
    ("secret_key", "subject", "words"),
    [
        (None, "secret key", "SLOTLINE_SECRET_KEY is empty"),
        ("short", "secret key", "at least 16 characters"),
        ("a passphrase of another machine", "demo-praxis", "does not open the stored cred"),
    ],
)
async def test_a_secret_key_that_opens_nothing_is_found(
    installation: Installation, secret_key: str | None, subject: str, words: str
) -> None:
    await installation.apply()

    complaint = await installation.complaint(secret_key=secret_key)

    assert (complaint.subject, complaint.verdict) == (subject, Verdict.BROKEN)
    assert words in complaint.what


class TestCalcom:
    async def test_a_server_that_is_away_is_found(self, installation: Installation) -> None:
        await installation.apply()

        findings = await examine(replace(installation.around, calcom_base_url=f"http://{NOBODY}"))

        verdicts = {each.subject: each.verdict for each in findings}
        assert verdicts["cal.com"] is Verdict.BROKEN
        assert verdicts["demo-praxis"] is Verdict.SKIPPED

    async def test_a_key_that_does_not_count_is_found(self, installation: Installation) -> None:
        await installation.apply(calcom_key="cal_of_somebody_else")

        complaint = await installation.complaint()

        assert (complaint.subject, complaint.what) == ("demo-praxis", "Cal.com refuses its key")

    async def test_a_missing_key_is_found(self, installation: Installation) -> None:
        await installation.apply(DEMO.replace('calcom_key = "env:DEMO_CALCOM_KEY"', ""))

        assert (await installation.complaint()).what.startswith("has no calcom_key")

    async def test_an_event_type_that_is_not_there_is_found(
        self, installation: Installation
    ) -> None:
        await installation.apply(DEMO.replace("calcom_id = 4", "calcom_id = 404"))

        complaint = await installation.complaint()

        assert complaint.subject == "demo-praxis cleaning 404"
        assert complaint.verdict is Verdict.BROKEN

    async def test_another_length_is_found(self, installation: Installation) -> None:
        text = DEMO.replace("seats = 4\nlength_minutes = 60", "seats = 4\nlength_minutes = 50")
        await installation.apply(text)

        complaint = await installation.complaint()

        assert complaint.subject == "demo-praxis prophylaxis-class 8"
        assert complaint.what == "takes 60 minutes at Cal.com and 50 here"


OURS = EventType(
    id=uuid4(),
    calcom_id=1,
    kind=EventTypeKind.FIXED,
    length_minutes=30,
    staff=Staff(uuid4(), "anna", "Anna", calcom_user_id=7),
    minimum_notice_minutes=60,
)
EMAIL = shapes.account.BookingField(slug="email", type="email", required=True)
THEIRS = shapes.EventType(
    id=1,
    slug="checkup",
    title="Checkup",
    length_minutes=30,
    minimum_notice_minutes=60,
    users=(shapes.account.EventTypeHost(id=7),),
    fields=(EMAIL,),
)


class TestComparing:
    def test_equal_ones_are_not_worth_a_word(self) -> None:
        assert list(compare("x", OURS, THEIRS)) == []

    @pytest.mark.parametrize(
        ("ours", "theirs", "what"),
        [
            ({}, {"length_minutes": 20}, "takes 20 minutes at Cal.com and 30 here"),
            ({}, {"recurrence": {"interval": 1}}, "is recurring: one booking makes several"),
            (
                {"staff": Staff(uuid4(), "ben", "Ben", 8)},
                {},
                "is performed by user 7 at Cal.com, not by Ben",
            ),
            (
                {},
                {"users": tuple(shapes.account.EventTypeHost(id=n) for n in (7, 8))},
                "has 2 hosts at Cal.com, but kind is fixed here",
            ),
            (
                {},
                {"fields": (EMAIL.model_copy(update={"slug": "insurance"}),)},
                "requires the field 'insurance', which a booking by phone cannot fill",
            ),
        ],
    )
    def test_what_makes_bookings_fail_is_broken(
        self, ours: dict[str, Any], theirs: dict[str, Any], what: str
    ) -> None:
        (finding,) = compare("x", replace(OURS, **ours), THEIRS.model_copy(update=theirs))
        assert (finding.verdict, finding.what) == (Verdict.BROKEN, what)

    @pytest.mark.parametrize(
        ("theirs", "what"),
        [
            ({"after_buffer_minutes": 10}, "after_buffer_minutes is 10 at Cal.com and 0 here"),
            ({"minimum_notice_minutes": 0}, "minimum_notice_minutes is 0 at Cal.com and 60 here"),
            ({"booking_window": {"value": 30}}, "booking_window_days is 30 at Cal.com and not set"),
            ({"confirmation_policy": {"type": "always"}}, "requires_confirmation is true at Cal.c"),
            ({"seats": {"seatsPerTimeSlot": 4}}, "seats is 4 at Cal.com and not set here"),
        ],
    )
    def test_what_makes_offers_inexact_is_doubtful(self, theirs: dict[str, Any], what: str) -> None:
        (finding,) = compare("x", OURS, THEIRS.model_copy(update=theirs))
        assert finding.verdict is Verdict.DOUBTFUL
        assert finding.what.startswith(what)

    def test_several_lengths_at_calcom_may_include_ours(self) -> None:
        theirs = THEIRS.model_copy(
            update={"length_minutes": 60, "length_options_minutes": (30, 60)}
        )
        assert list(compare("x", OURS, theirs)) == []

    def test_hidden_and_optional_fields_do_not_matter(self) -> None:
        fields = (
            shapes.account.BookingField(slug="title", type="text", required=True, hidden=True),
            shapes.account.BookingField(slug="insurance", type="select"),
        )
        assert list(compare("x", OURS, THEIRS.model_copy(update={"fields": fields}))) == []


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [
        (0, Verdict.FINE),
        (-4, Verdict.FINE),
        (7, Verdict.FINE),
        (-6, Verdict.DOUBTFUL),
        (8, Verdict.DOUBTFUL),
        (-61, Verdict.BROKEN),
        (3600, Verdict.BROKEN),
    ],
)
def test_a_clock_may_be_off_by_as_much_as_nobody_notices(seconds: int, verdict: Verdict) -> None:
    asked_at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    theirs = asked_at + timedelta(seconds=seconds)
    answered_at = asked_at + timedelta(seconds=2)

    finding = clocks.compare("Cal.com", theirs, asked_at=asked_at, answered_at=answered_at)

    assert finding.verdict is verdict


class TestPublicAddress:
    @pytest.mark.parametrize(("status", "verdict"), [(200, Verdict.FINE), (404, Verdict.BROKEN)])
    async def test_it_must_lead_to_us(self, status: int, verdict: Verdict) -> None:
        async with _answering(status) as url:
            (finding,) = await public_address.examine(url)
        assert finding.verdict is verdict

    async def test_nobody_there_is_found(self) -> None:
        (finding,) = await public_address.examine(f"http://{NOBODY}")
        assert finding.verdict is Verdict.BROKEN

    async def test_it_must_be_encrypted_unless_it_is_near(self) -> None:
        near = public_address.judge("http://10.0.0.7", 200)
        far = public_address.judge("http://slotline.example", 200)
        assert (near.verdict, far.verdict) == (Verdict.FINE, Verdict.BROKEN)


@asynccontextmanager
async def _answering(status: int) -> AsyncIterator[str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status} X\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    ("free", "verdict"),
    [(1 << 40, Verdict.FINE), (1 << 29, Verdict.DOUBTFUL), (1 << 20, Verdict.BROKEN)],
)
def test_a_disk_that_runs_full_is_found(free: int, verdict: Verdict) -> None:
    assert machine.judge_room(free, Path("/srv")).verdict is verdict


def test_the_disk_of_a_directory_to_come_is_that_of_its_parent(tmp_path: Path) -> None:
    assert machine.disk(tmp_path / "not" / "yet").what.endswith(f"free in {tmp_path}")


async def test_a_check_without_end_is_cut_short() -> None:
    async def endless() -> list[Finding]:
        await asyncio.Event().wait()
        return []

    (finding,) = await limited("redis", endless(), seconds=0.01)

    assert (finding.subject, finding.verdict) == ("redis", Verdict.BROKEN)


class TestReport:
    FINDINGS = (
        Finding("redis", Verdict.BROKEN, "cannot be [reached]", "Start it."),
        Finding("disk", Verdict.FINE, "9 GiB free"),
        Finding("clock", Verdict.DOUBTFUL, "6 s from Cal.com's", "Synchronise it."),
    )

    def test_it_ends_with_what_is_broken_and_a_sum(self) -> None:
        console = Console(file=StringIO(), width=80)
        print_report(console, self.FINDINGS)

        assert isinstance(console.file, StringIO)
        lines = [" ".join(line.split()) for line in console.file.getvalue().splitlines()]
        assert lines == [
            "✓ disk 9 GiB free",
            "! clock 6 s from Cal.com's",
            "→ Synchronise it.",
            "✗ redis cannot be [reached]",
            "→ Start it.",
            "1 broken and 1 doubtful.",
        ]

    def test_nothing_to_complain_about_is_said(self) -> None:
        assert summary(self.FINDINGS[1:2]) == "Everything examined is fine."
