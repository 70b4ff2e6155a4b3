"""A business or two, and the doors of all roles."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from db import bookings, businesses, calls
from db.bookings import BookingRow, Part
from db.claims import Place
from db.database import WORKER_ROLE, Database
from db.states import EventKind
from slotline.embedded import EmbeddedError, started
from tests.servers import DIRECTORY, Addresses

Catalogue = psycopg.Connection[tuple[Any, ...]]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Salon:
    """A business with one of everything."""

    id: UUID
    line: UUID
    host: UUID
    service: UUID
    event_type: UUID


@pytest.fixture(scope="session")
async def owner(addresses: Addresses) -> AsyncIterator[Database]:
    """The login that owns the tables."""
    async with Database.connect(addresses.database_owner_url, role=None) as owner:
        yield owner


@pytest.fixture(scope="session")
async def worker(addresses: Addresses) -> AsyncIterator[Database]:
    """The worker's door."""
    async with Database.connect(addresses.database_url, role=WORKER_ROLE) as worker:
        yield worker


@pytest.fixture
async def salon(owner: Database, db: Database) -> Salon:
    return await opened(owner, "salon")


@pytest.fixture
async def rival(owner: Database, db: Database) -> Salon:
    return await opened(owner, "rival")


async def opened(owner: Database, slug: str) -> Salon:
    business_id = uuid4()
    async with owner.transaction(business_id) as tx:
        await businesses.put_business(
            tx,
            slug=slug,
            name=slug.title(),
            timezone="Europe/Berlin",
            language="de",
            attendee_email_domain=f"{slug}.example",
            calcom_base_url=None,
            calcom_versions={},
            transfer_number=None,
            policies={},
            now=NOW,
        )
        line = await businesses.put_line(
            tx,
            id=uuid4(),
            number="+493023125010",
            name="Mitte",
            timezone="Europe/Berlin",
            language="de",
            opening_hours=None,
        )
        host = await businesses.put_staff(
            tx, id=uuid4(), slug="anna", name="Anna", calcom_user_id=7
        )
        service = await businesses.put_service(
            tx, id=uuid4(), slug="haircut", name="Haircut", synonyms=["trim"], position=1
        )
        event_type = await businesses.put_event_type(
            tx,
            id=uuid4(),
            service_id=service,
            calcom_id=101,
            kind=EventKind.FIXED,
            staff_id=host,
            length_minutes=30,
        )
    return Salon(business_id, line, host, service, event_type)


async def called(
    db: Database,
    salon: Salon,
    platform_call_id: str = "c1",
    *,
    caller: str | None = "+491701234567",
) -> UUID:
    """A call that somebody is on."""
    async with db.single(salon.id) as tx:
        call = await calls.ensure(
            tx,
            id=uuid4(),
            platform="retell",
            platform_call_id=platform_call_id,
            line_id=salon.line,
            caller_number=caller,
            language="de",
            now=NOW,
        )
    return call.id


async def wished(
    db: Database,
    salon: Salon,
    *,
    at: datetime = NOW + timedelta(days=1),
    call: UUID | None = None,
    wish: UUID | None = None,
    customer: UUID | None = None,
    number: str | None = None,
    now: datetime = NOW,
) -> BookingRow:
    """Half an hour at a time, with ten minutes after it."""
    async with db.single(salon.id) as tx:
        [added] = await bookings.claim_and_add(
            tx,
            parts=[
                Part(
                    uuid4(),
                    place=Place(
                        salon.event_type, (salon.host,), at, (at, at + timedelta(minutes=40))
                    ),
                    end_at=at + timedelta(minutes=30),
                    staff_id=salon.host,
                    wish_id=wish or uuid4(),
                )
            ],
            call_id=call,
            customer_id=customer,
            service_id=salon.service,
            attendee_name="Ada Lovelace",
            attendee_email="ada@salon.example",
            attendee_number=number,
            attendee_language="de",
            attendee_timezone="Europe/Berlin",
            note=None,
            due_at=now + timedelta(seconds=15),
            now=now,
        )
    return added


@pytest.fixture(scope="session")
def catalogue(addresses: Addresses) -> Iterator[Catalogue]:
    """What PostgreSQL knows about the tables."""
    with psycopg.connect(addresses.database_owner_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def superuser_url(addresses: Addresses) -> Iterator[str]:
    """A login that may make databases: of this run's PostgreSQL, or else of our own."""
    with psycopg.connect(addresses.database_owner_url) as connection:
        found = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if found.fetchone() == (True,):
            yield addresses.database_owner_url
            return
    try:
        with started(DIRECTORY, ["postgres"]) as running:
            yield running.superuser_url
    except EmbeddedError as error:
        pytest.skip(f"no database can be made here: {error}")


@pytest.fixture
def empty_database_url(superuser_url: str) -> Iterator[str]:
    """A database without a table, for the superuser; gone afterwards."""
    name = f"slotline_spare_{uuid4().hex[:12]}"
    with psycopg.connect(superuser_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield psycopg.conninfo.make_conninfo(superuser_url, dbname=name)
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def plain_login(superuser_url: str) -> Iterator[str]:
    """A login that may do nothing but log in; its password is its name."""
    name = f"slotline_plain_{uuid4().hex[:12]}"
    with psycopg.connect(superuser_url, autocommit=True) as admin:
        admin.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), name)
        )
        yield name
        left = admin.execute(
            "SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = %s", [name]
        )
        for (database,) in left.fetchall():
            admin.execute(
                sql.SQL("ALTER DATABASE {} OWNER TO CURRENT_USER").format(sql.Identifier(database))
            )
            with psycopg.connect(superuser_url, dbname=database, autocommit=True) as inside:
                inside.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(sql.Identifier(name)))
        admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))
