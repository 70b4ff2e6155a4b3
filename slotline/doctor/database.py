"""PostgreSQL: reachable, new enough, migrated, and worked on by a role that owns nothing."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import LiteralString

from db import migrate
from db.database import APP_ROLE, Database
from db.errors import DatabaseUnavailable, Forbidden
from slotline.doctor import clocks
from slotline.doctor.finding import Finding, Verdict, broken, fine, skipped

SUBJECT = "database"
OLDEST = 150000
"""As `server_version_num`: unique indexes with NULLS NOT DISTINCT came with 15."""


@dataclass(frozen=True, slots=True)
class _Server:
    number: int
    version: str
    has_btree_gist: bool
    clock: datetime


@dataclass(frozen=True, slots=True)
class _Role:
    name: str
    above_the_rules: bool
    owns: int
    unguarded: Sequence[str]


async def examine(url: str | None, owner_url: str | None) -> list[Finding]:
    """Look at the database as its owner does, then as the application does.

    Args:
        url: `DATABASE_URL`.
        owner_url: `DATABASE_OWNER_URL`; the former by default.
    """
    if not url:
        what = "DATABASE_URL is not set; `slotline serve` starts its own PostgreSQL"
        return [skipped(SUBJECT, what)]
    try:
        findings = [*await _server(url), await _migrations(owner_url or url)]
        if findings[-1].verdict is not Verdict.BROKEN:
            findings += await _role(url)
    except DatabaseUnavailable as error:
        todo = "Start PostgreSQL, or correct DATABASE_URL."
        return [broken(SUBJECT, f"cannot be used: {str(error).splitlines()[0]}", todo)]
    return findings


async def _server(url: str) -> list[Finding]:
    asked_at = datetime.now(UTC)
    async with Database.connect(url, role=None, max_size=1) as database, database.registry() as tx:
        server = await tx.only(_SERVER, into=_Server)
    clock = clocks.compare(
        "PostgreSQL", server.clock, asked_at=asked_at, answered_at=datetime.now(UTC)
    )
    return [*_version(server), clock]


def _version(server: _Server) -> Iterator[Finding]:
    name = f"PostgreSQL {server.version}"
    if server.number < OLDEST:
        yield broken(SUBJECT, f"{name} is too old", "Use PostgreSQL 15 or newer.")
    else:
        yield fine(SUBJECT, name)
    if not server.has_btree_gist:
        todo = "Install PostgreSQL's contrib modules, then `slotline migrate`."
        yield broken(SUBJECT, "lacks the extension btree_gist", todo)


async def _migrations(owner_url: str) -> Finding:
    subject = "migrations"
    try:
        pending = await asyncio.to_thread(migrate.pending, owner_url)
    except Forbidden:
        return skipped(subject, "hidden from this login; DATABASE_OWNER_URL could look")
    if pending:
        what = f"{len(pending)} to come: {', '.join(pending)}"
        return broken(subject, what, "Run `slotline migrate`; it is safe while serving.")
    return fine(subject, "all applied")


async def _role(url: str) -> list[Finding]:
    """Look from where the application stands: the second wall must hold there."""
    subject = "row-level security"
    try:
        async with Database.connect(url, max_size=1) as database, database.registry() as tx:
            role = await tx.only(_ROLE, into=_Role)
    except Forbidden as error:
        todo = f"GRANT {APP_ROLE} TO the login of DATABASE_URL, or run `slotline migrate` with it."
        return [broken(subject, f"this login cannot work as {APP_ROLE}: {error}", todo)]
    findings = []
    if role.above_the_rules:
        what = f"{role.name} is above it (SUPERUSER or BYPASSRLS)"
        findings.append(broken(subject, what, f"ALTER ROLE {role.name} NOSUPERUSER NOBYPASSRLS."))
    if role.owns:
        what = f"{role.name} owns {role.owns} tables, and could switch it off"
        findings.append(broken(subject, what, "Let the owner's login own them (REASSIGN OWNED)."))
    if role.unguarded:
        what = f"is off for {', '.join(role.unguarded)}"
        findings.append(
            broken(subject, what, "Run `slotline migrate`, or ask who switched it off.")
        )
    return findings or [fine(subject, f"holds {role.name}, which owns nothing")]


_SERVER: LiteralString = """
SELECT
    current_setting('server_version_num')::int AS number,
    current_setting('server_version') AS version,
    EXISTS (SELECT FROM pg_extension WHERE extname = 'btree_gist') AS has_btree_gist,
    clock_timestamp() AS clock
"""

_ROLE: LiteralString = """
SELECT
    rolname::text AS name,
    rolsuper OR rolbypassrls AS above_the_rules,
    (SELECT count(*) FROM pg_class WHERE relowner = pg_roles.oid) AS owns,
    ARRAY (
        SELECT relname::text FROM pg_class
        JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'business_id'
        WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
            AND NOT (relrowsecurity AND relforcerowsecurity)
        ORDER BY relname
    ) AS unguarded
FROM pg_roles WHERE rolname = current_user
"""
