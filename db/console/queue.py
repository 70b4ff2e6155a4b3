"""Matters: calls with something that a human should look at, each once, whatever is odd about it.

What is flagged without a call is a matter of its own. A matter is named by its call, or else by its
flag.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from db.states import FlagLabel, FlagState, Severity
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class MatterRow:
    """What is open about one call."""

    id: UUID
    call_id: UUID | None
    severity: Severity
    """The worst."""
    kinds: Sequence[str]
    """The worst first."""
    note: str | None = field(repr=False)
    since: datetime
    at_ms: int | None
    """Where to begin to listen."""
    assigned_to: UUID | None
    assigned_name: str | None
    caller_number: str | None = field(repr=False)
    customer_name: str | None = field(repr=False)
    started_at: datetime | None
    ended_at: datetime | None
    language: str | None
    can_be_heard: bool


@dataclass(frozen=True, slots=True)
class FlagRow:
    """One thing that is odd, or was."""

    id: UUID
    kind: str
    severity: Severity
    at_ms: int | None
    note: str | None = field(repr=False)
    state: FlagState
    booking_id: UUID | None
    created_at: datetime
    assigned_to: UUID | None
    assigned_name: str | None
    resolved_at: datetime | None
    resolved_name: str | None
    label: FlagLabel | None


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """How much waits for people."""

    matters: int
    critical: int
    callbacks: int
    overdue: int


# A flag of a booking belongs to the call that the booking was made in.
_FLAGS: Final = """
    flag LEFT JOIN booking ON booking.id = flag.booking_id AND flag.call_id IS NULL
