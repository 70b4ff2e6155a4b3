"""How every migration runs: one at a time, and never in anybody's way for long.

Alembic imports this module for each command; `db.migrate` hands it the connection.
"""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, text

from db.tables import metadata
from db.tables.base import OneOf

_ONE_AT_A_TIME = 7_202_611_220
"""Key of the advisory lock; any number will do that nobody else uses in this database."""

_LIMITS = {
    # A migration that waits for a lock makes everybody wait who comes after it. It fails instead,
    # and is run again at a quieter moment.
    "lock_timeout": "3s",
    "statement_timeout": "5min",
    "idle_in_transaction_session_timeout": "1min",
}


def _run(connection: Connection) -> None:
    connection.execute(text("SET lock_timeout = '1min'"))  # for another migration to end
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ONE_AT_A_TIME})
    for setting, value in _LIMITS.items():
        connection.execute(text(f"SET {setting} = '{value}'"))
    connection.commit()  # what was set stays; each migration is a transaction of its own
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        compare_server_default=True,
        render_item=_in_plain_types,
    )
    with context.begin_transaction():
        context.run_migrations()


def _in_plain_types(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Keep our own classes out of migrations: they change, and history must not."""
    return "sa.Text()" if kind == "type" and isinstance(item, OneOf) else False


_run(context.config.attributes["connection"])
