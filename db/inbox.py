"""What others told us, stored before it is acknowledged."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from db.transaction import Transaction


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
) -> bool:
    """Store an event as it came.

    Args:
        tx: Where.
        id: Of the record.
        source: Who told us, such as `calcom`.
        dedupe_key: The same for the same event, however often it is sent.
        kind: As the source calls it.
        headers: Those that matter, without signatures and secrets.
        body: Every byte of it.
        received_at: When.
        due_at: When a worker should apply it; `None` if there is nothing to apply.

    Returns:
        Whether it was new.
    """
    added = await tx.run(
        """
        INSERT INTO inbox_event (
            id, business_id, source, dedupe_key, kind, headers, body, received_at, due_at)
        VALUES (
            %(id)s, %(business_id)s, %(source)s, %(dedupe_key)s, %(kind)s, %(headers)s, %(body)s,
            %(received_at)s, %(due_at)s)
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
            "due_at": due_at,
        },
    )
    return added == 1
