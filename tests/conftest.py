"""What all tests stand on: real servers, emptied for each test, and no way out of this machine."""

import os
import sys
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import settings

from db.database import Database
from tests import thrift
from tests.machine import only_this_machine
from tests.practice import TUESDAY, Clock, Practice, opened
from tests.servers import Addresses, Broom, serving

_OURS = ("SLOTLINE_", "DATABASE_", "REDIS_", "CALCOM_", "OPENAI_", "LANGFUSE_", "RECORDINGS_", "PG")

# What a developer has set must not decide how a test ends; servers are chosen here and only here.
_ENVIRONMENT = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(_OURS)}

_ON_SERVERS = frozenset({"addresses", "database_url", "database_owner_url", "redis_url", "db"})

sys.addaudithook(only_this_machine)
thrift.compile_once()
thrift.collect_nothing()

# How long an example takes says more about who else uses the machine.
settings.register_profile("slotline", deadline=None)
settings.load_profile("slotline")


def pytest_collection_finish() -> None:
    thrift.collect_what_is_new()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs servers, so that `make check` can leave it out.

    Files with slow tests come first: at the end, all but one process would wait for the last one.
    """
    for item in items:
        if _ON_SERVERS.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.integration)
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session", autouse=True)
def _thrifty() -> Iterator[None]:
    with thrift.thrifty():
        yield


@pytest.fixture(scope="session")
def addresses() -> Iterator[Addresses]:
    """The servers of this run, as they are: nothing is emptied for whoever uses only this."""
    named = [
        _ENVIRONMENT.get(f"{name}_URL", "") for name in ("DATABASE", "DATABASE_OWNER", "REDIS")
    ]
    with serving(*named) as addresses:
        yield addresses


@pytest.fixture(scope="session")
def broom(addresses: Addresses) -> Iterator[Broom]:
    """Empties tables and keys; tests get it through the fixtures below."""
    with Broom(addresses) as broom:
        yield broom


@pytest.fixture
def database_url(addresses: Addresses, broom: Broom) -> str:
    """An empty database with all migrations: the application's login, which owns nothing."""
    broom.sweep_tables()
    return addresses.database_url


@pytest.fixture
def database_owner_url(addresses: Addresses, database_url: str) -> str:
    """The same empty database: the login that owns its tables, for migrations and for seeds."""
    return addresses.database_owner_url


@pytest.fixture
def redis_url(addresses: Addresses, broom: Broom) -> str:
    """An empty Redis database of this run's own."""
    broom.sweep_redis()
    return addresses.redis_url


@pytest.fixture(scope="session")
async def pool(addresses: Addresses) -> AsyncIterator[Database]:
    """Connections for the whole run; tests use `db`."""
    async with Database.connect(addresses.database_url) as pool:
        yield pool


@pytest.fixture
def db(pool: Database, database_url: str) -> Database:
    """The application's door to an empty database."""
    return pool


@pytest.fixture
async def practice(
    addresses: Addresses, database_url: str, redis_url: str
) -> AsyncIterator[Practice]:
    """A practice that is open, on a Tuesday at nine, with the production's wiring."""
    async with opened(addresses, clock=Clock(TUESDAY)) as practice:
        yield practice
