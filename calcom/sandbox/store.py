"""The state in an SQLite file: one row per record, written in the transaction of its change."""

import sqlite3
from pathlib import Path

from pydantic import BaseModel

from calcom.sandbox.records import (
    ApiKey,
    Booking,
    Engagement,
    EventType,
    Reservation,
    Schedule,
    User,
    Webhook,
)
from calcom.sandbox.world import Record, World

_KINDS: dict[str, type[BaseModel]] = {
    kind.__name__: kind
    for kind in (ApiKey, User, Schedule, EventType, Booking, Engagement, Reservation, Webhook)
}
_SCHEMA = """
    create table if not exists record (
        kind text not null, id text not null, body text not null, primary key (kind, id)
    ) strict, without rowid;
    create table if not exists counter (kind text primary key, last integer not null) strict;
"""


class SqliteStore:
    """Keeps records; what was committed is there after a crash of the process."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path)
        self._connection.execute("pragma journal_mode = wal")
        self._connection.executescript(_SCHEMA)

    def load(self, world: World) -> bool:
        """Fill an empty world; false if there is nothing stored yet."""
        rows = self._connection.execute("select kind, body from record").fetchall()
        for kind, body in rows:
            world.hold(_KINDS[kind].model_validate_json(body))  # type: ignore[arg-type]
        for kind, last in self._connection.execute("select kind, last from counter"):
            world.reach(kind, last)
        return bool(rows)

    def save(self, record: Record) -> None:
        """Write a record; it lasts from the next commit on."""
        self._connection.execute(
            "insert into record values (?, ?, ?) "
            "on conflict (kind, id) do update set body = excluded.body",
            (type(record).__name__, _id_of(record), record.model_dump_json()),
        )

    def remove(self, record: Record) -> None:
        """Delete a record; it is gone from the next commit on."""
        self._connection.execute(
            "delete from record where kind = ? and id = ?", (type(record).__name__, _id_of(record))
        )

    def reach(self, counter: str, value: int) -> None:
        """Remember the last number that was given out."""
        self._connection.execute(
            "insert into counter values (?, ?) "
            "on conflict (kind) do update set last = excluded.last",
            (counter, value),
        )

    def commit(self) -> None:
        """Make durable what was written."""
        self._connection.commit()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _id_of(record: Record) -> str:
    match record:
        case ApiKey():
            return record.key
        case Booking() | Reservation():
            return record.uid
        case _:
            return str(record.id)
