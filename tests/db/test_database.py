"""The door: one round trip, nothing left behind, and an honest word when something breaks."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from db.database import Database
from db.errors import (
    AlreadyExists,
    DatabaseUnavailable,
    Forbidden,
    OutcomeUnknown,
    StatementTimeout,
    TransactionAborted,
)
from db.states import CallState
from tests.db.conftest import NOW, Salon, called, wished
from tests.db.wire import Wire, wire_to

STATE_OF_THE_CONNECTION = """
    SELECT session_user = current_user, coalesce(current_setting('slotline.business_id', true), ''),
        current_setting('statement_timeout')
"""


@pytest.fixture
async def wired(database_url: str) -> AsyncIterator[tuple[Wire, Database]]:
    """One connection at most, over a wire that we can break."""
    async with (
        wire_to(database_url) as (wire, url),
        Database.connect(
            url, max_size=1, timeout_seconds=0.5, statement_timeout_seconds=0.5
        ) as database,
    ):
        async with database.registry() as tx:
            await tx.run("SELECT")
        wire.queries.clear()
        yield wire, database


async def test_role_business_and_statement_travel_together(
    wired: tuple[Wire, Database], salon: Salon
) -> None:
    """One round trip for a statement alone; with COMMIT two."""
    wire, database = wired

    async with database.single(salon.id) as tx:
        await tx.all("SELECT slug FROM staff", into=str)
    assert len(wire.queries) == 1

    wire.queries.clear()
    async with database.transaction(salon.id) as tx:
        await tx.run("UPDATE call SET language = 'de'")
        await tx.run("UPDATE call SET language = 'en'")
    first, second, last = wire.queries
    assert first.startswith("BEGIN; SET LOCAL ROLE slotline_app; SET LOCAL slotline.business_id")
    assert (second, last) == ("UPDATE call SET language = 'en'", "COMMIT")


async def test_the_last_statement_takes_the_commit_along(
    wired: tuple[Wire, Database], db: Database, salon: Salon
) -> None:
    """One round trip for all of a transaction; whatever follows has its business, too."""
    wire, database = wired
    await called(db, salon)

    async with database.transaction(salon.id) as tx:
        changed = await tx.all(
            "UPDATE call SET language = 'en' RETURNING language", into=str, last=True
        )
        assert len(wire.queries) == 1
        async with db.single(salon.id) as other:
            assert await other.all("SELECT language FROM call", into=str) == changed == ["en"]
        await tx.run("UPDATE call SET language = 'fr'")

    async with db.single(salon.id) as tx:
        assert await tx.all("SELECT language FROM call", into=str) == ["fr"]


async def test_a_last_statement_that_fails_takes_all_back(
    wired: tuple[Wire, Database], db: Database, salon: Salon
) -> None:
    _, database = wired
    await called(db, salon)

    async def fail() -> None:
        async with database.transaction(salon.id) as tx:
            await tx.run("UPDATE call SET language = 'en'")
            await tx.all("SELECT 1/0", into=int, last=True)

    with pytest.raises(psycopg.errors.DivisionByZero):
        await fail()

    async with database.single(salon.id) as tx:
        assert await tx.all("SELECT language FROM call", into=str) == ["de"]


async def test_a_last_statement_that_was_lost_may_have_happened(
    wired: tuple[Wire, Database], salon: Salon
) -> None:
    wire, database = wired
    wire.breaks_after = "UPDATE call"
    with pytest.raises(OutcomeUnknown):
        async with database.transaction(salon.id) as tx:
            await tx.all("UPDATE call SET language = 'en' RETURNING language", into=str, last=True)


async def test_a_transaction_without_a_statement_sends_nothing(
    wired: tuple[Wire, Database], salon: Salon
) -> None:
    wire, database = wired
    async with database.transaction(salon.id):
        pass
    assert wire.queries == []


async def test_statements_are_told_to_whoever_counts_them(
    database_url: str, owner: Database, salon: Salon
) -> None:
    """A booking costs one statement; BEGIN, COMMIT and the settings are none."""
    told: list[tuple[str, float]] = []
    async with Database.connect(
        database_url, observe=lambda sql, seconds: told.append((sql, seconds))
    ) as database:
        await wished(database, salon)
        assert len(told) == 1
        async with database.transaction(salon.id) as tx:
            await tx.run("SELECT 1")
    assert [sql for sql, _ in told][1:] == ["SELECT 1"]
    assert all(seconds > 0 for _, seconds in told)


async def test_the_connection_goes_back_as_it_came(
    wired: tuple[Wire, Database], salon: Salon
) -> None:
    """No role, no business, no limit, no transaction is left, however it ended.

    This is what lets a pooler in transaction mode stand between us and PostgreSQL.
    """
    _, database = wired

    async def state() -> object:
        async with database._pool.connection() as connection:
            assert connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE
            cursor = await connection.execute(STATE_OF_THE_CONNECTION)
            return await cursor.fetchone()

    as_it_came = await state()
    assert as_it_came == (True, "", "0")
    async with database.transaction(salon.id) as tx:
        await tx.run("SELECT 1")
    assert await state() == as_it_came
    async with database.single(salon.id) as tx:
        await tx.run("SELECT 1")
    assert await state() == as_it_came
    for door in (database.transaction, database.single):
        with pytest.raises(psycopg.errors.DivisionByZero):
            async with door(salon.id) as tx:
                await tx.run("SELECT 1/0")
        assert await state() == as_it_came
    with pytest.raises(Changed):
        await _change_and_fail(database, salon)
    assert await state() == as_it_came


async def test_a_transaction_stands_or_falls_together(db: Database, salon: Salon) -> None:
    await called(db, salon)

    with pytest.raises(Changed):
        await _change_and_fail(db, salon)

    async with db.single(salon.id) as tx:
        assert await tx.all("SELECT language FROM call", into=str) == ["de"]


async def test_a_statement_alone_falls_whole(db: Database, salon: Salon) -> None:
    async with db.single(salon.id) as tx:
        with pytest.raises(AlreadyExists, match="pk_customer"):
            await tx.run(
                """
                WITH one AS (INSERT INTO customer SELECT gen_random_uuid(), %(business_id)s::uuid,
                    'A', 'a', NULL, NULL, NULL, 'caller', now(), now() RETURNING *)
                INSERT INTO customer SELECT id, business_id, 'B', 'b', NULL, NULL, NULL, origin,
                    created_at, updated_at FROM one
                """
            )
        assert await tx.one("SELECT count(*) FROM customer", into=int) == 0


async def test_a_swallowed_error_does_not_pass_for_a_commit(db: Database, salon: Salon) -> None:
    """PostgreSQL answers COMMIT after an error with a quiet ROLLBACK."""

    async def swallow() -> None:
        async with db.transaction(salon.id) as tx:
            with contextlib.suppress(psycopg.errors.DivisionByZero):
                await tx.run("SELECT 1/0")

    with pytest.raises(TransactionAborted):
        await swallow()


async def test_a_slow_statement_is_ended(wired: tuple[Wire, Database], salon: Salon) -> None:
    _, database = wired
    with pytest.raises(StatementTimeout):
        async with database.transaction(salon.id) as tx:
            await tx.run("SELECT pg_sleep(60)")
    async with database.transaction(salon.id) as tx:
        assert await tx.one("SELECT 1", into=int) == 1


async def test_waiting_for_a_lock_is_ended(
    db: Database, wired: tuple[Wire, Database], salon: Salon
) -> None:
    _, hasty = wired
    await called(db, salon)
    async with db.transaction(salon.id) as tx:
        await tx.run("SELECT FROM call FOR UPDATE")
        with pytest.raises(StatementTimeout):
            async with hasty.single(salon.id) as other:
                await other.run("UPDATE call SET language = 'en'")


async def test_an_exhausted_pool_says_so(wired: tuple[Wire, Database], salon: Salon) -> None:
    _, database = wired
    async with database.transaction(salon.id):
        with pytest.raises(DatabaseUnavailable):
            async with database.single(salon.id):
                pass
    await database.ping()


async def test_an_unreachable_database_says_so() -> None:
    with pytest.raises(DatabaseUnavailable):
        async with Database.connect("postgresql://nobody@127.0.0.1:1/nothing"):
            pass


async def test_a_login_that_may_not_serve_is_refused_at_once(
    db: Database, empty_database_url: str, plain_login: str
) -> None:
    url = psycopg.conninfo.make_conninfo(empty_database_url, user=plain_login, password=plain_login)
    with pytest.raises(Forbidden):
        async with Database.connect(url):
            pass


async def test_a_database_without_our_roles_has_not_been_migrated(database_url: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="migrated"):
        async with Database.connect(database_url, role="slotline_nobody"):
            pass


async def test_a_process_that_stops_does_not_keep_its_locks(db: Database, salon: Salon) -> None:
    """PostgreSQL ends a transaction in which nothing happens."""
    async with db.transaction(salon.id) as tx:
        limit = "SELECT setting::int FROM pg_settings WHERE name LIKE 'idle_in_transaction%%'"
        assert await tx.one(limit, into=int) == 10_000


async def test_dropped_connections_are_replaced_before_anybody_notices(
    database_url: str, salon: Salon
) -> None:
    """PostgreSQL has restarted: all connections of the pool are dead, and no request fails."""
    async with (
        wire_to(database_url) as (wire, url),
        Database.connect(url, min_size=4, max_size=4) as database,
    ):
        await asyncio.gather(*(_slowly(database) for _ in range(4)))
        assert database._pool.get_stats()["pool_available"] == 4

        await wire.cut()

        await asyncio.gather(*(_slowly(database) for _ in range(4)))


async def test_a_server_that_says_nothing_is_hung_up_on(
    wired: tuple[Wire, Database], salon: Salon
) -> None:
    """Neither an answer nor an end of the connection: only our own clock helps."""
    wire, database = wired

    wire.freeze()
    async with asyncio.timeout(20):  # instead of for ever
        with pytest.raises(DatabaseUnavailable):
            async with database.transaction(salon.id) as tx:
                await tx.run("SELECT 1")
    wire.thaw()

    await _healed(database)


async def test_a_server_that_was_away_is_found_again(
    wired: tuple[Wire, Database], salon: Salon
) -> None:
    wire, database = wired

    port, wire._port = wire._port, 1
    await wire.cut()
    for _ in range(3):
        with pytest.raises(DatabaseUnavailable):
            await database.ping()
    wire._port = port

    await _healed(database)


async def test_a_lost_commit_may_have_happened(
    db: Database, wired: tuple[Wire, Database], salon: Salon
) -> None:
    """The error says that it is not known; a look shows that it stands."""
    wire, database = wired
    await called(db, salon)

    wire.breaks_after = "COMMIT"
    with pytest.raises(OutcomeUnknown):
        async with database.transaction(salon.id) as tx:
            await tx.run("UPDATE call SET language = 'en'")

    async with db.single(salon.id) as tx:
        assert await tx.all("SELECT language FROM call", into=str) == ["en"]


async def test_a_statement_lost_before_the_commit_did_not_happen(
    db: Database, wired: tuple[Wire, Database], salon: Salon
) -> None:
    wire, database = wired
    await called(db, salon)

    wire.breaks_after = "UPDATE call"
    with pytest.raises(DatabaseUnavailable) as lost:
        async with database.transaction(salon.id) as tx:
            await tx.run("UPDATE call SET language = 'en'")
    assert not isinstance(lost.value, OutcomeUnknown)

    async with db.single(salon.id) as tx:
        assert await tx.all("SELECT language FROM call", into=str) == ["de"]


async def test_a_statement_alone_that_was_lost_may_have_happened(
    wired: tuple[Wire, Database], salon: Salon
) -> None:
    wire, database = wired
    wire.breaks_after = "UPDATE call"
    with pytest.raises(OutcomeUnknown):
        async with database.single(salon.id) as tx:
            await tx.run("UPDATE call SET language = 'en'")


async def test_who_is_cancelled_leaves_a_sound_pool(
    wired: tuple[Wire, Database], db: Database, salon: Salon
) -> None:
    """A tool call's deadline passes while its statement runs."""
    _, database = wired

    async def forever() -> None:
        async with database.transaction(salon.id) as tx:
            await tx.run("SELECT pg_sleep(0.4)")

    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await forever()
        async with database.transaction(salon.id) as tx:
            assert await tx.one("SELECT 1", into=int) == 1


