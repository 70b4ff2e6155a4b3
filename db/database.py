"""The pool of connections, and the only way to run a statement: inside one business.

Row-level security needs to know the role and the business before the first statement. Both travel
in front of it, in the same message, and end with the transaction: nothing is ever left on a
connection, which is also why a pooler in transaction mode may stand between us and PostgreSQL
(`docs/adr/0003-row-level-security-in-one-round-trip.md`).
"""

import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Final, Self
from uuid import UUID

import psycopg
from psycopg import AsyncClientCursor, AsyncConnection
from psycopg.pq import TransactionStatus
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from db.errors import DatabaseError, DatabaseUnavailable, TransactionAborted, translated
from db.rows import adapters
from db.transaction import GRACE_SECONDS, Connection, Observer, Transaction, send

APP_ROLE: Final = "slotline_app"
"""Serves requests: reads and writes rows of the one business that is set, and owns nothing."""

WORKER_ROLE: Final = "slotline_worker"
"""Looks across businesses, but sees only rows that are due, and may only lease them."""


class Database:
    """Connections to one database in one role."""

    def __init__(
        self,
        pool: AsyncConnectionPool[Connection],
        *,
        role: str | None,
        timeout_seconds: float,
        statement_timeout_seconds: float,
        observe: Observer,
    ) -> None:
        """Use `connect`."""
        self._pool = pool
        self._timeout_seconds = timeout_seconds
        self._limit_seconds = statement_timeout_seconds + GRACE_SECONDS
        self._observe = observe
        self._settings = _settings(role, statement_timeout_seconds)
        self._hopeless_until = 0.0

    @classmethod
    @asynccontextmanager
    async def connect(
        cls,
        url: str,
        *,
        role: str | None = APP_ROLE,
        min_size: int = 1,
        max_size: int = 10,
        timeout_seconds: float = 1.0,
        statement_timeout_seconds: float = 1.5,
        observe: Observer | None = None,
    ) -> AsyncIterator[Self]:
        """Open a pool, and close it at the end.

        The pool heals by itself: connections that PostgreSQL has dropped are replaced, however
        long it was away.

        Args:
            url: `postgresql://...`; the login must be a member of `role`.
            role: What every transaction runs as; `None` for the login itself.
            min_size: Connections that are kept while nothing happens.
            max_size: Connections at most.
            timeout_seconds: How long a transaction waits for a connection.
            statement_timeout_seconds: How long a statement may take, its locks included; a
                PostgreSQL that does not even say so is hung up on shortly after.
            observe: Told each statement and its seconds.

        Raises:
            DatabaseUnavailable: PostgreSQL cannot be reached, does not let us in, or has not been
                migrated.
            Forbidden: The login is no member of `role`.
        """
        pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            kwargs={
                "autocommit": True,  # our own BEGIN travels with the first statement
                "cursor_factory": AsyncClientCursor,
                "context": adapters(),
                "application_name": "slotline",
                "connect_timeout": 2,
                "keepalives_idle": 30,
            },
            min_size=min_size,
            max_size=max_size,
            open=False,
            # Each attempt waits longer than the last; giving up soon lets the next caller start
            # afresh, so that we are back within a second or two of PostgreSQL being back.
            reconnect_timeout=2.0,
        )
        database = cls(
            pool,
            role=role,
            timeout_seconds=timeout_seconds,
            statement_timeout_seconds=statement_timeout_seconds,
            observe=observe or _unobserved,
        )
        await _try(url, role)
        async with pool:
            yield database

    @asynccontextmanager
    async def transaction(self, business_id: UUID) -> AsyncIterator[Transaction]:
        """Several statements that stand or fall together, within one business.

        BEGIN and the settings travel with the first statement; COMMIT is a trip of its own.

        Raises:
            DatabaseError: See `db.errors`.
        """
        async with self._connection() as connection:
            try:
                opening = f"BEGIN; {self._settings}{_IDLE}"
                yield self._begin(connection, str(business_id), opening, once=True)
            except BaseException:
                await self._roll_back(connection)
                raise
            if connection.info.transaction_status is TransactionStatus.INERROR:
                await self._roll_back(connection)
                raise TransactionAborted
            if connection.info.transaction_status is TransactionStatus.INTRANS:
                await send(connection, "COMMIT", limit_seconds=self._limit_seconds, commits=True)

    @asynccontextmanager
    async def single(self, business_id: UUID) -> AsyncIterator[Transaction]:
        """Statements that are a transaction each, within one business: one round trip in all."""
        async with self._connection() as connection:
            yield self._begin(connection, str(business_id), self._settings, once=False)

    @asynccontextmanager
    async def registry(self) -> AsyncIterator[Transaction]:
        """Like `single`, but outside every business: tables of businesses yield no row.

        A worker's role sees what is due here.
        """
        async with self._connection() as connection:
            yield self._begin(connection, "", self._settings, once=False)

    async def ping(self) -> None:
        """Ask the shortest question there is.

        Raises:
            DatabaseUnavailable: There is no answer.
        """
        async with self.registry() as tx:
            await tx.run("SELECT")

    def _begin(
        self, connection: Connection, business: str, opening: str, *, once: bool
    ) -> Transaction:
        return Transaction(
            connection,
            business=business,
            opening=opening,
            once=once,
            limit_seconds=self._limit_seconds,
            observe=self._observe,
        )

    async def _roll_back(self, connection: Connection) -> None:
        """Leave no transaction behind: neither open nor, if that cannot be had, a connection."""
        if connection.info.transaction_status in _OPEN:
            try:
                await send(connection, "ROLLBACK", limit_seconds=self._limit_seconds)
            except DatabaseError:  # what led here is what the caller wants to know
                await connection.close()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        """A connection that was alive a moment ago.

        Raises:
            DatabaseUnavailable: There is none within the time limit.
        """
        hopeless = monotonic() < self._hopeless_until
        give_up_at = monotonic() + (_HOPELESS_SECONDS if hopeless else self._timeout_seconds)
        while True:
            try:
                connection = await self._pool.getconn(give_up_at - monotonic())
            except (PoolTimeout, PoolClosed) as error:
                self._hopeless_until = monotonic() + self._timeout_seconds
                raise DatabaseUnavailable(str(error)) from error
            self._hopeless_until = 0.0
            if not _was_dropped(connection):
                break
            await connection.close()
            await self._pool.putconn(connection)  # which replaces it
        try:
            yield connection
        finally:
            await self._pool.putconn(connection)


