"""Bringing a database's schema to where `db/tables` is.

For commands and set-up: this blocks, and needs the login that owns the schema. From a running loop
call it through `asyncio.to_thread`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import psycopg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from db.errors import translated

_SCRIPTS = Path(__file__).with_name("migrations")

_one_per_process = Lock()
"""Alembic keeps what it works on in module globals. Between processes the database decides."""


def upgrade(owner_url: str) -> None:
    """Apply what is pending; does nothing where nothing is.

    The login needs CREATE on the database and its schema `public`, and either CREATEROLE or
    membership of the roles `slotline_app` and `slotline_worker`; it may be a superuser. It becomes
    a member of both, so that it can also serve as the application's login.

    Args:
        owner_url: `postgresql://...`, straight to PostgreSQL: no pooler in transaction mode.

    Raises:
        DatabaseUnavailable: PostgreSQL cannot be reached, or a lock could not be had in time.
        Forbidden: The login may not do this.
    """
    with _one_per_process, _connected(owner_url) as connection:
        command.upgrade(_config(connection), "head")


def current(url: str) -> str | None:
    """The last migration that this database has seen; `None` for a fresh one."""
    with _connected(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def pending(url: str) -> list[str]:
    """The migrations that this database has yet to see, in their order."""
    scripts = ScriptDirectory(str(_SCRIPTS))
    steps = scripts.iterate_revisions("heads", current(url) or "base")
    return [step.revision for step in steps][::-1]


def draft(owner_url: str, *, revision: str, message: str) -> Path:
    """Write the next migration, with what `db/tables` has and this up-to-date database lacks.

    Alembic sees neither CHECKs nor exclusion constraints, policies nor grants: add those by hand;
    `tests/db/test_migrations.py` tells which are missing.
    """
    with _one_per_process, _connected(owner_url) as connection:
        script = command.revision(
            _config(connection), message=message, rev_id=revision, autogenerate=True
        )
    if script is None or isinstance(script, list):
        raise ValueError("expected one migration")
    return Path(script.path)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    """A connection as Alembic wants it, with psycopg's understanding of URLs and our errors."""
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(
            url, connect_timeout=5, application_name="slotline migrate"
        ),
        poolclass=NullPool,
    )
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        if not isinstance(error.orig, psycopg.Error):
            raise
        ours = translated(error.orig, committing=False)
        if ours is error.orig:
            raise
        raise ours from error
