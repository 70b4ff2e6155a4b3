"""Differences between us and Cal.com that nothing safe would mend."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from db.states import Quarrel
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SyncFailureRow:
    """An open difference."""

    id: UUID
    kind: Quarrel
    subject: str
    """Which booking at Cal.com, without its uid."""
    booking_id: UUID | None
    ours: Mapping[str, Any] | None
    theirs: Mapping[str, Any] | None
    first_seen_at: datetime
    last_seen_at: datetime


async def record(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    kind: Quarrel,
    subject: str,
    booking_id: UUID | None,
    ours: Mapping[str, Any] | None,
    theirs: Mapping[str, Any] | None,
    now: datetime,
) -> bool:
    """Note a difference, or that it is still there.

    Args:
        tx: Where.
        id: Of the record, if it is new.
        kind: What is odd.
        subject: The same for the same booking at Cal.com.
        booking_id: Our record of it, if there is one.
        ours: What stands here.
        theirs: What stands there.
        now: When.

    Returns:
        Whether it is new.
    """
    return await tx.only(
        """
        INSERT INTO sync_failure (
            id, business_id, kind, subject, booking_id, ours, theirs, first_seen_at, last_seen_at)
        VALUES (
            %(id)s, %(business_id)s::uuid, %(kind)s, %(subject)s, %(booking_id)s, %(ours)s,
            %(theirs)s, %(now)s, %(now)s)
        ON CONFLICT (business_id, kind, subject) WHERE mended_at IS NULL DO UPDATE SET
            booking_id = excluded.booking_id, ours = excluded.ours, theirs = excluded.theirs,
            last_seen_at = excluded.last_seen_at
        RETURNING xmax = 0
        """,
        {
            "id": id,
            "kind": kind,
            "subject": subject,
            "booking_id": booking_id,
            "ours": None if ours is None else Jsonb(dict(ours)),
            "theirs": None if theirs is None else Jsonb(dict(theirs)),
            "now": now,
        },
        into=bool,
    )


async def mend(
    tx: Transaction,
    *,
    agreed: Collection[str],
    disputed: Collection[str],
    all_others: bool,
    now: datetime,
) -> int:
    """Close what is no longer different.

    Args:
        tx: Where.
        agreed: Bookings at Cal.com that agree with ours now.
        disputed: Those that do not.
        all_others: Everything was compared, so what is neither is over.
        now: When.

    Returns:
        How many were closed.
    """
    return await tx.run(
        """
        UPDATE sync_failure SET mended_at = %(now)s
        WHERE mended_at IS NULL AND (subject = ANY (%(agreed)s::text[])
            OR %(all_others)s AND NOT subject = ANY (%(disputed)s::text[]))
        """,
        {
            "agreed": list(agreed),
            "disputed": list(disputed),
            "all_others": all_others,
            "now": now,
        },
    )


async def unmended(tx: Transaction) -> list[SyncFailureRow]:
    """What is open, longest first."""
    return await tx.all(
        "SELECT * FROM sync_failure WHERE mended_at IS NULL ORDER BY first_seen_at, id",
        into=SyncFailureRow,
    )


async def settle(tx: Transaction, *, id: UUID, now: datetime) -> bool:  # noqa: A002
    """Note that somebody has settled a difference; it opens again if it is still there."""
    closed = await tx.run(
        "UPDATE sync_failure SET mended_at = %(now)s WHERE id = %(id)s AND mended_at IS NULL",
        {"id": id, "now": now},
    )
    return closed == 1
