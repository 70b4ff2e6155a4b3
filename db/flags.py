"""Flags: what a human should look at."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.states import FlagKind, Severity
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class FlagRow:
    """Why a human should look."""

    id: UUID
    kind: FlagKind


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """What a flag of a call turned out to be."""

    id: UUID
    label: str
    platform: str
    platform_call_id: str


async def raise_flag(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    kind: FlagKind,
    severity: Severity,
    call_id: UUID | None,
    booking_id: UUID | None,
    note: str | None,
    now: datetime,
    at_ms: int | None = None,
) -> bool:
    """Flag a call, a booking, or a booking in a call, once for each kind.

    Args:
        tx: Where.
        id: Of the flag.
        kind: What is odd about it.
        severity: How soon somebody should look.
        call_id: The call.
        booking_id: The booking.
        note: For whoever looks.
        now: When.
        at_ms: Where in the call, in milliseconds since its start.

    Returns:
        Whether it was new: somebody may have looked at it already, and that stands.
    """
    added = await tx.run(
        """
        INSERT INTO flag (
            id, business_id, call_id, booking_id, kind, severity, at_ms, note, created_at)
        VALUES (
            %(id)s, %(business_id)s, %(call_id)s, %(booking_id)s, %(kind)s, %(severity)s,
            %(at_ms)s, %(note)s, %(now)s)
        ON CONFLICT (business_id, kind, call_id, booking_id) DO NOTHING
        """,
        {
            "id": id,
            "kind": kind,
            "severity": severity,
            "call_id": call_id,
            "booking_id": booking_id,
            "note": note,
            "now": now,
            "at_ms": at_ms,
        },
    )
    return added == 1


async def of_booking(tx: Transaction, *, booking_id: UUID) -> list[FlagKind]:
    """Why a human should look at a booking, or should have: the kinds of its flags."""
    kinds = await tx.all(
        "SELECT kind FROM flag WHERE booking_id = %(booking_id)s ORDER BY created_at, kind",
        {"booking_id": booking_id},
        into=str,
    )
    return [FlagKind(kind) for kind in kinds]


async def of_call(tx: Transaction, *, call_id: UUID) -> list[FlagRow]:
    """What was odd about a call, oldest first."""
    return await tx.all(
        "SELECT id, kind FROM flag WHERE call_id = %(call_id)s ORDER BY created_at, kind",
        {"call_id": call_id},
        into=FlagRow,
    )


async def verdicts_since(tx: Transaction, *, since: datetime, until: datetime) -> list[VerdictRow]:
    """What flags of calls turned out to be, as staff said after an instant; `until` included."""
    return await tx.all(
        """
        SELECT flag.id, flag.label, call.platform, call.platform_call_id
        FROM flag JOIN call ON call.id = flag.call_id
        WHERE flag.label IS NOT NULL
            AND flag.resolved_at > %(since)s AND flag.resolved_at <= %(until)s
        ORDER BY flag.resolved_at, flag.id
        """,
        {"since": since, "until": until},
        into=VerdictRow,
    )


async def critical_since(tx: Transaction, *, since: datetime, until: datetime) -> list[FlagKind]:
    """Kinds of the critical flags that were raised after an instant and are open; a kind a flag."""
    kinds = await tx.all(
        """
        SELECT kind FROM flag
        WHERE severity = 'critical' AND state = 'open'
            AND created_at > %(since)s AND created_at <= %(until)s
        ORDER BY created_at, kind
        """,
        {"since": since, "until": until},
        into=str,
    )
    return [FlagKind(kind) for kind in kinds]
