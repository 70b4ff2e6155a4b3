"""The schema's own rules, asked of the catalogue wherever a later table could forget them."""

import re
from enum import StrEnum

import pytest

from booking.business import EventTypeKind
from db import states
from db.database import Database
from db.errors import NotInRange
from db.tables.base import OneOf, metadata
from tests.db.conftest import Catalogue, Salon, called

CLOSED_SETS = [
    (table.name, column.name, column.type.kind)
    for table in metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, OneOf)
]


def test_every_moment_has_a_zone(catalogue: Catalogue) -> None:
    naive = catalogue.execute(
        """
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public'
            AND data_type IN ('timestamp without time zone', 'time without time zone')
        """
    ).fetchall()
    assert naive == []


def test_no_moment_is_the_databases_own(catalogue: Catalogue) -> None:
    """`now` is told; a default would mix a second clock into a simulated one."""
    clocks = catalogue.execute(
        """
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_default ~* 'now|timestamp'
        """
    ).fetchall()
    assert clocks == []


def test_f_080_every_structure_refuses_text(catalogue: Catalogue) -> None:
    unguarded = catalogue.execute(
        """
        SELECT table_name, column_name FROM information_schema.columns AS structure
        WHERE table_schema = 'public' AND data_type IN ('json', 'jsonb') AND NOT EXISTS (
            SELECT FROM pg_constraint
            WHERE contype = 'c' AND conrelid = table_name::regclass
                AND pg_get_constraintdef(oid) LIKE '%jsonb_typeof(' || column_name || ')%')
        """
    ).fetchall()
    assert unguarded == []


@pytest.mark.parametrize("text", ['"{\\"name\\": \\"Ada\\"}"', "null", "[]", "1"])
async def test_f_080_text_in_place_of_a_structure_is_refused(
    db: Database, salon: Salon, text: str
) -> None:
    await called(db, salon)

    with pytest.raises(NotInRange, match="memory_is_object"):
        async with db.single(salon.id) as tx:
            await tx.run("UPDATE call SET memory = %(text)s::jsonb", {"text": text})


@pytest.mark.parametrize(("table", "column", "kind"), CLOSED_SETS)
def test_f_081_every_state_is_one_of_a_closed_set(
    catalogue: Catalogue, table: str, column: str, kind: type[StrEnum]
) -> None:
    found = catalogue.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s",
        [f"ck_{table}_{column}"],
    ).fetchone()
    assert found is not None
    assert set(re.findall(r"'(\w+)'", found[0])) == {member.value for member in kind}


@pytest.mark.parametrize("spelling", ["Ongoing", "in progress", "paused", ""])
async def test_f_081_another_spelling_is_refused(db: Database, salon: Salon, spelling: str) -> None:
    await called(db, salon)

    with pytest.raises(NotInRange, match="ck_call_state"):
        async with db.single(salon.id) as tx:
            await tx.run("UPDATE call SET state = %(state)s", {"state": spelling})


def test_every_closed_set_of_ours_guards_a_column() -> None:
    """But for the kinds of flags, which another release beside this one may know more of."""
    ours = {kind for kind in vars(states).values() if isinstance(kind, type)}
    assert {kind for _, _, kind in CLOSED_SETS} == ours - {StrEnum, states.FlagKind}


def test_kinds_of_event_types_are_the_desks() -> None:
    """The desk is a floor above and has its own word for them."""
    assert {kind.value for kind in states.EventKind} == {kind.value for kind in EventTypeKind}


def test_every_constraint_and_index_has_a_name_that_says_what_it_is(
    catalogue: Catalogue,
) -> None:
    """Errors carry these names; PostgreSQL's own cut them short and number them."""
    names = catalogue.execute(
        """
        SELECT conname FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
        UNION SELECT indexname FROM pg_indexes WHERE schemaname = 'public'
        """
    ).fetchall()
    odd = [name for (name,) in names if not re.match(r"(pk|uq|fk|ck|ix|ex)_[a-z0-9_]{3,60}$", name)]
    assert odd == ["alembic_version_pkc"]
