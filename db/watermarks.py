"""Up to when what a source tells has been compared with ours."""

from datetime import datetime

from db.transaction import Transaction


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
