"""Up to when what a source tells has been compared with ours."""

from dataclasses import dataclass
from datetime import datetime

from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class PaceRow:
    """What says how often a source must be compared."""

    reached_at: datetime | None
    """Up to when it has been; `None` before the first time."""
    missed_at: datetime | None
    """When something was found last that nobody had told."""
    is_heard: bool
    """Whether events of it arrive at all."""


async def pace(
    tx: Transaction, *, source: str, missed: str, told_by: str, heard_after: datetime
) -> PaceRow:
    """How often a source must be compared with ours, in one statement.

    Args:
        tx: Where.
        source: What is compared.
        missed: The name under which finds are noted.
        told_by: Of the events.
        heard_after: One of them must be younger than this.
    """
    return await tx.only(
        """
        SELECT
            (SELECT reached_at FROM watermark WHERE source = %(source)s) AS reached_at,
            (SELECT reached_at FROM watermark WHERE source = %(missed)s) AS missed_at,
            EXISTS (
                SELECT FROM inbox_event
                WHERE source = %(told_by)s AND received_at > %(heard_after)s
            ) AND NOT EXISTS (
                SELECT FROM flag WHERE kind = 'calendar_silent' AND state = 'open'
            ) AS is_heard
        """,
        {"source": source, "missed": missed, "told_by": told_by, "heard_after": heard_after},
        into=PaceRow,
    )


async def get(tx: Transaction, *, source: str) -> datetime | None:
    """How far we have come; `None` before the first time."""
    return await tx.one(
        "SELECT reached_at FROM watermark WHERE source = %(source)s",
        {"source": source},
        into=datetime,
    )


async def reach(tx: Transaction, *, source: str, at: datetime) -> None:
    """Note that everything up to an instant is compared; never goes back."""
    await tx.run(
        """
        INSERT INTO watermark (business_id, source, reached_at)
        VALUES (%(business_id)s::uuid, %(source)s, %(at)s)
        ON CONFLICT (business_id, source) DO UPDATE
            SET reached_at = greatest(watermark.reached_at, excluded.reached_at)
        """,
        {"source": source, "at": at},
    )


async def turn_back(tx: Transaction, *, source: str, at: datetime, to: datetime) -> None:
    """Undo a `reach`, unless somebody has come further since."""
    await tx.run(
        """
        UPDATE watermark SET reached_at = %(to)s WHERE source = %(source)s AND reached_at = %(at)s
        """,
        {"source": source, "at": at, "to": to},
    )
