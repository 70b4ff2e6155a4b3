"""Databases for a while: copied in 0.1 s from a template that has all migrations, then dropped.

Whoever takes one also gets a Redis database of the same number. Any number of processes may do so
side by side; the kernel gives back the numbers of those that are killed.
"""

import contextlib
import fcntl
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql
from redis import Redis

from slotline.embedded.errors import EmbeddedError
from slotline.embedded.running import Running

_NUMBERS = range(1, 64)
"""The first Redis database is nobody's."""
_TEMPLATE = "slotline_template_"
_TABLES = Path(__file__).resolve().parents[2] / "db"

_MARK = """
    CREATE TABLE disposable (purpose text NOT NULL);
    INSERT INTO disposable VALUES ('whoever copied this database may empty it');
    GRANT SELECT ON disposable TO PUBLIC
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """A database with all tables and no rows, and an empty Redis database."""

    database_url: str = field(repr=False)
    """The application's login."""
    database_owner_url: str = field(repr=False)
    """The login that owns the tables."""
    redis_url: str = field(repr=False)
    superuser_url: str = field(default="", repr=False)
    """The same database, for whoever may do everything; only where the server is our own."""


@contextlib.contextmanager
def numbered(directory: Path) -> Iterator[int]:
    """The first number that nobody else has.

    Raises:
        EmbeddedError: There is none left.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in _NUMBERS:
        with (directory / f"run-{number}.lock").open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield number
            return
    raise EmbeddedError(f"more than {len(_NUMBERS)} databases in use at the same time")


@contextlib.contextmanager
def copied(ours: Running, directory: Path, number: int) -> Iterator[Copy]:
    """A copy under that number, gone afterwards.

    Args:
        ours: The servers.
        directory: Theirs.
        number: From `numbered`.
    """
    name = f"slotline_run_{number}"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(ours.superuser_url, autocommit=True) as admin:
        admin.execute(drop)  # left behind by a run that was killed
        with (directory / "template.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            template = _template(admin, ours)
            admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER slotline_owner").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        try:
            yield Copy(
                database_url=at(ours.database_url, name),
                database_owner_url=at(ours.database_owner_url, name),
                redis_url=at(ours.redis_url, str(number)) if ours.redis_url else "",
                superuser_url=at(ours.superuser_url, name),
            )
        finally:
            admin.execute(drop)


def hurry(ours: Running) -> None:
    """Let servers not wait for the disk: nobody misses such rows after a power cut.

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
        admin.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                sql.Identifier(login.username or ""), sql.Literal(login.password)
            )
        )


def at(url: str, name: str) -> str:
    """The same server and login, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _template(admin: psycopg.Connection, ours: Running) -> str:
    """The name of a database with every migration as it is now; made when `db/` has changed."""
    name = f"{_TEMPLATE}{_fingerprint(_TABLES)}"
    databases = {row[0] for row in admin.execute("SELECT datname FROM pg_database")}
    if name in databases:
        return name
    for outdated in (other for other in databases if other.startswith(_TEMPLATE)):
        admin.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(outdated)))
    draft = sql.Identifier(f"{_TEMPLATE}draft")
    admin.execute(sql.SQL("CREATE DATABASE {} OWNER slotline_owner").format(draft))
    owner_url = at(ours.database_owner_url, f"{_TEMPLATE}draft")
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
