"""The second wall: whatever a statement asks for, rows of another business are not there.

Driven by the catalogue, so that a table which is added later cannot forget its part.
"""

import pytest
from psycopg import sql

from db.database import APP_ROLE, WORKER_ROLE, Database
from db.errors import Forbidden, MissingParent
from db.tables import metadata
from tests.db.conftest import NOW, Catalogue, Salon, called, wished

TENANT_TABLES = sorted(
    table.name for table in metadata.sorted_tables if "business_id" in table.columns
)
"""Every table but the registry, the timetable and people; the rest of this module holds them to
it."""


def test_every_table_but_the_registry_the_timetable_and_people_belongs_to_businesses(
    catalogue: Catalogue,
) -> None:
    tables = catalogue.execute(
        """
        SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
            AND relname NOT IN ('alembic_version', 'disposable')
        """
    ).fetchall()
    walled = sorted(name for name, enabled, forced in tables if enabled and forced)
    open_ = sorted(name for name, enabled, _ in tables if not enabled)
    assert walled == TENANT_TABLES
    assert open_ == ["business", "login_failure", "login_session", "periodic_job", "user_account"]


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_each_wall_has_the_same_door(catalogue: Catalogue, table: str) -> None:
    """For reading and writing, for every role, by the business that is set."""
    policies = catalogue.execute(
        """
        SELECT permissive, roles::text[], cmd, qual, with_check FROM pg_policies
        WHERE tablename = %s AND policyname = 'of_business'
        """,
        [table],
    ).fetchall()
    [(permissive, roles, command, rule, check)] = policies
    assert (permissive, roles, command) == ("PERMISSIVE", ["public"], "ALL")
    assert "business_id = (NULLIF(current_setting('slotline.business_id'" in rule
    assert check in {None, rule}


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_no_row_can_point_into_another_business(catalogue: Catalogue, table: str) -> None:
    """Foreign keys carry the business, and at least one is not optional."""
    keys = catalogue.execute(
        """
        SELECT confrelid::regclass::text, array_agg(attname::text ORDER BY place),
            bool_and(attnotnull)
        FROM pg_constraint, unnest(conkey) WITH ORDINALITY AS part (attnum, place)
        JOIN pg_attribute USING (attnum)
        WHERE contype = 'f' AND conrelid = %s::regclass AND attrelid = conrelid
        GROUP BY pg_constraint.oid
        """,
        [table],
    ).fetchall()
    assert any(is_certain for _, _, is_certain in keys), "whose row is it?"
    walled = [key for key in keys if key[0] != "user_account"]  # people belong to no business
    assert all(columns[0] == "business_id" for _, columns, _ in walled)
    assert all(len(columns) > 1 for parent, columns, _ in walled if parent != "business")


def test_the_roles_own_nothing_and_pass_no_wall(catalogue: Catalogue) -> None:
    powers = catalogue.execute(
        """
        SELECT rolname, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb
        FROM pg_roles WHERE rolname = ANY (%s) ORDER BY rolname
        """,
        [[APP_ROLE, WORKER_ROLE]],
    ).fetchall()
    owned = catalogue.execute(
        "SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = ANY (%s)",
        [[APP_ROLE, WORKER_ROLE]],
    ).fetchall()
    assert powers == [(APP_ROLE, False), (WORKER_ROLE, False)]
    assert owned == []


@pytest.mark.parametrize("table", TENANT_TABLES)
async def test_outside_a_business_there_is_nothing(db: Database, salon: Salon, table: str) -> None:
    await _fill(db, salon)

    async with db.registry() as tx:
        assert await tx.one(_count(table), into=int) == 0
    async with db.single(salon.id) as tx:
        assert await tx.one(_count(table), into=int) == _ROWS.get(table, 0)


