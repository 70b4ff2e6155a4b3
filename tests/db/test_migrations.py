"""Migrations: they lead to where the tables are, wherever they are run and however often."""

import asyncio
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from db import migrate
from db.database import APP_ROLE, WORKER_ROLE, Database
from db.errors import DatabaseUnavailable, Forbidden
from db.tables import metadata

ROOT = Path(__file__).parents[2]

_SHAPE = {
    "columns": """
        SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default
        FROM information_schema.columns WHERE table_schema = 'public'
        """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
        """,
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


def test_the_migrations_lead_to_the_tables(empty_database_url: str, superuser_url: str) -> None:
    """Both ways of making a schema give the same catalogue, to the last CHECK and exclusion."""
    migrate.upgrade(empty_database_url)
    migrated = _shape(empty_database_url)
    differences = _differences(empty_database_url)

    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        connection.execute("CREATE EXTENSION btree_gist")
    metadata.create_all(_engine(empty_database_url))
    made = _shape(empty_database_url)

    assert differences == []
    for part, rows in made.items():
        assert migrated[part] == rows, part


def test_a_fresh_database_lacks_everything_and_then_nothing(empty_database_url: str) -> None:
    """Applying again does nothing."""
    assert migrate.current(empty_database_url) is None
    assert migrate.pending(empty_database_url)[0] == "0001"

    migrate.upgrade(empty_database_url)
    latest = migrate.current(empty_database_url)
    migrate.upgrade(empty_database_url)

    assert migrate.pending(empty_database_url) == []
    assert migrate.current(empty_database_url) == latest


def test_several_machines_may_migrate_at_once(empty_database_url: str) -> None:
    """Each starts with the new release; one migrates, the others wait and find it done."""
    script = f"from db.migrate import upgrade; upgrade({empty_database_url!r})"
    running = [subprocess.Popen([sys.executable, "-c", script], cwd=ROOT) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert migrate.pending(empty_database_url) == []


def test_every_migration_runs_within_limits(empty_database_url: str, tmp_path: Path) -> None:
    """Whatever a migration says itself: nobody waits long behind its locks."""
    (tmp_path / "after.py").write_text(
        "from alembic import op\n"
        "revision, down_revision, branch_labels, depends_on = 'x', None, None, None\n"
        "def upgrade():\n"
        "    op.execute('''CREATE TABLE seen AS SELECT name, setting FROM pg_settings\n"
        "                  WHERE name IN ('lock_timeout', 'statement_timeout')''')\n"
    )
    config = Config()
    scripts = ROOT / "db" / "migrations"
    config.set_main_option("script_location", str(scripts))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", str(tmp_path))
    with _engine(empty_database_url).connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    with psycopg.connect(empty_database_url) as after:
        limits: dict[str, int] = dict(after.execute("SELECT name, setting::int FROM seen"))
    assert 0 < limits["lock_timeout"] <= 5_000
    assert 0 < limits["statement_timeout"] <= 600_000


def test_there_is_one_line_of_history() -> None:
    """Two branches that were written at the same time must be put in order before a release."""
    heads = ScriptDirectory(str(ROOT / "db" / "migrations")).get_heads()
    assert len(heads) == 1


def test_the_next_migration_can_be_drafted(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The draft of a schema that lacks one table and has all others has that table in it."""
    migrate.upgrade(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("DROP TABLE flag")
    for path in (ROOT / "db" / "migrations").rglob("*.*"):
        if path.suffix in {".py", ".mako"}:
            copy = tmp_path / path.relative_to(ROOT / "db" / "migrations")
            copy.parent.mkdir(exist_ok=True)
            copy.write_text(path.read_text())
    monkeypatch.setattr(migrate, "_SCRIPTS", tmp_path)

    draft = migrate.draft(empty_database_url, revision="9999", message="flags")

    assert draft.name == "9999_flags.py"
    text = draft.read_text()
    assert "op.create_table('flag'" in text
    assert text.count("op.create_table(") == 1
    assert "sa.Column('state', sa.Text()" in text


async def test_a_plain_login_can_migrate_and_serve(
    empty_database_url: str, superuser_url: str, plain_login: str
) -> None:
    """No superuser: the owner of the database, who was let into the roles by whoever made them.

    Row-level security binds it too: without a business it sees nothing.
    """
    _own(empty_database_url, plain_login)
    owner_url = psycopg.conninfo.make_conninfo(
        empty_database_url, user=plain_login, password=plain_login
    )
    with pytest.raises(Forbidden):
        await asyncio.to_thread(migrate.upgrade, owner_url)
    with psycopg.connect(superuser_url, autocommit=True) as admin:
        admin.execute(
            sql.SQL("GRANT slotline_app, slotline_worker TO {}").format(sql.Identifier(plain_login))
        )

    await asyncio.to_thread(migrate.upgrade, owner_url)

    for role in (APP_ROLE, WORKER_ROLE):
        async with Database.connect(owner_url, role=role) as database, database.registry() as tx:
            assert await tx.one("SELECT current_user::text", into=str) == role
    async with Database.connect(owner_url, role=None) as database:
        business_id = uuid4()
        async with database.transaction(business_id) as tx:
            await tx.run(_A_BUSINESS)
            await tx.run(_A_HOST)
            assert await tx.one("SELECT count(*) FROM staff", into=int) == 1
        async with database.registry() as tx:
            assert await tx.one("SELECT count(*) FROM staff", into=int) == 0


def test_an_unreachable_database_is_an_error_of_ours() -> None:
    with pytest.raises(DatabaseUnavailable):
        migrate.current("postgresql://nobody@127.0.0.1:1/nothing")


def _own(database_url: str, login: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} OWNER TO {}").format(
                sql.Identifier(connection.info.dbname), sql.Identifier(login)
            )
        )


def _shape(url: str) -> dict[str, list[tuple[object, ...]]]:
    with psycopg.connect(url) as connection:
        return {
            part: sorted(
                (row for row in connection.execute(query) if "alembic_version" not in str(row[0])),
                key=str,
            )
            for part, query in _SHAPE.items()
        }


def _engine(url: str) -> Engine:
    return create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=NullPool
    )


def _differences(url: str) -> list[object]:
    with _engine(url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        return list(compare_metadata(context, metadata))


_A_BUSINESS = """
INSERT INTO business (
    id, slug, name, timezone, language, attendee_email_domain, created_at, updated_at)
VALUES (%(business_id)s, 'plain', 'Plain', 'UTC', 'en', 'plain.example', now(), now())
"""

_A_HOST = """
INSERT INTO staff (id, business_id, slug, name)
VALUES (gen_random_uuid(), %(business_id)s, 'anna', 'Anna')
"""
