"""Holds that are mirrored at Cal.com: what is to be deleted there again."""

from datetime import datetime
from uuid import UUID

from db.transaction import Transaction


async def add(
    tx: Transaction, *, call_id: UUID, reservation_uid: str, expires_at: datetime
) -> None:
    """Remember that a call's hold is shown at Cal.com."""
    await tx.run(
        """
        INSERT INTO reservation (business_id, call_id, reservation_uid, expires_at)
        VALUES (%(business_id)s, %(call_id)s, %(uid)s, %(expires_at)s)
        ON CONFLICT DO NOTHING
        """,
        {"call_id": call_id, "uid": reservation_uid, "expires_at": expires_at},
    )


async def forget(tx: Transaction, *, call_id: UUID, now: datetime) -> list[str]:
    """Take a call's reservations off the list, and everybody's that have run out by themselves.

    Returns:
        Cal.com's uids of those of this call that are still to be deleted there.
    """
    return await tx.all(
        """
        WITH gone AS (
            DELETE FROM reservation WHERE call_id = %(call_id)s OR expires_at <= %(now)s
            RETURNING *
        )
        SELECT reservation_uid FROM gone WHERE call_id = %(call_id)s AND expires_at > %(now)s
        """,
        {"call_id": call_id, "now": now},
        into=str,
    )