_HOPELESS_SECONDS = 0.1
"""For a connection, right after somebody else has waited for one in vain: who is on the phone hears
an apology at once. The pool goes on trying behind them."""

_IDLE = "SET LOCAL idle_in_transaction_session_timeout = 10000; "
"""Nothing waits inside a transaction. A process that is stopped there must not keep its locks."""

_OPEN = frozenset({TransactionStatus.INTRANS, TransactionStatus.INERROR})


def _settings(role: str | None, statement_timeout_seconds: float) -> str:
    """What must be set before the first statement of a transaction, and ends with it."""
    if role is not None and not role.isidentifier():
        raise ValueError(f"not a role: {role!r}")
    milliseconds = round(statement_timeout_seconds * 1000)
    return (
        (f"SET LOCAL ROLE {role}; " if role else "")
        + "SET LOCAL slotline.business_id = %(business_id)s; "
        + f"SET LOCAL statement_timeout = {milliseconds}; "
    )


async def _try(url: str, role: str | None) -> None:
    """Fail now, and with PostgreSQL's own words, rather than at the first request."""
    try:
        connection = await AsyncConnection.connect(url, connect_timeout=2, autocommit=True)
        async with connection:
            if role:
                await connection.execute(f"BEGIN; SET LOCAL ROLE {role}; ROLLBACK".encode())
    except psycopg.errors.InvalidParameterValue as error:
        raise DatabaseUnavailable(f"{error}: has the database been migrated?") from error
    except psycopg.Error as error:
        raise translated(error, committing=False) from error


def _was_dropped(connection: Connection) -> bool:
    """Whether the server has something to say to an idle connection: never good news.

    One system call, where asking with a statement would be a round trip.
    """
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _unobserved(_sql: str, _seconds: float) -> None:
    """Nobody looks."""