@pytest.mark.parametrize("table", sorted({"call", "booking", "claim", "line", "event_type"}))
async def test_another_business_sees_nothing(
    db: Database, salon: Salon, rival: Salon, table: str
) -> None:
    await _fill(db, salon)

    async with db.single(rival.id) as tx:
        whose = await tx.all(f"SELECT DISTINCT business_id FROM {table}", into=object)  # noqa: S608
    assert salon.id not in whose


async def test_outside_a_business_nothing_is_written(db: Database, salon: Salon) -> None:
    with pytest.raises(Forbidden, match="row-level security"):
        async with db.registry() as tx:
            await tx.run(_A_CALL, {"business": salon.id, "now": NOW})


async def test_nothing_is_written_into_another_business(
    db: Database, salon: Salon, rival: Salon
) -> None:
    call = await called(db, salon)

    async with db.transaction(rival.id) as tx:
        assert await tx.run("UPDATE call SET language = 'en' WHERE id = %(id)s", {"id": call}) == 0
        assert await tx.run("DELETE FROM call WHERE id = %(id)s", {"id": call}) == 0
    with pytest.raises(Forbidden, match="row-level security"):
        async with db.single(rival.id) as tx:
            await tx.run(_A_CALL, {"business": salon.id, "now": NOW})


async def test_no_row_is_given_away(db: Database, salon: Salon, rival: Salon) -> None:
    await called(db, salon)

    with pytest.raises(Forbidden, match="row-level security"):
        async with db.single(salon.id) as tx:
            await tx.run("UPDATE call SET business_id = %(rival)s", {"rival": rival.id})


async def test_f_077_identifiers_of_another_business_are_unknown(
    db: Database, salon: Salon, rival: Salon
) -> None:
    """A foreign call's id in a booking of ours: refused like one that does not exist."""
    call = await called(db, salon)

    with pytest.raises(MissingParent, match="fk_"):
        await wished(db, rival, call=call)


async def test_a_caller_cannot_name_the_business(db: Database, salon: Salon, rival: Salon) -> None:
    """What a statement is given cannot stand in for the business of its transaction."""
    await called(db, salon)

    async with db.single(rival.id) as tx:
        found = await tx.all(
            "SELECT id FROM call WHERE business_id = %(business_id)s",
            {"business_id": salon.id},
            into=object,
        )
    assert found == []


async def test_the_worker_sees_what_is_due_and_nothing_of_it(
    db: Database, worker: Database, salon: Salon
) -> None:
    booking = await wished(db, salon)

    async with worker.registry() as tx:
        assert await tx.all("SELECT id FROM booking", into=object) == [booking.id]
        with pytest.raises(Forbidden):
            await tx.run("SELECT attendee_name FROM booking")
        with pytest.raises(Forbidden):
            await tx.run("UPDATE booking SET state = 'cancelled'")
        with pytest.raises(Forbidden):
            await tx.run("SELECT FROM customer")
        with pytest.raises(Forbidden, match="row-level security"):
            await tx.run("UPDATE booking SET due_at = NULL")


async def test_the_application_does_not_see_what_the_worker_sees(
    db: Database, salon: Salon
) -> None:
    """Its login may become the worker, but the worker's policies are not its own."""
    await wished(db, salon)

    async with db.registry() as tx:
        assert await tx.all("SELECT id FROM booking", into=object) == []


_ROWS = {
    "booking": 1,
    "call": 1,
    "claim": 1,
    "domain_event": 1,
    "event_outbox": 1,
    "event_type": 1,
    "line": 1,
    "service": 1,
    "staff": 1,
}

_A_CALL = """
INSERT INTO call (
    id, business_id, platform, platform_call_id, language, started_at, created_at, updated_at)
VALUES (gen_random_uuid(), %(business)s, 'retell', 'x', 'de', %(now)s, %(now)s, %(now)s)
"""


def _count(table: str) -> str:
    return sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)).as_string()


async def _fill(db: Database, salon: Salon) -> None:
    await wished(db, salon, call=await called(db, salon))
