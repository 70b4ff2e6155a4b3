"""What others told us, stored before it is acknowledged."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from psycopg.types.json import Jsonb

from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event that is to be applied."""

    id: UUID
    source: str
    kind: str
    """As the source calls it."""
    body: bytes = field(repr=False)
    received_at: datetime
    attempts: int
    """How often it has been taken up, this time included."""


@dataclass(frozen=True, slots=True)
class LeasedEvent:
    """An event that a worker must see to, and whose it is."""

    id: UUID
    business_id: UUID


async def add(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    source: str,
    dedupe_key: str,
    kind: str,
    headers: Mapping[str, str],
    body: bytes,
    received_at: datetime,
    due_at: datetime | None = None,
) -> EventRow | None:
    """Store an event as it came. Whoever stores it has taken it up.

    Args:
        tx: Where.
        id: Of the record.
        source: Who told us, such as `calcom`.
        dedupe_key: The same for the same event, however often it is sent.
        kind: As the source calls it.
        headers: Those that matter, without signatures and secrets.
        body: Every byte of it.
        received_at: When.
        due_at: When a worker should apply it, should it not be applied by then; `None` if there is
            nothing to apply.

    Returns:
        The event; `None` if it was known.
    """
    event = EventRow(id, source, kind, body, received_at, attempts=1)
    added = await tx.run(
        """
        INSERT INTO inbox_event (
            id, business_id, source, dedupe_key, kind, headers, body, received_at, attempts,
            due_at)
        VALUES (
            %(id)s, %(business_id)s, %(source)s, %(dedupe_key)s, %(kind)s, %(headers)s, %(body)s,
            %(received_at)s, %(attempts)s, %(due_at)s)
        ON CONFLICT (business_id, source, dedupe_key) DO NOTHING
        """,
        {
            "id": id,
            "source": source,
            "dedupe_key": dedupe_key,
            "kind": kind,
            "headers": Jsonb(dict(headers)),
            "body": body,
            "received_at": received_at,
            "attempts": event.attempts,
            "due_at": due_at,
        },
    )
    return event if added else None


async def lease_due(
    tx: Transaction, *, sources: Collection[str], now: datetime, lease: timedelta, at_most: int
) -> list[LeasedEvent]:
    """Take events of any business that are due, longest first, and hide them for `lease`.

    Two workers never take the same one. For the worker's role, in `registry`.
    """
    return await tx.all(
        """
        WITH due AS (
            SELECT id FROM inbox_event
            WHERE due_at <= %(now)s AND source = ANY (%(sources)s)
            ORDER BY due_at LIMIT %(at_most)s
            FOR UPDATE SKIP LOCKED
        )
        UPDATE inbox_event SET due_at = %(until)s, attempts = attempts + 1
        FROM due WHERE inbox_event.id = due.id
        RETURNING inbox_event.id, inbox_event.business_id
        """,
        {"sources": list(sources), "now": now, "until": now + lease, "at_most": at_most},
        into=LeasedEvent,
    )


async def get(tx: Transaction, *, id: UUID) -> EventRow | None:  # noqa: A002
    """An event by our own id."""
    return await tx.one("SELECT * FROM inbox_event WHERE id = %(id)s", {"id": id}, into=EventRow)


@dataclass(frozen=True, slots=True)
class Heard:
    """When somebody told us something for the last time."""

    source: str
    at: datetime


async def last_heard(tx: Transaction) -> list[Heard]:
    """Of each source that has told us anything."""
    return await tx.all(
        "SELECT source, max(received_at) AS at FROM inbox_event GROUP BY source", {}, into=Heard
    )


async def applied(tx: Transaction, *, id: UUID, now: datetime) -> bool:  # noqa: A002
    """Note that an event has had its effect, or needs none; false if that was known."""
    touched = await tx.run(
        """
        UPDATE inbox_event SET applied_at = %(now)s, due_at = NULL, error = NULL
        WHERE id = %(id)s AND applied_at IS NULL
        """,
        {"id": id, "now": now},
    )
    return touched == 1


async def postpone(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    due_at: datetime | None,
    error: str,
) -> None:
    """Let a worker come back to an event.

    Args:
        tx: Where.
        id: Of the event.
        due_at: When; `None` gives it up.
        error: Why it could not be applied.
    """
    await tx.run(
        """
        UPDATE inbox_event SET due_at = %(due_at)s, error = %(error)s
        WHERE id = %(id)s AND applied_at IS NULL
        """,
        {"id": id, "due_at": due_at, "error": error},
    )
