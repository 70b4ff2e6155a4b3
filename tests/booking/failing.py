"""A database that goes away at one moment: before a transaction, or just after its commit."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.database import Database
from db.errors import DatabaseUnavailable, OutcomeUnknown
from db.transaction import Transaction


@dataclass(slots=True)
class Failing:
    """The real database, but for the `at`-th transaction (from one) since it was made."""

    real: Database
    at: int
    after_commit: bool
    seen: int = 0

    def transaction(self, business_id: UUID) -> AbstractAsyncContextManager[Transaction]:
        return self._through(self.real.transaction(business_id))

    def single(self, business_id: UUID) -> AbstractAsyncContextManager[Transaction]:
        return self._through(self.real.single(business_id))

    @property
    def has_failed(self) -> bool:
        return self.seen >= self.at

    @asynccontextmanager
    async def _through(
        self, opening: AbstractAsyncContextManager[Transaction]
    ) -> AsyncIterator[Transaction]:
        self.seen += 1
        fails = self.seen == self.at
        if fails and not self.after_commit:
            raise DatabaseUnavailable("switched off by the test")
        async with opening as tx:
            yield tx
        if fails:
            raise OutcomeUnknown("the connection broke after the commit")


def fail(desk: Any, *, at: int, after_commit: bool) -> Failing:
    """Let every part of a desk see the same failing database."""
    failing = Failing(desk._db, at, after_commit)
    for part in _parts(desk):
        part._db = failing
    return failing


def mend(desk: Any, failing: Failing) -> None:
    """The database is back."""
    for part in _parts(desk):
        part._db = failing.real


def _parts(desk: Any) -> tuple[Any, ...]:
    return (desk, desk._changing, desk._delivery, desk._delivery._ledger)
