"""The real PostgreSQL and Valkey of a test run, and how they become empty again.

Without `DATABASE_URL` and `REDIS_URL` they are the project's own, in `.slotline/test/`. Runs may go
on side by side there: each takes a number, and with it a Redis database and a PostgreSQL database,
copied in 0.1 s from a template that has all migrations.

With these variables the run uses what they name, and refuses a database that nobody has marked as
disposable: tests empty every table.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import psycopg
import pytest
from psycopg import sql
from redis import Redis

from slotline.embedded import EmbeddedError, started
from slotline.embedded.copies import at, copied, hurry, numbered

ROOT: Final = Path(__file__).parents[1]
DIRECTORY: Final = ROOT / ".slotline" / "test"
REFUSED: Final = 3
"""Exit code of a run that would have emptied what is not marked as disposable."""

_FILLED_TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
      AND relname NOT IN ('alembic_version', 'disposable')
"""
"""TRUNCATE leaves files of no bytes; sizes are seen whatever row-level security hides."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the servers of this run are."""

    database_url: str
    """The application's login."""
    database_owner_url: str
    """The login that owns the tables."""
    redis_url: str
    superuser_url: str = ""
    """The same database, for whoever may do everything; only where the server is our own."""


@contextlib.contextmanager
def serving(database_url: str, database_owner_url: str, redis_url: str) -> Iterator[Addresses]:
    """The servers of a run: those that the environment names, our own for those it does not."""
    named = {"postgres": database_url, "valkey": redis_url}
    with contextlib.ExitStack() as stack:
        try:
            ours = stack.enter_context(
                started(DIRECTORY, [name for name, url in named.items() if not url])
            )
            number = stack.enter_context(numbered(DIRECTORY))
        except EmbeddedError as error:
            pytest.exit(str(error), returncode=1)
        hurry(ours)
        superuser_url = ""
        if database_url:
            owner_url = database_owner_url or database_url
            _refuse_unless_disposable(owner_url)
            _upgrade(owner_url)
        else:
            copy = stack.enter_context(copied(ours, DIRECTORY, number))
            database_url, owner_url = copy.database_url, copy.database_owner_url
            superuser_url = copy.superuser_url
        if redis_url:
            _refuse_unless_empty(redis_url)
        else:
            redis_url = at(ours.redis_url, str(number))
        yield Addresses(database_url, owner_url, redis_url, superuser_url)


class Broom:
    """Empties what the test before has filled."""

    def __init__(self, addresses: Addresses) -> None:
        """Use as a context manager."""
        self._postgres = psycopg.connect(
            addresses.superuser_url or addresses.database_owner_url,
            autocommit=True,
            application_name="broom",
            options="-c lock_timeout=10s",  # a test that left a transaction open must not hang us
        )
        self._may_delete = self._postgres.info.parameter_status("is_superuser") == "on"
        if self._may_delete:  # in any order, and without what triggers would add
            self._postgres.execute("SET session_replication_role = replica")
        self._redis = Redis.from_url(addresses.redis_url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._postgres.close()
        self._redis.close()

    def sweep_tables(self) -> None:
        """Leave no row of any business.

        To delete a few rows takes a tenth of the time that it takes to make thirty tables anew, but
        only a superuser sees all of them.
        """
        filled = [
            sql.Identifier(name) for (name,) in self._postgres.execute(_FILLED_TABLES).fetchall()
        ]
        if filled and self._may_delete:
            deletions = (sql.SQL("DELETE FROM {}").format(name) for name in filled)
            self._postgres.execute(sql.SQL("; ").join(deletions))
        elif filled:
            self._postgres.execute(
                sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(filled))
            )

    def sweep_redis(self) -> None:
        """Leave no key in this run's database."""
        self._redis.flushdb()


def _upgrade(owner_url: str) -> None:
    from db.migrate import upgrade  # noqa: PLC0415 - Alembic takes a second, and is seldom needed

    upgrade(owner_url)


def _refuse_unless_disposable(owner_url: str) -> None:
    with psycopg.connect(owner_url, connect_timeout=5) as connection:
        found = connection.execute("SELECT to_regclass('public.disposable') IS NOT NULL").fetchone()
    if found != (True,):
        pytest.exit(
            "DATABASE_URL names a database without the table `disposable`: tests would empty it. "
            "If nothing in it matters, say so: CREATE TABLE disposable ()",
            returncode=REFUSED,
        )


def _refuse_unless_empty(redis_url: str) -> None:
    with Redis.from_url(redis_url) as redis:
        if redis.dbsize() and not redis.exists("disposable"):
            pytest.exit(
                "REDIS_URL names a database that holds keys: tests would delete them. "
                "If none of them matters, say so: SET disposable 1",
                returncode=REFUSED,
            )