"""
_CALL: Final = "coalesce(flag.call_id, booking.call_id)"
_RANK: Final = "array_position(ARRAY['critical', 'warning', 'info'], flag.severity)"


async def open_matters(
    tx: Transaction,
    *,
    severity: str | None = None,
    kind: str | None = None,
    assigned_to: UUID | None = None,
    unassigned: bool = False,
    at_most: int = 200,
) -> list[MatterRow]:
    """What is open, the worst first, then as it has been waiting.

    Args:
        tx: Where.
        severity: Only matters that are so at worst.
        kind: Only matters that have such a flag.
        assigned_to: Only of this person.
        unassigned: Only what nobody has taken.
        at_most: Matters.
    """
    return await tx.all(
        f"""
        WITH matter AS (
            SELECT coalesce({_CALL}, flag.id) AS id, {_CALL} AS call_id, min({_RANK}) AS rank,
                (array_agg(flag.severity ORDER BY {_RANK}, flag.created_at))[1] AS severity,
                array_agg(DISTINCT flag.kind) AS all_kinds,
                array_agg(flag.kind ORDER BY {_RANK}, flag.created_at) AS kinds,
                (array_agg(flag.note ORDER BY {_RANK}, flag.created_at))[1] AS note,
                min(flag.created_at) AS since,
                (array_agg(flag.at_ms ORDER BY {_RANK}, flag.at_ms)
                    FILTER (WHERE flag.at_ms IS NOT NULL))[1] AS at_ms,
                (array_agg(flag.assigned_to)
                    FILTER (WHERE flag.assigned_to IS NOT NULL))[1] AS assigned_to
            FROM {_FLAGS} WHERE flag.state = 'open' GROUP BY 1, 2
        )
        SELECT matter.*, taker.name AS assigned_name, call.caller_number, call.started_at,
            call.ended_at, call.language, customer.name AS customer_name,
            EXISTS (
                SELECT FROM recording
                WHERE recording.call_id = call.id AND recording.state = 'stored') AS can_be_heard
        FROM matter
        LEFT JOIN user_account AS taker ON taker.id = matter.assigned_to
        LEFT JOIN call ON call.id = matter.call_id
        LEFT JOIN customer_number AS owned
            ON owned.number = call.caller_number AND owned.is_owner
        LEFT JOIN customer ON customer.id = owned.customer_id
        WHERE (%(severity)s::text IS NULL OR matter.severity = %(severity)s)
            AND (%(kind)s::text IS NULL OR %(kind)s = ANY (matter.all_kinds))
            AND (%(assigned_to)s::uuid IS NULL OR matter.assigned_to = %(assigned_to)s)
            AND (NOT %(unassigned)s OR matter.assigned_to IS NULL)
        ORDER BY matter.rank, matter.since, matter.id LIMIT %(at_most)s
        """,
        {
            "severity": severity,
            "kind": kind,
            "assigned_to": assigned_to,
            "unassigned": unassigned,
            "at_most": at_most,
        },
        into=MatterRow,
    )


async def open_kinds(tx: Transaction) -> list[str]:
    """What is odd about anything that is open."""
    return await tx.all(
        "SELECT DISTINCT kind FROM flag WHERE state = 'open' ORDER BY kind", into=str
    )


async def flags_of(tx: Transaction, *, matter: UUID) -> list[FlagRow]:
    """Everything odd about a call, or a flag without one; what is open first."""
    return await tx.all(
        f"""
        SELECT flag.*, taker.name AS assigned_name, judge.name AS resolved_name
        FROM {_FLAGS}
        LEFT JOIN user_account AS taker ON taker.id = flag.assigned_to
        LEFT JOIN user_account AS judge ON judge.id = flag.resolved_by
        WHERE {_CALL} = %(matter)s OR flag.id = %(matter)s AND {_CALL} IS NULL
        ORDER BY flag.state, {_RANK}, flag.at_ms, flag.created_at
        """,
        {"matter": matter},
        into=FlagRow,
    )


async def assign(tx: Transaction, *, matter: UUID, to: UUID | None) -> int:
    """Give what is open of a matter to somebody of the business, or to nobody.

    Returns:
        How many flags that were; 0 also for somebody who does not work here.
    """
    return await tx.run(
        f"""
        UPDATE flag SET assigned_to = %(to)s
        WHERE state = 'open' AND id IN (
                SELECT flag.id FROM {_FLAGS}
                WHERE {_CALL} = %(matter)s OR flag.id = %(matter)s AND {_CALL} IS NULL)
            AND (%(to)s::uuid IS NULL
                OR EXISTS (SELECT FROM membership WHERE user_id = %(to)s))
        """,
        {"matter": matter, "to": to},
    )


async def resolve(
    tx: Transaction, *, matter: UUID, label: FlagLabel, by: UUID, now: datetime
) -> int:
    """Close what is open of a matter, and say what it turned out to be.

    Returns:
        How many flags that were: 0 if somebody was faster.
    """
    return await tx.run(
        f"""
        UPDATE flag SET
            state = 'resolved', resolved_at = %(now)s, resolved_by = %(by)s, label = %(label)s
        WHERE state = 'open' AND id IN (
            SELECT flag.id FROM {_FLAGS}
            WHERE {_CALL} = %(matter)s OR flag.id = %(matter)s AND {_CALL} IS NULL)
        """,
        {"matter": matter, "label": label, "by": by, "now": now},
    )


async def reopen(tx: Transaction, *, matter: UUID) -> int:
    """Open again what was resolved of a matter."""
    return await tx.run(
        f"""
        UPDATE flag SET state = 'open', resolved_at = NULL, resolved_by = NULL, label = NULL
        WHERE state = 'resolved' AND id IN (
            SELECT flag.id FROM {_FLAGS}
            WHERE {_CALL} = %(matter)s OR flag.id = %(matter)s AND {_CALL} IS NULL)
        """,
        {"matter": matter},
    )


async def waiting(tx: Transaction, *, now: datetime) -> WaitingRow:
    """How much waits for people."""
    return await tx.only(
        f"""
        SELECT count(DISTINCT coalesce({_CALL}, flag.id)) AS matters,
            count(DISTINCT coalesce({_CALL}, flag.id))
                FILTER (WHERE flag.severity = 'critical') AS critical,
            (SELECT count(*) FROM task WHERE state = 'open') AS callbacks,
            (SELECT count(*) FROM task WHERE state = 'open' AND due_at < %(now)s) AS overdue
        FROM {_FLAGS} WHERE flag.state = 'open'
        """,
        {"now": now},
        into=WaitingRow,
    )


async def fingerprint(tx: Transaction) -> str:
    """Changes whenever the queue does."""
    return await tx.only(
        """
        SELECT md5(coalesce(string_agg(
            id::text || coalesce(assigned_to::text, ''), ',' ORDER BY id), ''))
        FROM flag WHERE state = 'open'
        """,
        into=str,
    )
