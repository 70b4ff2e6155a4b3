"""Running statements on a connection, within a time limit, with errors of our own."""

import asyncio
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from time import perf_counter
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg import AsyncClientCursor, AsyncConnection
from psycopg.rows import BaseRowFactory, tuple_row

from db.errors import translated
from db.rows import row_of

T = TypeVar("T")
Connection = AsyncConnection[tuple[Any, ...]]
Observer = Callable[[str, float], None]
"""Told each statement and its seconds; BEGIN, COMMIT and the settings are not statements."""

GRACE_SECONDS = 0.25
"""What PostgreSQL has for saying that a statement timed out, before we hang up."""


class Transaction:
    """What statements run in. A statement may use `%(business_id)s`; a percent sign is `%%`."""

    __slots__ = (
        "_business",
        "_connection",
        "_is_open",
        "_limit_seconds",
        "_observe",
        "_once",
        "_opening",
    )

    def __init__(
        self,
        connection: Connection,
        *,
        business: str,
        opening: str,
        once: bool,
        limit_seconds: float,
        observe: Observer,
    ) -> None:
        """Made by `Database`; the opening precedes the first statement (`once`) or every one."""
        self._connection = connection
        self._business = business
        self._opening = opening
        self._once = once
        self._is_open = False
        self._limit_seconds = limit_seconds
        self._observe = observe

    async def run(self, sql: LiteralString, params: Mapping[str, object] | None = None) -> int:
        """Run a statement and tell how many rows it touched."""
        cursor = await self._execute(sql, params, tuple_row)
        return cursor.rowcount

    async def one(
        self, sql: LiteralString, params: Mapping[str, object] | None = None, *, into: type[T]
    ) -> T | None:
        """The first row, if any, as a dataclass with a field for each column, or as a scalar."""
        cursor = await self._execute(sql, params, row_of(into))
        return await cursor.fetchone()

    async def only(
        self, sql: LiteralString, params: Mapping[str, object] | None = None, *, into: type[T]
    ) -> T:
        """The row that there must be, such as that of an upsert.

        Raises:
            LookupError: There is none.
        """
        row = await self.one(sql, params, into=into)
        if row is None:
            raise LookupError("the statement yields no row")
        return row

    async def all(
        self,
        sql: LiteralString,
        params: Mapping[str, object] | None = None,
        *,
        into: type[T],
        last: bool = False,
    ) -> list[T]:
        """Every row, as `one` returns it.

        The `last` statement takes COMMIT along and saves its round trip; what follows all the same
        is a transaction of its own.
        """
        cursor = await self._execute(sql, params, row_of(into), last=last)
        return await cursor.fetchall()

    async def _execute(
        self,
        sql: str,
        params: Mapping[str, object] | None,
        rows: BaseRowFactory[T],
        *,
        last: bool = False,
    ) -> AsyncClientCursor[T]:
        takes_commit = last and self._once
        opening = "" if self._is_open else self._opening
        started = perf_counter()
        try:
            cursor = await send(
                self._connection,
                f"{opening}{sql}{'; COMMIT' if takes_commit else ''}",
                {**(params or {}), "business_id": self._business},
                rows=rows,
                limit_seconds=self._limit_seconds,
                commits=takes_commit or not self._once,
            )
        finally:
            self._observe(sql, perf_counter() - started)
        self._is_open = self._once and not takes_commit
        # What comes before the statement's own result belongs to the opening, what after to COMMIT.
        await cursor.set_result(-2 if takes_commit else -1)
        return cursor


async def send(
    connection: Connection,
    query: str,
    params: Mapping[str, object] | None = None,
    *,
    limit_seconds: float,
    rows: BaseRowFactory[Any] = tuple_row,
    commits: bool = False,
) -> AsyncClientCursor[Any]:
    """Execute, but not for ever. The client binds the values: only so may a message hold several.

    Raises:
        DatabaseError: See `db.errors`.
    """
    cursor = AsyncClientCursor(connection, row_factory=rows)
    alarm = asyncio.get_running_loop().call_later(limit_seconds, _hang_up, connection)
    try:
        await cursor.execute(query.encode(), params)
    except psycopg.Error as error:
        ours = translated(error, committing=commits)
        if ours is error:
            raise
        raise ours from error
    finally:
        alarm.cancel()
    return cursor


def _hang_up(connection: Connection) -> None:
    """End the wait for a server that is gone without a word."""
    with (
        suppress(OSError, psycopg.Error),
        socket.socket(fileno=os.dup(connection.fileno())) as line,
    ):
        line.shutdown(socket.SHUT_RDWR)
