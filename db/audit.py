"""Who did or heard what at a business. Nothing here changes or removes an entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One thing that somebody did."""

    id: UUID
    user_name: str
    user_email: str
    action: str
    subject_kind: str | None
    subject_id: UUID | None
    facts: Mapping[str, Any]
    recorded_at: datetime


async def add(
    tx: Transaction,
    *,
    user_id: UUID,
    action: str,
    now: datetime,
    subject_kind: str | None = None,
    subject_id: UUID | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Note that somebody did something.

    Args:
        tx: Where.
        user_id: Who.
        action: What, in a word that the console can say.
        now: When.
        subject_kind: To what: `call`, `booking`, `customer`, ...
        subject_id: To which.
        facts: Anything else, without names or numbers of customers: the log outlives them.
    """
    await tx.run(
        """
        INSERT INTO audit_entry (
            id, business_id, user_id, action, subject_kind, subject_id, facts, recorded_at)
        VALUES (
            %(id)s, %(business_id)s, %(user_id)s, %(action)s, %(subject_kind)s, %(subject_id)s,
            %(facts)s, %(now)s)
        """,
        {
            "id": uuid4(),
            "user_id": user_id,
            "action": action,
            "subject_kind": subject_kind,
            "subject_id": subject_id,
            "facts": Jsonb(dict(facts or {})),
            "now": now,
        },
    )


async def latest(tx: Transaction, *, before: datetime | None, at_most: int) -> list[AuditRow]:
    """What was done, newest first."""
    return await tx.all(
        """
        SELECT audit_entry.*, user_account.name AS user_name, user_account.email AS user_email
        FROM audit_entry JOIN user_account ON user_account.id = audit_entry.user_id
        WHERE recorded_at < coalesce(%(before)s, 'infinity'::timestamptz)
        ORDER BY recorded_at DESC, audit_entry.id LIMIT %(at_most)s
        """,
        {"before": before, "at_most": at_most},
        into=AuditRow,
    )