@dataclass(frozen=True, slots=True)
class Everything:
    """A row of all types that we use."""

    id: object
    state: CallState
    missing: CallState | None
    at: datetime
    words: str
    list: list[str]
    structure: object
    raw: bytes
    flag: bool


async def test_values_go_and_come_as_they_are(db: Database, salon: Salon) -> None:
    """Also those that look like SQL: the client binds them, so quoting is ours to get right."""
    id_ = uuid4()
    words = "O'Neill \\ \"; DROP TABLE booking; -- %s %(id)s $1 Ünïcödé \u2028"
    at = datetime(2026, 3, 2, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    async with db.single(salon.id) as tx:
        row = await tx.one(
            """
            SELECT %(id)s AS id, 'ended' AS state, NULL AS missing, %(at)s AS at,
                %(words)s AS words, %(list)s::text[] AS list, %(structure)s AS structure,
                %(raw)s AS raw, %(flag)s AS flag, 'a later column' AS unknown
            """,
            {
                "id": id_,
                "at": at,
                "words": words,
                "list": [words, ""],
                "structure": Jsonb({words: [None, 1.5, words]}),
                "raw": bytes(range(256)),
                "flag": True,
            },
            into=Everything,
        )
    assert row == Everything(
        id=id_,
        state=CallState.ENDED,
        missing=None,
        at=at,
        words=words,
        list=[words, ""],
        structure={words: [None, 1.5, words]},
        raw=bytes(range(256)),
        flag=True,
    )


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"])
async def test_moments_are_read_as_utc_whatever_the_sessions_zone(
    db: Database, salon: Salon, zone: str
) -> None:
    async with db.transaction(salon.id) as tx:
        await tx.run("SELECT set_config('timezone', %(zone)s, true)", {"zone": zone})
        moments = await tx.all(
            "SELECT unnest(%(moments)s::timestamptz[])",
            {"moments": [NOW, NOW + timedelta(microseconds=1)]},
            into=datetime,
        )
    assert moments == [NOW, NOW + timedelta(microseconds=1)]
    assert {moment.tzinfo for moment in moments} == {UTC}


async def test_a_null_byte_is_refused_before_it_is_sent(db: Database, salon: Salon) -> None:
    """PostgreSQL has no such text; what a caller sends may."""
    with pytest.raises(psycopg.DataError):
        async with db.single(salon.id) as tx:
            await tx.one("SELECT %(words)s", {"words": "a\x00b"}, into=str)


async def test_a_row_that_must_be_there_is_missed(db: Database, salon: Salon) -> None:
    async with db.single(salon.id) as tx:
        assert await tx.one("SELECT 1 WHERE false", into=int) is None
        with pytest.raises(LookupError):
            await tx.only("SELECT 1 WHERE false", into=int)


class Changed(Exception):
    """Something in the block went wrong after it had changed a row."""


async def _change_and_fail(database: Database, salon: Salon) -> None:
    async with database.transaction(salon.id) as tx:
        await tx.run("UPDATE call SET language = 'en'")
        raise Changed


async def _slowly(database: Database) -> None:
    """Long enough for others to need a connection of their own."""
    async with database.registry() as tx:
        await tx.run("SELECT pg_sleep(0.05)")


async def _healed(database: Database) -> None:
    """Some attempts may fail, but not for ever."""
    for _ in range(20):
        try:
            await database.ping()
        except DatabaseUnavailable:
            await asyncio.sleep(0.1)
        else:
            return
    await database.ping()
