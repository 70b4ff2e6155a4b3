"""The real PostgreSQL and Valkey of a test run, and how they become empty again.

Without `DATABASE_URL` and `REDIS_URL` they are the project's own, in `.slotline/test/`. Runs may go
on side by side there: each takes a number, and with it a Redis database and a PostgreSQL database,
copied in 0.1 s from a template that has all migrations.

With these variables the run uses what they name, and refuses a database that nobody has marked as
disposable: tests empty every table.
"""

import contextlib
import fcntl
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql
from redis import Redis

from slotline.embedded import EmbeddedError, Running, started

ROOT: Final = Path(__file__).parents[1]
DIRECTORY: Final = ROOT / ".slotline" / "test"
REFUSED: Final = 3
"""Exit code of a run that would have emptied what is not marked as disposable."""

_RUNS = range(1, 64)
"""Numbers of runs that go on at the same time; the first Redis database is nobody's."""
_TEMPLATE = "slotline_template_"

_MARK = """
    CREATE TABLE disposable (purpose text NOT NULL);
    INSERT INTO disposable VALUES ('tests may empty this database');
    GRANT SELECT ON disposable TO PUBLIC
"""

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
        except EmbeddedError as error:
            pytest.exit(str(error), returncode=1)
        hurry(ours)
        number = stack.enter_context(_number_of_this_run())
        superuser_url = ""
        if database_url:
            owner_url = database_owner_url or database_url
            _refuse_unless_disposable(owner_url)
            _upgrade(owner_url)
        else:
            name = stack.enter_context(_database(ours, number))
            database_url = _at(ours.database_url, name)
            owner_url = _at(ours.database_owner_url, name)
            superuser_url = _at(ours.superuser_url, name)
        if redis_url:
            _refuse_unless_empty(redis_url)
        else:
            redis_url = _at(ours.redis_url, str(number))
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


@contextlib.contextmanager
def _number_of_this_run() -> Iterator[int]:
    """The first that no other run holds; the kernel takes it back from runs that are killed."""
    DIRECTORY.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in _RUNS:
        with (DIRECTORY / f"run-{number}.lock").open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield number
            return
    pytest.exit(f"more than {len(_RUNS)} runs at the same time", returncode=1)


def hurry(ours: Running) -> None:
    """Let the servers of tests not wait for the disk: nobody misses their rows after a power cut.

    What a crash of the servers themselves leaves is the same as ever: the kernel has it.
    """
    if ours.superuser_url:
        with psycopg.connect(ours.superuser_url, autocommit=True) as admin:
            for name in ("fsync", "full_page_writes", "synchronous_commit"):
                admin.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(name)))
            admin.execute("SELECT pg_reload_conf()")
            _cheap_passwords(admin, ours)
    if ours.redis_url:
        with Redis.from_url(ours.redis_url) as redis:
            redis.config_set("appendfsync", "no")


def _cheap_passwords(admin: psycopg.Connection, ours: Running) -> None:
    """Hash them once instead of 4,096 times: tests connect ten thousand times."""
    admin.execute("SET scram_iterations = 1")
    for url in (ours.superuser_url, ours.database_owner_url, ours.database_url):
        login = urlsplit(url)
        assert login.username
        assert login.password
        admin.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                sql.Identifier(login.username), sql.Literal(login.password)
            )
        )


@contextlib.contextmanager
def _database(ours: Running, number: int) -> Iterator[str]:
    """A database with all tables and no rows, gone afterwards."""
    name = f"slotline_run_{number}"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(ours.superuser_url, autocommit=True) as admin:
        admin.execute(drop)  # left behind by a run that was killed
        with (DIRECTORY / "template.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            template = _template(admin, ours)
            admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER slotline_owner").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        try:
            yield name
        finally:
            admin.execute(drop)


def _template(admin: psycopg.Connection, ours: Running) -> str:
    """The name of a database with every migration as it is now; made when `db/` has changed."""
    name = f"{_TEMPLATE}{_fingerprint(ROOT / 'db')}"
    databases = {row[0] for row in admin.execute("SELECT datname FROM pg_database")}
    if name in databases:
        return name
    for outdated in (other for other in databases if other.startswith(_TEMPLATE)):
        admin.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(outdated)))
    draft = sql.Identifier(f"{_TEMPLATE}draft")
    admin.execute(sql.SQL("CREATE DATABASE {} OWNER slotline_owner").format(draft))
    owner_url = _at(ours.database_owner_url, f"{_TEMPLATE}draft")
    _upgrade(owner_url)
    with psycopg.connect(owner_url) as owner:
        owner.execute(_MARK)
    admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(draft, sql.Identifier(name)))
    return name


def _upgrade(owner_url: str) -> None:
    from db.migrate import upgrade  # noqa: PLC0415 - Alembic takes a second, and is seldom needed

    upgrade(owner_url)


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


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


def _at(url: str, name: str) -> str:
    """The same server and login, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
